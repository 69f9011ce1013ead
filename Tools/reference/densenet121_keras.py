#!/usr/bin/env python3
"""Writes what Keras' own DenseNet121 computes on seeded weights, as an oracle for Tests/BackbonesTests.

usage: densenet121_keras.py [FOLDER]     (default: Tests/BackbonesTests/Fixtures)
needs: keras 3, torch (CPU), h5py and numpy.

densenet121-keras.json holds logits and GAP features in evaluation mode, in float64 (keras_float64.py). The weights come from
densenet121_generator.py under torchvision's names. This script maps them to Keras' variables.

keras-names.json describes Keras' DenseNet121, ResNet50V2 and ResNet50: the variables' names and shapes in Keras' order, each
with our tensor name, and the layer name for each group in a .weights.h5 file.
"""

import json
import os
import pathlib
import re
import sys
import tempfile

import keras_float64
import h5py
import keras
import torch

import densenet121_generator as generator
from backbone_oracles import rounded
from resnet50v2_keras import TENSORS, to_keras

CLASSES, BATCH, SIDE = 6, 2, 64


def torchvision_layer(layer):
    """torchvision's name for a layer of Keras."""
    outer = {"conv1_conv": "features.conv0", "conv1_bn": "features.norm0", "bn": "features.norm5",
             "predictions": "classifier"}
    if layer in outer:
        return outer[layer]
    if match := re.fullmatch(r"pool(\d)_(bn|conv)", layer):
        return f"features.transition{int(match[1]) - 1}.{'norm' if match[2] == 'bn' else 'conv'}"
    block, number, kind = re.fullmatch(r"conv(\d)_block(\d+)_(\w+)", layer).groups()
    kind = {"0_bn": "norm1", "1_conv": "conv1", "1_bn": "norm2", "2_conv": "conv2"}[kind]
    return f"features.denseblock{int(block) - 1}.denselayer{number}.{kind}"


def shape_of_torch(shape):
    return [shape[i] for i in (3, 2, 0, 1)] if len(shape) == 4 else list(shape)[::-1]


def groups(model):
    """Layer names by group name in the file that Keras saves."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.weights.h5")
        model.save_weights(path)
        with h5py.File(path) as file:
            return {name: group["vars"].attrs["name"] for name, group in file["layers"].items() if len(group["vars"])}


def tensor_name(variable, layer_name):
    layer, kind = variable.path.split("/")
    return f"{layer_name(layer)}.{TENSORS[kind]}"


def resnet_layer(layer):
    return "classifier" if layer == "predictions" else layer


def first_resnet_layer(layer):
    """torchvision's name for a layer of Keras' ResNet50."""
    match = re.match(r"conv(\d)_block(\d+)_(\d)_(bn|conv)$", layer)
    if not match:
        return {"conv1_conv": "conv1", "conv1_bn": "bn1", "predictions": "fc"}[layer]
    stage, block, number, part = int(match[1]) - 1, int(match[2]) - 1, int(match[3]), match[4]
    inner = f"downsample.{0 if part == 'conv' else 1}" if number == 0 else f"{part}{number}"
    return f"layer{stage}.{block}.{inner}"


def names(model, layer_name):
    return {
        "variables": [
            {"name": variable.path, "shape": list(variable.shape), "tensor": tensor_name(variable, layer_name)}
            for variable in model.weights],
        "groups": groups(model)}


def main():
    here = pathlib.Path(__file__).resolve()
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parents[2] / "Tests/BackbonesTests/Fixtures"
    options = {"weights": None, "classes": CLASSES, "classifier_activation": None, "input_shape": (SIDE, SIDE, 3)}
    model = keras.applications.DenseNet121(**options)
    for variable in model.weights:
        name = tensor_name(variable, torchvision_layer)
        variable.assign(to_keras(generator.parameter(name, shape_of_torch(variable.shape)).astype("float64")))
    images = torch.from_numpy(generator.images(0, BATCH, SIDE)).double().permute(0, 2, 3, 1).contiguous()
    both = keras.Model(model.inputs, [model.get_layer("avg_pool").output, model.output])
    with torch.no_grad():
        features, logits = (output.detach().numpy() for output in both(images, training=False))
    record = {
        "made": "Tools/reference/densenet121_keras.py", "keras": keras.__version__, "classes": CLASSES, "batch": BATCH,
        "side": SIDE, "logits": rounded(logits), "features": rounded(features),
    }
    (folder / "densenet121-keras.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
    record = {
        "made": "Tools/reference/densenet121_keras.py", "keras": keras.__version__,
        "densenet121": names(model, torchvision_layer),
        "resnet50v2": names(keras.applications.ResNet50V2(**options), resnet_layer),
        "resnet50_keras": names(keras.applications.ResNet50(**options), first_resnet_layer),
    }
    (folder / "keras-names.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
