#!/usr/bin/env python3
"""Measures how many images per second the loader alone delivers from PNG and JPEG files, and what training needs.

usage: loader.py [--px 32 64 224] [--count 512] [--threads 2] COMMAND...
needs: numpy, Pillow.

COMMAND starts loader-bench. The files are photograph-like colour images (noise with a 1/f spectrum) of the network's size
and, as `photo`, of 500 x 375 pixels. JPEG quality is 90. `need` is five times the rate of training DenseNet121 on two
threads of one machine (780, 230 and 20 images per second at 32, 64 and 224 pixels).
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image

TAKEN = {32: 780, 64: 230, 224: 20}


def picture(generator, width, height):
    frequencies = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    frequencies[0, 0] = 1
    spectrum = generator.normal(size=(3, 2, *frequencies.shape))
    planes = np.fft.irfft2((spectrum[:, 0] + 1j * spectrum[:, 1]) / frequencies, (height, width))
    planes = 127 + 50 * planes / planes.std()
    return Image.fromarray(np.clip(planes.transpose(1, 2, 0), 0, 255).astype(np.uint8))


def data_set(folder, count, width, height, extension):
    root = folder / "Noise"
    images = []
    # Pictures repeat, because only the number of files matters.
    generator = np.random.default_rng(0)
    pictures = [picture(generator, width, height) for _ in range(32)]
    for index in range(count):
        path = f"fold{index % 5 + 1}/{index}.{extension}"
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        pictures[index % len(pictures)].save(root / path, quality=90)
        images.append({"path": f"Noise/{path}", "soft_gt": [0.5, 0.5]})
    document = {"name": "Noise", "classes": ["a", "b"], "images": images}
    (root / "Noise.json").write_text(json.dumps(document))
    return root


def main():
    parser = argparse.ArgumentParser(description="Measures the loader's speed; see the head of this file.")
    parser.add_argument("--px", type=int, nargs="+", default=[32, 64, 224])
    parser.add_argument("--count", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="starts loader-bench")
    options = parser.parse_args()
    if not options.command:
        parser.error("missing the command that starts loader-bench")
    print("| px | files | fill | from memory | from files | need |")
    print("| --- | --- | --- | --- | --- | --- |")
    for px in options.px:
        for name, size in (("own size", (px, px)), ("photo", (500, 375))):
            for extension in ("png", "jpg"):
                with tempfile.TemporaryDirectory() as folder:
                    root = data_set(pathlib.Path(folder), options.count, *size, extension)
                    words = [*options.command, root, "--px", px, "--threads", options.threads]
                    result = subprocess.run(
                        [str(word) for word in words], check=True, stdout=subprocess.PIPE, text=True
                    )
                speed = json.loads(result.stdout)
                need = 5 * TAKEN[px] if px in TAKEN else "?"
                print(
                    f"| {px} | {name}, {extension} | {speed['fill']:.0f} | {speed['memory']:.0f} "
                    f"| {speed['files']:.0f} | {need} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
