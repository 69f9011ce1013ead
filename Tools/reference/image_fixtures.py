"""Writes the oracles for the image tests to Tests/RasterImagesTests/Fixtures.

resize.json: a random 13 x 9 image resized by torch's F.interpolate, with and without antialiasing, to smaller and larger
sizes, in double precision. With antialiasing, Pillow's resize (mode F) must agree. upsample.json: the same by a factor of 8.
png.json: PNG files of every colour type and depth, built here byte by byte, and their RGB values. Pillow must agree if it
can read the type. broken.json: files with valid chunks that are not valid images.

    python image_fixtures.py
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
import torch
from PIL import Image

FIXTURES = pathlib.Path(__file__).parents[2] / "Tests/RasterImagesTests/Fixtures"


def interpolate(pixels, size, antialias=False):
    batch = torch.tensor(pixels.transpose(2, 0, 1)[None], dtype=torch.float64)
    return torch.nn.functional.interpolate(
        batch, size, mode="bilinear", align_corners=False, antialias=antialias
    )[0].numpy()


def pillow(pixels, size):
    planes = [Image.fromarray(plane.astype(np.float32)) for plane in pixels.transpose(2, 0, 1)]
    return np.stack([np.asarray(plane.resize(size[::-1], Image.Resampling.BILINEAR)) for plane in planes])


def resize():
    pixels = np.random.default_rng(1).integers(0, 256, (9, 13, 3))
    cases = []
    for side in (2, 4, 5, 9, 13, 20):
        for antialias in (False, True):
            planes = interpolate(pixels, (side, side), antialias)
            if antialias:
                assert np.abs(planes - pillow(pixels, (side, side))).max() < 255e-6
            values = [round(value, 5) for value in planes.flatten().tolist()]
            cases.append({"side": side, "antialias": antialias, "planes": values})
    return {"width": 13, "height": 9, "pixels": pixels.flatten().tolist(), "cases": cases}


def upsample():
    pixels = np.random.default_rng(3).integers(0, 256, (3, 4, 3))
    rgb = np.floor(interpolate(pixels, (24, 32)) + 0.5).astype(np.uint8).transpose(1, 2, 0)
    return {"width": 4, "height": 3, "pixels": pixels.flatten().tolist(), "rgb": rgb.flatten().tolist()}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, rows, before=b"", interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def packed(values, depth):
    bits = "".join(format(int(value), f"0{depth}b") for value in values)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[index : index + 8], 2) for index in range(0, len(bits), 8))


def to_eight_bits(values, depth):
    return (values.astype(np.int64) * 255 * 2 + (2**depth - 1)) // (2 * (2**depth - 1))


def adam7(pixels, pack):
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    rows = []
    for x, y, step_x, step_y in passes:
        part = pixels[y::step_y, x::step_x]
        if part.size:
            rows += [pack(row) for row in part]
    return rows


def png_files():
    generator = np.random.default_rng(2)
    width, height = 11, 7
    files = {}

    def add(name, data, rgb, pillow=True):
        rgb = np.asarray(rgb, dtype=np.uint8)
        if pillow:
            assert (np.asarray(Image.open(io.BytesIO(data)).convert("RGB")) == rgb).all(), name
        values = base64.b64encode(rgb.tobytes()).decode()
        files[name] = {"file": base64.b64encode(data).decode(), "width": width, "height": height, "rgb": values}

    for depth in (1, 2, 4, 8, 16):
        grey = generator.integers(0, 2**depth, (height, width))
        rows = [packed(row, depth) for row in grey]
        rgb = np.repeat(to_eight_bits(grey, depth)[:, :, None], 3, 2)
        add(f"grey{depth}", png(width, height, depth, 0, rows), rgb, pillow=depth < 16)
    for depth in (8, 16):
        color = generator.integers(0, 2**depth, (height, width, 3))
        rows = [packed(row.flatten(), depth) for row in color]
        add(f"rgb{depth}", png(width, height, depth, 2, rows), to_eight_bits(color, depth), pillow=depth == 8)
    for depth in (1, 4, 8):
        palette = generator.integers(0, 256, (2**depth, 3))
        index = generator.integers(0, 2**depth, (height, width))
        rows = [packed(row, depth) for row in index]
        table = chunk(b"PLTE", palette.astype(np.uint8).tobytes())
        add(f"palette{depth}", png(width, height, depth, 3, rows, table), palette[index])
    for name, kind, channels, depth in (("greyAlpha8", 4, 1, 8), ("rgba8", 6, 3, 8), ("rgba16", 6, 3, 16)):
        color = generator.integers(0, 2**depth, (height, width, channels))
        alpha = generator.integers(0, 2**depth, (height, width, 1))
        rows = [packed(row.flatten(), depth) for row in np.concatenate([color, alpha], 2)]
        rgb = np.broadcast_to(to_eight_bits(color, depth), (height, width, 3))
        add(name, png(width, height, depth, kind, rows), rgb, pillow=depth == 8)
    palette = generator.integers(0, 256, (16, 3))
    index = generator.integers(0, 16, (height, width))
    table = chunk(b"PLTE", palette.astype(np.uint8).tobytes()) + chunk(b"tRNS", bytes(range(0, 256, 32)))
    add("paletteAlpha", png(width, height, 4, 3, [packed(row, 4) for row in index], table), palette[index])
    grey = generator.integers(0, 4, (height, width))
    rows = [packed(row, 2) for row in grey]
    rgb = np.repeat(to_eight_bits(grey, 2)[:, :, None], 3, 2)
    add("greyTransparent", png(width, height, 2, 0, rows, chunk(b"tRNS", b"\0\2")), rgb)
    color = generator.integers(0, 256, (height, width, 3))
    rows = [packed(row.flatten(), 8) for row in color]
    add("linearGamma", png(width, height, 8, 2, rows, chunk(b"gAMA", struct.pack(">I", 100_000))), color)
    color = generator.integers(0, 256, (height, width, 3))
    rows = adam7(color, lambda row: packed(row.flatten(), 8))
    add("interlaced", png(width, height, 8, 2, rows, interlace=1), color)
    return files


def broken_files():
    """Files in which every chunk is well formed with a correct checksum, but the whole is not a valid image."""
    width, height = 6, 5
    rows = [bytes(range(width * 3))] * height
    whole = png(width, height, 8, 2, rows)
    header, data, end = whole[:33], whole[33:-12], whole[-12:]
    compressed = data[8:-4]
    files = {
        "tooFewRows": png(width, height, 8, 2, rows[:3]),
        "dataCut": header + chunk(b"IDAT", compressed[: len(compressed) // 2]) + end,
        "noData": header + end,
        "dataIsNoZlib": header + chunk(b"IDAT", b"\x00" * 40) + end,
        "wrongChecksumOfData": header + chunk(b"IDAT", compressed[:-1] + b"\x55") + end,
        "noPalette": png(width, height, 8, 3, [row[:width] for row in rows]),
        "depthThatTheTypeHasNot": png(width, height, 4, 2, rows),
        "unknownCriticalChunk": header + chunk(b"ABCD", b"") + data + end,
        "unknownFilter": header + chunk(b"IDAT", zlib.compress(b"".join(b"\x09" + row for row in rows))) + end,
    }
    return {name: base64.b64encode(file).decode() for name, file in files.items()}


def main():
    (FIXTURES / "broken.json").write_text(json.dumps(broken_files()))
    (FIXTURES / "resize.json").write_text(json.dumps(resize()))
    (FIXTURES / "upsample.json").write_text(json.dumps(upsample()))
    (FIXTURES / "png.json").write_text(json.dumps(png_files()))


if __name__ == "__main__":
    main()
