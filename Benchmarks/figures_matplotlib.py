#!/usr/bin/env python3
"""Compares drawing the 2 x 2 figure with Penumbra and the same ellipses with matplotlib, in turns on one machine.

Penumbra's time is that of a whole process: start, reading the CSVs, drawing, writing the figure. matplotlib has two times.
"script" corresponds to Penumbra's: a whole Python process, as a user would run it, that imports numpy and matplotlib, reads
the same CSVs with numpy, draws and saves. "drawing alone" only builds and saves the figure from arrays in memory, after a
small figure as warm-up (imports, fonts); it is still compared with Penumbra's whole process. All times are the shortest of
several repeats, taken in turns.
"""

import argparse
import colorsys
import pathlib
import subprocess
import sys
import tempfile
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import EllipseCollection


def data(count, seed):
    """Ten clusters of points with hues and ellipse shares."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(10, 2)) * 6
    places = centres[random.integers(0, 10, count)] + random.normal(size=(count, 2))
    return places, random.random(count) * 360, random.random(count)


def write(folder, maps):
    """Writes the input of `penumbra plot`: two layouts and a table of labels."""
    for name, (places, hues, shares) in zip(("hard", "soft"), maps):
        rows = "".join(f"s{i},{x:.5f},{y:.5f}\n" for i, (x, y) in enumerate(places))
        (folder / f"{name}.csv").write_text("id,x,y\n" + rows)
    _, hues, shares = maps[0]
    rows = "".join(f"s{i},{h:.4f},{s:.4f}\n" for i, (h, s) in enumerate(zip(hues, shares)))
    (folder / "labels.csv").write_text("id,hue,ellipse_share\n" + rows)


def penumbra(program, folder, extension):
    out = folder / f"penumbra.{extension}"
    words = [program, "plot", folder / "hard.csv", folder / "soft.csv", "--labels", folder / "labels.csv", "--out", out]
    start = time.perf_counter()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start, out.stat().st_size


def read(folder):
    """Reads the CSVs from `write` into arrays."""
    hues, shares = np.loadtxt(folder / "labels.csv", delimiter=",", skiprows=1, usecols=(1, 2), unpack=True)
    layouts = [folder / "hard.csv", folder / "soft.csv"]
    return [(np.loadtxt(layout, delimiter=",", skiprows=1, usecols=(1, 2)), hues, shares) for layout in layouts]


def script(folder, extension):
    """Runs this file as a user's script that draws the CSVs in `folder`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, __file__, "--draw", str(folder), "--format", extension], check=True)
    return time.perf_counter() - start


def peer(folder, maps, extension):
    """Draws four panels with as many ellipses as Penumbra's, at the same size, with fill and outline."""
    out = folder / f"matplotlib.{extension}"
    _, hues, shares = maps[0]
    start = time.perf_counter()
    figure, axes = plt.subplots(2, 2, figsize=(6.75, 5.2), dpi=300)
    fills = np.array([colorsys.hsv_to_rgb(hue / 360, 1, 1) for hue in hues])
    # A panel is about 210 points wide. All glyphs together cover 28 % of its area.
    radius = max(0.3, 210 * (0.28 / np.pi / len(hues)) ** 0.5)
    root = np.sqrt(1 + shares)
    for row, (places, _, _) in zip(axes, maps):
        for panel, tone in zip(row, (1, 0.6)):
            panel.add_collection(
                EllipseCollection(
                    2 * radius * root, 2 * radius / root, np.zeros(len(root)), units="points", offsets=places,
                    offset_transform=panel.transData, facecolors=fills * tone, edgecolors=fills * tone * 0.7,
                    linewidths=min(0.25, radius * 0.2)))
            panel.set_aspect("equal")
            panel.autoscale_view()
            panel.set_xticks([])
            panel.set_yticks([])
    figure.savefig(out, dpi=300)
    plt.close(figure)
    return time.perf_counter() - start, out.stat().st_size


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked = arguments.add_mutually_exclusive_group(required=True)
    asked.add_argument("--penumbra", help="the program")
    asked.add_argument("--draw", type=pathlib.Path, help="only draw the CSVs in this folder with matplotlib")
    arguments.add_argument("--points", type=int, nargs="+", default=[3000, 100_000])
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--format", default="png", choices=["png", "svg", "pdf"])
    given = arguments.parse_args()
    if given.draw:
        peer(given.draw, read(given.draw), given.format)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        peer(folder, [data(10, 0)] * 2, given.format)
        for count in given.points:
            maps = [data(count, 0), data(count, 1)]
            write(folder, maps)
            ours, scripts, theirs = [], [], []
            for _ in range(given.repeats):
                ours.append(penumbra(given.penumbra, folder, given.format))
                scripts.append(script(folder, given.format))
                theirs.append(peer(folder, maps, given.format))
            (a, size), b, (c, other) = min(ours), min(scripts), min(theirs)
            print(
                f"{count:>7} points, {given.format}: penumbra, whole process {a:.3f} s, {size / 1e6:.2f} MB\n"
                f"        matplotlib, script, whole process {b:.3f} s: ratio {b / a:.1f}\n"
                f"        matplotlib, drawing alone {c:.3f} s, {other / 1e6:.2f} MB: ratio {c / a:.1f}", flush=True)


if __name__ == "__main__":
    main()
