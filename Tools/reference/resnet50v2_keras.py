#!/usr/bin/env python3
"""Writes what Keras' own ResNet50V2 computes on seeded weights, as an oracle for Tests/BackbonesTests.

usage: resnet50v2_keras.py [FILE]     (default: Tests/BackbonesTests/Fixtures/resnet50v2-keras.json)
needs: keras 3, torch (CPU) and numpy.

The weights come from densenet121_generator.py under the names of resnet50v2_model.py. This script maps them to Keras'
variables. The file holds logits and GAP features in evaluation mode, in float64 (keras_float64.py). Prints the distance of
the PyTorch module of resnet50v2_model.py from Keras in these. keras_training.py compares training.
"""

import json
import pathlib
import sys

import keras_float64
import keras
import numpy as np
import torch

import densenet121_generator as generator
from backbone_oracles import relative, rounded
from resnet50v2_fixtures import CLASSES, KERAS

BATCH, SIDE = 2, 64
TENSORS = {
    "kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias", "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def tensor_name(variable):
    """Our name for a variable: conv2_block1_preact_bn/gamma is conv2_block1_preact_bn.weight."""
    layer, kind = variable.path.split("/")
    return f"{'classifier' if layer == 'predictions' else layer}.{TENSORS[kind]}"


def to_keras(array):
    """PyTorch's layouts to Keras': (outputs, inputs, rows, columns) to (rows, columns, inputs, outputs), or transposed."""
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T


def main():
    here = pathlib.Path(__file__).resolve()
    file = here.parents[2] / "Tests/BackbonesTests/Fixtures/resnet50v2-keras.json"
    file = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else file
    model = keras.applications.ResNet50V2(
        weights=None, classes=CLASSES, classifier_activation=None, input_shape=(SIDE, SIDE, 3))
    module = KERAS.make_network(torch.float64)
    state = module.state_dict()
    names = [tensor_name(variable) for variable in model.weights]
    assert sorted(names) == sorted(name for name in state if not name.endswith("num_batches_tracked"))
    for variable, name in zip(model.weights, names):
        variable.assign(to_keras(state[name].numpy()))

    images = torch.from_numpy(generator.images(0, BATCH, SIDE)).double()
    channels_last = images.permute(0, 2, 3, 1).contiguous()
    both = keras.Model(model.inputs, [model.get_layer("avg_pool").output, model.output])
    with torch.no_grad():
        features, logits = (output.detach().numpy() for output in both(channels_last, training=False))
        module.eval()
        for label, found, expected in (
                ("features", module.gap_features(images), features), ("logits", module(images), logits)):
            print(f"{label}: relative distance of PyTorch's module from Keras {relative(found.numpy(), expected):.1e}")

    record = {
        "made": "Tools/reference/resnet50v2_keras.py", "keras": keras.__version__, "classes": CLASSES, "batch": BATCH,
        "side": SIDE, "logits": rounded(logits), "features": rounded(features),
    }
    file.write_text(json.dumps(record, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
