"""Writes Tests/TensorFilesTests/NPZReferenceFiles.swift: archives written by NumPy, and archives with false headers.

    python Tools/reference/npz_fixtures.py

Needs numpy. Entries have a fixed date, so the same content gives the same bytes.
"""

import base64
import bz2
import io
import pathlib
import struct
import zipfile
import zlib

import numpy as np


def npy(array):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asanyarray(array))
    return buffer.getvalue()


def lying_npy(shape, data):
    """An NPY file whose header claims this shape, whatever the data."""
    header = npy(np.zeros((0, 0), dtype="<f4")).replace(b"(0, 0)", repr(shape).encode())
    length = len(header) - 10
    return header[:8] + struct.pack("<H", length) + header[10:] + data


def lzma(data):
    """LZMA as Python's zipfile writes it, with an end-of-stream marker; here that takes five bytes."""
    compressor = zipfile.LZMACompressor()
    return compressor.compress(data) + compressor.flush()


def numpy_archive(save, **arrays):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


class Entry:
    """One entry. Its headers may differ from its content."""

    def __init__(self, name, data, method=8, flags=0, size=None, crc=None, local_size=None, packed=None):
        self.name = name.encode()
        if packed is None:
            compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = data if method == 0 else compressor.compress(data) + compressor.flush()
        self.packed = packed
        self.method, self.flags = method, flags
        self.size = len(data) if size is None else size
        self.local_size = self.size if local_size is None else local_size
        self.crc = zlib.crc32(data) if crc is None else crc

    def fields(self, size):
        """The part common to both headers, and the ZIP64 field if the size exceeds 32 bits."""
        extra = struct.pack("<HHQQ", 1, 16, size, len(self.packed)) if size >= 2**32 - 1 else b""
        sizes = (2**32 - 1, 2**32 - 1) if extra else (len(self.packed), size)
        shared = struct.pack(
            "<HHHHHIIIHH", 45, self.flags, self.method, 0, 0x21, self.crc, *sizes, len(self.name), len(extra))
        return shared, extra


