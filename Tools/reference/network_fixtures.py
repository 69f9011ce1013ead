#!/usr/bin/env python3
"""Writes networks.json: the outputs of torchvision, timm, Keras and public CIFAR code with seeded weights.

usage: network_fixtures.py [FOLDER] [--weights FOLDER]      (default: Tests/BackbonesTests/Fixtures)
needs: torch (CPU), torchvision, timm, keras (run with KERAS_BACKEND=torch), safetensors and numpy.

Each answer is one source's output for the two images "images/<seed>", in float64 (Keras: float32): norm and sketches of the
features, and the logits. densenet121_generator.py derives the weights from our tensor names and the seed. `--weights` also
writes each network's weights under the source's own names, to try them with the program.
"""

import json
import os
import pathlib
import re
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import torch

import densenet121_generator as generator
import residual_model

CLASSES = 6
SEEDS = (1, 2, 3)


# Our names for a source's tensors --------------------------------------------------------------------------------------

def same(name):
    return name


def from_shortcuts(name):
    return name.replace(".shortcut.", ".downsample.").replace("linear.", "fc.")


def from_dense_blocks(name):
    name = re.sub(r"^dense(\d)\.(\d+)\.(conv|bn)", lambda m: f"features.denseblock{m[1]}.denselayer{int(m[2]) + 1}."
                  f"{'norm' if m[3] == 'bn' else 'conv'}", name)
    name = re.sub(r"^trans(\d)\.(conv|bn)", lambda m: f"features.transition{m[1]}.{'norm' if m[2] == 'bn' else 'conv'}", name)
    name = re.sub(r"^conv1\.", "features.conv0.", name)
    name = re.sub(r"^bn\.", "features.norm5.", name)
    return re.sub(r"^linear\.", "classifier.", name)


def from_dense_layers(name):
    name = re.sub(r"^block(\d)\.layer\.", r"dense\1.", name)
    name = re.sub(r"^trans(\d)\.(bn|conv)1\.", r"trans\1.\2.", name)
    return from_dense_blocks(re.sub(r"^bn1\.", "bn.", re.sub(r"^fc\.", "linear.", name)))


def from_timm(name):
    parts = {"norm1": "preact_bn", "norm2": "1_bn", "norm3": "2_bn", "conv1": "1_conv", "conv2": "2_conv",
             "conv3": "3_conv", "downsample.conv": "0_conv"}
    match = re.match(r"stages\.(\d)\.blocks\.(\d+)\.(.*)\.(\w+)$", name)
    if match:
        return f"conv{int(match[1]) + 2}_block{int(match[2]) + 1}_{parts[match[3]]}.{match[4]}"
    for start, ours in (("stem.conv.", "conv1_conv."), ("norm.", "post_bn."), ("head.fc.", "classifier.")):
        if name.startswith(start):
            return ours + name[len(start):]
    raise ValueError(name)


def from_keras(layer, kind):
    """Our name for a layer of Keras' DenseNet, ResNet or ResNetV2. `kind` is that family."""
    if layer == "predictions":
        return "fc" if kind == "resnet" else "classifier"
    if kind == "v2":
        return layer
    match = re.match(r"conv(\d)_block(\d+)_(\d)_(bn|conv)$", layer)
    if kind == "resnet":
        if not match:
            return {"conv1_conv": "conv1", "conv1_bn": "bn1"}[layer]
        stage, block, number, part = int(match[1]) - 1, int(match[2]) - 1, int(match[3]), match[4]
        inner = f"downsample.{0 if part == 'conv' else 1}" if number == 0 else f"{part}{number}"
        return f"layer{stage}.{block}.{inner}"
    if match:
        part = {"0_bn": "norm1", "1_bn": "norm2", "1_conv": "conv1", "2_conv": "conv2"}[f"{match[3]}_{match[4]}"]
        return f"features.denseblock{int(match[1]) - 1}.denselayer{match[2]}.{part}"
    match = re.match(r"pool(\d)_(bn|conv)$", layer)
    if match:
        return f"features.transition{int(match[1]) - 1}.{'norm' if match[2] == 'bn' else 'conv'}"
    return {"conv1_conv": "features.conv0", "conv1_bn": "features.norm0", "bn": "features.norm5"}[layer]


