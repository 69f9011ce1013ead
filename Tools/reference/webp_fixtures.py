"""Writes the oracles for the WebP tests to Tests/RasterImagesTests/Fixtures/webp.json.

WebP files written by Pillow, with the RGB values from Pillow: `ImageOps.exif_transpose` and `convert("RGB")`.

    python webp_fixtures.py
"""

import base64
import io
import json
import struct

import numpy as np
from PIL import Image

from jpeg_fixtures import FIXTURES, picture, rgb


def encode(pixels, **options):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "WEBP", **{"quality": 80, **options})
    return stream.getvalue()


def exif(orientation, order=">"):
    mark = b"MM" if order == ">" else b"II"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


def files():
    color = picture(19, 13, 3, 1)
    alpha = np.concatenate([color, picture(19, 13, 1, 2)], -1)
    made = {
        "lossy": encode(color),
        "lossyQuality20": encode(color, quality=20),
        "lossless": encode(color, lossless=True),
        "lossyAlpha": encode(alpha),
        "losslessAlpha": encode(alpha, lossless=True, exact=True),
        "palette": encode(color // 128 * 128, lossless=True),
        "onePixel": encode(color[:1, :1]),
        "oneColumn": encode(color[:, :1]),
        "large": encode(picture(70, 50, 3, 3), quality=30),
        "trailing": encode(color) + b"more RIFF",
        "exifWithSignature": encode(color, exif=b"Exif\0\0" + exif(8)),
        "exifLittleEndian": encode(color, lossless=True, exif=exif(6, "<")),
    }
    for orientation in range(1, 9):
        made[f"exif{orientation}"] = encode(color, exif=exif(orientation))
    return made


def animation():
    frames = [Image.fromarray(picture(8, 8, 3, seed)) for seed in (1, 2)]
    stream = io.BytesIO()
    frames[0].save(stream, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return stream.getvalue()


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
    (FIXTURES / "webp.json").write_text(json.dumps(made))
    print("an animation, for the tests:", base64.b64encode(animation()).decode())


if __name__ == "__main__":
    main()
