#!/usr/bin/env python3
"""Writes the oracle for placing new points in a map: openTSNE's `transform` with exact neighbours and an exact tree.

    python Tools/reference/transform_fixtures.py Tests/NeighborEmbeddingTests/Fixtures

Needs numpy, scipy, scikit-learn and openTSNE. Writes
    transform.json    for the 400 digits of digits.json: a layout of the first 300; for the other 100, their affinities to
                      these, their initial positions, openTSNE's positions after 1, 10 and 250 iterations, and how far
                      those move when the start moves by 2^-20

openTSNE's bandwidth search misses the perplexity of one point by 2 %. So this script computes the affinities in double
precision, checks them against openTSNE's for the other points, and passes them to openTSNE's optimiser. Points start
beside the medians of their neighbours, because openTSNE's tree drops interactions if a new point is exactly on a point of
the map. Features are those of the digits. All coordinates passed to openTSNE are exact in single precision.
"""
import json
import sys
from pathlib import Path

import numpy as np
from openTSNE import TSNE, TSNEEmbedding
from openTSNE.affinity import PerplexityBasedNN
from openTSNE.tsne import PartialTSNEEmbedding
from scipy.optimize import brentq
from scipy.sparse import csr_matrix
from sklearn.datasets import load_digits

REFERENCE, TOTAL = 300, 400
PERPLEXITY = 5
NEIGHBORS_OF_SCORE = 10


def single(values):
    return np.asarray(values, np.float32).astype(np.float64)


def numbers(values):
    """Single-precision numbers with the shortest decimals that identify them."""
    return [float(str(np.float32(v))) for v in np.ravel(values)]


def perplexities(rows):
    return np.exp(-(rows * np.log(np.maximum(rows, 1e-300))).sum(1))


def conditional_affinities(squared_distances, perplexity):
    """p(j|i) over the columns of each row. A root finder determines the row's precision."""
    result = np.zeros(squared_distances.shape)
    for row, squared in enumerate(squared_distances):
        def probabilities(log_precision):
            weights = np.exp(-np.exp(log_precision) * (squared - squared.min()))
            return weights / weights.sum()

        def excess(log_precision):
            return np.log(perplexities(probabilities(log_precision)[None])[0] / perplexity)

        result[row] = probabilities(brentq(excess, -20, 5, xtol=1e-14, rtol=1e-14))
    return result


def descend(start, layout, affinities, rows, degrees_of_freedom, iterations):
    options = {"negative_gradient_method": "bh", "theta": 0, "dof": degrees_of_freedom, "n_jobs": 1}
    reference = TSNEEmbedding(layout.copy(), affinities, **options)
    partial = PartialTSNEEmbedding(start, reference, P=rows.copy(), **options)
    # The arguments are the defaults of openTSNE's transform.
    return np.array(partial.optimize(
        n_iter=iterations, learning_rate=0.1, exaggeration=1.5, momentum=0.8, max_grad_norm=0.25))


def score(positions, layout, labels):
    """The share of the new points' nearest neighbours in the map that have the same label."""
    distances = ((positions[:, None] - layout[None]) ** 2).sum(2)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :NEIGHBORS_OF_SCORE]
    return (labels[:REFERENCE][nearest] == labels[REFERENCE:, None]).mean()


def case(start, layout, affinities, rows, degrees_of_freedom):
    signs = [np.random.default_rng(seed).choice([-1, 1], start.shape) for seed in range(8)]
    steps = []
    for iterations in (1, 10, 250):
        positions = descend(start, layout, affinities, rows, degrees_of_freedom, iterations)
        moved = [
            np.abs(descend(start + 2.0**-20 * sign, layout, affinities, rows, degrees_of_freedom, iterations)
                   - positions).max(1) for sign in signs]
        steps.append({
            "iterations": iterations, "positions": [round(v, 8) for v in positions.ravel().tolist()],
            "sensitivity": [float(f"{v:.2e}") for v in np.max(moved, 0) * 2.0**20]})
    return {"degreesOfFreedom": degrees_of_freedom, "steps": steps}


def fixture():
    digits = load_digits()
    features, labels = digits.data[:TOTAL], digits.target[:TOTAL]
    reference, new = features[:REFERENCE], features[REFERENCE:]
    fitted = TSNE(
        perplexity=30, n_iter=500, negative_gradient_method="bh", neighbors="exact", random_state=42, n_jobs=1
    ).fit(reference)
    # Centre the map, as transform() does.
    layout = np.array(fitted)
    layout = single(layout - (layout.max(0) + layout.min(0)) / 2)
    affinities = PerplexityBasedNN(reference, perplexity=30, method="exact")
    peer, neighbors, distances = affinities.to_new(new, perplexity=PERPLEXITY, return_distances=True)
    values = conditional_affinities(distances**2, PERPLEXITY)
    peer = np.take_along_axis(peer.toarray(), neighbors, axis=1)
    reached = np.abs(perplexities(peer) - PERPLEXITY) < 1e-6 * PERPLEXITY
    assert reached.sum() >= len(new) - 3 and np.abs(values - peer)[reached].max() < 1e-6, np.abs(values - peer).max(1)
    starts = np.arange(0, values.size + 1, neighbors.shape[1])
    rows = csr_matrix((values.ravel(), neighbors.ravel(), starts), shape=(len(new), REFERENCE))
    medians = np.median(layout[neighbors[:, :25]], axis=1)
    start = single(medians + np.array([2.0**-8, -(2.0**-8)]))
    entries = sorted(
        (row, int(column), float(value)) for row in range(len(new))
        for column, value in zip(rows[row].indices, rows[row].data))
    cases = [case(start, layout, affinities, rows, degrees_of_freedom) for degrees_of_freedom in (1, 0.7)]
    final = np.array(cases[0]["steps"][-1]["positions"]).reshape(-1, 2)
    return {
        "reference": REFERENCE, "perplexity": PERPLEXITY, "labels": labels.tolist(), "layout": numbers(layout),
        "neighborsPerPoint": neighbors.shape[1], "columns": [column for _, column, _ in entries],
        "affinities": [float(f"{value:.9g}") for _, _, value in entries], "medians": numbers(medians),
        "start": numbers(start), "cases": cases, "neighborsOfScore": NEIGHBORS_OF_SCORE,
        "score": float(score(final, layout, labels))}


if __name__ == "__main__":
    path = Path(sys.argv[1]) / "transform.json"
    path.write_text(json.dumps(fixture(), separators=(",", ":")) + "\n")
