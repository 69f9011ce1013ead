"""Writes Tests/LabelDistributionsTests/Fixtures/metrics.json: predictions, labels and their measures.

Accuracies and macro F1 come from scikit-learn. KL divergence and calibration error follow their definitions in numpy. The
soft measures come from scipy: cross-entropy as entropy + relative entropy, the Jensen-Shannon divergence as the square of
`jensenshannon` in base 2, `cityblock`, and `pearsonr` of entropies divided by ln K.

There are three cases: all classes present; one class predicted but absent from the labels and one absent from both; some
labels of only zeros and ones, and predictions that rule out classes which annotators chose.

If the file exists, predictions and labels of the cases in it are kept, so that a newer numpy does not change them.

    python label_metrics.py
"""

import json
import pathlib
import warnings

import numpy as np
from scipy.spatial.distance import cityblock, jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy, pearsonr
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests/LabelDistributionsTests/Fixtures/metrics.json"


def measures(predictions, labels):
    truth, guess = labels.argmax(1), predictions.argmax(1)
    y, p = (np.clip(values, 1e-5, 1 - 1e-5) for values in (labels, predictions))
    confidence = predictions.max(1)
    error = 0.0
    for low, high in zip(np.arange(10) / 10, np.arange(1, 11) / 10):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            accuracy = (truth == guess)[inside].mean()
            error += inside.mean() * abs(accuracy - confidence[inside].mean())
    return {
        "macroAccuracy": balanced_accuracy_score(truth, guess),
        "macroF1": f1_score(truth, guess, average="macro"),
        "klDivergence": float((y * np.log(y / p)).sum(1).mean()),
        "expectedCalibrationError": error,
        "softCrossEntropy": float(
            np.mean([entropy(y) + rel_entr(y, np.maximum(p, 2.0**-52)).sum() for y, p in zip(labels, predictions)])
        ),
        "jensenShannonSimilarity": float(
            1 - np.mean([jensenshannon(y, p, base=2) ** 2 for y, p in zip(labels, predictions)])
        ),
        "softAccuracy": float(np.minimum(labels, predictions).sum(1).mean()),
        "manhattanDistance": float(np.mean([cityblock(y, p) for y, p in zip(labels, predictions)])),
        "entropyCorrelation": float(
            pearsonr(*(entropy(rows, axis=1) / np.log(rows.shape[1]) for rows in (labels, predictions))).statistic
        ),
        "top1Accuracy": accuracy_score(truth, guess),
        "entropies": [float(-(row[row > 0] * np.log(row[row > 0])).sum()) for row in labels],
    }


def case(generator, count, classes, labelled, predicted):
    labels = np.zeros((count, classes))
    votes = generator.multinomial(15, generator.dirichlet(np.full(labelled, 0.4), count))
    labels[:, :labelled] = votes / 15
    predictions = np.zeros((count, classes))
    mixed = 0.5 * labels[:, :predicted] + 0.5 * generator.dirichlet(np.full(predicted, 0.3), count)
    predictions[:, :predicted] = mixed / mixed.sum(1, keepdims=True)
    return predictions, labels


def sharp(generator):
    predictions, labels = case(generator, 30, 4, 4, 4)
    predictions[:6] = np.eye(4)[generator.integers(0, 4, 6)]
    labels[3:9] = np.eye(4)[generator.integers(0, 4, 6)]
    return predictions, labels


def main():
    warnings.simplefilter("ignore")
    generator = np.random.default_rng(7)
    cases = {"allPresent": case(generator, 60, 4, 4, 4), "absent": case(generator, 40, 5, 3, 4), "sharp": sharp(generator)}
    known = json.loads(FIXTURE.read_text()) if FIXTURE.exists() else {}
    results = {}
    for name, rows in cases.items():
        if name in known:
            rows = (np.array(known[name][key]) for key in ("predictions", "labels"))
        predictions, labels = rows
        results[name] = {
            "predictions": predictions.tolist(),
            "labels": labels.tolist(),
            **measures(predictions, labels),
        }
    FIXTURE.write_text(json.dumps(results))


if __name__ == "__main__":
    main()
