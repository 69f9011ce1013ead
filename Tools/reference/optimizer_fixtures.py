#!/usr/bin/env python3
"""Prints the oracles for Tests/NeuralNetworkTests/DescentTests.swift: PyTorch's optimisers in float64, on eight weights for
five steps.

usage: optimizer_fixtures.py
needs: torch (CPU).

Weight i starts at (i - 3.5) / 4. Its gradient in step n, counted from 1, is sin(1.3 i + 2.1 n) / n. The learning rate is
.05, the momentum (for Adam the first beta) .9, the weight decay .1.
"""

import math

import torch

WEIGHTS, STEPS = 8, 5


def descend(make):
    weights = torch.nn.Parameter(torch.tensor([(i - 3.5) / 4 for i in range(WEIGHTS)], dtype=torch.float64))
    optimizer = make([weights])
    for n in range(1, STEPS + 1):
        weights.grad = torch.tensor(
            [math.sin(1.3 * i + 2.1 * n) / n for i in range(WEIGHTS)], dtype=torch.float64)
        optimizer.step()
    return [f"{value:.12f}" for value in weights.tolist()]


if __name__ == "__main__":
    print("sgd", descend(lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1)))
    print("adam", descend(lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.9, 0.999), weight_decay=0.1)))
