"""Writes Tests/TensorFilesTests/PyTorchReferenceFiles.swift: checkpoints written by PyTorch, and malformed or hostile ones.

    python Tools/reference/pytorch_fixtures.py

Needs torch (CPU) and numpy. The legacy stream format names storages by address, so its bytes differ from run to run.
"""

import argparse
import base64
import collections
import datetime
import enum
import io
import json
import os
import pathlib
import pickle
import struct
import sys
import tarfile
import types
import warnings
import zipfile

import numpy as np
import torch
from torch import nn

warnings.simplefilter("ignore")

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "bfloat16", "float32", "float64")
SMALL_FLOATS = ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")


def saved(value, archive=True, protocol=2):
    buffer = io.BytesIO()
    torch.save(value, buffer, _use_new_zipfile_serialization=archive, pickle_protocol=protocol)
    return buffer.getvalue()


def place(name, **members):
    """Puts classes into a module that does not exist."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        made = sys.modules.setdefault(".".join(parts[:end]), types.ModuleType(".".join(parts[:end])))
        made.__path__ = []
    for key, member in members.items():
        member.__module__, member.__qualname__ = name, key
        setattr(made, key, member)


def foreign_module():
    """A network whose class has no source code for torch to save with it."""
    network = type("Network", (nn.Module,), {})
    place("project.models", Network=network)
    made = network()
    made.weight = nn.Parameter(torch.ones(2))
    return made


def foreign_classes():
    """What Lightning and OmegaConf store beside tensors: a subclass of dict, an object with attributes, an enumeration."""
    attributes = type("AttributeDict", (dict,), {})
    config = type("DictConfig", (), {})
    mode = enum.Enum("Mode", ["TRAIN"])
    place("lightning.fabric.utilities.data", AttributeDict=attributes)
    place("omegaconf.dictconfig", DictConfig=config)
    place("project.config", Mode=mode)
    held = config()
    held.content, held.items = {"lr": 0.1}, [1, 2]
    return {
        "hyper_parameters": attributes(lr=0.1, config=held), "mode": mode.TRAIN,
        "callbacks": {"best": attributes(path="x")},
    }


def rewritten(data, change, compression=zipfile.ZIP_STORED):
    """Rewrites an archive. `change(name, content)` returns an entry's new bytes, or None to drop it."""
    source, buffer = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for entry in source.infolist():
            content = change(entry.filename, source.read(entry))
            if content is not None:
                target.writestr(zipfile.ZipInfo(entry.filename), content, compression)
    return buffer.getvalue()


def tiny():
    """A 2 x 1 x 2 x 2 convolution and a normalisation of two channels."""
    module = nn.Sequential(collections.OrderedDict(conv=nn.Conv2d(1, 2, 2), norm=nn.BatchNorm2d(2)))
    with torch.no_grad():
        for index, tensor in enumerate(module.state_dict().values()):
            tensor.copy_((torch.arange(tensor.numel()) / 8 + index).reshape(tensor.shape).to(tensor.dtype))
    return module


def typed():
    values = {"bool": torch.tensor([True, False, True])}
    for name in INTEGERS:
        values[name] = torch.tensor([1, 0, 3 if name.startswith("u") else -3]).to(getattr(torch, name))
    for name in FLOATS:
        values[name] = torch.tensor([1, -0.5, 1 / 3]).to(getattr(torch, name))
    for name in SMALL_FLOATS:
        values[name] = torch.arange(256, dtype=torch.uint8).view(getattr(torch, name))
    return values


def strided():
    base = torch.arange(24, dtype=torch.float32)
    matrix = base.reshape(4, 6)
    return {
        "whole": base, "transposed": matrix.t(), "columns": matrix[:, 1:4], "every second": base[::2],
        "last": base[20:], "expanded": base[2:4, None].expand(2, 3), "scalar": torch.tensor(7.0),
        "empty": torch.zeros(0, 3), "channels last": torch.arange(16.0).reshape(1, 2, 2, 4).contiguous(
            memory_format=torch.channels_last),
    }


def training(module):
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
    module(torch.ones(2, 1, 3, 3)).sum().backward()
    optimizer.step()
    schedule.step()
    return {
        "epoch": 3, "best": torch.tensor(0.5), "history": [0.25, {"loss": None}, (True, 2**70)],
        "optimizer": optimizer.state_dict(), "scheduler": schedule.state_dict(), "model": tiny().state_dict(),
        "device": torch.device("cpu"), "size": torch.Size([2, 3]), "note": "ümlaut", "set": None,
    }


def plain_data():
    counts = collections.defaultdict(list)
    counts["a"].append(1)
    return {
        "args": argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("a/b"), nested=argparse.Namespace(x={1, 2})),
        "best": np.float64(0.5), "classes": np.arange(3), "day": datetime.datetime(2020, 1, 2), "counts": counts,
        "path": pathlib.Path("x"), "type": np.dtype("float32"),
    }


class Malicious:
    def __reduce__(self):
        return os.system, ("touch penumbra-was-here",)


class ViewPickler(pickle.Pickler):
    """Identifies storages as PyTorch 0.4 did, with a view as the last element."""

    def persistent_id(self, value):
        return value if isinstance(value, tuple) and value and value[0] == "storage" else None


class Rebuilt:
    """A tensor, pickled as a call of _rebuild_tensor on a storage."""

    def __init__(self, storage, *arguments):
        self.storage, self.arguments = storage, arguments

    def __reduce__(self):
        return torch._utils._rebuild_tensor, (self.storage, *self.arguments)


