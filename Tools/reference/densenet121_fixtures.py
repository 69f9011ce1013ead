#!/usr/bin/env python3
"""Writes the oracles of DenseNet121 that Tests/BackbonesTests compares with.

usage: densenet121_fixtures.py [FOLDER]                      (default: Tests/BackbonesTests/Fixtures)
       densenet121_fixtures.py --survey BATCH SIDE COUNT     which of the first COUNT steps is the best conditioned
needs: torch (CPU) and numpy.

The weights, images and targets come from densenet121_generator.py as float32; PyTorch computes on them in float64.
Everything is also computed in float32, and how far float32 is from float64 is printed and written beside the
values, so that a test's tolerance can be told from the rounding of any float32 implementation.

densenet121.json holds names, logits, features, losses and those distances; densenet121-steps.safetensors holds, for
each training step (prefix "batch8-side64." or "batch5-side32."), float32 roundings of the values below. A training
step computes on "images/<step>" and "targets/<step>" of its record. Its step was chosen by --survey so that no ReLU's
input (batch 5 at 32 px; the widest margin of the first 2,000 steps) or as few as possible (batch 8 at 64 px; the first
32 steps) lie within reach of float32 rounding of zero, see densenet121_generator.py.

    gradientNorms      (parameters)        L2 norm of each parameter's gradient, in the order of "parameterNames"
    gradientSketches   (parameters, 32)    see `sketch` in densenet121_generator.py
    gradientHeads      (parameters, 8)     the first entries, row-major; zeros after the end of a shorter tensor
    gradientKinks      (parameters)        how far the gradient moves, relative to its norm, when every ReLU whose input
                                           lies within 4 standard deviations of PyTorch's float32 rounding of zero
                                           takes its other slope: what a correct float32 implementation may differ by
                                           beside its plain rounding
    runningMeanNorms, runningVarNorms      (norms)      after the step, in the order of "normNames"
    runningMeanHeads, runningVarHeads      (norms, 8)
"""

import functools
import json
import math
import pathlib
import struct
import sys

import numpy as np
import torch

import densenet121_generator as generator
from densenet121_model import DenseNet121

CLASSES = 6
HEAD = 8
EVALUATIONS = ((3, 64), (2, 32), (1, 96))
TRAINING_STEPS = ((8, 64, 31), (5, 32, 1377))
KINK_REACH = 4
TRAJECTORY = {
    "batch": 16, "side": 64, "steps": 10, "learningRate": 0.02, "momentum": 0.9, "weightDecay": 5e-4,
}
FINAL_TENSORS = (
    "features.conv0.weight", "features.denseblock3.denselayer12.norm2.weight",
    "features.denseblock3.denselayer12.conv2.weight", "classifier.weight",
)
GENERATOR_SAMPLES = (
    ("features.conv0.weight", (64, 3, 7, 7)),
    ("features.norm0.weight", (64,)),
    ("features.norm0.running_var", (64,)),
    ("features.denseblock1.denselayer2.conv1.weight", (128, 96, 1, 1)),
    ("classifier.weight", (CLASSES, 1024)),
    ("classifier.bias", (CLASSES,)),
)


def make_network(dtype):
    network = DenseNet121(CLASSES)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                tensor.copy_(torch.from_numpy(generator.parameter(name, tuple(tensor.shape))))
    assert sum(p.numel() for p in network.parameters()) == 6_960_006
    return network.to(dtype)


def batch_of(step, batch, side, dtype):
    images = torch.from_numpy(generator.images(step, batch, side)).to(dtype)
    targets = torch.from_numpy(generator.targets(step, batch, CLASSES)).to(dtype)
    return images, targets


