"""The benchmark's data sets: a real one from scikit-learn, and generators with fixed seeds.

All are N x D in single precision. The same name gives the same numbers with the same version of numpy.
"""
import re

import numpy as np

COST_SETS = ["manifold100k", "manifold200k", "manifold400k", "manifold1000k"]
HELP = """\
  digits          1,797 x 64, scikit-learn's handwritten digits
  gap3k, gap15k   N thousand x 1,024, like network features after global average pooling (any N: gap<N>k)
  mnist-like      70,000 x 784, images of pen strokes in ten classes, integers from 0 to 255
  million         1,000,000 x 50, clusters on curved surfaces (any number of thousands: manifold<N>k)
  cost            100,000 to 1,000,000 x 50 of the same kind, without scores: the cost per point"""


def make(name):
    """The features of a data set. Raises SystemExit if there is none with this name."""
    if name == "digits":
        from sklearn.datasets import load_digits

        return load_digits().data.astype(np.float32)
    if name == "mnist-like":
        return strokes(70_000)
    if name == "million":
        return curved_clusters(1_000_000)
    if match := re.fullmatch(r"(gap|manifold)([1-9]\d*)k", name):
        return {"gap": pooled_features, "manifold": curved_clusters}[match[1]](1000 * int(match[2]))
    raise SystemExit(f"unknown data set {name}; there are:\n{HELP}")


def pooled_features(count):
    """Six classes on a ring in 16 latent dimensions: 40 % of the rows are at a class, the others between two neighbours.
    Two layers with ReLUs map them to 1,024 columns that are never negative."""
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


def strokes(count, classes=10, side=28, dots=40):
    """Images of one pen stroke each, side x side pixels from 0 to 255. A class is a smooth path. Each image bends, turns,
    shears, scales and shifts the path of its class, and draws it with its own pen width. So every class is a curved
    eight-dimensional manifold."""
    fixed = np.random.default_rng(28)
    along = np.linspace(0, 1, dots)
    waves = np.stack([wave(np.pi * k * along) for k in (1, 2, 3) for wave in (np.cos, np.sin)])
    paths = fixed.normal(size=(classes, 2, 6)) / np.repeat([1, 2, 3], 2) @ waves
    paths -= paths.mean(axis=2, keepdims=True)
    paths *= 9.5 / np.abs(paths).max(axis=(1, 2), keepdims=True)
    random = np.random.default_rng(count)
    pixels = np.arange(side) - (side - 1) / 2
    images = np.empty((count, side * side), np.float32)
    for start in range(0, count, 2000):
        size = min(2000, count - start)
        x, y = np.moveaxis(paths[random.integers(classes, size=size)], 1, 0)
        turn, shear = random.normal(scale=0.2, size=(2, size, 1))
        wide, high = np.exp(random.normal(scale=0.12, size=(2, size, 1)))
        bend, shift_x, shift_y = random.normal(size=(3, size, 1))
        x = wide * (x + shear * y) + 1.5 * bend * np.sin(2 * np.pi * along)
        y = high * y
        x, y = np.cos(turn) * x - np.sin(turn) * y + shift_x, np.sin(turn) * x + np.cos(turn) * y + shift_y
        width = 1.1 * np.exp(random.normal(scale=0.2, size=(size, 1, 1)))
        column, row = (np.exp(-((pixels - path[:, :, None]) / width) ** 2 / 2) for path in (x, y))
        ink = np.matmul(row.transpose(0, 2, 1), column)
        images[start:start + size] = np.rint(255 * np.minimum(ink, 1)).reshape(size, -1)
    return images


def curved_clusters(count, clusters=20, columns=50):
    """Clusters of different sizes. Each is a three-dimensional surface, bent through all columns by sines, with a little
    noise."""
    fixed = np.random.default_rng(50)
    shares = fixed.dirichlet(np.full(clusters, 5.0))
    centers = fixed.normal(scale=2, size=(clusters, columns))
    directions = fixed.normal(scale=1.5, size=(clusters, 3, columns))
    phases = fixed.uniform(0, 2 * np.pi, size=(clusters, columns))
    random = np.random.default_rng(count)
    label = random.choice(clusters, size=count, p=shares)
    features = np.empty((count, columns), np.float32)
    for cluster in range(clusters):
        rows = np.flatnonzero(label == cluster)
        latent = random.uniform(-1, 1, size=(len(rows), 3))
        surface = np.sin(latent @ directions[cluster] + phases[cluster])
        features[rows] = centers[cluster] + surface + random.normal(scale=0.05, size=surface.shape)
    return features
