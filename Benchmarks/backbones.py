#!/usr/bin/env python3
"""Compares the speed of Penumbra's backbones with PyTorch's, run in turns on the same machine.

usage: backbones.py [--backbone densenet121] [--px 32 64] [--batch 128] [--steps 5] [--threads 2] [--rounds 2]
                    COMMAND...
needs: torch (CPU).

COMMAND starts Penumbra's measurement. This script appends --backbone NAME --px P --batch B --steps N --threads T. COMMAND
prints lines of JSON with the fields of torch_backbones.py ("who", "px", "train", "embed", "peakGiB"); the fastest counts.
In each round, Penumbra and every setting of PyTorch run one after the other. Each keeps its best round. The ratios are
Penumbra's speed over that of PyTorch's best setting, and over that of its best float32 setting.
"""

import argparse
import json
import pathlib
import subprocess
import sys

TORCH = pathlib.Path(__file__).with_name("torch_backbones.py")


def arguments():
    parser = argparse.ArgumentParser(description="Compares Penumbra with PyTorch; see the head of this file.")
    parser.add_argument("--backbone", default="densenet121")
    parser.add_argument("--px", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="starts Penumbra's measurement")
    options = parser.parse_args()
    if not options.command:
        parser.error("missing the command that starts Penumbra's measurement")
    return options


def measurements(command, px, options):
    added = ["--backbone", options.backbone, "--px", px, "--batch", options.batch, "--steps", options.steps,
             "--threads", options.threads]
    result = subprocess.run(command + [str(word) for word in added], check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def keep_best(kept, found):
    best = kept.setdefault(found["who"], dict(found))
    for speed in ("train", "embed"):
        best[speed] = max(best[speed], found[speed])
    best["peakGiB"] = max(best["peakGiB"], found["peakGiB"])


def main():
    options = arguments()
    for px in options.px:
        ours, peers = {}, {}
        for _ in range(options.rounds):
            for found in measurements(options.command, px, options):
                keep_best(ours, found)
            for found in measurements([sys.executable, str(TORCH)], px, options):
                keep_best(peers, found)

        print(f"\n{options.backbone}, {px} px, batch {options.batch}, {options.threads} threads: images/s, GiB")
        print(f"{'':36}{'train':>8}{'embed':>8}{'peak':>8}")
        for line in list(ours.values()) + list(peers.values()):
            print(f"{line['who']:36}{line['train']:8.1f}{line['embed']:8.1f}{line['peakGiB']:8.2f}")
        float32 = {who: line for who, line in peers.items() if " f32" in who}
        for label, group in (("PyTorch's best setting", peers), ("PyTorch's best in float32", float32)):
            train, embed = (
                max(line[speed] for line in ours.values()) / max(line[speed] for line in group.values())
                for speed in ("train", "embed"))
            print(f"over {label:31}{train:8.2f}{embed:8.2f}", flush=True)


if __name__ == "__main__":
    main()
