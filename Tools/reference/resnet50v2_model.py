"""ResNet50V2 (He et al. 2016, "Identity mappings in deep residual networks") in PyTorch, as Keras defines it.

Layers have the names of Keras (keras.applications.ResNet50V2), tensors those of PyTorch: Keras' kernel and gamma are
`weight`, bias and beta `bias`, moving_mean and moving_variance `running_mean` and `running_var`. The dense layer
"predictions" is `classifier`.

`timm=True` makes timm's resnetv2_50 under the same names. From the second stage on, it has the stride in the first block of
a stage, in the 3 x 3 convolution and the shortcut. It has no biases, a border that never wins in the maximum pool, and an
epsilon of 1e-5. Does not need timm.
"""

from torch import nn
from torch.nn import functional

STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))


class ResNet50V2(nn.Module):
    """Maps (N, 3, H, W) to logits (N, classes). `gap_features` returns (N, 2048)."""

    def __init__(self, classes, timm=False):
        super().__init__()
        self.timm = timm
        self.strides = {}
        self.conv1_conv = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=not timm)
        channels = 64
        for stage, (filters, blocks) in enumerate(STAGES, start=2):
            for block in range(1, blocks + 1):
                strided = block == 1 and stage > 2 if timm else block == blocks and stage < 5
                self.add_block(f"conv{stage}_block{block}", channels, filters, 2 if strided else 1, block == 1)
                channels = 4 * filters
        self.post_bn, self.post_relu = self.norm(channels), nn.ReLU()
        self.classifier = nn.Linear(channels, classes)

    def norm(self, channels):
        if self.timm:
            return nn.BatchNorm2d(channels)
        return nn.BatchNorm2d(channels, eps=1.001e-5, momentum=0.01)

    def add_block(self, name, inputs, filters, stride, projects):
        self.strides[name] = stride
        layers = {
            "preact_bn": self.norm(inputs), "preact_relu": nn.ReLU(),
            "1_conv": nn.Conv2d(inputs, filters, 1, bias=False),
        }
        if projects:
            layers["0_conv"] = nn.Conv2d(inputs, 4 * filters, 1, stride=stride, bias=not self.timm)
        layers |= {
            "1_bn": self.norm(filters), "1_relu": nn.ReLU(),
            "2_conv": nn.Conv2d(filters, filters, 3, stride=stride, padding=1, bias=False),
            "2_bn": self.norm(filters), "2_relu": nn.ReLU(),
            "3_conv": nn.Conv2d(filters, 4 * filters, 1, bias=not self.timm),
        }
        for layer, module in layers.items():
            self.add_module(f"{name}_{layer}", module)

    def block(self, name, x):
        def layers(y, *kinds):
            for kind in kinds:
                y = getattr(self, f"{name}_{kind}")(y)
            return y

        preact = layers(x, "preact_bn", "preact_relu")
        if hasattr(self, f"{name}_0_conv"):
            shortcut = layers(preact, "0_conv")
        else:
            shortcut = functional.max_pool2d(x, 1, stride=self.strides[name])
        return shortcut + layers(preact, "1_conv", "1_bn", "1_relu", "2_conv", "2_bn", "2_relu", "3_conv")

    def gap_features(self, images):
        x = self.conv1_conv(images)
        if self.timm:
            x = functional.max_pool2d(x, 3, stride=2, padding=1)
        else:
            x = functional.max_pool2d(functional.pad(x, (1, 1, 1, 1)), 3, stride=2)
        for name in self.strides:
            x = self.block(name, x)
        return self.post_relu(self.post_bn(x)).mean(dim=(2, 3))

    def forward(self, images):
        return self.classifier(self.gap_features(images))
