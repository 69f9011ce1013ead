#!/usr/bin/env python3
"""Writes Tests/BackbonesTests/Fixtures/checkpoint-names.json: names and shapes in other libraries' state dicts.

usage: checkpoint_names.py [CHECKPOINT ...]
needs: torch (CPU), torchvision and timm.

For each CHECKPOINT (a .safetensors file from Penumbra), loads it unchanged and strictly into torchvision's and timm's
densenet121, and prints the largest difference between their outputs.
"""

import json
import pathlib
import sys

import torch

try:
    import torchvision
except RuntimeError:
    # A torchvision built for another torch fails to load its compiled operators. Classification does not need them.
    torch.library.register_fake = lambda *arguments, **options: lambda function: function
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    import torchvision
import timm


def shapes(network):
    return [[name, list(tensor.shape)] for name, tensor in network.state_dict().items()]


def check(path):
    from safetensors.torch import load_file
    state = load_file(path)
    classes = state["classifier.weight"].shape[0]
    networks = [torchvision.models.densenet121(num_classes=classes), timm.create_model("densenet121", num_classes=classes)]
    for network in networks:
        network.load_state_dict(state, strict=True)
        network.eval()
    with torch.no_grad():
        first, second = (network(torch.linspace(-2, 2, 3 * 64 * 64).reshape(1, 3, 64, 64)) for network in networks)
    print(f"{path}: loaded; outputs differ by {(first - second).abs().max().item()}")


def main():
    for path in sys.argv[1:]:
        check(path)
    densenet = shapes(torchvision.models.densenet121())
    assert densenet == shapes(timm.create_model("densenet121"))
    result = {
        "made": "Tools/reference/checkpoint_names.py", "torchvision": torchvision.__version__, "timm": timm.__version__,
        "densenet121": densenet,
        "resnetv2_50": shapes(timm.create_model("resnetv2_50")),
    }
    target = pathlib.Path(__file__).resolve().parents[2] / "Tests/BackbonesTests/Fixtures/checkpoint-names.json"
    target.write_text(json.dumps(result, separators=(",", ":")) + "\n")


main()
