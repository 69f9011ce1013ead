"""Compiles the benchmark's C files for the processor that it runs on."""
import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent


def program(source, folder):
    """The path of the program that a C file of its own gives, a path relative to this folder."""
    return compiled(source, folder, "", ["-pthread"])


def library(source, folder):
    """The path of the shared library of a C file, a path relative to this folder, for ctypes."""
    return compiled(source, folder, ".so", ["-ffast-math", "-shared", "-fPIC"])


def compiled(source, folder, suffix, options):
    source = FOLDER / source
    compiler = os.environ.get("CC") or shutil.which("clang") or shutil.which("cc")
    if not compiler:
        raise SystemExit("a C compiler is needed: clang or cc, or name one in CC")
    target = folder / (source.stem + suffix)
    subprocess.run(
        [*compiler.split(), "-O3", "-march=native", *options, str(source), "-o", str(target), "-lm"], check=True)
    return str(target)