def archive(*entries, claimed=None):
    """A ZIP file of these entries. `claimed` is the number of entries that the end-of-directory record states."""
    body, directory = b"", b""
    for entry in entries:
        offset = len(body)
        shared, extra = entry.fields(entry.local_size)
        body += b"PK\3\4" + shared + entry.name + extra + entry.packed
        shared, extra = entry.fields(entry.size)
        directory += b"PK\1\2" + struct.pack("<H", 45) + shared + struct.pack("<HHHII", 0, 0, 0, 0, offset)
        directory += entry.name + extra
    count = len(entries) if claimed is None else claimed
    end = b""
    if count > 65535:
        end += b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(directory), len(body))
        end += b"PK\6\7" + struct.pack("<IQI", 0, len(body + directory), 1)
        count = 65535
    end += b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def lies():
    x = np.arange(12, dtype="<f4").reshape(3, 4)
    good = npy(x)
    yield "wrong checksum", archive(Entry("x.npy", good, crc=1))
    yield "claims more than its header", archive(Entry("x.npy", good, size=200))
    yield "claims less than its header", archive(Entry("x.npy", good, size=150))
    header = lying_npy((10, 4), b"")
    yield "ends before its claim", archive(Entry("x.npy", header + bytes(12), size=len(header) + 160))
    yield "goes on after its claim", archive(Entry("x.npy", good + b"1234", size=len(good)))
    huge = (25_000_000_000, 1)
    yield "claims 100 GB", archive(Entry("x.npy", lying_npy(huge, b""), size=128 + 100_000_000_000))
    yield "header of 100 GB", archive(Entry("x.npy", lying_npy(huge, bytes(16))))
    yield "stored and longer", archive(Entry("x.npy", good, method=0, size=len(good) + 4))
    yield "encrypted", archive(Entry("x.npy", good, flags=1))
    yield "one name twice", archive(Entry("x.npy", good), Entry("x.npy", good))
    yield "another method", archive(Entry("x.npy", good, method=12, packed=bz2.compress(good)))
    yield "LZMA of a wrong checksum", archive(Entry("x.npy", good, method=14, packed=lzma(good), crc=1))
    yield "LZMA cut short", archive(Entry("x.npy", good, method=14, packed=lzma(good)[:40]))
    yield "LZMA and more", archive(Entry("x.npy", good, method=14, packed=lzma(good + b"1234")))
    yield "LZMA of other properties", archive(Entry("x.npy", good, method=14, packed=lzma(good)[:4] + b"\xff" * 90))
    yield "LZMA of no properties", archive(Entry("x.npy", good, method=14, packed=b"\x09\x04"))
    yield "LZMA of 4 GB of memory", archive(
        Entry("x.npy", good, method=14, packed=lzma(good)[:5] + b"\xff" * 4 + lzma(good)[9:]))
    yield "headers disagree", archive(Entry("x.npy", good, local_size=100))
    yield "no deflate", archive(Entry("x.npy", good, packed=b"\xff" * 100))
    yield "claims 65535 entries", archive(Entry("x.npy", good), claimed=65535)
    yield "claims 200 million entries", archive(Entry("x.npy", good), claimed=200_000_000)
    yield "long type", archive(Entry("x.npy", npy(np.zeros(1, dtype="<U1")).replace(b"<U1", b"<" * 65)))
    yield "one text of 8 MB", archive(Entry("ids.npy", npy(np.zeros(1, dtype="<U2000000"))))
    yield "long header", archive(Entry("x.npy", b"\x93NUMPY\2\0" + struct.pack("<I", 2**17) + b" " * 2**17))
    yield "half a character", archive(Entry("ids.npy", npy(np.array(["a", "b"])).replace(b"b\0\0\0", b"\0\xd8\0\0")))
    yield "no UTF-8", archive(Entry("ids.npy", npy(np.array([b"a", b"\xff"]))))
    yield "control characters", archive(Entry("\x9b31m.npy", good, flags=1 << 11, crc=1))
    yield "no array inside", archive(Entry("x.npy", b"id,f0\n"))


def main():
    matrix = np.arange(12, dtype="<f4").reshape(3, 4) / 8
    ids = np.array(["a", "größer", "🐭"])
    record = np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4", (2, 2))])
    files = [
        ("stored", numpy_archive(np.savez, x=matrix, ids=ids)),
        ("compressed", numpy_archive(
            np.savez_compressed, x=np.asfortranarray(matrix.astype(">f8")), id=np.array([b"a", b"bb", b""]),
            labels=np.array([1, 2, 3]), record=record, wide=ids.astype(">U7"), z=np.array([[1j]]))),
        ("LZMA", archive(
            Entry("x.npy", npy(matrix), method=14, packed=lzma(npy(matrix))),
            Entry("y.npy", npy(matrix), method=14, packed=lzma(npy(matrix))[:-5]))),
        ("two matrices", numpy_archive(np.savez_compressed, first=matrix, second=matrix[:, :2])),
        ("bomb", archive(Entry("x.npy", npy(np.zeros((1000, 1000), dtype="<f4"))))),
        ("other entries", archive(
            Entry("notes.txt", b"not an array"), Entry("x.npy", npy(matrix)), Entry("folder/", b"", method=0))),
        *lies(),
    ]
    rows = [f'        "{name}":\n            "{base64.b64encode(data).decode()}",' for name, data in files]
    root = pathlib.Path(__file__).resolve().parents[2]
    (root / "Tests/TensorFilesTests/NPZReferenceFiles.swift").write_text(
        f"// Made by Tools/reference/npz_fixtures.py (numpy {np.__version__}).\n"
        "// swift-format-ignore-file\n\n"
        "/// Archives by what is special in them, in base64.\n"
        "enum NPZReferenceFiles {\n"
        "    static let archives: [String: String] = [\n" + "\n".join(rows) + "\n    ]\n"
        "}\n")


main()
