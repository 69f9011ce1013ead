#!/usr/bin/env python3
"""Packs the folder from tree.sh into a platform wheel without Python code. `pip install` puts the program on the PATH.

    Tools/packaging/wheel.py TREE OUT

The wheel contains the program, its libraries, the font, the man pages and the licences. It leaves out what pip has no place
for: shell completions (`penumbra --generate-completion-script`) and documentation. Its tag names the glibc version that
the program and its libraries need, according to objdump.
"""

import base64
import hashlib
import pathlib
import platform
import re
import subprocess
import sys
import zipfile


def needed_glibc(files):
    """The newest glibc version among the symbols that the files import."""
    newest = (2, 17)
    for file in files:
        text = subprocess.run(["objdump", "-T", file], capture_output=True, text=True, check=True).stdout
        for major, minor in re.findall(r"\(?GLIBC_(\d+)\.(\d+)", text):
            newest = max(newest, (int(major), int(minor)))
    return newest


def main():
    tree, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    program = tree / "bin" / "penumbra"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
    libraries = sorted((tree / "lib" / "penumbra").iterdir())
    major, minor = needed_glibc([program, *libraries])
    tag = f"py3-none-manylinux_{major}_{minor}_{platform.machine()}"
    name = f"penumbra-{version}"
    # pip installs data/ into the root of the environment, where the program finds it relative to itself.
    files = [(program, f"{name}.data/scripts/penumbra", 0o755)]
    for folder in ["lib/penumbra", "share/penumbra", "share/man/man1"]:
        for file in sorted((tree / folder).rglob("*")):
            if file.is_file() and file.name != "installed":
                files.append((file, f"{name}.data/data/{file.relative_to(tree)}", 0o644))
    for file in sorted((tree / "licenses").iterdir()):
        files.append((file, f"{name}.dist-info/licenses/{file.name}", 0o644))
    metadata = (
        f"Metadata-Version: 2.1\nName: penumbra\nVersion: {version}\n"
        "Summary: What hard and soft labels of images do to a feature space: training, features, t-SNE, figures.\n"
        "License: Apache-2.0, with libraries under licenses of their own (see licenses/)\n"
        "Classifier: Environment :: Console\nClassifier: Operating System :: POSIX :: Linux\n"
    )
    wheel = f"Wheel-Version: 1.0\nGenerator: penumbra\nRoot-Is-Purelib: false\nTag: {tag}\n"
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{name}-{tag}.whl"
    records = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def add(path, content, mode):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            records.append(f"{path},sha256={digest},{len(content)}")

        for file, path, mode in files:
            add(path, file.read_bytes(), mode)
        add(f"{name}.dist-info/METADATA", metadata.encode(), 0o644)
        add(f"{name}.dist-info/WHEEL", wheel.encode(), 0o644)
        records.append(f"{name}.dist-info/RECORD,,")
        archive.writestr(zipfile.ZipInfo(f"{name}.dist-info/RECORD", (1980, 1, 1, 0, 0, 0)), "\n".join(records) + "\n")
    checksum = hashlib.sha256(target.read_bytes()).hexdigest()
    (out / f"{target.name}.sha256").write_text(f"{checksum}  {target.name}\n")
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


main()
