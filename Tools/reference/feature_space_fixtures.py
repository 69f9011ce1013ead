"""Writes Tests/FeatureSpacesTests/Fixtures/spaces.json: small spaces with labels, and their measures by other programs.
Also writes loops.json: persistent homology of small point sets.

Trustworthiness, neighbours, silhouettes and ridge regression come from scikit-learn; Spearman, Jensen-Shannon and
Procrustes from scipy; persistent homology from ripser. Centred kernel alignment follows Kornblith et al. (2019) and Song et
al. (2012) with N x N kernels in numpy, CKNNA Huh et al. (2024) with dense kernels in numpy. The other measures follow
their definitions in numpy.

The weighted forms behind the bootstrap are computed on one resample. Most come from the same functions on repeated rows.
The divergence from the neighbours' labels is linearised, with derivatives from finite differences.

    python feature_space_fixtures.py
"""

import json
import pathlib

import numpy as np
from ripser import ripser
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes
from scipy.spatial.distance import cdist, jensenshannon
from scipy.stats import entropy, spearmanr
from sklearn.linear_model import Ridge
from sklearn.manifold import trustworthiness
from sklearn.metrics import r2_score, silhouette_samples
from sklearn.neighbors import NearestNeighbors

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests/FeatureSpacesTests/Fixtures/spaces.json"
PURITY = 0.95


def leveled(values):
    """Rounds, so that numbers that differ only by the order of summation become equal, as Penumbra does."""
    return np.round(np.asarray(values) * 2.0**40) / 2.0**40


def neighbours(x, k):
    """The k nearest other rows of each row."""
    return NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x).kneighbors(return_distance=False)


def centred(n):
    return np.eye(n) - 1 / n


def plain_cka(x, y):
    h = centred(len(x))
    k, l = h @ x @ x.T @ h, h @ y @ y.T @ h
    return (k * l).sum() / np.sqrt((k * k).sum() * (l * l).sum())


