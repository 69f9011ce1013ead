#!/usr/bin/env python3
"""Predicts the speed of a training on several machines from that of two processes on one. See Documentation/cluster.md.

    Tools/mpi/model.py --step 0.94 --rate 10e9 --delay 1e-4

Each of R processes has as many images as each of the two that were measured. A step then takes, in seconds,
    step + 2 G / W                                  gradients there and back; not hidden, as statistics queue behind them
         + (R - 1) (b / W + delay + add)            the last bucket through the chain of processes
         + (R - 1) (32 KiB / W + delay)             and back, in pieces of 32 KiB
         + n (delay + (R - 1) message)              one gather of sums per layer and pass
with G bytes of gradients in buckets of b bytes, W bytes per second and n gathers.
"""
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--step", type=float, required=True, help="seconds per step of two processes on one machine")
parser.add_argument("--rate", type=float, required=True, help="bits per second, one way")
parser.add_argument("--delay", type=float, required=True, help="seconds, one way")
parser.add_argument("--parameters", type=float, default=6.95e6, help="parameters of all convolutions (DenseNet-121)")
parser.add_argument("--gatherings", type=int, default=241, help="gathers per step, forward and backward (DenseNet-121)")
parser.add_argument("--message", type=float, default=1e-5, help="processor time per message, in seconds")
parser.add_argument("--add", type=float, default=3e-4, help="seconds to add up a bucket")
options = parser.parse_args()

bandwidth, gradients, bucket = options.rate / 8, 4 * options.parameters, 2 << 20


def seconds(processes):
    if processes == 1:
        return options.step
    others = processes - 1
    return (options.step + 2 * gradients / bandwidth
            + others * (bucket / bandwidth + options.delay + options.add)
            + others * (32768 / bandwidth + options.delay)
            + options.gatherings * (options.delay + others * options.message))


print("processes  seconds / step  efficiency")
for processes in [2, 4, 8, 16, 32, 64]:
    print(f"{processes:9d}  {seconds(processes):14.2f}  {options.step / seconds(processes):10.2f}")
