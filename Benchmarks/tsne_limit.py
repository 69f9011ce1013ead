#!/usr/bin/env python3
"""Measures how close Penumbra's exact repulsion comes to the processor's limit.

    python Benchmarks/tsne_limit.py --penumbra .build/release/penumbra

The yardstick is pair_probe.c, compiled for this processor: a bare sweep over all ordered pairs. Penumbra's kernel cannot be
called from outside the package, so its time is derived from two runs of `project --method exact`. They differ only in how
often they compute the repulsion: in every iteration (--repulsion-tolerance 0), or as rarely as possible (1). Steps and
attraction are equally frequent in both. The difference between their descent times, divided by the difference in the number
of evaluations and by N * N, is the time per ordered pair ("repulsion"). "descent" is the first run's whole descent,
including attraction and steps, divided by its evaluations and by N * N.

Penumbra computes each pair once for both points, the probe twice, so the share may exceed 100 %. Probe and runs alternate;
the fastest of each counts. Results from a busy machine are meaningless.

Needs numpy and a C compiler.
"""
import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from tsne import compiler, contenders, data_sets

SECONDS_OF_PROBE = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--penumbra", default=".build/release/penumbra", help="the program to measure")
    parser.add_argument(
        "--thousands", type=int, nargs="+", default=[3, 15], help="thousands of points (default: 3 15)")
    parser.add_argument("--iterations", type=int, default=1_000, help="iterations of each run (default: 1,000)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="default: all processors")
    parser.add_argument("--repeat", type=int, default=3, help="default: 3")
    parser.add_argument("--timeout", type=float, default=900, help="seconds after which a run is stopped")
    options = parser.parse_args()
    print(f"\nExact repulsion, {options.threads} threads: nanoseconds per ordered pair\n")
    print("| points | probe | repulsion | share of the limit | descent |\n| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        probe = compiler.program("../pair_probe.c", folder)
        for thousands in options.thousands:
            try:
                measure(thousands, probe, options, folder)
            except contenders.Failure as problem:
                raise SystemExit(f"penumbra with {thousands},000 points: {problem}") from None


def measure(thousands, probe, options, folder):
    features = data_sets.make(f"gap{thousands}k")
    pairs = len(features) ** 2
    source = folder / "features.npy"
    np.save(source, features)
    limits, often, seldom = [], [], []
    for _ in range(options.repeat):
        words = [probe, str(options.threads), str(SECONDS_OF_PROBE), str(len(features))]
        limits.append(json.loads(subprocess.check_output(words))["ns_per_pair"])
        often.append(descent(source, 0, options, folder))
        seldom.append(descent(source, 1, options, folder))
    (seconds, evaluations), (rest, fewer) = min(often), min(seldom)
    repulsion = 1e9 * (seconds - rest) / ((evaluations - fewer) * pairs)
    whole = 1e9 * seconds / (evaluations * pairs)
    limit = min(limits)
    print(f"| {len(features):,} | {limit:.4f} | {repulsion:.4f} | {limit / repulsion:.0%} | {whole:.4f} |", flush=True)


def descent(source, tolerance, options, folder):
    """Seconds of all iterations, and the number of evaluations of the repulsion."""
    target = folder / "layout.csv"
    words = contenders.penumbra_command(
        options.penumbra, source, target, "exact", options.iterations, options.threads)
    contenders.supervised([*words, "--repulsion-tolerance", tolerance], options.threads, options.timeout)
    report = json.loads(target.with_suffix(".json").read_text())
    return report["seconds"]["descent"], report["repulsion_evaluations"]


if __name__ == "__main__":
    main()