# Sources ---------------------------------------------------------------------------------------------------------------

def answer_of_torch(make, rename, side, seed):
    network = make().double().eval()
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                shape = tuple(tensor.shape)
                ours = shape[:2] if len(shape) == 4 and rename(name).startswith("classifier") else shape
                tensor.copy_(torch.from_numpy(generator.parameter(rename(name), ours, seed)).reshape(shape))
    dense = next(m for n, m in reversed(list(network.named_modules())) if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d)))
    features = []
    dense.register_forward_pre_hook(lambda module, inputs: features.append(inputs[0].flatten(1)))
    with torch.no_grad():
        logits = network(torch.from_numpy(generator.images(seed, 2, side)).double())
    return features[0].numpy(), logits.numpy(), network


def answer_of_keras(make, kind, side, seed):
    import keras
    network = make(side)
    for layer in network.layers:
        if not layer.weights:
            continue
        values = []
        for weight in layer.weights:
            part = {"kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias", "moving_mean": "running_mean",
                    "moving_variance": "running_var"}[weight.name]
            shape = tuple(weight.shape)
            if weight.name == "kernel":
                shape = (shape[3], shape[2], shape[0], shape[1]) if len(shape) == 4 else shape[::-1]
            value = generator.parameter(f"{from_keras(layer.name, kind)}.{part}", shape, seed)
            if weight.name == "kernel":
                value = value.transpose(2, 3, 1, 0) if len(shape) == 4 else value.T
                if kind == "resnet" and layer.name == "conv1_conv":
                    value = value[:, :, ::-1]
            values.append(np.ascontiguousarray(value))
        layer.set_weights(values)
    images = generator.images(seed, 2, side).transpose(0, 2, 3, 1)
    if kind == "resnet":
        images = images[..., ::-1]
    pooled = keras.Model(network.input, network.layers[-2].output)
    features = pooled.predict(np.ascontiguousarray(images), verbose=0)
    logits = network.predict(np.ascontiguousarray(images), verbose=0)
    return features.astype(np.float64), logits.astype(np.float64), network


