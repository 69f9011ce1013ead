"""Writes Tests/LabelDistributionsTests/Fixtures/metrics.json: predictions, labels and their measures.

Macro accuracy and macro F1 come from scikit-learn, KL divergence and calibration error from their definitions in
numpy. Two cases: every class present; one class absent from the labels but predicted, another absent from both.

    python label_metrics.py
"""

import json
import pathlib
import warnings

import numpy as np
from sklearn.metrics import balanced_accuracy_score, f1_score

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
        "entropies": [float(-(row[row > 0] * np.log(row[row > 0])).sum()) for row in labels],
    }


def case(generator, count, classes, labelled, predicted):
    labels = np.zeros((count, classes))
    votes = generator.multinomial(15, generator.dirichlet(np.full(labelled, 0.4), count))
    labels[:, :labelled] = votes / 15
    predictions = np.zeros((count, classes))
    mixed = 0.5 * labels[:, :predicted] + 0.5 * generator.dirichlet(np.full(predicted, 0.3), count)
    predictions[:, :predicted] = mixed / mixed.sum(1, keepdims=True)
    result = measures(predictions, labels)
    return {"predictions": predictions.tolist(), "labels": labels.tolist(), **result}


def main():
    warnings.simplefilter("ignore")
    generator = np.random.default_rng(7)
    cases = {"allPresent": case(generator, 60, 4, 4, 4), "absent": case(generator, 40, 5, 3, 4)}
    FIXTURE.write_text(json.dumps(cases))


if __name__ == "__main__":
    main()
