#!/usr/bin/env python3
"""Writes the oracles for the tests of NeighborEmbedding, in double precision.

    python Tools/reference/tsne_fixtures.py Tests/NeighborEmbeddingTests/Fixtures

Needs numpy, scipy, scikit-learn and openTSNE. Writes
    affinities.json   40 points in 10 dimensions: affinities for each of two perplexities, principal components, and the
                      divergence and its gradient at a random layout
    metrics.json      40 points in 10 dimensions: affinities with the cosine metric (checked against scikit-learn) and with
                      two perplexities combined (checked against openTSNE), and five principal components
    digits.json       400 of scikit-learn's handwritten digits, and the divergence that openTSNE reaches on them
"""
import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits


def joint_affinities(features, perplexity, neighbors=None, metric="euclidean"):
    """The dense symmetric P over the 3 * perplexity nearest neighbours. A root finder determines each point's precision."""
    count = len(features)
    neighbors = neighbors or min(count - 1, int(np.ceil(3 * perplexity)))
    squared = metric == "euclidean"
    distances = cdist(features, features, "sqeuclidean") if squared else cdist(features, features, metric) ** 2
    conditional = np.zeros((count, count))
    for i in range(count):
        others = np.array([j for j in np.argsort(distances[i], kind="stable") if j != i])[:neighbors]
        gaps = distances[i, others] - distances[i, others[0]]

        def probabilities(log_precision):
            weights = np.exp(-np.exp(log_precision) * gaps)
            return weights / weights.sum()

        def excess(log_precision):
            p = probabilities(log_precision)
            p = p[p > 0]
            return -(p * np.log(p)).sum() - np.log(perplexity)

        conditional[i, others] = probabilities(brentq(excess, -40, 40, xtol=1e-14, rtol=1e-14))
    return (conditional + conditional.T) / (2 * count)


def divergence_and_gradient(affinities, layout):
    """KL(P || Q), its gradient with respect to the layout, and the sum of the unnormalised q."""
    difference = layout[:, None] - layout[None]
    q = 1 / (1 + (difference**2).sum(2))
    np.fill_diagonal(q, 0)
    normalization = q.sum()
    nonzero = affinities > 0
    divergence = (affinities[nonzero] * np.log(affinities[nonzero] / (q / normalization)[nonzero])).sum()
    gradient = 4 * (((affinities - q / normalization) * q)[:, :, None] * difference).sum(1)
    return divergence, gradient, normalization


def sparse(matrix):
    rows, columns = np.nonzero(matrix)
    return {"rows": rows.tolist(), "columns": columns.tolist(), "values": matrix[rows, columns].tolist()}


def affinity_fixture():
    random = np.random.default_rng(20220706)
    features = (random.normal(0, 1, (40, 10)) * np.linspace(2, 0.5, 10)).astype(np.float32)
    exact = features.astype(np.float64)
    layout = random.normal(0, 3, (40, 2)).astype(np.float32)
    centered = exact - exact.mean(0)
    left, singular, _ = np.linalg.svd(centered, full_matrices=False)
    scores = left[:, :2] * singular[:2]
    scores *= np.sign(scores[np.abs(scores).argmax(0), range(2)])
    cases = []
    for perplexity in (10, 20):
        affinities = joint_affinities(exact, perplexity)
        divergence, gradient, normalization = divergence_and_gradient(affinities, layout.astype(np.float64))
        cases.append({
            "perplexity": perplexity, "affinities": sparse(affinities), "divergence": divergence,
            "gradient": gradient.ravel().tolist(), "normalization": normalization})
    return {
        "count": 40, "dimension": 10, "features": [float(str(v)) for v in features.ravel()],
        "layout": [float(str(v)) for v in layout.ravel()], "principalComponents": scores.ravel().tolist(),
        "cases": cases}


def metrics_fixture():
    from openTSNE.affinity import Multiscale
    from sklearn.manifold._t_sne import _joint_probabilities_nn
    from sklearn.neighbors import NearestNeighbors

    random = np.random.default_rng(20240312)
    features = (random.normal(0.3, 1, (40, 10)) * np.linspace(2, 0.5, 10)).astype(np.float32)
    exact = features.astype(np.float64)
    cosine = joint_affinities(exact, 10, metric="cosine")
    # scikit-learn's TSNE squares the distances of every metric.
    graph = NearestNeighbors(n_neighbors=30, metric="cosine").fit(exact).kneighbors_graph(mode="distance")
    graph.data **= 2
    peer = _joint_probabilities_nn(graph, 10, 0).toarray()
    assert np.abs(cosine - peer).max() < 1e-4 * cosine.max(), np.abs(cosine - peer).max()
    perplexities = [4, 12]
    multiscale = sum(joint_affinities(exact, perplexity, neighbors=36) for perplexity in perplexities) / 2
    peer = Multiscale(exact, perplexities, method="exact").P.toarray()
    assert np.abs(multiscale - peer).max() < 1e-4 * multiscale.max(), np.abs(multiscale - peer).max()
    left, singular, _ = np.linalg.svd(exact - exact.mean(0), full_matrices=False)
    scores = left[:, :5] * singular[:5]
    scores *= np.sign(scores[np.abs(scores).argmax(0), range(5)])
    return {
        "count": 40, "dimension": 10, "features": [float(str(v)) for v in features.ravel()],
        "cosinePerplexity": 10, "cosine": sparse(cosine),
        "perplexities": perplexities, "multiscale": sparse(multiscale),
        "components": 5, "scores": scores.ravel().tolist()}


def digits_fixture():
    from openTSNE import TSNE

    features = load_digits().data[:400]
    affinities = joint_affinities(features, 30)
    layout = TSNE(perplexity=30, n_iter=750, negative_gradient_method="bh", random_state=42, n_jobs=1).fit(features)
    divergence = divergence_and_gradient(affinities, np.asarray(layout, np.float64))[0]
    return {
        "count": 400, "dimension": 64, "features": features.astype(int).ravel().tolist(), "perplexity": 30,
        "iterations": 1000, "openTSNEDivergence": divergence}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    fixtures = {"affinities": affinity_fixture(), "metrics": metrics_fixture(), "digits": digits_fixture()}
    for name, fixture in fixtures.items():
        (folder / f"{name}.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