def sources():
    """Yields (architecture, source, side, function from a seed to an answer)."""
    import keras
    import timm
    import torchvision.models as models
    for name in ("densenet121", "densenet161", "densenet169", "densenet201", "resnet18", "resnet34", "resnet50",
                 "resnet101", "resnet152", "wide_resnet50_2", "wide_resnet101_2", "resnext50_32x4d", "resnext101_32x8d",
                 "resnext101_64x4d"):
        make = lambda name=name: getattr(models, name)(num_classes=CLASSES)
        yield name, "torchvision", 64, lambda seed, make=make: answer_of_torch(make, same, 64, seed)
    for name in ("resnet18", "resnet34", "resnet50", "densenet121"):
        make = lambda name=name: timm.create_model(name, num_classes=CLASSES)
        yield name, "timm", 64, lambda seed, make=make: answer_of_torch(make, same, 64, seed)
    for name in ("resnetv2_50", "resnetv2_101", "resnetv2_152"):
        make = lambda name=name: timm.create_model(name, num_classes=CLASSES)
        if timm.is_model(name):
            yield name, "timm", 64, lambda seed, make=make: answer_of_torch(make, from_timm, 64, seed)
    blocks = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
    for depth, counts in blocks.items():
        make = lambda counts=counts, depth=depth: residual_model.ResNet(CLASSES, counts, depth >= 50, cifar=True)
        yield f"resnet{depth}_cifar", "pytorch-cifar", 32, lambda seed, make=make: answer_of_torch(make, same, 32, seed)
        make = lambda counts=counts, depth=depth: residual_model.PreActResNet(CLASSES, counts, depth >= 50)
        yield f"preactresnet{depth}", "pytorch-cifar", 32, lambda seed, make=make: answer_of_torch(make, same, 32, seed)
    make = lambda: residual_model.DenseNetCIFAR(CLASSES, (6, 12, 24, 16), 32)
    yield "densenet121_cifar", "pytorch-cifar", 32, lambda seed, make=make: answer_of_torch(
        make, from_dense_blocks, 32, seed)
    for depth in (20, 56):
        for ending, padded in (("", False), ("_a", True)):
            make = lambda depth=depth, padded=padded: residual_model.ResNet(
                CLASSES, ((depth - 2) // 6,) * 3, cifar=True, channels=16, padded=padded)
            yield (f"resnet{depth}_cifar{ending}", "akamaster", 32,
                   lambda seed, make=make: answer_of_torch(make, same, 32, seed))
    for depth, growth in ((100, 12), (190, 40)):
        bc = lambda depth=depth, growth=growth: residual_model.DenseNetBC(CLASSES, depth, growth)
        yield (f"densenet_bc_{depth}_{growth}", "densenet-pytorch", 32,
               lambda seed, bc=bc: answer_of_torch(bc, from_dense_layers, 32, seed))
    for depth, factor in ((16, 8), (28, 2), (28, 10), (40, 2), (40, 4)):
        wide = lambda depth=depth, factor=factor: residual_model.WideResNet(CLASSES, depth, factor)
        yield (f"wrn_{depth}_{factor}", "WideResNet-pytorch", 32,
               lambda seed, wide=wide: answer_of_torch(wide, same, 32, seed))
    for ours, theirs, kind in (
            ("densenet121", "DenseNet121", "densenet"), ("densenet169", "DenseNet169", "densenet"),
            ("densenet201", "DenseNet201", "densenet"), ("resnet50_keras", "ResNet50", "resnet"),
            ("resnet101_keras", "ResNet101", "resnet"), ("resnet152_keras", "ResNet152", "resnet"),
            ("resnet50v2", "ResNet50V2", "v2"), ("resnet101v2", "ResNet101V2", "v2"), ("resnet152v2", "ResNet152V2", "v2")):
        def make(side, theirs=theirs):
            keras.backend.clear_session()
            return getattr(keras.applications, theirs)(
                weights=None, classes=CLASSES, input_shape=(side, side, 3), classifier_activation=None)
        yield ours, "Keras", 64, lambda seed, make=make, kind=kind: answer_of_keras(make, kind, 64, seed)


def main():
    arguments = sys.argv[1:]
    weights = None
    if "--weights" in arguments:
        place = arguments.index("--weights")
        weights = pathlib.Path(arguments[place + 1])
        del arguments[place:place + 2]
    here = pathlib.Path(__file__).resolve()
    folder = pathlib.Path(arguments[0]) if arguments else here.parents[2] / "Tests/BackbonesTests/Fixtures"
    torch.set_num_threads(1)
    answers = []
    for architecture, source, side, answer in sources():
        for seed in SEEDS:
            features, logits, network = answer(seed)
            answers.append({
                "architecture": architecture, "source": source, "side": side, "seed": seed,
                "norm": float(np.linalg.norm(features)),
                "sketches": [float(f"{value:.9g}") for value in generator.sketch("features", features)],
                "logits": [float(f"{value:.9g}") for value in logits.reshape(-1)],
            })
            if weights and seed == SEEDS[0]:
                stem = weights / f"{architecture}-{source}"
                if source == "Keras":
                    network.save_weights(f"{stem}.weights.h5")
                else:
                    torch.save(network.float().state_dict(), f"{stem}.pth")
        print(architecture, source, features.shape, f"{answers[-1]['norm']:.4g}", flush=True)
    text = json.dumps({"made": "Tools/reference/network_fixtures.py", "classes": CLASSES}, separators=(",", ":"))[:-1]
    lines = ",\n".join(json.dumps(answer, separators=(",", ":")) for answer in answers)
    (folder / "networks.json").write_text(f'{text},"answers":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
