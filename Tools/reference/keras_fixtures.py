#!/usr/bin/env python3
"""Writes Tests/TensorFilesTests/KerasReferenceFiles.swift: models written by Keras and h5py, and malformed or hostile ones.

usage: keras_fixtures.py
needs: keras 3, torch (CPU), h5py and numpy. The bytes differ from run to run, because Keras writes dates and object names.
"""

import base64
import io
import os
import pathlib
import tempfile
import zipfile
import zlib

os.environ["KERAS_BACKEND"] = "torch"

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

CHUNKED = (5, 7)


def tiny(name="tiny"):
    """A 2 x 2 x 1 x 2 convolution, a normalisation of two channels and a 2 x 3 dense layer."""
    inputs = keras.Input((3, 3, 1))
    x = keras.layers.Conv2D(2, 2, name="conv1_conv")(inputs)
    x = keras.layers.BatchNormalization(name="bn")(x)
    x = keras.layers.GlobalAveragePooling2D(name="avg_pool")(x)
    return numbered(keras.Model(inputs, keras.layers.Dense(3, name="predictions")(x), name=name))


def numbered(model):
    """Weight k has the elements k + i / 8."""
    for index, weight in enumerate(model.weights):
        weight.assign((index + np.arange(np.prod(weight.shape)) / 8).reshape(weight.shape))
    return model


def nested():
    inputs = keras.Input((3, 3, 1))
    return numbered(keras.Model(inputs, keras.layers.Dense(2, name="top")(tiny("base")(inputs)), name="outer"))


def trained():
    model = tiny()
    model.compile("adam", "mse")
    model.train_on_batch(np.zeros((2, 3, 3, 1)), np.zeros((2, 3)))
    return numbered(model)


def saved(suffix, write):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model" + suffix)
        write(path)
        return pathlib.Path(path).read_bytes()


def h5(write, **options):
    def make(path):
        with h5py.File(path, "w", **options) as file:
            write(file)
    return saved(".h5", make)


def legacy(file, model, limit=None):
    kept = legacy_h5_format.HDF5_OBJECT_HEADER_LIMIT
    legacy_h5_format.HDF5_OBJECT_HEADER_LIMIT = limit or kept
    legacy_h5_format.save_weights_to_hdf5_group(file, model)
    legacy_h5_format.HDF5_OBJECT_HEADER_LIMIT = kept


def keras2(file):
    """The format in which Keras 2 wrote its applications' weights: layer names with slashes, weight names with ':0'."""
    layers = {
        "input_1": [], "conv1/conv": [("kernel", (2, 2, 1, 2))],
        "conv1/bn": [("gamma", (2,)), ("beta", (2,)), ("moving_mean", (2,)), ("moving_variance", (2,))],
        "fc1000": [("kernel", (2, 3)), ("bias", (3,))],
    }
    file.attrs["layer_names"] = [name.encode() for name in layers]
    file.attrs["backend"] = b"tensorflow"
    file.attrs["keras_version"] = b"2.0.9"
    index = 0
    for layer, weights in layers.items():
        group = file.create_group(layer)
        group.attrs["weight_names"] = [f"{layer}/{name}:0".encode() for name, _ in weights]
        for name, shape in weights:
            group[f"{layer}/{name}:0"] = (index + np.arange(np.prod(shape)) / 8).reshape(shape).astype("float32")
            index += 1


def listed(file, arrays):
    """One layer whose arrays are made by calls of `create(group, name)`."""
    file.attrs["layer_names"] = [b"x"]
    group = file.create_group("x")
    group.attrs["weight_names"] = [name.encode() for name in arrays]
    for name, create in arrays.items():
        create(group, name)


def filtered(file):
    values = np.arange(np.prod(CHUNKED), dtype="float32").reshape(CHUNKED) / 4
    options = {
        "plain": {}, "gzip": {"compression": "gzip"}, "shuffle": {"shuffle": True, "compression": "gzip"},
        "fletcher": {"fletcher32": True}, "all": {"shuffle": True, "compression": "gzip", "fletcher32": True},
    }
    listed(file, {
        name: lambda group, name, rest=rest: group.create_dataset(name, data=values, chunks=(2, 3), **rest)
        for name, rest in options.items()})


def typed(file):
    def put(dtype, values):
        return lambda group, name: group.create_dataset(name, data=np.array(values, dtype=dtype))
    arrays = {f"int{bits}": put(f"int{bits}", [1, 0, -3]) for bits in (8, 16, 32, 64)}
    arrays |= {f"uint{bits}": put(f"uint{bits}", [1, 0, 3]) for bits in (8, 16, 32, 64)}
    arrays |= {f"float{bits}": put(f"float{bits}", [1, -0.5, 1 / 3]) for bits in (16, 32, 64)}
    arrays |= {"bool": put("bool", [True, False, True]), "big": put(">f4", [1, -0.5, 1 / 3])}
    arrays |= {"bigint": put(">i2", [1, 0, -3]), "scalar": put("float32", 7), "empty": put("float32", np.zeros((0, 3)))}
    arrays |= {"complex": put("complex64", [1j]), "text": put(h5py.string_dtype(), ["a"])}
    listed(file, arrays)


def bfloat16():
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy("bfloat16")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, name="d")], name="s")
    keras.config.set_dtype_policy(previous)
    model.set_weights([np.array([[1, -0.5], [0.25, 3]]), np.array([2, 4])])
    return saved(".weights.h5", model.save_weights)


