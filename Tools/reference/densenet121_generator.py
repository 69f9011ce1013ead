"""Values that both sides make from a tensor's name alone, so that no weights need to be committed.

For a tensor called `name` (PyTorch's name, PyTorch's shape) and the flat, row-major index i, with all integers
modulo 2^64:

    z = FNV1a64(UTF-8 of name) + (i + 1) * 0x9E3779B97F4A7C15
    z = finaliser of SplitMix64 (z)
    u = float32(z >> 40) * 2^-24            in [0, 1), exact
    s = 2 u - 1                             in [-1, 1), exact

A value is then one float32 multiplication and, where there is an offset, one float32 addition. Constants are
rounded to float32 before they are used.

    convolution weight      float32(sqrt(6 / fan in)) * s       fan in = input channels * kernel height * width
    norm weight             1 + 0.2 * s
    norm bias               0.5 + 0.1 * s
    norm running_mean       0.1 * s
    norm running_var        1 + 0.5 * u
    classifier weight       float32(sqrt(3 / inputs)) * s
    classifier bias         0.1 * s
    "images/<step>"         float32(sqrt(3)) * s
    "targets/<step>"        float64(u) + 0.01, divided by its row's sum (left to right, float64), rounded to float32

A norm's bias has an offset so that the comparison is well conditioned. A float32 implementation computes the input
of a ReLU with some rounding; where that input lies within the rounding of zero, the slope of the ReLU, 0 or 1, is
left to chance, and one such entry moves a gradient tensor of n entries by about 1 / sqrt(n) of its norm. With an
offset of 0, PyTorch's own float32 gradients lie up to 2e-2 of their norms from its float64 ones, and ten steps of SGD
end 7e-3 apart in the loss; nothing could be tested to 1e-3.

The sign of entry i in the k-th sketch of tensor `name` is that of bit k of the mixed z of "sketch/<name>":
+1 where it is 0, -1 where it is 1.
"""

import math

import numpy as np

NORM_BIAS_OFFSET = np.float32(0.5)
GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)


def fnv1a64(text):
    """FNV-1a, 64 bits, of the text's UTF-8 bytes."""
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
    """u: float32 in [0, 1), multiples of 2^-24."""
    words = mixed_words(name, math.prod(shape))
    return ((words >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)).reshape(shape)


def signed_uniform(name, shape):
    """s: float32 in [-1, 1), multiples of 2^-23."""
    return np.float32(2) * unit_uniform(name, shape) - np.float32(1)


def is_norm(name):
    """Whether a bias is a normalisation's, by its layer's name."""
    layer = name.rsplit(".", 1)[0]
    return any(word in layer.rsplit(".", 1)[-1] for word in ("norm", "bn")) or layer.endswith("downsample.1")


def parameter(name, shape, seed=0):
    """The value of the parameter or running statistic `name` of a backbone; other seeds have streams of their own."""
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
    """A batch of images, (batch, 3, side, side), of mean 0 and variance 1."""
    return np.float32(math.sqrt(3)) * signed_uniform(f"images/{step}", (batch, 3, side, side))


def targets(step, batch, classes):
    """A batch of label distributions, (batch, classes)."""
    raw = unit_uniform(f"targets/{step}", (batch, classes)).astype(np.float64) + 0.01
    sums = np.zeros((batch, 1))
    for column in range(classes):
        sums[:, 0] += raw[:, column]
    return (raw / sums).astype(np.float32)


def sketch(name, values, count=32):
    """`count` sums of `values` under seeded random signs, in float64.

    For a difference d of two tensors the mean of the squared sketches of d estimates the squared L2 norm of d,
    with a relative standard deviation of sqrt(2 / count).
    """
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    words = mixed_words(f"sketch/{name}", flat.size)
    result = np.empty(count)
    for k in range(count):
        negative = words >> np.uint64(k) & np.uint64(1) != 0
        result[k] = np.where(negative, -flat, flat).sum()
    return result
