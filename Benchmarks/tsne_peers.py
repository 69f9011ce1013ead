#!/usr/bin/env python3
"""Compares Penumbra's t-SNE with its peers on the same data, each in its own process, in turns, with the same scores.

    python Benchmarks/tsne_peers.py --penumbra .build/release/penumbra --sets digits gap3k mnist-like

Prints one Markdown table per data set, with

  affinities  seconds for neighbours, bandwidths and the initial layout
  descent     seconds for all iterations
  fit         seconds for both: the contender's work alone, without imports and files
  × fastest   the ratio of the fit to that of the fastest peer
  process     seconds for the whole process
  KL, trust, recall   see tsne/scores.py
  peak        peak memory of the process, in MiB

A dash means that a peer does not report the number. Every contender has the same number of threads and iterations,
perplexity 30, 250 iterations of early exaggeration 12 and, if it has the option, an initial layout from principal
components; see tsne/peer.py. Contenders that are not installed, too slow for a size or failing are named under the table.

Needs numpy, scipy, scikit-learn and a C compiler, and the packages of the peers that take part. Data sets:

"""
import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

from tsne import contenders, data_sets
from tsne.scores import Judge

HEAD = ["", "affinities", "descent", "fit", "× fastest", "process", "KL", "trust", "recall", "peak"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__ + data_sets.HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--penumbra", default=".build/release/penumbra", help="the program to measure")
    parser.add_argument("--sets", nargs="+", default=["digits", "gap3k"], help="default: digits gap3k")
    parser.add_argument(
        "--contenders", nargs="+", choices=contenders.NAMES, metavar="NAME",
        help="run only these, at any size; one or more of: " + ", ".join(contenders.NAMES))
    parser.add_argument("--iterations", type=int, help="default: 5,000 up to 20,000 points, 1,000 beyond")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="default: all processors")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each contender; the fastest counts")
    parser.add_argument("--timeout", type=float, default=900, help="seconds after which a run is stopped")
    parser.add_argument("--seconds-only", action="store_true", help="do not score the layouts")
    parser.add_argument("--cache", type=Path, help="folder in which to keep the scorer's affinities for later runs")
    options = parser.parse_args()
    if options.iterations is not None and options.iterations <= 250:
        parser.error("--iterations must be above 250, the length of the early exaggeration")
    if options.cache:
        options.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sets:
            if name == "cost":
                cost_table(options, Path(folder))
            else:
                print_set(name, options, Path(folder))


# Runs


def runs_of(name, features, options, folder):
    """Runs all contenders on a data set in turns. Returns each contender's runs, and who was left out and why."""
    source = folder / "features.npy"
    np.save(source, features)
    names, left_out = contenders.chosen(options.contenders, len(features))
    runs = {contender: [] for contender in names}
    for turn in range(options.repeat):
        for contender in list(runs):
            say(f"{name}: {contender}" + (f", run {turn + 1}" if options.repeat > 1 else ""))
            try:
                runs[contender].append(contenders.run(
                    contender, source, folder, iterations_of(features, options), options.threads, options.timeout,
                    options.penumbra))
            except (contenders.Failure, OSError) as problem:
                left_out.append(f"{contender} ({problem})")
                del runs[contender]
    return runs, left_out


def iterations_of(features, options):
    return options.iterations or (5_000 if len(features) <= 20_000 else 1_000)


def say(text):
    print(text, file=sys.stderr, flush=True)


# Tables


def print_set(name, options, folder):
    features = data_sets.make(name)
    runs, left_out = runs_of(name, features, options, folder)
    fastest = {contender: min(list_of_runs, key=lambda run: run.fit) for contender, list_of_runs in runs.items()}
    scores = {}
    if fastest and not options.seconds_only:
        say(f"{name}: scores")
        judge = Judge(name, features, options.cache or folder, options.threads)
        preserved = judge.preservation([run.layout for run in fastest.values()])
        for (contender, run), (trust, recall) in zip(fastest.items(), preserved):
            scores[contender] = [f"{judge.divergence(run.layout):.4f}", f"{trust:.4f}", f"{recall:.4f}"]
    peers = [run.fit for contender, run in fastest.items() if contender not in contenders.OURS]
    iterations = iterations_of(features, options)
    print(f"\n{name}: {len(features):,} × {features.shape[1]:,}, {iterations:,} iterations, {options.threads} threads, "
          + (f"the fastest of {options.repeat} runs" if options.repeat > 1 else "one run each") + "\n")
    several = ["fit, median"] if options.repeat > 1 else []
    print_row(HEAD + several)
    print_row(["---"] * len(HEAD + several))
    for contender, run in fastest.items():
        note = f" ({run.iterations:,} iterations)" if run.iterations not in (None, iterations) else ""
        median = [seconds(statistics.median(each.fit for each in runs[contender]))] if several else []
        print_row([
            contender + note, seconds(run.affinities), seconds(run.descent), seconds(run.fit),
            f"{run.fit / min(peers):.2f}" if peers else "–", seconds(run.process),
            *scores.get(contender, ["–"] * 3), f"{run.peak / 2**20:,.0f}", *median])
    print_left_out(left_out)


def cost_table(options, folder):
    """Prints the cost per point as the number of points grows: microseconds per point, for the descent also per iteration."""
    rows, notes = [], []
    for name in data_sets.COST_SETS:
        features = data_sets.make(name)
        runs, left_out = runs_of(name, features, options, folder)
        notes += [f"{note} at {len(features):,}" for note in left_out]
        for contender, list_of_runs in runs.items():
            run = min(list_of_runs, key=lambda run: run.fit)
            iterations = run.iterations or iterations_of(features, options)
            rows.append([
                contender, f"{len(features):,}", seconds(run.fit), microseconds(run.affinities, len(features)),
                microseconds(run.descent, len(features) * iterations), f"{run.peak / 2**20:,.0f}"])
    print(f"\nCost per point, 50 columns, {options.threads} threads: fit in seconds, affinities in µs per point, descent in µs "
          "per point and iteration, peak in MiB\n")
    print_row(["", "points", "fit", "affinities", "descent", "peak"])
    print_row(["---"] * 6)
    for row in sorted(rows, key=lambda row: contenders.NAMES.index(row[0])):
        print_row(row)
    print_left_out(notes)


def print_row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def print_left_out(left_out):
    if left_out:
        print(f"\nLeft out: {', '.join(left_out)}.", flush=True)


def seconds(value):
    return "–" if value is None else f"{value:.2f}"


def microseconds(value, parts):
    return "–" if value is None else f"{1e6 * value / parts:.3f}"


if __name__ == "__main__":
    main()
