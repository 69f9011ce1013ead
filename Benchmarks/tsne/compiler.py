"""Compiles the benchmark's C files for this processor."""
import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent


def program(source, folder):
    """Compiles one C file, given relative to this folder, to a program in `folder`. Returns its path."""
    return compiled(source, folder, "", ["-pthread"])


def library(source, folder):
    """Compiles one C file, given relative to this folder, to a shared library in `folder` for ctypes. Returns its path."""
    return compiled(source, folder, ".so", ["-ffast-math", "-shared", "-fPIC"])


def compiled(source, folder, suffix, options):
    source = FOLDER / source
    compiler = os.environ.get("CC") or shutil.which("clang") or shutil.which("cc")
    if not compiler:
        raise SystemExit("no C compiler found: install clang or cc, or name one in CC")
    target = folder / (source.stem + suffix)
    subprocess.run(
        [*compiler.split(), "-O3", "-march=native", *options, str(source), "-o", str(target), "-lm"], check=True)
    return str(target)
