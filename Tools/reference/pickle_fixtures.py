"""Writes Python pickles of NumPy arrays for the tests.

Tests/TensorFilesTests/PickledReferenceFiles.swift: a dict of small arrays in protocols 3, 4 and 5, and two dicts that the
reader must refuse.

Tests/ImageDatasetsTests/Fixtures/cifar.json: batches of two images in the format of CIFAR-10, with labels. It holds only
the bytes before and after the pixels of each pickle; the test inserts the pixels (byte i is i mod 251). Protocols 3, 4 and
5 come from Python 3 and NumPy. Protocol 2, as Python 2 wrote CIFAR-10's own batches, is assembled by hand, because Python 2
is gone, and checked by reading it back.

    python pickle_fixtures.py
"""

import base64
import json
import pathlib
import pickle
import struct

import numpy as np

TESTS = pathlib.Path(__file__).parents[2] / "Tests"
FIXTURE = TESTS / "ImageDatasetsTests/Fixtures/cifar.json"
REFERENCE = TESTS / "TensorFilesTests/PickledReferenceFiles.swift"
PIXELS = (np.arange(2 * 3072) % 251).astype(np.uint8)
LABELS = [3, 9]


def python2():
    """The dict in cPickle's protocol 2, with strings as SHORT_BINSTRING (U) and BINSTRING (T)."""

    def text(value):
        return b"U" + bytes([len(value)]) + value

    def number(value):
        return b"K" + bytes([value])

    data = PIXELS.tobytes()
    dtype = b"cnumpy\ndtype\nq\x08" + text(b"u1") + b"K\x00K\x01\x87Rq\x0a"
    dtype += b"(K\x03" + text(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    array = b"cnumpy.core.multiarray\n_reconstruct\nq\x05cnumpy\nndarray\nq\x06K\x00\x85" + text(b"b") + b"\x87Rq\x07"
    array += b"(K\x01M\x02\x00M\x00\x0c\x86" + dtype + b"\x89T" + struct.pack("<i", len(data)) + data + b"tb"
    return (
        b"\x80\x02}q\x01("
        + (text(b"batch_label") + b"q\x02" + text(b"testing batch 1 of 1") + b"q\x03")
        + (text(b"labels") + b"q\x04](" + b"".join(map(number, LABELS)) + b"e")
        + (text(b"data") + array)
        + (text(b"filenames") + b"](" + text(b"cat.png") + text(b"truck.png") + b"e")
        + b"u."
    )


def write_reference():
    small = np.arange(6, dtype=np.uint8).reshape(2, 3)
    content = {
        b"data": small,
        "columns": np.asfortranarray(small),
        "wide": np.array([1, -2], "<i8"),
        "labels": [7, 300, 2**40],
        "none": None,
        "number": 1.5,
    }
    files = {f"protocol {p}": pickle.dumps(content, protocol=p) for p in (3, 4, 5)}
    files["bytes as text"] = pickle.dumps(content, protocol=2)
    files["objects"] = pickle.dumps({"o": np.array([{}], dtype=object)}, protocol=3)
    entries = "".join(
        f'        "{name}":\n            "{base64.b64encode(data).decode()}",\n' for name, data in files.items()
    )
    REFERENCE.write_text(
        f"// Made by Tools/reference/pickle_fixtures.py (numpy {np.__version__}).\n// swift-format-ignore-file\n\n"
        "/// Python's pickles of NumPy's arrays, in base64.\nenum PickledReferenceFiles {\n"
        f"    static let files: [String: String] = [\n{entries}    ]\n}}\n"
    )


def main():
    write_reference()
    batch = {b"batch_label": b"testing", b"labels": LABELS, b"data": PIXELS.reshape(2, 3072)}
    pickles = {f"protocol {p}": pickle.dumps(batch, protocol=p) for p in (3, 4, 5)}
    pickles["Python 2"] = python2()
    result = {}
    for name, data in pickles.items():
        read = pickle.loads(data, encoding="bytes")
        assert (read[b"data"].ravel() == PIXELS).all() and read[b"labels"] == LABELS
        head, tail = data.split(PIXELS.tobytes())
        result[name] = {k: base64.b64encode(v).decode() for k, v in {"head": head, "tail": tail}.items()}
    FIXTURE.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
