"""Pseudo-random tensors that tests and reference scripts both derive from a tensor's name, so no weights are committed.

For the tensor `name` (with PyTorch's name and shape) and the flat, row-major index i, with all integers modulo 2^64:

    z = FNV1a64(UTF-8 of name) + (i + 1) * 0x9E3779B97F4A7C15
    z = finaliser of SplitMix64 (z)
    u = float32(z >> 40) * 2^-24            in [0, 1), exact
    s = 2 u - 1                             in [-1, 1), exact

Each value takes one float32 multiplication and, if it has an offset, one float32 addition. Constants are first rounded to
float32.

    convolution weight      float32(sqrt(6 / fan in)) * s       fan in = input channels * kernel height * width
    norm weight             1 + 0.2 * s
    norm bias               0.5 + 0.1 * s
    norm running_mean       0.1 * s
    norm running_var        1 + 0.5 * u
    classifier weight       float32(sqrt(3 / inputs)) * s
    classifier bias         0.1 * s
    "images/<step>"         float32(sqrt(3)) * s
    "targets/<step>"        float64(u) + 0.01, divided by its row's sum (left to right, float64), rounded to float32

The offset in the bias of a norm makes the comparison well conditioned. A float32 implementation rounds the input of a
ReLU. If that input is closer to zero than the rounding error, the slope, 0 or 1, is a matter of chance, and one such entry
moves a gradient tensor of n entries by about 1 / sqrt(n) of its norm. With an offset of 0, PyTorch's own float32 gradients
differ from its float64 ones by up to 2e-2 of their norms, and the losses after ten steps of SGD by 7e-3. No test could
then check 1e-3.

The sign of entry i in the k-th sketch of tensor `name` is +1 if bit k of the mixed z of "sketch/<name>" is 0, else -1.
"""

import math

import numpy as np

NORM_BIAS_OFFSET = np.float32(0.5)
GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)


def fnv1a64(text):
    """The 64-bit FNV-1a hash of the text's UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def mixed_words(name, count):
    """The first `count` 64-bit words of the stream of `name`."""
    with np.errstate(over="ignore"):
        z = np.uint64(fnv1a64(name)) + np.arange(1, count + 1, dtype=np.uint64) * GOLDEN_GAMMA
        z ^= z >> np.uint64(30)
        z *= np.uint64(0xBF58476D1CE4E5B9)
        z ^= z >> np.uint64(27)
        z *= np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return z


def unit_uniform(name, shape):
    """u, see above: float32 in [0, 1), multiples of 2^-24."""
    words = mixed_words(name, math.prod(shape))
    return ((words >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)).reshape(shape)


def signed_uniform(name, shape):
    """s, see above: float32 in [-1, 1), multiples of 2^-23."""
    return np.float32(2) * unit_uniform(name, shape) - np.float32(1)


def is_norm(name):
    """Whether a bias belongs to a normalisation, by the name of its layer."""
    layer = name.rsplit(".", 1)[0]
    return any(word in layer.rsplit(".", 1)[-1] for word in ("norm", "bn")) or layer.endswith("downsample.1")


def parameter(name, shape, seed=0):
    """The parameter or running statistic `name` of a backbone. Each seed has its own stream."""
    kind = name.rsplit(".", 1)[1]
    stream = f"{seed}/{name}" if seed else name
    if kind == "running_var":
        return np.float32(1) + np.float32(0.5) * unit_uniform(stream, shape)
    s = signed_uniform(stream, shape)
    if kind == "weight" and len(shape) == 4:
        return np.float32(math.sqrt(6 / math.prod(shape[1:]))) * s
    if kind == "weight" and len(shape) == 2:
        return np.float32(math.sqrt(3 / shape[1])) * s
    if kind == "weight":
        return np.float32(1) + np.float32(0.2) * s
    if kind == "bias" and is_norm(name):
        return NORM_BIAS_OFFSET + np.float32(0.1) * s
    if kind in ("bias", "running_mean"):
        return np.float32(0.1) * s
    raise ValueError(f"no rule for {name}")


def images(step, batch, side):
    """A batch of images, (batch, 3, side, side), with mean 0 and variance 1."""
    return np.float32(math.sqrt(3)) * signed_uniform(f"images/{step}", (batch, 3, side, side))


def targets(step, batch, classes):
    """A batch of label distributions, (batch, classes)."""
    raw = unit_uniform(f"targets/{step}", (batch, classes)).astype(np.float64) + 0.01
    sums = np.zeros((batch, 1))
    for column in range(classes):
        sums[:, 0] += raw[:, column]
    return (raw / sums).astype(np.float32)


def sketch(name, values, count=32):
    """`count` sums of `values` with seeded random signs, in float64.

    For the difference d of two tensors, the mean of the squared sketches of d estimates the squared L2 norm of d with a
    relative standard deviation of sqrt(2 / count).
    """
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    words = mixed_words(f"sketch/{name}", flat.size)
    result = np.empty(count)
    for k in range(count):
        negative = words >> np.uint64(k) & np.uint64(1) != 0
        result[k] = np.where(negative, -flat, flat).sum()
    return result
