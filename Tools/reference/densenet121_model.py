"""DenseNet121 (Huang et al. 2017) in PyTorch, with torchvision's parameter names.

Growth rate 32, bottleneck width 128, blocks of 6, 12, 24 and 16 layers, compression 1/2 in the transitions. Does not need
torchvision.
"""

from collections import OrderedDict

import torch
from torch import nn

GROWTH = 32
BOTTLENECK = 128
BLOCKS = (6, 12, 24, 16)
STEM = 64


class DenseLayer(nn.Module):
    """Norm, ReLU, 1x1 convolution, norm, ReLU, 3x3 convolution. Returns only the new maps."""

    def __init__(self, channels):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(channels, BOTTLENECK, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(BOTTLENECK)
        self.relu2 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(BOTTLENECK, GROWTH, kernel_size=3, padding=1, bias=False)

    def forward(self, earlier):
        narrow = self.conv1(self.relu1(self.norm1(torch.cat(earlier, dim=1))))
        return self.conv2(self.relu2(self.norm2(narrow)))


class DenseBlock(nn.Module):
    """Layers that each read all maps before them in the block."""

    def __init__(self, channels, layers):
        super().__init__()
        for index in range(layers):
            self.add_module(f"denselayer{index + 1}", DenseLayer(channels + index * GROWTH))

    def forward(self, entry):
        maps = [entry]
        for layer in self.children():
            maps.append(layer(maps))
        return torch.cat(maps, dim=1)


class Transition(nn.Module):
    """Norm, ReLU, 1x1 convolution to half the channels, 2x2 average pool."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv = nn.Conv2d(channels, channels // 2, kernel_size=1, bias=False)
        self.pool = nn.AvgPool2d(kernel_size=2)

    def forward(self, entry):
        return self.pool(self.conv(self.relu(self.norm(entry))))


class DenseNet121(nn.Module):
    """Maps (N, 3, H, W) to logits (N, classes). `gap_features` returns (N, 1024)."""

    def __init__(self, classes):
        super().__init__()
        parts = OrderedDict()
        parts["conv0"] = nn.Conv2d(3, STEM, kernel_size=7, stride=2, padding=3, bias=False)
        parts["norm0"] = nn.BatchNorm2d(STEM)
        parts["relu0"] = nn.ReLU(inplace=True)
        parts["pool0"] = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        channels = STEM
        for index, layers in enumerate(BLOCKS, start=1):
            parts[f"denseblock{index}"] = DenseBlock(channels, layers)
            channels += layers * GROWTH
            if index < len(BLOCKS):
                parts[f"transition{index}"] = Transition(channels)
                channels //= 2
        parts["norm5"] = nn.BatchNorm2d(channels)
        parts["relu5"] = nn.ReLU(inplace=True)
        self.features = nn.Sequential(parts)
        self.classifier = nn.Linear(channels, classes)

    def gap_features(self, images):
        return self.features(images).mean(dim=(2, 3))

    def forward(self, images):
        return self.classifier(self.gap_features(images))
