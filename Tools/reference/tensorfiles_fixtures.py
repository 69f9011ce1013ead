"""Writes Tests/TensorFilesTests/ReferenceFiles.swift: files from NumPy and safetensors, and the values in them.

    python Tools/reference/tensorfiles_fixtures.py

Needs numpy and safetensors (and torch for bfloat16).
"""

import base64
import io
import pathlib

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch


def npy(array, version=None):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    return buffer.getvalue()


def swift_float(value):
    value = float(np.float32(value))
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return "-.infinity" if value < 0 else ".infinity"
    return value.hex() if value != 0 else ("-0.0" if np.signbit(value) else "0")


def npy_entry(name, array, version=None):
    # The expected values are NumPy's own conversion to float32, in C order.
    with np.errstate(over="ignore"):
        expected = np.ascontiguousarray(array).astype(np.float32).ravel()
    values = ", ".join(swift_float(v) for v in expected)
    data = base64.b64encode(npy(array, version)).decode()
    return f'        .init(\n            name: "{name}", shape: {list(array.shape)}, values: [{values}],\n            base64: "{data}"),'


def main():
    entries = []
    mixed = np.array([[0, 1.5, -2.25], [np.inf, -0.0, 1e-3]])
    for kind in ("f2", "f4", "f8"):
        for order in "<>":
            entries.append(npy_entry(f"{order}{kind}", mixed.astype(order + kind)))
    entries.append(npy_entry("beyond float32", np.array([1e300, -1e300, 1e-300, 0.1, 1 / 3])))
    for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
        info = np.iinfo(kind)
        edges = np.array([info.min, 0, 1, 77, info.max], dtype=kind)
        for order in "<>" if info.bits > 8 else "|":
            entries.append(npy_entry(f"{order}{kind}", edges.astype(order + kind)))
    entries.append(npy_entry("bool", np.array([[True, False], [False, True]])))
    cube = np.arange(24, dtype="<f4").reshape(2, 3, 4)
    entries.append(npy_entry("three dimensions", cube))
    entries.append(npy_entry("three dimensions, Fortran order", np.asfortranarray(cube)))
    entries.append(npy_entry("matrix, Fortran order, big endian", np.asfortranarray(cube[0].astype(">f8"))))
    entries.append(npy_entry("no dimension", np.array(3.5, dtype="<f4")))
    entries.append(npy_entry("no element", np.zeros((0, 5), dtype="<f4")))
    entries.append(npy_entry("no element, Fortran order", np.zeros((5, 0), dtype="<f4", order="F")))
    entries.append(npy_entry("version 2", cube[0, :2], version=(2, 0)))
    entries.append(npy_entry("version 3", cube[0, :2], version=(3, 0)))

    tensors = {
        "F32": torch.tensor([[1.5, -2.25], [0.1, float("inf")]], dtype=torch.float32),
        "F16": torch.tensor([1.5, -2.25, 65504.0], dtype=torch.float16),
        "BF16": torch.tensor([1.5, -2.25, 3.3895e38], dtype=torch.bfloat16),
        "F64": torch.tensor([1 / 3, 1e-300], dtype=torch.float64),
        "I64": torch.tensor([-5, 2**40], dtype=torch.int64),
        "I32": torch.tensor([-5, 2**30], dtype=torch.int32),
        "I16": torch.tensor([-5, 300], dtype=torch.int16),
        "I8": torch.tensor([-128, 127], dtype=torch.int8),
        "U8": torch.tensor([0, 255], dtype=torch.uint8),
        "BOOL": torch.tensor([True, False]),
        "no dimension": torch.tensor(7.0),
        "no element": torch.zeros((0, 3)),
        "ünï \"quoted\"\n": torch.tensor([1.0]),
    }
    stored = safetensors.torch.save(tensors, metadata={"format": "pt", "note": "line\nbreak \\ \u2713 \U0001d6fc"})
    loaded = safetensors.torch.load(stored)
    rows = []
    for name, tensor in sorted(loaded.items()):
        values = ", ".join(swift_float(v) for v in tensor.to(torch.float32).numpy().ravel())
        literal = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        rows.append(f'        .init(name: "{literal}", shape: {list(tensor.shape)}, values: [{values}]),')

    ours = safetensors.numpy.save(
        {"weight": np.arange(6, dtype=np.float32).reshape(2, 3), "bias": np.array([0.5], dtype=np.float32)},
        metadata={"epoch": "3"})

    root = pathlib.Path(__file__).resolve().parents[2]
    (root / "Tests/TensorFilesTests/ReferenceFiles.swift").write_text(
        "// Made by Tools/reference/tensorfiles_fixtures.py "
        f"(numpy {np.__version__}, safetensors {safetensors.__version__}, torch {torch.__version__.split('+')[0]}).\n"
        "// swift-format-ignore-file\n\n"
        "/// Files as other libraries write them, with what those libraries read from them.\n"
        "enum ReferenceFiles {\n"
        "    struct Array: Sendable, CustomStringConvertible {\n"
        "        var name: String\n        var shape: [Int]\n        var values: [Float]\n        var base64 = \"\"\n"
        "        var description: String { name }\n    }\n\n"
        "    static let npy: [Array] = [\n" + "\n".join(entries) + "\n    ]\n\n"
        f'    static let safetensors = "{base64.b64encode(stored).decode()}"\n\n'
        "    static let tensors: [Array] = [\n" + "\n".join(rows) + "\n    ]\n\n"
        "    /// `weight` (2 x 3: 0, 1 ... 5) and `bias` (0.5), metadata epoch = 3.\n"
        f'    static let smallSafetensors = "{base64.b64encode(ours).decode()}"\n'
        "}\n")


main()
