#!/usr/bin/env python3
"""Measures PyTorch's speed on a backbone, in every setting that may be its fastest on a CPU.

usage: torch_backbones.py [--backbone densenet121] [--px 32 64] [--batch 128] [--steps 5] [--threads 2]
                          [--settings f32 ...]
needs: torch (CPU).

Prints one line of JSON for each image size and setting:
    train     images per second in whole training steps: forward, loss, backward, SGD with momentum and weight decay
    embed     images per second in feature extraction: evaluation mode, GAP features, no gradients
    peakGiB   peak memory of the process through the training steps
Speeds are those of the fastest of --steps repetitions after a warm-up. Each line comes from its own process, so that no
setting reuses another's memory.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import time

SETTINGS = ("f32", "f32-channels-last", "bf16", "bf16-channels-last")
BACKBONES = ("densenet121", "resnet50v2", "resnet18_cifar", "resnet50")
CLASSES = 6


def arguments():
    parser = argparse.ArgumentParser(description="Measures PyTorch's speed on a backbone; see the head of this file.")
    parser.add_argument("--backbone", choices=BACKBONES, default=BACKBONES[0])
    parser.add_argument("--px", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=SETTINGS)
    parser.add_argument("--in-this-process", action="store_true", help="measure one size and one setting here")
    return parser.parse_args()


def fastest(work, repetitions):
    """Seconds of the fastest repetition after a warm-up."""
    work()
    best = float("inf")
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def peak_gib():
    """The peak of this process alone. getrusage's peak would start from the parent's."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**20
    raise OSError("no VmHWM in /proc/self/status")


def measure(backbone, px, batch, steps, threads, setting):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tools/reference"))
    import torch
    from densenet121_model import DenseNet121
    from residual_model import ResNet
    from resnet50v2_model import ResNet50V2

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    layout = torch.channels_last if setting.endswith("channels-last") else torch.contiguous_format
    network = {
        "densenet121": DenseNet121,
        "resnet50v2": ResNet50V2,
        "resnet18_cifar": lambda classes: ResNet(classes, [2, 2, 2, 2], cifar=True),
        "resnet50": lambda classes: ResNet(classes, [3, 4, 6, 3], bottleneck=True),
    }[backbone](CLASSES).to(memory_format=layout)
    for module in network.modules():
        if isinstance(module, torch.nn.ReLU):
            module.inplace = True  # as in torchvision: less memory, and no slower
    images = torch.randn(batch, 3, px, px).contiguous(memory_format=layout)
    targets = torch.randn(batch, CLASSES).softmax(dim=1)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9, weight_decay=5e-4)

    def reduced():
        return torch.autocast("cpu", torch.bfloat16, enabled=setting.startswith("bf16"))

    def train():
        optimizer.zero_grad(set_to_none=True)
        with reduced():
            loss = torch.nn.functional.cross_entropy(network(images), targets)
        loss.backward()
        optimizer.step()

    def embed():
        with torch.no_grad(), reduced():
            network.gap_features(images)

    training = fastest(train, steps)
    peak = peak_gib()
    network.eval()
    return {
        "who": f"torch {torch.__version__} {setting}", "px": px, "batch": batch, "threads": threads,
        "train": round(batch / training, 1), "embed": round(batch / fastest(embed, steps), 1),
        "peakGiB": round(peak, 3),
    }


def main():
    options = arguments()
    if options.in_this_process:
        print(json.dumps(measure(
            options.backbone, options.px[0], options.batch, options.steps, options.threads, options.settings[0])),
            flush=True)
        return
    for px in options.px:
        for setting in options.settings:
            subprocess.run(
                [sys.executable, __file__, "--in-this-process", "--backbone", options.backbone, "--px", str(px),
                 "--batch", str(options.batch), "--steps", str(options.steps), "--threads", str(options.threads),
                 "--settings", setting], check=True)


if __name__ == "__main__":
    main()
