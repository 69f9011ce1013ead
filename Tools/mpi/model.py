#!/usr/bin/env python3
"""Predicts how fast a training over several machines is from what two processes take on one. See Documentation/cluster.md.

    Tools/mpi/model.py --step 0.94 --rate 10e9 --delay 1e-4

A step of R processes, each with the images of one of the two that were measured, takes
    step + 2 G / W                                  gradients there and back: statistics queue behind them, so nothing is hidden
         + (R - 1) (b / W + delay + add)            the last bucket through the chain of processes
         + (R - 1) (32 KiB / W + delay)             and back, in pieces of 32 KiB
         + n (delay + (R - 1) message)              one gathering of sums per layer and pass
seconds, with G bytes of gradients in buckets of b, W bytes per second and n gatherings.
"""
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--step", type=float, required=True, help="seconds of a step of two processes on one machine")
parser.add_argument("--rate", type=float, required=True, help="bits per second, one way")
parser.add_argument("--delay", type=float, required=True, help="seconds, one way")
parser.add_argument("--parameters", type=float, default=6.95e6, help="of the convolutions (DenseNet-121)")
parser.add_argument("--gatherings", type=int, default=241, help="forward and backward (DenseNet-121)")
parser.add_argument("--message", type=float, default=1e-5, help="seconds of the processor per message")
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


print("processes  seconds a step  efficiency")
for processes in [2, 4, 8, 16, 32, 64]:
    print(f"{processes:9d}  {seconds(processes):14.2f}  {options.step / seconds(processes):10.2f}")