def unbiased_hsic(k, l):
    """Song et al. (2012), equation 5."""
    n = len(k)
    k, l, one = k - np.diag(np.diag(k)), l - np.diag(np.diag(l)), np.ones(n)
    terms = np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / ((n - 1) * (n - 2))
    return (terms - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def debiased_cka(x, y):
    k, l = x @ x.T, y @ y.T
    return unbiased_hsic(k, l) / np.sqrt(unbiased_hsic(k, k) * unbiased_hsic(l, l))


def betweenness(x, p, weights):
    """Signed R squared of positions against ratios, with each mixture taken in both directions; the number of mixtures."""
    hard = p.argmax(1)
    pure = p.max(1) >= PURITY
    positions, ratios, counts = [], [], []
    for i in np.flatnonzero(~pure):
        a, b = sorted(np.argsort(-p[i], kind="stable")[:2])
        if p[i, a] + p[i, b] < PURITY or not (pure & (hard == a)).any() or not (pure & (hard == b)).any():
            continue
        from_, to = x[pure & (hard == a)].mean(0), x[pure & (hard == b)].mean(0)
        s = (x[i] - from_) @ (to - from_) / ((to - from_) @ (to - from_))
        t = p[i, b] / (p[i, a] + p[i, b])
        positions += [s, 1 - s]
        ratios += [t, 1 - t]
        counts += [weights[i], weights[i]]
    positions, ratios = (np.repeat(values, counts) for values in (positions, ratios))
    r = np.corrcoef(positions, ratios)[0, 1]
    return r * abs(r), len(counts) // 2


def within_classes(distance, divergence, i, j, hard):
    """The mean of Spearman's correlation within each class, weighted by pairs. Skips classes where it is undefined."""
    sums = []
    for c in np.unique(hard):
        inside = (hard[i] == c) & (hard[j] == c)
        if inside.sum() > 1 and np.ptp(divergence[inside]) > 0 and np.ptp(distance[inside]) > 0:
            sums.append((inside.sum(), spearmanr(distance[inside], divergence[inside])[0]))
    return np.average([r for _, r in sums], weights=[w for w, _ in sums])


def probe(x, p, folds):
    """R squared of out-of-fold predictions. The next fold selects the penalty."""
    total = x.var(0).sum()
    predicted = np.zeros_like(p)

    def fit(rows, share):
        return Ridge(alpha=share * len(rows) * total, solver="svd").fit(x[rows], p[rows])

    for f, fold in enumerate(folds):
        inner = folds[(f + 1) % len(folds)]
        rest = np.concatenate([g for g in folds if g is not fold and g is not inner])
        shares = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
        share = min(shares, key=lambda share: ((p[inner] - fit(rest, share).predict(x[inner])) ** 2).sum())
        outer = np.concatenate([g for g in folds if g is not fold])
        predicted[fold] = fit(outer, share).predict(x[fold])
    return r2_score(p, predicted, multioutput="variance_weighted")


def measures(x, p, k, weights, folds):
    """All measures on all rows, and on the resample that repeats row i weights[i] times."""
    n = len(x)
    near = neighbours(x, k)
    means = p[near].mean(1)
    fit = np.array([jensenshannon(a, b) ** 2 for a, b in zip(p, means)])
    h, g = leveled(entropy(p, axis=1)), leveled(entropy(means, axis=1))
    ambiguous = h > np.median(h)
    i, j = np.triu_indices(n, 1)
    distance = cdist(x, x)[i, j]
    divergence = leveled([jensenshannon(p[a], p[b]) ** 2 for a, b in zip(i, j)])
    hard = p.argmax(1)
    silhouettes = silhouette_samples(x, hard)
    hits = (hard[near] == hard[:, None]).mean(1)

    def weighted_fit(counts):
        """The mean divergence if row i counts counts[i] times, also as a neighbour of other rows."""
        shares = counts[near] / counts[near].sum(1, keepdims=True)
        middles = (shares[:, :, None] * p[near]).sum(1)
        return np.average([jensenshannon(a, b) ** 2 for a, b in zip(p, middles)], weights=counts)

    # Its derivatives with respect to the counts, by finite differences. The bootstrap uses the linear part.
    steps = 1e-5 * np.eye(n)
    slopes = np.array([(weighted_fit(1 + step) - weighted_fit(1 - step)) / 2e-5 for step in steps])

    def on(counts):
        repeat = lambda values, which=slice(None), times=counts: np.repeat(values[which], times[which])
        return {
            "neighborDivergence": fit.mean() + (counts - 1) @ slopes,
            "entropyCorrelation": spearmanr(repeat(h), repeat(g))[0],
            "ambiguousEntropyCorrelation": spearmanr(repeat(h, ambiguous), repeat(g, ambiguous))[0],
            "betweenness": betweenness(x, p, counts)[0],
            "silhouette": repeat(silhouettes).mean(),
            "neighborhoodHit": repeat(hits).mean(),
        }

    whole = on(np.ones(n, int))
    whole["pairCorrelation"] = spearmanr(distance, divergence)[0]
    whole["classPairCorrelation"] = within_classes(distance, divergence, i, j, hard)
    whole["labelProbe"] = probe(x, p, folds)
    whole["labelAlignment"] = plain_cka(x, p)
    whole["debiasedLabelAlignment"] = debiased_cka(x, p)
    return {
        "measures": whole,
        "resampled": on(weights),
        "labelMisfit": fit.tolist(),
        "ambiguousSamples": int(ambiguous.sum()),
        "mixtures": betweenness(x, p, np.ones(n, int))[1],
    }


def fidelity(x, y, k):
    shared = [len(set(a) & set(b)) for a, b in zip(neighbours(x, k), neighbours(y, k))]
    return {
        "trustworthiness": trustworthiness(x, y, n_neighbors=k),
        "continuity": trustworthiness(y, x, n_neighbors=k),
        "neighborRecall": np.mean(shared) / k,
    }


def cknna(x, z, k):
    """CKNNA of Huh et al. (2024): kernels of rows centred and scaled to length 1, Euclidean neighbours."""
    kernels, masks = [], []
    for values in (x, z):
        unit = values - values.mean(0)
        unit = unit / np.linalg.norm(unit, axis=1)[:, None]
        kernels.append(unit @ unit.T)
        mask = np.zeros(kernels[-1].shape)
        np.put_along_axis(mask, neighbours(values, k), 1, axis=1)
        masks.append(mask)

    def aligned(a, b):
        both = masks[a] * masks[b]
        first, second, m = both * kernels[a], both * kernels[b], len(both)
        first, second = first - np.diag(np.diag(first)), second - np.diag(np.diag(second))
        value = (first * second.T).sum() + first.sum() * second.sum() / ((m - 1) * (m - 2))
        return (value - 2 * (first @ second).sum() / (m - 2)) / (m * (m - 3))

    return aligned(0, 1) / np.sqrt(aligned(0, 0) * aligned(1, 1))


def comparison(x, z, k):
    wide = max(x.shape[1], z.shape[1])
    filled = [np.pad(values, ((0, 0), (0, wide - values.shape[1]))) for values in (x, z)]
    shared = np.array([len(set(a) & set(b)) for a, b in zip(neighbours(x, k), neighbours(z, k))])
    return {
        "alignment": plain_cka(x, z),
        "debiasedAlignment": debiased_cka(x, z),
        "procrustesDisparity": procrustes(*filled)[2],
        "neighborAlignment": cknna(x, z, k),
        "neighborShares": (shared / k).tolist(),
        "neighborJaccards": (shared / (2 * k - shared)).tolist(),
    }


def labels(generator, n, classes, votes):
    """About a third pure labels, a third mixtures of two classes, the rest votes drawn from a distribution over all."""
    p = np.zeros((n, classes))
    for row in p:
        kind = generator.integers(3)
        if kind == 0:
            row[generator.integers(classes)] = 1
        elif kind == 1:
            a, b = generator.choice(classes, 2, replace=False)
            row[a] = generator.uniform(0.1, 0.9)
            row[b] = 1 - row[a]
        else:
            row[:] = generator.multinomial(votes, generator.dirichlet(np.ones(classes))) / votes
    return p


def case(generator, n, classes, dimension, k, offset):
    p = labels(generator, n, classes, 12)
    x = p @ generator.normal(size=(classes, dimension)) + 0.4 * generator.normal(size=(n, dimension)) + offset
    z = p @ generator.normal(size=(classes, 7)) + 0.3 * generator.normal(size=(n, 7))
    y = x[:, :2] - offset + 0.2 * generator.normal(size=(n, 2))
    w = y @ np.array([[0.6, 0.8], [0.8, -0.6]]) + 0.3 * generator.normal(size=(n, 2)) + 2
    x, y, z, w = (values.astype(np.float32) for values in (x, y, z, w))
    result = {
        "count": n, "neighbors": k, "labels": p.tolist(),
        "features": x.ravel().tolist(), "map": y.ravel().tolist(),
        "otherFeatures": z.ravel().tolist(), "otherMap": w.ravel().tolist(),
    }
    x, y, z, w = (values.astype(np.float64) for values in (x, y, z, w))
    weights = np.bincount(generator.integers(n, size=n), minlength=n)
    folds = [np.sort(fold) for fold in np.array_split(np.random.default_rng(n).permutation(n), 5)]
    moved, fixed = w - w.mean(0), y - y.mean(0)
    return result | {
        "weights": weights.tolist(),
        "folds": [fold.tolist() for fold in folds],
        "featureMeasures": measures(x, p, k, weights, folds),
        "mapMeasures": measures(y, p, k, weights, folds),
        "fidelity": fidelity(x, y, k),
        "comparison": comparison(x, z, k),
        "mapComparison": comparison(y, w, k),
        "alignedMap": (moved @ orthogonal_procrustes(moved, fixed)[0] + y.mean(0)).ravel().tolist(),
    }


def loops(generator):
    """Rips persistence in dimension 1 of a noisy circle, two circles, a blob, and a grid with many equal distances."""
    angle = generator.uniform(0, 2 * np.pi, 80)
    circle = np.c_[np.cos(angle), np.sin(angle)] + 0.08 * generator.normal(size=(80, 2))
    angle = generator.uniform(0, 2 * np.pi, 40)
    second = np.c_[4 + 2 * np.cos(angle), 2 * np.sin(angle)] + 0.05 * generator.normal(size=(40, 2))
    blob = generator.normal(size=(60, 5))
    grid = np.stack(np.meshgrid(np.arange(6), np.arange(5)), -1).reshape(-1, 2)
    result = {}
    for name, points in {"circle": circle, "two": np.r_[circle, second], "blob": blob, "grid": grid}.items():
        points = points.astype(np.float32)
        bars = ripser(points.astype(np.float64), maxdim=1)["dgms"][1]
        bars = bars[np.argsort(bars[:, 0] - bars[:, 1], kind="stable")][:5]
        result[name] = {
            "dimension": points.shape[1], "points": points.ravel().tolist(), "bars": bars.tolist(),
        }
    return result


def main():
    generator = np.random.default_rng(20)
    # Few features, with an offset large enough to matter in single precision; and more features than samples.
    cases = {"narrow": case(generator, 90, 4, 5, 7, 100.0), "wide": case(generator, 40, 3, 60, 5, 0.0)}
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text(json.dumps(cases))
    (FIXTURE.parent / "loops.json").write_text(json.dumps(loops(np.random.default_rng(21))))


main()