def soft_cross_entropy(logits, targets):
    return -(targets * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()


def relative(found, expected):
    """The L2 distance of two arrays over the norm of the second."""
    found, expected = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def rounded(array):
    """Nested lists of the values at 12 significant digits."""
    if np.ndim(array) == 0:
        return float(f"{float(array):.12g}")
    return [rounded(row) for row in array]


def evaluate(batch, side, dtype):
    network = make_network(dtype).eval()
    with torch.no_grad():
        features = network.gap_features(batch_of(0, batch, side, dtype)[0])
        return features.numpy(), network.classifier(features).numpy()


def training_step(batch, side, step, dtype, rectify=None):
    """Loss, logits, gradients and running statistics; `rectify(index, x)` stands in for the ReLUs."""
    network = make_network(dtype).train()
    if rectify is not None:
        relus = [module for module in network.modules() if isinstance(module, torch.nn.ReLU)]
        for index, relu in enumerate(relus):
            relu.forward = functools.partial(rectify, index)
    images, targets = batch_of(step, batch, side, dtype)
    logits = network(images)
    loss = soft_cross_entropy(logits, targets)
    loss.backward()
    gradients = {name: p.grad.numpy().astype(np.float64) for name, p in network.named_parameters()}
    statistics = {
        name: buffer.numpy().astype(np.float64)
        for name, buffer in network.named_buffers() if not name.endswith("num_batches_tracked")
    }
    return loss.item(), logits.detach().numpy(), gradients, statistics


def relu_inputs(batch, side, step, dtype):
    """The inputs of every ReLU, in float64."""
    inputs = {}

    def record(index, x):
        inputs[index] = x.detach().double()
        return torch.relu(x)

    training_step(batch, side, step, dtype, record)
    return inputs


def kinks(batch, side, step):
    """The gradients with the slopes near zero flipped, and the least |input| in units of its layer's rounding."""
    wide, narrow = (relu_inputs(batch, side, step, dtype) for dtype in (torch.float64, torch.float32))
    rounding = {index: (wide[index] - narrow[index]).square().mean().sqrt() for index in wide}

    def flip(index, x):
        near = wide[index].abs() < KINK_REACH * rounding[index]
        return x * ((wide[index] > 0) ^ near)

    flipped = training_step(batch, side, step, torch.float64, flip)[2]
    return flipped, min((wide[index].abs().min() / rounding[index]).item() for index in wide)


def survey(batch, side, count):
    least = math.inf
    for step in range(count):
        gradients = training_step(batch, side, step, torch.float64)[2]
        flipped, margin = kinks(batch, side, step)
        largest = max(relative(flipped[name], gradients[name]) for name in gradients)
        if largest <= least:
            least = largest
            print(f"step {step}: kinks move a gradient by {largest:.2e} at most; margin {margin:.2f}", flush=True)


def trajectory(dtype):
    """Ten steps of SGD: PyTorch's momentum, and weight decay as Loshchilov and Hutter decouple it."""
    network = make_network(dtype).train()
    decayed = {name for name, p in network.named_parameters() if name.endswith("weight") and p.dim() > 1}
    buffers = {name: torch.zeros_like(p) for name, p in network.named_parameters()}
    losses = []
    for step in range(TRAJECTORY["steps"]):
        schedule = 0.5 * (1 + math.cos(math.pi * step / TRAJECTORY["steps"]))
        rate = TRAJECTORY["learningRate"] * schedule
        network.zero_grad()
        images, targets = batch_of(step, TRAJECTORY["batch"], TRAJECTORY["side"], dtype)
        loss = soft_cross_entropy(network(images), targets)
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for name, p in network.named_parameters():
                buffers[name].mul_(TRAJECTORY["momentum"]).add_(p.grad)
                decay = schedule * TRAJECTORY["weightDecay"] if name in decayed else 0
                p.sub_(decay * p + rate * buffers[name])
    tensors = dict(network.named_parameters())
    return losses, {name: tensors[name].detach().numpy().astype(np.float64) for name in FINAL_TENSORS}


def heads(arrays):
    result = np.zeros((len(arrays), HEAD))
    for row, array in zip(result, arrays):
        start = array.reshape(-1)[:HEAD]
        row[:start.size] = start
    return result


def norms(arrays):
    return np.array([np.linalg.norm(array) for array in arrays])


def write_safetensors(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array, dtype="<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(np.shape(array)), "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def evaluation_record(batch, side):
    features, logits = evaluate(batch, side, torch.float64)
    features32, logits32 = evaluate(batch, side, torch.float32)
    distance = {"features": relative(features32, features), "logits": relative(logits32, logits)}
    print(f"evaluation, batch {batch} at {side} px: float32 from float64, relative: "
          f"features {distance['features']:.2e}, logits {distance['logits']:.2e}")
    return {
        "batch": batch, "side": side, "logits": rounded(logits), "features": rounded(features),
        "float32Distance": rounded_values(distance),
    }


def rounded_values(numbers):
    return {name: float(f"{value:.6g}") for name, value in numbers.items()}


def step_record(batch, side, step, names, norm_names, tensors):
    loss, logits, gradients, statistics = training_step(batch, side, step, torch.float64)
    loss32, logits32, gradients32, statistics32 = training_step(batch, side, step, torch.float32)
    flipped, margin = kinks(batch, side, step)
    assert list(gradients) == names
    prefix = f"batch{batch}-side{side}."
    gradient_list = [gradients[name] for name in names]
    tensors[prefix + "gradientNorms"] = norms(gradient_list)
    tensors[prefix + "gradientSketches"] = np.array([generator.sketch(name, gradients[name]) for name in names])
    tensors[prefix + "gradientHeads"] = heads(gradient_list)
    tensors[prefix + "gradientKinks"] = np.array([relative(flipped[name], gradients[name]) for name in names])
    for kind, label in (("running_mean", "runningMean"), ("running_var", "runningVar")):
        arrays = [statistics[f"{name}.{kind}"] for name in norm_names]
        tensors[prefix + label + "Norms"] = norms(arrays)
        tensors[prefix + label + "Heads"] = heads(arrays)

    gradient_distances = np.array([relative(gradients32[name], gradients[name]) for name in names])
    sketched = np.sqrt(np.mean([
        (generator.sketch(name, gradients32[name] - gradients[name]) / np.linalg.norm(gradients[name])) ** 2
        for name in names], axis=1))
    distance = {
        "loss": abs(loss32 - loss) / loss,
        "logits": relative(logits32, logits),
        "gradientLargest": gradient_distances.max(),
        "gradientMedian": np.median(gradient_distances),
        "gradientLargestBySketch": sketched.max(),
        "statisticsLargest": max(relative(statistics32[name], statistics[name]) for name in statistics),
    }
    print(f"training step, batch {batch} at {side} px: loss {loss:.9f}; float32 from float64, relative:")
    for name, value in distance.items():
        print(f"    {name} {value:.2e}")
    kink_distances = tensors[prefix + "gradientKinks"]
    print(f"    kinks move a gradient by {kink_distances.max():.2e} at most, {np.median(kink_distances):.2e} in the "
          f"median; least ReLU input {margin:.2f} roundings from zero")
    print(f"    furthest beyond its kinks: {(gradient_distances - kink_distances).max():.2e}")
    print(f"    furthest gradient: {names[int(gradient_distances.argmax())]}; "
          f"smallest gradient norm {tensors[prefix + 'gradientNorms'].min():.2e}")
    return {
        "batch": batch, "side": side, "step": step, "tensors": prefix, "loss": loss, "logits": rounded(logits),
        "float32Distance": rounded_values(distance), "leastReluInputInRoundings": float(f"{margin:.6g}"),
        "float32FurthestGradient": names[int(gradient_distances.argmax())],
    }


def trajectory_record():
    losses, finals = trajectory(torch.float64)
    losses32, finals32 = trajectory(torch.float32)
    print("ten steps of SGD: loss in float64, in float32, relative distance")
    for step, (wide, narrow) in enumerate(zip(losses, losses32)):
        print(f"    {step} {wide:.9f} {narrow:.9f} {abs(narrow - wide) / wide:.2e}")
    final = {name: float(np.linalg.norm(finals[name])) for name in FINAL_TENSORS}
    for name in FINAL_TENSORS:
        print(f"    {name}: norm {final[name]:.9f}, float32 {relative(finals32[name], finals[name]):.2e} away")
    return dict(
        TRAJECTORY, losses=losses, float32Losses=losses32, finalNorms=final,
        float32FinalNorms={name: float(np.linalg.norm(finals32[name])) for name in FINAL_TENSORS},
        float32FinalDistance=rounded_values({name: relative(finals32[name], finals[name]) for name in FINAL_TENSORS}))


def generator_record():
    arrays = [(name, generator.parameter(name, shape)) for name, shape in GENERATOR_SAMPLES]
    arrays.append(("images/0", generator.images(0, 2, 32)))
    arrays.append(("targets/0", generator.targets(0, 2, CLASSES)))
    return [
        {
            "name": name, "shape": list(array.shape),
            "first": [float(value) for value in array.reshape(-1)[:4]],
            "sum": float(array.astype(np.float64).sum()),
            "sketch": rounded(generator.sketch(name, array, count=2)),
        }
        for name, array in arrays
    ]


def main():
    here = pathlib.Path(__file__).resolve()
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["--survey"]:
        return survey(*map(int, sys.argv[2:5]))
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parents[2] / "Tests/BackbonesTests/Fixtures"
    network = make_network(torch.float32)
    names = [name for name, _ in network.named_parameters()]
    norm_names = [name for name, module in network.named_modules() if isinstance(module, torch.nn.BatchNorm2d)]
    shapes = {name: list(p.shape) for name, p in network.named_parameters()}
    tensors = {}
    record = {
        "made": "Tools/reference/densenet121_fixtures.py",
        "torch": torch.__version__.split("+")[0],
        "classes": CLASSES,
        "parameterNames": names,
        "parameterCounts": [math.prod(shapes[name]) for name in names],
        "normNames": norm_names,
        "generator": generator_record(),
        "normBiasOffset": float(generator.NORM_BIAS_OFFSET),
        "evaluations": [evaluation_record(batch, side) for batch, side in EVALUATIONS],
        "trainingSteps": [step_record(*case, names, norm_names, tensors) for case in TRAINING_STEPS],
        "trajectory": trajectory_record(),
    }
    (folder / "densenet121.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
    write_safetensors(
        folder / "densenet121-steps.safetensors", tensors, {"made": "Tools/reference/densenet121_fixtures.py"})


if __name__ == "__main__":
    main()
