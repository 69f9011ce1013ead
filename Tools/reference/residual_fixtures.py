#!/usr/bin/env python3
"""Writes the oracles for residual networks in Tests/BackbonesTests, for one member of each family. backbone_oracles.py
describes their content. --survey chose the training steps among the first 20 (10 for resnet50).
"""

import functools
import sys

from backbone_oracles import Oracles
from residual_model import PreActResNet, ResNet, WideResNet

CLASSES = 6


def oracles(name, make, count, step, trajectory=None):
    return Oracles(
        name=name, make=make, classes=CLASSES, count=count, evaluations=((2, step[1]),), training_steps=(step,),
        trajectory=trajectory, final_tensors=("conv1.weight",), generator_samples=(("conv1.weight", (64, 3, 3, 3)),))


TEN_STEPS = {"batch": 8, "side": 32, "steps": 10, "learningRate": 0.003, "momentum": 0.9, "weightDecay": 5e-4}
ALL = (
    oracles("resnet18_cifar", functools.partial(ResNet, blocks=(2, 2, 2, 2), cifar=True), 11_171_910, (3, 32, 9), TEN_STEPS),
    oracles("resnet50", functools.partial(ResNet, blocks=(3, 4, 6, 3), bottleneck=True), 23_520_326, (4, 64, 0)),
    oracles("preactresnet18", functools.partial(PreActResNet, blocks=(2, 2, 2, 2)), 11_169_094, (3, 32, 3)),
    oracles("wrn_28_2", functools.partial(WideResNet, depth=28, factor=2), 1_467_094, (3, 32, 0)),
)

if __name__ == "__main__":
    for network in ALL:
        network.main()
