#!/usr/bin/env python3
"""Writes how Keras' own DenseNet121 and ResNet50V2 train from seeded weights, as an oracle for Tests/BackbonesTests.

usage: keras_training.py [FOLDER]     (default: Tests/BackbonesTests/Fixtures)
needs: keras 3, torch (CPU), h5py and numpy.

Keras computes in float64 (keras_float64.py), with weights, images and targets from densenet121_generator.py. For each
network, NAME-keras-training.json holds the loss of one training step, the losses of ten steps of Keras' own SGD and
cross-entropy, and the norms of some tensors after those. NAME-keras-training.safetensors holds, for the single step, in the
order and with the meaning given in backbone_oracles.py,

    gradientNorms      (parameters)
    gradientSketches   (parameters, 32)

The single step is one of those in NAME.json, so the "gradientKinks" there apply to it.

Prints the distance of the PyTorch modules' gradients from Keras'. For ResNet50V2 it is float64 rounding. For DenseNet121,
torchvision adds 1e-5 to variances and Keras 1.001e-5, which moves a gradient by at most 1.5e-5 of its norm. With Keras'
epsilon in the PyTorch module, only float64 rounding remains.
"""

import json
import pathlib
import sys

import keras_float64
import keras
import numpy as np
import torch

import densenet121_fixtures
import densenet121_generator as generator
import resnet50v2_fixtures
from backbone_oracles import gradient_distance, gradient_scale, soft_cross_entropy, write_safetensors
from densenet121_keras import resnet_layer, tensor_name, torchvision_layer
from resnet50v2_keras import to_keras

EPSILON = 1.001e-5


def from_keras(array):
    """Keras' layouts to PyTorch's: (rows, columns, inputs, outputs) to (outputs, inputs, rows, columns), or transposed."""
    return array.transpose(3, 2, 0, 1) if array.ndim == 4 else array.T


class Training:
    """One network. `make` makes it in Keras, `oracles` in PyTorch. `finals` names the tensors whose norms are written."""

    def __init__(self, make, layer_name, oracles, case, rate, finals):
        self.make, self.layer_name, self.oracles, self.case = make, layer_name, oracles, case
        self.rate, self.finals = rate, finals

    def network(self, side):
        """Keras' network with seeded weights, and its variables by our tensor names."""
        model = self.make(
            weights=None, classes=self.oracles.classes, classifier_activation=None, input_shape=(side, side, 3))
        variables = {tensor_name(variable, self.layer_name): variable for variable in model.weights}
        for name, tensor in self.oracles.make_network(torch.float64).state_dict().items():
            if not name.endswith("num_batches_tracked"):
                variables[name].assign(to_keras(tensor.numpy()))
        return model, variables

    def batch_of(self, step, batch, side):
        images, targets = self.oracles.batch_of(step, batch, side, torch.float64)
        return images.permute(0, 2, 3, 1).contiguous(), targets

    def gradients(self):
        batch, side, step = self.case
        model, variables = self.network(side)
        images, targets = self.batch_of(step, batch, side)
        loss = soft_cross_entropy(model(images, training=True), targets)
        loss.backward()
        return loss.item(), {
            name: from_keras(variable.value.grad.numpy()) for name, variable in variables.items() if variable.trainable}

    def torch_gradients(self, epsilon=None):
        batch, side, step = self.case
        network = self.oracles.make_network(torch.float64).train()
        for module in network.modules():
            if epsilon and isinstance(module, torch.nn.BatchNorm2d):
                module.eps = epsilon
        images, targets = self.oracles.batch_of(step, batch, side, torch.float64)
        soft_cross_entropy(network(images), targets).backward()
        return {name: parameter.grad.numpy() for name, parameter in network.named_parameters()}

    def trajectory(self, batch=16, side=64, steps=10):
        model, variables = self.network(side)
        model.compile(
            optimizer=keras.optimizers.SGD(learning_rate=self.rate, momentum=0.9),
            loss=keras.losses.CategoricalCrossentropy(from_logits=True))
        losses = [
            float(model.train_on_batch(*(part.numpy() for part in self.batch_of(step, batch, side))))
            for step in range(steps)]
        return {
            "batch": batch, "side": side, "learningRate": self.rate, "momentum": 0.9, "losses": losses,
            "finalNorms": {
                name: float(np.linalg.norm(keras.ops.convert_to_numpy(variables[name].value)))
                for name in self.finals},
        }

    def write(self, folder):
        loss, gradients = self.gradients()
        for label, found in (
                ("PyTorch's module", self.torch_gradients()), ("with Keras' epsilon", self.torch_gradients(EPSILON))):
            distances = {name: gradient_distance(name, found, gradients) for name in found}
            furthest = max(distances, key=distances.get)
            print(f"{self.oracles.name}: gradients of {label}, relative distance: at most {distances[furthest]:.1e} "
                  f"({furthest}), median {np.median(list(distances.values())):.1e}")
        names = [name for name, _ in self.oracles.make_network(torch.float32).named_parameters()]
        trajectory = self.trajectory()
        print("    losses of ten steps:", " ".join(f"{loss:.6f}" for loss in trajectory["losses"]))
        batch, side, step = self.case
        made = {"made": "Tools/reference/keras_training.py", "keras": keras.__version__}
        record = made | {"batch": batch, "side": side, "step": step, "loss": loss, "trajectory": trajectory}
        file = folder / f"{self.oracles.name}-keras-training.json"
        file.write_text(json.dumps(record, separators=(",", ":")) + "\n")
        write_safetensors(
            file.with_suffix(".safetensors"), {
                "gradientNorms": np.array([gradient_scale(name, gradients) for name in names]),
                "gradientSketches": np.array([generator.sketch(name, gradients[name]) for name in names]),
            }, made)


def main():
    here = pathlib.Path(__file__).resolve()
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parents[2] / "Tests/BackbonesTests/Fixtures"
    densenet, resnet = densenet121_fixtures.ORACLES, resnet50v2_fixtures.KERAS
    Training(
        keras.applications.DenseNet121, torchvision_layer, densenet, (5, 32, 1377), 0.02, densenet.final_tensors,
    ).write(folder)
    # Compare a running mean, not a variance: Keras uses the biased variance on torch, the unbiased one on TensorFlow.
    Training(
        keras.applications.ResNet50V2, resnet_layer, resnet, (6, 48, 7), 0.003,
        resnet.final_tensors + ("post_bn.running_mean",),
    ).write(folder)


if __name__ == "__main__":
    main()
