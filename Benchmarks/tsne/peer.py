#!/usr/bin/env python3
"""Runs one fit of one peer, in its own process.

    python peer.py PEER FEATURES.npy LAYOUT.npy ITERATIONS THREADS

Writes the layout and prints a line of JSON: `fit`, the seconds of the fit alone (no imports, no files); `affinities`
(neighbours, bandwidths and initial layout) and `descent`, if the peer allows separating them; and `iterations`, if the peer
reports their number. All peers have perplexity 30, early exaggeration 12 for 250 iterations and an initial layout from
principal components, unless a comment says that they lack the option. Everything else is left at its default.
"""
import json
import sys
import time

PERPLEXITY = 30
EARLY_ITERATIONS = 250
MOST_POINTS_OF_TREE = 10_000
SEED = 1


def open_tsne(features, iterations, threads):
    from openTSNE import TSNE

    method = "bh" if len(features) <= MOST_POINTS_OF_TREE else "fft"
    start = time.perf_counter()
    tsne = TSNE(
        perplexity=PERPLEXITY, early_exaggeration=12, early_exaggeration_iter=EARLY_ITERATIONS,
        n_iter=iterations - EARLY_ITERATIONS, negative_gradient_method=method, n_jobs=threads, random_state=SEED)
    prepare, affinities = tsne.prepare_initial, []

    def timed_prepare(*arguments):
        initial = prepare(*arguments)
        affinities.append(time.perf_counter() - start)
        return initial

    tsne.prepare_initial = timed_prepare
    layout = tsne.fit(features)
    return layout, {"fit": time.perf_counter() - start, "affinities": affinities[0], "iterations": iterations}


def scikit_learn(features, iterations, threads):
    from sklearn.manifold import TSNE

    return scikit_learn_like(TSNE, "_tsne", features, iterations, threads)


def scikit_learn_intelex(features, iterations, threads):
    from daal4py.sklearn.manifold._t_sne import TSNE

    return scikit_learn_like(TSNE, "_daal_tsne", features, iterations, threads)


def scikit_learn_like(kind, descent_method, features, iterations, threads):
    """`descent_method` names the method of the class that descends from affinities and an initial layout."""
    descent = getattr(kind, descent_method, None)
    seconds = {}

    def timed_descent(*arguments, **options):
        start = time.perf_counter()
        layout = descent(*arguments, **options)
        seconds["descent"] = time.perf_counter() - start
        return layout

    if descent:
        setattr(kind, descent_method, timed_descent)
    start = time.perf_counter()
    tsne = kind(
        perplexity=PERPLEXITY, early_exaggeration=12, init="pca", learning_rate="auto", max_iter=iterations,
        n_iter_without_progress=iterations, min_grad_norm=0, n_jobs=threads, random_state=SEED)
    layout = tsne.fit_transform(features)
    seconds["fit"] = time.perf_counter() - start
    # n_iter_ is the index of the last iteration, counted from 0.
    return layout, seconds | {"iterations": int(tsne.n_iter_) + 1}


def h2pack(features, iterations, threads):
    """Supports only a random initial layout. Reports the time of its neighbour search."""
    import tsne_h2pack

    features = features.astype("float64")
    start = time.perf_counter()
    tsne = tsne_h2pack.TSNE(
        perplexity=float(PERPLEXITY), max_iter=iterations, n_iter_without_progress=iterations, min_grad_norm=0,
        knn_method="exact", n_jobs=threads, random_state=SEED)
    layout = tsne.fit_transform(features)
    return layout, {
        "fit": time.perf_counter() - start, "affinities": float(tsne.knn_time_), "iterations": int(tsne.n_iter_)}


def fit_sne(features, iterations, threads):
    """Chooses its own initial layout, because its versions differ in the options they take."""
    from fitsne import FItSNE

    features = features.astype("float64")
    start = time.perf_counter()
    layout = FItSNE(
        features, perplexity=PERPLEXITY, max_iter=iterations, early_exag_coeff=12,
        learning_rate=max(200, len(features) / 12), nthreads=threads, rand_seed=SEED)
    return layout, {"fit": time.perf_counter() - start}


# For each peer, the module it needs and the function that runs it.
PEERS = {
    "openTSNE": ("openTSNE", open_tsne),
    "scikit-learn-intelex": ("daal4py", scikit_learn_intelex),
    "scikit-learn": ("sklearn", scikit_learn),
    "tsne-h2pack": ("tsne_h2pack", h2pack),
    "FIt-SNE": ("fitsne", fit_sne),
}


def main():
    import numpy as np

    peer, source, target, iterations, threads = sys.argv[1:]
    layout, seconds = PEERS[peer][1](np.load(source), int(iterations), int(threads))
    np.save(target, np.asarray(layout))
    if "affinities" in seconds:
        seconds.setdefault("descent", seconds["fit"] - seconds["affinities"])
    elif "descent" in seconds:
        seconds["affinities"] = seconds["fit"] - seconds["descent"]
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
