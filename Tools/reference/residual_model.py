"""Residual networks in PyTorch with the parameter names of public code, and a separate ReLU module for each use.

`ResNet` is torchvision's (He et al. 2016, "Deep residual learning for image recognition"), with its stem or a 3 x 3 stem
without pooling. `PreActResNet` is pytorch-cifar's (He et al. 2016, "Identity mappings in deep residual networks"),
`WideResNet` WideResNet-pytorch's (Zagoruyko and Komodakis 2016). `gap_features` returns the classifier's input.
"""

import torch
from torch import nn


def conv(inputs, outputs, kernel, stride=1):
    return nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias=False)


class Block(nn.Module):
    """A residual block with the activation last."""

    def __init__(self, inputs, filters, stride, bottleneck, width, padded):
        super().__init__()
        inner = filters * width // 64 if bottleneck else filters
        outputs = filters * (4 if bottleneck else 1)
        if bottleneck:
            self.conv1, self.bn1, self.relu1 = conv(inputs, inner, 1), nn.BatchNorm2d(inner), nn.ReLU()
            self.conv2, self.bn2, self.relu2 = conv(inner, inner, 3, stride), nn.BatchNorm2d(inner), nn.ReLU()
            self.conv3, self.bn3 = conv(inner, outputs, 1), nn.BatchNorm2d(outputs)
        else:
            self.conv1, self.bn1, self.relu1 = conv(inputs, inner, 3, stride), nn.BatchNorm2d(inner), nn.ReLU()
            self.conv2, self.bn2 = conv(inner, outputs, 3), nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()
        self.downsample = None
        if stride > 1 or inputs != outputs:
            self.downsample = Padded(inputs, outputs) if padded else nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        if hasattr(self, "conv3"):
            y = self.bn3(self.conv3(self.relu2(y)))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class Padded(nn.Module):
    """A shortcut: every second position of every second row, with zero channels added before and after."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.added = (outputs - inputs) // 2

    def forward(self, x):
        return nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added, self.added))


class PreActBlock(nn.Module):
    """A residual block with normalisation and activation first. `projection` names the shortcut's convolution."""

    def __init__(self, inputs, filters, stride, bottleneck, projection):
        super().__init__()
        outputs = filters * (4 if bottleneck else 1)
        self.bn1, self.relu1 = nn.BatchNorm2d(inputs), nn.ReLU()
        self.conv1 = conv(inputs, filters, 1 if bottleneck else 3, 1 if bottleneck else stride)
        self.bn2, self.relu2 = nn.BatchNorm2d(filters), nn.ReLU()
        self.conv2 = conv(filters, filters if bottleneck else outputs, 3, stride if bottleneck else 1)
        if bottleneck:
            self.bn3, self.relu3, self.conv3 = nn.BatchNorm2d(filters), nn.ReLU(), conv(filters, outputs, 1)
        self.projection = None
        if stride > 1 or inputs != outputs:
            self.projection = projection
            branch = conv(inputs, outputs, 1, stride)
            setattr(self, projection, nn.Sequential(branch) if projection == "shortcut" else branch)

    def forward(self, x):
        first = self.relu1(self.bn1(x))
        y = self.conv2(self.relu2(self.bn2(self.conv1(first))))
        if hasattr(self, "conv3"):
            y = self.conv3(self.relu3(self.bn3(y)))
        return y + (getattr(self, self.projection)(first) if self.projection else x)


class Network(nn.Module):
    def gap_features(self, x):
        return self.maps(x).mean(dim=(2, 3))

    def forward(self, x):
        return self.classifier(self.gap_features(x))


class ResNet(Network):
    def __init__(self, classes, blocks, bottleneck=False, width=64, cifar=False, channels=64, padded=False):
        super().__init__()
        self.conv1 = conv(3, channels, 3) if cifar else conv(3, channels, 7, 2)
        self.bn1, self.relu = nn.BatchNorm2d(channels), nn.ReLU()
        self.pool = nn.Identity() if cifar else nn.MaxPool2d(3, stride=2, padding=1)
        first, self.stages = channels, len(blocks)
        for stage, count in enumerate(blocks):
            layer = nn.Sequential()
            for block in range(count):
                stride = 2 if stage > 0 and block == 0 else 1
                layer.append(Block(channels, first << stage, stride, bottleneck, width, padded))
                channels = (first << stage) * (4 if bottleneck else 1)
            self.add_module(f"layer{stage + 1}", layer)
        self.fc = nn.Linear(channels, classes)

    @property
    def classifier(self):
        return self.fc

    def maps(self, x):
        x = self.pool(self.relu(self.bn1(self.conv1(x))))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return x


