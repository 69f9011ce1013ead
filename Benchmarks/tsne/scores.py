"""Scores all layouts alike: Kullback-Leibler divergence in double precision, and preservation of neighbours.

- Affinities P: perplexity 30, over all other points for up to 5,000 points, otherwise over the 90 nearest (found exactly).
- Divergence: Q's normalisation is summed over all pairs in double precision (pair_sums.c), for any number of points.
- Trustworthiness of 12 neighbours (Venna and Kaski, 2001) and recall of the 10 nearest: over all points for up to 15,000,
  otherwise over a fixed sample of 2,000 points, each compared with all others.

No score depends on the order in which a contender processes the points.
"""
import ctypes
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tsne import compiler
from tsne.peer import PERPLEXITY

TRUSTED, RECALLED = 12, 10
MOST_FULL_ROWS, MOST_QUERIES, QUERIES = 5_000, 15_000, 2_000
NUMBERS_PER_BLOCK = 8_000_000
POINTS_PER_CELL = 15_000


class Judge:
    """Scores layouts of one data set. `threads` threads compute affinities and sums over all pairs.

    `cache` is a folder where the affinities are kept under the data set's name."""

    def __init__(self, name, features, cache, threads):
        self.features, self.threads = features, threads
        self.rows, self.columns, self.values = kept_affinities(cache / f"{name}-affinities.npz", features, threads)
        self.pairs = ctypes.CDLL(compiler.library("pair_sums.c", cache))
        pointer = np.ctypeslib.ndpointer(np.float64, flags="C")
        self.pairs.student_sum.argtypes = [pointer, pointer] + 3 * [ctypes.c_int64]
        self.pairs.student_sum.restype = ctypes.c_double

    def divergence(self, layout):
        """Kullback-Leibler divergence of N x 2 coordinates, in nats."""
        x, y = np.asarray(layout, np.float64).T.copy()
        squared = (x[self.rows] - x[self.columns]) ** 2 + (y[self.rows] - y[self.columns]) ** 2
        logarithm = np.log(self.normalization(x, y))
        return float((self.values * (np.log(self.values) + np.log1p(squared) + logarithm)).sum())

    def normalization(self, x, y, rows_per_call=256):
        """The sum of 1 / (1 + squared distance) over all ordered pairs of two different points."""
        count = len(x)
        with ThreadPoolExecutor(self.threads) as pool:
            sums = pool.map(
                lambda first: self.pairs.student_sum(x, y, first, min(count, first + rows_per_call), count),
                range(0, count, rows_per_call))
            return 2 * sum(sums)

    def preservation(self, layouts):
        """Trustworthiness and recall of each layout. All layouts share one pass over the distances between features."""
        count = len(self.features)
        queries = np.arange(count)
        if count > MOST_QUERIES:
            queries = np.random.default_rng(12).choice(count, size=QUERIES, replace=False)
        layouts = [np.asarray(layout, np.float64) for layout in layouts]
        penalties, found = np.zeros(len(layouts)), np.zeros(len(layouts))
        centered = self.features - self.features.mean(axis=0, dtype=np.float64).astype(np.float32)
        for block in blocks(queries, count):
            distances = squared_distances(centered, block)
            nearest = np.argpartition(distances, RECALLED, axis=1)[:, :RECALLED]
            for index, layout in enumerate(layouts):
                near = ordered_neighbors(layout, block, max(TRUSTED, RECALLED))
                for row, neighbors in enumerate(near):
                    trusted = distances[row, neighbors[:TRUSTED]]
                    ranks = 1 + np.array([np.count_nonzero(distances[row] < distance) for distance in trusted])
                    penalties[index] += np.maximum(ranks - TRUSTED, 0).sum()
                    found[index] += len(np.intersect1d(nearest[row], neighbors[:RECALLED], assume_unique=True))
        worst = len(queries) * TRUSTED * (2 * count - 3 * TRUSTED - 1) / 2
        return [(1 - penalty / worst, hits / (len(queries) * RECALLED)) for penalty, hits in zip(penalties, found)]


