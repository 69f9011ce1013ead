"""Writes the oracles for the JPEG tests to Tests/RasterImagesTests/Fixtures/jpeg.json.

JPEG files in every colour space, sampling and coding that Pillow writes, and variants derived from them, with the RGB
values from Pillow (which also uses libjpeg-turbo): `ImageOps.exif_transpose` and `convert("RGB")`.

    python jpeg_fixtures.py
"""

import base64
import io
import json
import pathlib
import struct

import numpy as np
from PIL import Image, ImageOps

FIXTURES = pathlib.Path(__file__).parents[2] / "Tests/RasterImagesTests/Fixtures"


def picture(width, height, channels, seed):
    """Smooth waves with some noise, so that low and high frequencies have content."""
    generator = np.random.default_rng(seed)
    y, x = np.indices((height, width))
    waves = generator.uniform(0.05, 0.6, (channels, 2))
    planes = [np.sin(a * x + b * y + index) for index, (a, b) in enumerate(waves)]
    pixels = 127 + 100 * np.stack(planes, -1) + generator.normal(0, 12, (height, width, channels))
    return np.clip(pixels, 0, 255).astype(np.uint8)


def encode(pixels, mode, **options):
    stream = io.BytesIO()
    image = Image.fromarray(pixels[..., 0] if mode == "L" else pixels, mode)
    image.save(stream, "JPEG", **{"quality": 85, "optimize": True, **options})
    return stream.getvalue()


def segment(marker, content):
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def with_exif(data, orientation, order=">"):
    """Adds an EXIF segment with another entry before the orientation."""
    mark = b"MM" if order == ">" else b"II"
    entries = struct.pack(order + "HHII", 0x0100, 4, 1, 77) + struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = mark + struct.pack(order + "HIH", 42, 8, 2) + entries + struct.pack(order + "I", 0)
    return data[:2] + segment(0xE1, b"Exif\0\0" + tiff) + data[2:]


def with_adobe_transform(data, transform):
    place = data.index(b"Adobe") + 11
    return data[:place] + bytes([transform]) + data[place + 1 :]


def files():
    width, height = 19, 13
    color = picture(width, height, 3, 1)
    grey = picture(width, height, 1, 2)
    cmyk = picture(width, height, 4, 3)
    plain = encode(color, "RGB", subsampling=0)
    made = {
        "grey": encode(grey, "L"),
        "greyProgressive": encode(grey, "L", progressive=True),
        "444": plain,
        "422": encode(color, "RGB", subsampling=1),
        "420": encode(color, "RGB", subsampling=2),
        "420quality30": encode(color, "RGB", subsampling=2, quality=30),
        "progressive420": encode(color, "RGB", subsampling=2, progressive=True),
        "restarts": encode(color, "RGB", subsampling=2, restart_marker_blocks=1),
        "rgb": encode(color, "RGB", keep_rgb=True),
        "cmyk": encode(cmyk, "CMYK"),
        "cmykProgressive": encode(cmyk, "CMYK", progressive=True),
        "ycck": with_adobe_transform(encode(cmyk, "CMYK"), 2),
        "onePixel": encode(color[:1, :1], "RGB"),
        "oneColumn": encode(color[:, :1], "RGB", subsampling=2),
        "comment": plain[:2] + segment(0xFE, b"\xff\xd9 no end \xff\xda") + plain[2:],
        "fillBytes": plain[:2] + b"\xff\xff\xff" + plain[2:],
        "trailing": plain + b"more \xff\xd8\xff",
        "exifLittleEndian": with_exif(plain, 6, "<"),
        "exifUnknownOrientation": with_exif(plain, 9),
        "exifCut": plain[:2] + segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x05") + plain[2:],
    }
    for orientation in range(1, 9):
        made[f"exif{orientation}"] = with_exif(plain, orientation)
    return made


def rgb(data):
    image = Image.open(io.BytesIO(data))
    try:
        image = ImageOps.exif_transpose(image)
    except Exception:  # Pillow cannot read the EXIF, so it gives no orientation
        image = Image.open(io.BytesIO(data))
    return np.asarray(image.convert("RGB"))


def main():
    made = {}
    for name, data in files().items():
        pixels = rgb(data)
        made[name] = {
            "file": base64.b64encode(data).decode(),
            "width": pixels.shape[1],
            "height": pixels.shape[0],
            "rgb": base64.b64encode(pixels.tobytes()).decode(),
        }
    (FIXTURES / "jpeg.json").write_text(json.dumps(made))


if __name__ == "__main__":
    main()
