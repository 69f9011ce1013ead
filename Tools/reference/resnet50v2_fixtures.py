#!/usr/bin/env python3
"""Writes the oracles for ResNet50V2 in Tests/BackbonesTests. backbone_oracles.py describes their content.

"resnet50v2" is Keras' variant, "resnet50v2-timm" timm's. --survey chose the training steps (among the first 30 at 48 px, 15
at 64 px) so that as few ReLU inputs as possible are so close to zero that float32 rounding may change their sign.
"""

import functools
import sys

from backbone_oracles import Oracles
from resnet50v2_model import ResNet50V2

CLASSES = 6

KERAS = Oracles(
    name="resnet50v2", make=ResNet50V2, classes=CLASSES, count=23_531_654,
    evaluations=((3, 64), (2, 32)),
    training_steps=((8, 64, 4), (6, 48, 7)),
    trajectory={"batch": 16, "side": 64, "steps": 10, "learningRate": 0.003, "momentum": 0.9, "weightDecay": 5e-4},
    final_tensors=(
        "conv1_conv.weight", "conv1_conv.bias", "conv3_block2_1_bn.weight", "conv4_block1_0_conv.weight",
        "conv4_block6_2_conv.weight", "classifier.weight",
    ),
    generator_samples=(
        ("conv1_conv.weight", (64, 3, 7, 7)),
        ("conv1_conv.bias", (64,)),
        ("conv2_block1_preact_bn.weight", (64,)),
        ("conv2_block1_preact_bn.bias", (64,)),
        ("classifier.weight", (CLASSES, 2048)),
    ))

TIMM = Oracles(
    name="resnet50v2-timm", make=functools.partial(ResNet50V2, timm=True), classes=CLASSES, count=23_512_646,
    evaluations=((2, 48),), training_steps=((6, 48, 0),), trajectory=None, final_tensors=(), generator_samples=())

if __name__ == "__main__":
    KERAS.main()
    if "--survey" not in sys.argv:
        TIMM.main()
