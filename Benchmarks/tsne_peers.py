#!/usr/bin/env python3
"""t-SNE of Penumbra beside its peers on the same data, each in a process of its own, scored alike.

    python Benchmarks/tsne_peers.py --penumbra .build/release/penumbra [--sets gap3k digits] [--iterations 5000]

Prints one Markdown table a data set: seconds, their ratio to Penumbra's, and the Kullback-Leibler divergence.
Every contender gets the same number of threads, perplexity 30, 250 iterations of early exaggeration 12 and a start from
principal components. A contender whose package is not installed is left out, and named.

Needs numpy, scipy and scikit-learn; openTSNE and scikit-learn-intelex where they are to take part.
"""
import argparse
import csv
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PERPLEXITY = 30
EARLY_ITERATIONS = 250
SEED = 1
ROWS_PER_BLOCK = 500
PEERS = {"scikit-learn-intelex": "daal4py", "openTSNE": "openTSNE", "scikit-learn": "sklearn"}
OURS = {"penumbra exact": "exact", "penumbra barnes-hut": "barnes-hut"}


def make_features(name):
    """digits: scikit-learn's. gapNk: N thousand rows that resemble features after global average pooling of a network
    that tells six classes on a ring apart, 1,024 columns: 40 % lie at a class, the others between two neighbours."""
    import numpy as np

    if name == "digits":
        from sklearn.datasets import load_digits

        return load_digits().data.astype(np.float32)
    if not (name.startswith("gap") and name.endswith("k") and name[3:-1].isdigit()):
        sys.exit(f"unknown data set {name}: expected digits or gap<thousands>k")
    count = 1000 * int(name[3:-1])
    fixed = np.random.default_rng(7)
    classes = fixed.normal(size=(6, 16))
    angles = np.arange(6) * np.pi / 3
    classes[:, :2] = 3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    hidden, bias = fixed.normal(scale=0.25, size=(16, 256)), fixed.normal(scale=0.5, size=256)
    output, offset = fixed.normal(scale=1 / 16, size=(256, 1024)), fixed.normal(scale=0.3, size=1024)
    random = np.random.default_rng(count)
    first = random.integers(6, size=count)
    share = np.where(random.random(count) < 0.4, 0.0, random.random(count))[:, None]
    latent = (1 - share) * classes[first] + share * classes[(first + 1) % 6]
    latent += random.normal(scale=0.15, size=latent.shape)
    features = np.maximum(latent @ hidden + bias, 0) @ output + offset
    return np.maximum(features + random.normal(scale=0.05, size=features.shape), 0).astype(np.float32)


def reference_affinities(features):
    """P in double precision, over all neighbours up to 5,000 points and over the 90 nearest beyond.

    Returns rows, columns and values."""
    import numpy as np
    from scipy import sparse

    exact = features.astype(np.float64)
    exact -= exact.mean(axis=0)
    count = len(exact)
    width = count - 1 if count <= 5000 else 3 * PERPLEXITY
    norms = np.einsum("ij,ij->i", exact, exact)
    columns, values = np.empty((count, width), np.int64), np.empty((count, width))
    for start in range(0, count, ROWS_PER_BLOCK):
        rows = np.arange(start, min(count, start + ROWS_PER_BLOCK))
        squared = np.maximum(norms[rows, None] + norms - 2 * exact[rows] @ exact.T, 0)
        squared[rows - start, rows] = np.inf
        nearest = np.argpartition(squared, width - 1, axis=1)[:, :width]
        gaps = np.take_along_axis(squared, nearest, axis=1)
        gaps -= gaps.min(axis=1, keepdims=True)
        columns[rows], values[rows] = nearest, calibrated(gaps)
    conditional = sparse.csr_matrix(
        (values.ravel(), columns.ravel(), np.arange(count + 1) * width), shape=(count, count))
    joint = ((conditional + conditional.T) / (2 * count)).tocoo()
    positive = joint.data > 0
    return joint.row[positive], joint.col[positive], joint.data[positive]


def calibrated(gaps):
    """Rows of probabilities whose perplexity is PERPLEXITY, by bisection on the logarithm of the precision."""
    import numpy as np

    scale = np.maximum(gaps.mean(axis=1, keepdims=True), 1e-300)
    low, high = np.full((len(gaps), 1), -40.0), np.full((len(gaps), 1), 40.0)
    for _ in range(60):
        middle = (low + high) / 2
        weights = np.exp(-np.exp(middle) * gaps / scale)
        total = weights.sum(axis=1, keepdims=True)
        entropy = np.log(total) + np.exp(middle) * (weights * gaps / scale).sum(axis=1, keepdims=True) / total
        too_wide = entropy > np.log(PERPLEXITY)
        low, high = np.where(too_wide, middle, low), np.where(too_wide, high, middle)
    return weights / total


