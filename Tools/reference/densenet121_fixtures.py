#!/usr/bin/env python3
"""Writes the oracles for DenseNet121 in Tests/BackbonesTests. backbone_oracles.py describes their content.

--survey chose the two training steps. At batch 5 and 32 px (the widest margin of the first 2,000 steps), no ReLU input is
so close to zero that float32 rounding may change its sign. At batch 8 and 64 px (of the first 32 steps), as few as possible
are.
"""

from backbone_oracles import Oracles
from densenet121_model import DenseNet121

CLASSES = 6

ORACLES = Oracles(
    name="densenet121", make=DenseNet121, classes=CLASSES, count=6_960_006,
    evaluations=((3, 64), (2, 32), (1, 96)),
    training_steps=((8, 64, 31), (5, 32, 1377)),
    trajectory={"batch": 16, "side": 64, "steps": 10, "learningRate": 0.02, "momentum": 0.9, "weightDecay": 5e-4},
    final_tensors=(
        "features.conv0.weight", "features.denseblock3.denselayer12.norm2.weight",
        "features.denseblock3.denselayer12.conv2.weight", "classifier.weight",
    ),
    generator_samples=(
        ("features.conv0.weight", (64, 3, 7, 7)),
        ("features.norm0.weight", (64,)),
        ("features.norm0.running_var", (64,)),
        ("features.denseblock1.denselayer2.conv1.weight", (128, 96, 1, 1)),
        ("classifier.weight", (CLASSES, 1024)),
        ("classifier.bias", (CLASSES,)),
    ))

if __name__ == "__main__":
    ORACLES.main()