def blocks(queries, count):
    return np.array_split(queries, 1 + len(queries) * count // NUMBERS_PER_BLOCK)


def squared_distances(points, block):
    """Squared distances between the points of a block and all points; infinite between a point and itself."""
    norms = np.einsum("ij,ij->i", points, points, dtype=points.dtype)
    squared = norms[block, None] + norms - 2 * (points[block] @ points.T)
    squared[np.arange(len(block)), block] = np.inf
    return np.maximum(squared, 0, out=squared)


def ordered_neighbors(layout, block, number):
    squared = (layout[block, 0, None] - layout[:, 0]) ** 2
    squared += (layout[block, 1, None] - layout[:, 1]) ** 2
    squared[np.arange(len(block)), block] = np.inf
    nearest = np.argpartition(squared, number, axis=1)[:, :number]
    order = np.argsort(np.take_along_axis(squared, nearest, axis=1), axis=1)
    return np.take_along_axis(nearest, order, axis=1)


# Affinities


def kept_affinities(file, features, threads):
    """Rows, columns and values of P. Takes them from `file` if an earlier run left them for the same features."""
    checksum = zlib.crc32(np.ascontiguousarray(features))
    if file.exists():
        with np.load(file) as kept:
            if kept["checksum"] == checksum:
                return kept["rows"], kept["columns"], kept["values"]
    rows, columns, values = affinities(features, threads)
    np.savez(file, rows=rows, columns=columns, values=values, checksum=checksum)
    return rows, columns, values


def affinities(features, threads):
    """Rows, columns and values of the positive entries of P, which is symmetric with sum 1, in double precision."""
    from scipy import sparse

    count = len(features)
    centered = features - features.mean(axis=0, dtype=np.float64)
    if count <= MOST_FULL_ROWS:
        distances = np.concatenate([squared_distances(centered, block) for block in blocks(np.arange(count), count)])
        others = ~np.eye(count, dtype=bool)
        columns = np.nonzero(others)[1].reshape(count, count - 1).astype(np.int32)
        squared = distances[others].reshape(count, count - 1)
    else:
        columns, squared = nearest_neighbors(features, centered, 3 * PERPLEXITY, threads)
    width = columns.shape[1]
    values = np.concatenate([
        calibrated(squared[block] - squared[block].min(axis=1, keepdims=True))
        for block in blocks(np.arange(count), width)])
    conditional = sparse.csr_matrix((values.ravel(), columns.ravel(), np.arange(count + 1) * width), (count, count))
    joint = ((conditional + conditional.T) / (2 * count)).tocoo()
    positive = joint.data > 0
    return joint.row[positive], joint.col[positive], joint.data[positive]


def nearest_neighbors(features, centered, number, threads):
    """Indices and squared distances of every point's nearest other points, exactly. Searches with scikit-learn all points
    of those cells that, by the triangle inequality, may contain a nearer point. Recomputes the distances from differences
    in double precision."""
    from scipy.spatial.distance import cdist
    from sklearn.neighbors import NearestNeighbors

    members, centers, radii = cells_of(features)
    indices = [NearestNeighbors(algorithm="brute", n_jobs=threads).fit(features[rows]) for rows in members]
    columns, squared = np.empty((len(features), number), np.int32), np.empty((len(features), number))
    for cell, rows in enumerate(members):
        distances, found = np.full((len(rows), number), np.inf), np.zeros((len(rows), number), np.int64)
        least = cdist(features[rows], centers) - radii
        for other in np.argsort(cdist(centers[cell, None], centers)[0]):
            # The margin allows for rounding, because these distances are in single precision.
            near = np.flatnonzero(least[:, other] <= 1.0001 * distances.max(axis=1))
            if len(near) == 0:
                continue
            further, points = indices[other].kneighbors(
                features[rows[near]], n_neighbors=min(number + 1, len(members[other])))
            points = members[other][points]
            further[points == rows[near, None]] = np.inf
            further, points = np.hstack([distances[near], further]), np.hstack([found[near], points])
            kept = np.argpartition(further, number - 1, axis=1)[:, :number]
            distances[near] = np.take_along_axis(further, kept, axis=1)
            found[near] = np.take_along_axis(points, kept, axis=1)
        columns[rows] = found
    for start in range(0, len(features), 200):
        rows = slice(start, start + 200)
        differences = centered[columns[rows]] - centered[rows, None]
        squared[rows] = np.einsum("ijk,ijk->ij", differences, differences)
    return columns, squared


def cells_of(features):
    """A partition by k-means: the points of each cell, its centre, and its radius."""
    from sklearn.cluster import MiniBatchKMeans

    labels = MiniBatchKMeans(
        max(1, len(features) // POINTS_PER_CELL), n_init=1, random_state=0).fit_predict(features)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    centers = np.array([features[rows].mean(axis=0, dtype=np.float64) for rows in members])
    radii = np.array([
        np.sqrt(((features[rows] - center) ** 2).sum(axis=1).max()) for rows, center in zip(members, centers)])
    return members, centers, radii


def calibrated(gaps):
    """Rows of probabilities with perplexity PERPLEXITY, by bisection on the logarithm of the precision. `gaps` are squared
    distances minus the smallest in each row."""
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