def vocabulary():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="d")], name="s")
    def change(path):
        model.save_weights(path)
        with h5py.File(path, "a") as file:
            file["layers/lookup/vars/0"] = np.array([b"cat", b"dog"])
    return saved(".weights.h5", change)


def soft(file):
    tiny_weights(file)
    del file["conv1_conv/conv1_conv/bias"]
    file["conv1_conv/conv1_conv/bias"] = h5py.SoftLink("/bn/bn/gamma")


def external(file):
    tiny_weights(file)
    del file["conv1_conv/conv1_conv/bias"]
    file["conv1_conv/conv1_conv/bias"] = h5py.ExternalLink("/etc/passwd", "/x")


def tiny_weights(file):
    legacy(file, tiny())


def cyclic(file):
    layer = file.create_group("layers/dense/vars")
    layer["0"] = np.ones((2, 2), dtype="float32")
    file["layers/dense/more"] = file["layers"]


def twice(file):
    first = file.create_group("layers/dense/vars")
    first["0"] = np.ones((2, 2), dtype="float32")
    file["layers/other/vars/0"] = first["0"]


def nothing(group, name):
    group.create_dataset(name, (1 << 16, 1 << 14), "float32", chunks=(1 << 12, 1 << 12), compression="gzip")
    group[name][:8, :8] = 1


def virtual(group, name):
    layout = h5py.VirtualLayout((4,), "float32")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    group.create_virtual_dataset(name, layout)


def deep(file):
    file.create_group("layers/" + "/".join("g" * 80) + "/vars")["0"] = np.ones(1, dtype="float32")


def files():
    yield "legacy weights", h5(tiny_weights)
    yield "whole model", saved(".h5", trained().save)
    yield "legacy nested", h5(lambda file: legacy(file, nested()))
    yield "attributes in parts", h5(lambda file: legacy(file, tiny(), limit=20))
    yield "Keras 2", h5(keras2)
    yield "weights", saved(".weights.h5", tiny().save_weights)
    yield "nested weights", saved(".weights.h5", nested().save_weights)
    archive = saved(".keras", trained().save)
    yield "archive", archive
    yield "nested archive", saved(".keras", nested().save)
    yield "filters", h5(filtered)
    yield "types", h5(typed)
    yield "bfloat16", bfloat16()
    yield "vocabulary", vocabulary()
    yield "ordered", h5(tiny_weights, track_order=True)
    yield "newer superblock", h5(tiny_weights, libver=("v108", "v110"))

    def unnamed(path):
        tiny().save_weights(path)
        with h5py.File(path, "a") as file:
            file.visititems(lambda name, item: item.attrs.pop("name", None) and None)
    yield "unnamed weights", saved(".weights.h5", unnamed)

    yield "soft link", h5(soft)
    yield "external link", h5(external)
    yield "cycle", h5(cyclic)
    yield "array twice", h5(twice)
    yield "bomb", h5(lambda file: listed(file, {"w": nothing}))
    yield "virtual", h5(lambda file: listed(file, {"w": virtual}))
    yield "external storage", h5(lambda file: listed(file, {"w": lambda group, name: group.create_dataset(
        name, (2,), "float32", external=[("/etc/passwd", 0, 8)])}))
    yield "lzf", h5(lambda file: listed(file, {"w": lambda group, name: group.create_dataset(
        name, data=np.zeros(100, "float32"), compression="lzf")}))
    yield "deep", h5(deep)
    yield "other arrays", h5(lambda file: file.create_dataset("mydata", data=np.zeros(3)))
    yield "many attributes", h5(many_attributes, libver="latest")
    source, buffer = zipfile.ZipFile(io.BytesIO(archive)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry))
    yield "compressed archive", buffer.getvalue()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("metadata.json", "{}")
    yield "archive without weights", buffer.getvalue()


def many_attributes(file):
    listed(file, {"w": lambda group, name: group.create_dataset(name, data=np.zeros(3, "float32"))})
    for index in range(20):
        file[f"x{index}"] = index
        file.attrs[f"a{index}"] = b"text"


def main():
    rows = [
        f'        "{name}": ({len(data)}, "{base64.b64encode(zlib.compress(data, 9)).decode()}"),'
        for name, data in files()]
    root = pathlib.Path(__file__).resolve().parents[2]
    (root / "Tests/TensorFilesTests/KerasReferenceFiles.swift").write_text(
        f"// Made by Tools/reference/keras_fixtures.py (keras {keras.__version__}, h5py {h5py.__version__}).\n"
        "// swift-format-ignore-file\n\n"
        "import CZlib\nimport Foundation\n\n"
        "/// Models by what is special in them: the size in bytes, and the bytes, deflated and in base64.\n"
        "enum KerasReferenceFiles {\n"
        "    static let files: [String: (size: Int, content: String)] = [\n" + "\n".join(rows) + "\n    ]\n\n"
        "    /// The bytes of a file.\n"
        "    static func bytes(_ name: String) -> [UInt8]? {\n"
        "        guard let (size, content) = files[name], let data = Data(base64Encoded: content) else { return nil }\n"
        "        var count = UInt(size)\n"
        "        return [UInt8](unsafeUninitializedCapacity: size) { target, initialized in\n"
        "            let status = uncompress(target.baseAddress, &count, Array(data), UInt(data.count))\n"
        "            initialized = status == Z_OK ? size : 0\n"
        "        }\n"
        "    }\n"
        "}\n")


main()
