"""Writes Tests/TensorFilesTests/ArrayReferenceFiles.swift: arrays with ids beside them, as h5py and PyTorch write them.

    python Tools/reference/array_fixtures.py

Needs torch (CPU), h5py and numpy. The files are compressed by zlib.
"""

import base64
import io
import pathlib
import textwrap
import zlib

import h5py
import numpy as np
import torch

FEATURES = np.array([[1, 2], [3, 4], [5, 6]], "float32")
IDS = ["a.png", "bé.png", ""]


def hdf5():
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file["x"] = FEATURES
        file["ids"] = np.array(IDS, object)
        file["train/names"] = np.array(["s0", "s1", "s22"], "S3")
        file["train/index"] = np.array([4, -2, 9], "int16")
        file["halves"] = np.array([0.5, 1.5, 2.5])
    return buffer.getvalue()


def torch_file(value):
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


z = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
FILES = {
    "hdf5": hdf5(),
    "torch": torch_file(
        {"x": torch.tensor(FEATURES), "ids": IDS, "places": [4, -2, 9], "index": torch.tensor([4, -2, 9]),
         "mixed": ["a", 0.5], "names": np.array(["a", "b", "c"]), "epoch": 3}),
    "torch, negative": torch_file({"x": torch.complex(z * 0, z).conj().imag}),
}

lines = [
    "// Written by Tools/reference/array_fixtures.py.",
    "",
    "/// Files of h5py and PyTorch, compressed by zlib, in Base64.",
    "enum ArrayReferenceFiles {",
    "    static let files: [String: String] = [",
]
for name, content in FILES.items():
    parts = textwrap.wrap(base64.b64encode(zlib.compress(content, 9)).decode(), 100)
    lines.append(f'        "{name}":')
    lines += [f'            {"" if i == 0 else "+ "}"{part}"' for i, part in enumerate(parts)]
    lines[-1] += ","
lines += ["    ]", "}", ""]
path = pathlib.Path(__file__).resolve().parents[2] / "Tests/TensorFilesTests/ArrayReferenceFiles.swift"
path.write_text("\n".join(lines))
