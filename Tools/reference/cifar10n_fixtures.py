"""Writes files in the form of CIFAR-10N's for the tests: Tests/ImageDatasetsTests/Fixtures/cifar10n.json.

The labels of five images as `torch.save` writes a dict of NumPy's arrays, in today's archive and in the stream of before
1.6; one file with a label that is no class, and one whose arrays' bytes are more than ASCII.

    python cifar10n_fixtures.py
"""

import base64
import io
import json
import pathlib

import numpy as np
import torch

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests/ImageDatasetsTests/Fixtures/cifar10n.json"


def saved(labels, archive=True):
    stream = io.BytesIO()
    torch.save(labels, stream, _use_new_zipfile_serialization=archive)
    return base64.b64encode(stream.getvalue()).decode()


def main():
    labels = {
        "clean_label": [6, 9, 9, 4, 1],
        "worse_label": [6, 8, 9, 2, 1],
        "aggre_label": [6, 9, 9, 4, 1],
        "random_label1": [6, 9, 9, 4, 1],
        "random_label2": [6, 8, 9, 4, 1],
        "random_label3": [6, 9, 9, 2, 0],
    }
    arrays = {name: np.array(values, "<i8") for name, values in labels.items()}
    files = {
        "archive": saved(arrays),
        "stream": saved(arrays, archive=False),
        "noClass": saved({**arrays, "random_label2": np.array([6, 10, 9, 4, 1])}),
        "beyondASCII": saved({**arrays, "random_label2": np.array([6, 200, 9, 4, 1])}),
        "shorter": saved({**arrays, "random_label2": np.array([6, 9, 9, 4])}),
    }
    FIXTURE.write_text(json.dumps(files))


if __name__ == "__main__":
    main()
