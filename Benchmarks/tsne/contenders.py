"""The contenders, and how to run one: in its own process with a time limit, measuring seconds and memory."""
import csv
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tsne.peer import EARLY_ITERATIONS, PEERS, PERPLEXITY

OURS = {f"penumbra {method}": method for method in ("auto", "exact", "barnes-hut", "interpolation")}
NAMES = [*OURS, *PEERS]
# Beyond this many points, a contender takes part only if named: its cost grows too fast or (interpolation) `auto` uses it
# anyway.
MOST_POINTS = {
    "penumbra exact": 20_000, "penumbra barnes-hut": 100_000, "penumbra interpolation": 50_000,
    "scikit-learn": 20_000, "scikit-learn-intelex": 100_000, "tsne-h2pack": 100_000}


class Failure(Exception):
    """The reason why a run gave no layout."""


@dataclass
class Run:
    """The result of a run: its seconds (None if the contender does not report them), peak memory and layout."""

    fit: float
    affinities: float | None
    descent: float | None
    process: float
    """The whole process, with imports and files."""
    iterations: int | None
    peak: int
    """Peak memory of the whole process in bytes."""
    layout: np.ndarray


def chosen(names, count):
    """The contenders for `count` points, and those left out, each with the reason."""
    present, left_out = [], []
    for name in names or NAMES:
        if name in PEERS and not importlib.util.find_spec(PEERS[name][0]):
            left_out.append(f"{name} (not installed)")
        elif not names and count > MOST_POINTS.get(name, count):
            reason = "is auto" if name == "penumbra interpolation" else "too slow"
            left_out.append(f"{name} ({reason} at this size)")
        else:
            present.append(name)
    return present, left_out


def run(name, source, folder, iterations, threads, limit, penumbra):
    """Fits the features in the file `source`. Raises Failure if there is no layout within `limit` seconds."""
    if name in PEERS:
        target = folder / "peer.npy"
        words = [sys.executable, Path(__file__).with_name("peer.py"), name, source, target, iterations, threads]
    else:
        target = folder / "penumbra.csv"
        words = penumbra_command(penumbra, source, target, OURS[name], iterations, threads)
    target.unlink(missing_ok=True)
    output, seconds, peak = supervised(words, threads, limit)
    if name in PEERS:
        told = json.loads(output.splitlines()[-1])
        return Run(
            told["fit"], told.get("affinities"), told.get("descent"), seconds, told.get("iterations"), peak,
            finite(np.load(target)))
    report = json.loads(target.with_suffix(".json").read_text())
    phases = report["seconds"]
    affinities = phases["neighbors"] + phases["perplexity"] + phases["initialization"]
    return Run(
        affinities + phases["descent"], affinities, phases["descent"], seconds, report["iterations"], peak,
        finite(read_csv(target)))


def penumbra_command(penumbra, source, target, method, iterations, threads):
    return [
        penumbra, "project", source, "--out", target, "--method", method, "--max-iter", iterations,
        "--perplexity", PERPLEXITY, "--early-exaggeration-iter", EARLY_ITERATIONS, "--threads", threads, "--quiet"]


def supervised(words, threads, limit):
    """Runs a command in its own session. Returns its output, wall-clock seconds and peak memory in bytes."""
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {variable: str(threads) for variable in variables}, start_new_session=True)
    peaks, ended = [0], threading.Event()
    watch = threading.Thread(target=watch_memory, args=(process.pid, peaks, ended))
    watch.start()
    try:
        output, errors = process.communicate(timeout=limit)
        seconds = time.perf_counter() - start
    except subprocess.TimeoutExpired:
        raise Failure(f"more than {limit:g} s") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        ended.set()
        watch.join()
    if process.returncode:
        last = (errors.strip().splitlines() or [f"exit status {process.returncode}"])[-1]
        raise Failure(last.replace("|", "/"))
    return output, seconds, peaks[0]


def watch_memory(process, peaks, ended):
    """Records the process's own high-water mark. getrusage's for a child would start from the parent's. Growth in the last
    hundredth of a second may be missed."""
    while not ended.wait(0.01):
        try:
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                peaks[0] = 1024 * int(line.split()[1])


def read_csv(file):
    with open(file, newline="") as rows:
        return np.array([(float(row["x"]), float(row["y"])) for row in csv.DictReader(rows)])


def finite(layout):
    if not np.isfinite(layout).all():
        raise Failure("coordinates are not finite")
    return layout