class PreActResNet(Network):
    def __init__(self, classes, blocks, bottleneck=False):
        super().__init__()
        self.conv1 = conv(3, 64, 3)
        channels = 64
        for stage, count in enumerate(blocks):
            layer = nn.Sequential()
            for block in range(count):
                stride = 2 if stage > 0 and block == 0 else 1
                layer.append(PreActBlock(channels, 64 << stage, stride, bottleneck, "shortcut"))
                channels = (64 << stage) * (4 if bottleneck else 1)
            self.add_module(f"layer{stage + 1}", layer)
        self.linear = nn.Linear(channels, classes)

    @property
    def classifier(self):
        return self.linear

    def maps(self, x):
        return self.layer4(self.layer3(self.layer2(self.layer1(self.conv1(x)))))


class WideResNet(Network):
    def __init__(self, classes, depth, factor):
        super().__init__()
        self.conv1 = conv(3, 16, 3)
        channels = 16
        for stage in range(3):
            holder = nn.Module()
            holder.layer = nn.Sequential()
            for block in range((depth - 4) // 6):
                stride = 2 if stage > 0 and block == 0 else 1
                holder.layer.append(PreActBlock(channels, factor * (16 << stage), stride, False, "convShortcut"))
                channels = factor * (16 << stage)
            self.add_module(f"block{stage + 1}", holder)
        self.bn1, self.relu = nn.BatchNorm2d(channels), nn.ReLU()
        self.fc = nn.Linear(channels, classes)

    @property
    def classifier(self):
        return self.fc

    def maps(self, x):
        x = self.conv1(x)
        for block in (self.block1, self.block2, self.block3):
            x = block.layer(x)
        return self.relu(self.bn1(x))


class DenseLayer(nn.Module):
    """Concatenates its new channels after the channels it reads (`behind`) or before them."""

    def __init__(self, inputs, growth, behind):
        super().__init__()
        self.bn1, self.relu1, self.conv1 = nn.BatchNorm2d(inputs), nn.ReLU(), conv(inputs, 4 * growth, 1)
        self.bn2, self.relu2, self.conv2 = nn.BatchNorm2d(4 * growth), nn.ReLU(), conv(4 * growth, growth, 3)
        self.behind = behind

    def forward(self, x):
        added = self.conv2(self.relu2(self.bn2(self.conv1(self.relu1(self.bn1(x))))))
        return torch.cat([x, added] if self.behind else [added, x], 1)


class DenseNetBC(Network):
    """densenet-pytorch's DenseNet-BC, as in the paper: three blocks; a layer's channels follow those it reads."""

    class Transition(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.bn1, self.relu, self.conv1 = nn.BatchNorm2d(inputs), nn.ReLU(), conv(inputs, outputs, 1)
            self.pool = nn.AvgPool2d(2)

        def forward(self, x):
            return self.pool(self.conv1(self.relu(self.bn1(x))))

    def __init__(self, classes, depth, growth):
        super().__init__()
        channels = 2 * growth
        self.conv1 = conv(3, channels, 3)
        for number in (1, 2, 3):
            block = nn.Module()
            block.layer = nn.Sequential()
            for _ in range((depth - 4) // 6):
                block.layer.append(DenseLayer(channels, growth, behind=True))
                channels += growth
            self.add_module(f"block{number}", block)
            if number < 3:
                self.add_module(f"trans{number}", self.Transition(channels, channels // 2))
                channels //= 2
        self.bn1, self.relu = nn.BatchNorm2d(channels), nn.ReLU()
        self.fc = nn.Linear(channels, classes)

    @property
    def classifier(self):
        return self.fc

    def maps(self, x):
        x = self.trans1(self.block1.layer(self.conv1(x)))
        x = self.block3.layer(self.trans2(self.block2.layer(x)))
        return self.relu(self.bn1(x))


class DenseNetCIFAR(Network):
    """pytorch-cifar's DenseNet: no normalisation after the stem; a layer's channels precede those it reads."""

    class Transition(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.bn, self.relu, self.conv = nn.BatchNorm2d(inputs), nn.ReLU(), conv(inputs, outputs, 1)
            self.pool = nn.AvgPool2d(2)

        def forward(self, x):
            return self.pool(self.conv(self.relu(self.bn(x))))

    def __init__(self, classes, blocks, growth):
        super().__init__()
        channels = 2 * growth
        self.conv1 = conv(3, channels, 3)
        for number, count in enumerate(blocks, start=1):
            dense = nn.Sequential()
            for _ in range(count):
                dense.append(DenseLayer(channels, growth, behind=False))
                channels += growth
            self.add_module(f"dense{number}", dense)
            if number < len(blocks):
                self.add_module(f"trans{number}", self.Transition(channels, channels // 2))
                channels //= 2
        self.count = len(blocks)
        self.bn, self.relu = nn.BatchNorm2d(channels), nn.ReLU()
        self.linear = nn.Linear(channels, classes)

    @property
    def classifier(self):
        return self.linear

    def maps(self, x):
        x = self.conv1(x)
        for number in range(1, self.count + 1):
            x = getattr(self, f"dense{number}")(x)
            if number < self.count:
                x = getattr(self, f"trans{number}")(x)
        return self.relu(self.bn(x))