def divergence(affinities, layout):
    import numpy as np

    rows, columns, values = affinities
    layout = np.asarray(layout, np.float64)
    normalization = -float(len(layout))
    for start in range(0, len(layout), ROWS_PER_BLOCK):
        block = layout[start:start + ROWS_PER_BLOCK]
        squared = (block[:, None, 0] - layout[None, :, 0]) ** 2 + (block[:, None, 1] - layout[None, :, 1]) ** 2
        normalization += (1 / (1 + squared)).sum()
    squared = ((layout[rows] - layout[columns]) ** 2).sum(axis=1)
    return float((values * (np.log(values) + np.log1p(squared) + np.log(normalization))).sum())


def run_peer(peer, source, target, iterations, threads):
    """In a process of its own: writes the layout, prints the seconds of the fit alone (no imports, no files)."""
    import numpy as np

    features = np.load(source)
    if peer == "openTSNE":
        from openTSNE import TSNE

        start = time.perf_counter()
        layout = np.asarray(TSNE(
            perplexity=PERPLEXITY, n_iter=iterations - EARLY_ITERATIONS, negative_gradient_method="bh", n_jobs=threads,
            random_state=SEED).fit(features))
    else:
        if peer == "scikit-learn-intelex":
            from daal4py.sklearn.manifold._t_sne import TSNE
        else:
            from sklearn.manifold import TSNE
        start = time.perf_counter()
        layout = TSNE(
            perplexity=PERPLEXITY, init="pca", learning_rate="auto", max_iter=iterations, n_jobs=threads,
            n_iter_without_progress=iterations, min_grad_norm=0, random_state=SEED).fit_transform(features)
    seconds = time.perf_counter() - start
    np.save(target, layout)
    print(json.dumps({"seconds": seconds}))


def read_layout(path):
    import numpy as np

    if path.suffix == ".npy":
        return np.load(path)
    with open(path, newline="") as file:
        return np.array([[float(row["x"]), float(row["y"])] for row in csv.DictReader(file)])


def contend(name, arguments, source, folder):
    """Seconds and layout of one contender. Penumbra's seconds are those of the whole command, start to written file."""
    environment = os.environ | {
        variable: str(arguments.threads)
        for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}
    if name in OURS:
        target = folder / f"{OURS[name]}.csv"
        command = [
            arguments.penumbra, "project", source, "--out", target, "--method", OURS[name], "--max-iter",
            arguments.iterations, "--threads", arguments.threads]
        start = time.perf_counter()
        subprocess.run(
            [str(part) for part in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment, timeout=arguments.timeout)
        return time.perf_counter() - start, read_layout(target)
    target = folder / f"{name}.npy"
    command = [
        sys.executable, __file__, "--peer", name, "--source", source, "--target", target, "--iterations",
        arguments.iterations, "--threads", arguments.threads]
    result = subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True, env=environment,
        timeout=arguments.timeout)
    return json.loads(result.stdout.splitlines()[-1])["seconds"], read_layout(target)


def benchmark(name, arguments, folder):
    import numpy as np

    features = make_features(name)
    source = folder / f"{name}.npy"
    np.save(source, features)
    affinities = reference_affinities(features)
    contenders = list(OURS) + [peer for peer, module in PEERS.items() if importlib.util.find_spec(module)]
    missing = [peer for peer in PEERS if peer not in contenders]
    rows = []
    for contender in contenders:
        try:
            seconds, layout = contend(contender, arguments, source, folder)
            rows.append((contender, seconds, divergence(affinities, layout)))
        except (subprocess.SubprocessError, OSError) as error:
            rows.append((contender, None, type(error).__name__))
    base_name, base = next(((contender, seconds) for contender, seconds, _ in rows if seconds), ("", None))
    print(f"\n{name}: {features.shape[0]} × {features.shape[1]}, {arguments.iterations} iterations, "
          f"{arguments.threads} threads\n")
    print(f"| | seconds | × {base_name} | KL |\n| --- | --- | --- | --- |")
    for contender, seconds, score in rows:
        if seconds is None:
            print(f"| {contender} | failed: {score} | | |")
        else:
            ratio = f"{seconds / base:.2f}" if base else ""
            print(f"| {contender} | {seconds:.2f} | {ratio} | {score:.4f} |", flush=True)
    if missing:
        print(f"\nNot installed: {', '.join(missing)}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--penumbra", default=".build/release/penumbra", help="the program to measure")
    parser.add_argument(
        "--sets", nargs="+", default=["gap3k", "digits"], help="digits, gap3k, gap15k … (default: %(default)s)")
    parser.add_argument("--iterations", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=float, default=900, help="seconds after which a contender is given up")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--source", help=argparse.SUPPRESS)
    parser.add_argument("--target", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        return run_peer(arguments.peer, arguments.source, arguments.target, arguments.iterations, arguments.threads)
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.sets:
            benchmark(name, arguments, Path(folder))


if __name__ == "__main__":
    main()