def views():
    """Two views of one storage of twelve numbers: elements 4 to 9, and all of them."""
    buffer = io.BytesIO()
    for value in (torch.serialization.MAGIC_NUMBER, torch.serialization.PROTOCOL_VERSION, {"little_endian": True}):
        pickle.dump(value, buffer, protocol=2)
    storage = ("storage", torch.FloatStorage, "root", "cpu", 12)
    pickler = ViewPickler(buffer, protocol=2)
    pickler.dump({
        "view": Rebuilt((*storage, ("part", 4, 6)), 1, (2, 2), (2, 1)), "all": Rebuilt((*storage, None), 0, (12,), (1,)),
        "beyond": 0,
    })
    pickle.dump(["root"], buffer, protocol=2)
    buffer.write(struct.pack("<q12f", 12, *range(12)))
    return buffer.getvalue()


def big_endian(data):
    def change(name, content):
        if name.endswith("byteorder"):
            return b"big"
        # All elements have four bytes, except those of the counter (storage 6).
        size = 8 if name.endswith("/6") else 4
        if "/data/" in name:
            return b"".join(content[i:i + size][::-1] for i in range(0, len(content), size))
        return content
    return rewritten(data, change)


def tar():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("sys_info", "pickle", "tensors", "storages"):
            archive.addfile(tarfile.TarInfo(name))
    return buffer.getvalue()


def script(data):
    buffer = io.BytesIO(rewritten(data, lambda name, content: content))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(zipfile.ZipInfo("archive/constants.pkl"), b"\x80\x02).")
    return buffer.getvalue()


def files():
    module = tiny()
    state = module.state_dict()
    yield "zip", saved(state)
    yield "legacy", saved(state, archive=False)
    for protocol in (1, 3, 4, 5):
        yield f"zip, protocol {protocol}", saved(state, protocol=protocol)
    yield "legacy, protocol 4", saved(state, archive=False, protocol=4)
    yield "types", saved(typed())
    yield "types, legacy", saved(typed(), archive=False)
    yield "strided", saved(strided())
    yield "strided, legacy", saved(strided(), archive=False)
    yield "views", views()
    yield "data parallel", saved(collections.OrderedDict(("_orig_mod.module." + k, v) for k, v in state.items()))
    yield "training", saved(training(tiny()))
    yield "training, legacy", saved(training(tiny()), archive=False)
    yield "nested", saved({"model": {"state_dict": state, "model": 1}, "state_dict": {}})
    yield "averaged", saved({"state_dict_ema": {"x": torch.ones(1)}, "epoch": 2, "last_loss": torch.zeros(1)})
    yield "parameters", saved({"w": module.conv.weight, "b": module.conv.bias})
    yield "big endian", big_endian(saved(state))
    yield "malicious", saved({"state_dict": state, "x": Malicious()})
    yield "malicious, legacy", saved({"state_dict": state, "x": Malicious()}, archive=False)
    yield "malicious, protocol 4", saved({"state_dict": state, "x": Malicious()}, protocol=4)
    for name, archive, protocol in (
            ("namespace", True, 2), ("namespace, legacy", False, 2), ("namespace, protocol 4", True, 4)):
        yield name, saved({"state_dict": state, **plain_data()}, archive=archive, protocol=protocol)
    yield "foreign classes", saved({**foreign_classes(), "state_dict": state})
    yield "foreign classes, legacy", saved({"state_dict": state, **foreign_classes()}, archive=False)
    yield "whole module", saved(nn.Linear(2, 1))
    yield "whole module, legacy", saved(foreign_module(), archive=False)
    yield "quantised", saved({"x": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)})
    yield "complex", saved({"x": torch.ones(2, dtype=torch.complex64)})
    yield "sparse", saved({"x": torch.eye(2).to_sparse()})
    yield "compressed", rewritten(saved(state), lambda name, content: content, zipfile.ZIP_DEFLATED)
    yield "no pickle", rewritten(saved(state), lambda name, content: None if name.endswith(".pkl") else content)
    yield "storage missing", rewritten(saved(state), lambda name, content: None if name.endswith("/1") else content)
    yield "storage cut", rewritten(
        saved(state), lambda name, content: content[:-4] if name.endswith("/data/0") else content)
    yield "byte order", rewritten(
        saved(state), lambda name, content: b"middle" if name.endswith("byteorder") else content)
    yield "script", script(saved(state))
    yield "tar", tar()
    yield "numbers alone", saved({"epoch": 3, "loss": 0.5})
    yield "a tensor", saved(torch.ones(2))
    yield "a plain pickle", pickle.dumps({"x": [1, 2]}, protocol=2)


def small_floats():
    """All 256 values of each eight-bit type as float32; NaN and infinities as text."""
    return {
        name: [str(v) if v != v or v in (float("inf"), float("-inf")) else v
               for v in torch.arange(256, dtype=torch.uint8).view(getattr(torch, name)).to(torch.float32).tolist()]
        for name in SMALL_FLOATS
    }


def main():
    rows = [f'        "{name}":\n            "{base64.b64encode(data).decode()}",' for name, data in files()]
    root = pathlib.Path(__file__).resolve().parents[2]
    (root / "Tests/TensorFilesTests/PyTorchReferenceFiles.swift").write_text(
        f"// Made by Tools/reference/pytorch_fixtures.py (torch {torch.__version__}).\n"
        "// swift-format-ignore-file\n\n"
        "/// Checkpoints by what is special in them, in base64.\n"
        "enum PyTorchReferenceFiles {\n"
        "    static let files: [String: String] = [\n" + "\n".join(rows) + "\n    ]\n\n"
        "    /// Every value of the types of eight bits, as PyTorch converts it, in JSON; what is not finite as text.\n"
        f"    static let smallFloats = #\"{json.dumps(small_floats(), separators=(',', ':'))}\"#\n"
        "}\n")


main()
