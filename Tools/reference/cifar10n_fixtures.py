"""Writes Tests/ImageDatasetsTests/Fixtures/cifar10n.json: label files in the format of CIFAR-10N.

They hold the labels of five images as `torch.save` writes a dict of NumPy arrays: as a zip archive, and as the stream used
before PyTorch 1.6. Further files have a label that is not a class, bytes beyond ASCII, and arrays of different lengths.

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
