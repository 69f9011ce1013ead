"""The oracles for a backbone's parity tests: what PyTorch computes on seeded weights, and the error of its float32.

The script of a backbone (such as densenet121_fixtures.py) makes an `Oracles` and calls `main`.

usage: SCRIPT [FOLDER]                      (default: Tests/BackbonesTests/Fixtures)
       SCRIPT --survey BATCH SIDE COUNT     find the best conditioned of the first COUNT steps
needs: torch (CPU) and numpy.

Weights, images and targets come from densenet121_generator.py as float32. PyTorch computes on them in float64, and again in
float32. The distance between the two is printed and written beside the values. It shows how much of a test's tolerance the
rounding of any float32 implementation needs.

NAME.json holds names, logits, features, losses and those distances. NAME-steps.safetensors holds the values below, rounded
to float32, for each training step (with a prefix such as "batch8-side64."). A training step uses "images/<step>" and
"targets/<step>", with the step in its record. --survey chose the step so that no ReLU input, or as few as possible, is so
close to zero that float32 rounding may change its sign; see densenet121_generator.py.

    gradientNorms      (parameters)        L2 norm of each parameter's gradient, in the order of "parameterNames"; if it
                                           is zero (a bias that a normalisation cancels), that of the same layer's weight
    gradientSketches   (parameters, 32)    see `sketch` in densenet121_generator.py
    gradientHeads      (parameters, 8)     the first entries, row-major; a shorter tensor is padded with zeros
    gradientKinks      (parameters)        how far the gradient moves, relative to its norm, when every ReLU with an input
                                           within 4 standard deviations of PyTorch's float32 rounding from zero takes its
                                           other slope: how much a correct float32 implementation may differ in addition
                                           to plain rounding
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

HEAD = 8
KINK_REACH = 4
# Norms up to this are zero but for float64 rounding.
ZERO = 1e-12


def soft_cross_entropy(logits, targets):
    return -(targets * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()


def relative(found, expected):
    """The L2 distance between two arrays, divided by the norm of the second."""
    found, expected = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def gradient_scale(name, gradients):
    """The norm of a gradient or, for a bias that a normalisation cancels, of its layer's weight gradient."""
    norm = np.linalg.norm(gradients[name])
    return norm if norm > ZERO else np.linalg.norm(gradients[name.removesuffix("bias") + "weight"])


def gradient_distance(name, found, gradients):
    return float(np.linalg.norm(found[name] - gradients[name]) / gradient_scale(name, gradients))


def rounded(array):
    """The values as nested lists, rounded to 12 significant digits."""
    if np.ndim(array) == 0:
        return float(f"{float(array):.12g}")
    return [rounded(row) for row in array]


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


def rounded_values(numbers):
    return {name: float(f"{value:.6g}") for name, value in numbers.items()}


class Oracles:
    """The expected values for one backbone's tests.

    `make(classes)` makes the module, `count` is the number of its parameters. `evaluations` lists (batch, side),
    `training_steps` (batch, side, step), and `generator_samples` (name, shape) of tensors whose first values are kept.
    """

    def __init__(self, name, make, classes, count, evaluations, training_steps, trajectory, final_tensors,
                 generator_samples):
        self.name, self.make, self.classes, self.count = name, make, classes, count
        self.evaluations, self.training_steps = evaluations, training_steps
        self.trajectory_settings, self.final_tensors = trajectory, final_tensors
        self.generator_samples = generator_samples

    def make_network(self, dtype):
        network = self.make(self.classes)
        with torch.no_grad():
            for name, tensor in network.state_dict().items():
                if not name.endswith("num_batches_tracked"):
                    tensor.copy_(torch.from_numpy(generator.parameter(name, tuple(tensor.shape))))
        assert sum(p.numel() for p in network.parameters()) == self.count
        return network.to(dtype)

    def batch_of(self, step, batch, side, dtype):
        images = torch.from_numpy(generator.images(step, batch, side)).to(dtype)
        targets = torch.from_numpy(generator.targets(step, batch, self.classes)).to(dtype)
        return images, targets

    def evaluate(self, batch, side, dtype):
        network = self.make_network(dtype).eval()
        with torch.no_grad():
            features = network.gap_features(self.batch_of(0, batch, side, dtype)[0])
            return features.numpy(), network.classifier(features).numpy()

    def training_step(self, batch, side, step, dtype, rectify=None):
        """Loss, logits, gradients and running statistics. `rectify(index, x)`, if given, replaces ReLU number `index`."""
        network = self.make_network(dtype).train()
        if rectify is not None:
            relus = [module for module in network.modules() if isinstance(module, torch.nn.ReLU)]
            for index, relu in enumerate(relus):
                relu.forward = functools.partial(rectify, index)
        images, targets = self.batch_of(step, batch, side, dtype)
        logits = network(images)
        loss = soft_cross_entropy(logits, targets)
        loss.backward()
        gradients = {name: p.grad.numpy().astype(np.float64) for name, p in network.named_parameters()}
        statistics = {
            name: buffer.numpy().astype(np.float64)
            for name, buffer in network.named_buffers() if not name.endswith("num_batches_tracked")
        }
        return loss.item(), logits.detach().numpy(), gradients, statistics

    def relu_inputs(self, batch, side, step, dtype):
        """The inputs of every ReLU in a step computed in `dtype`, converted to float64."""
        inputs = {}

        def record(index, x):
            inputs[index] = x.detach().double()
            return torch.relu(x)

        self.training_step(batch, side, step, dtype, record)
        return inputs

    def kinks(self, batch, side, step):
        """The gradients with slopes near zero flipped, and the smallest |ReLU input| in units of its layer's rounding."""
        wide, narrow = (self.relu_inputs(batch, side, step, dtype) for dtype in (torch.float64, torch.float32))
        rounding = {index: (wide[index] - narrow[index]).square().mean().sqrt() for index in wide}

        def flip(index, x):
            near = wide[index].abs() < KINK_REACH * rounding[index]
            return x * ((wide[index] > 0) ^ near)

        flipped = self.training_step(batch, side, step, torch.float64, flip)[2]
        return flipped, min((wide[index].abs().min() / rounding[index]).item() for index in wide)

    def survey(self, batch, side, count):
        least = math.inf
        for step in range(count):
            gradients = self.training_step(batch, side, step, torch.float64)[2]
            flipped, margin = self.kinks(batch, side, step)
            largest = max(gradient_distance(name, flipped, gradients) for name in gradients)
            if largest <= least:
                least = largest
                print(f"step {step}: kinks move a gradient by at most {largest:.2e}; margin {margin:.2f}", flush=True)

    def trajectory(self, dtype):
        """Ten steps of SGD with PyTorch's momentum and the decoupled weight decay of Loshchilov and Hutter."""
        settings = self.trajectory_settings
        network = self.make_network(dtype).train()
        decayed = {name for name, p in network.named_parameters() if name.endswith("weight") and p.dim() > 1}
        buffers = {name: torch.zeros_like(p) for name, p in network.named_parameters()}
        losses = []
        for step in range(settings["steps"]):
            schedule = 0.5 * (1 + math.cos(math.pi * step / settings["steps"]))
            rate = settings["learningRate"] * schedule
            network.zero_grad()
            images, targets = self.batch_of(step, settings["batch"], settings["side"], dtype)
            loss = soft_cross_entropy(network(images), targets)
            loss.backward()
            losses.append(loss.item())
            with torch.no_grad():
                for name, p in network.named_parameters():
                    buffers[name].mul_(settings["momentum"]).add_(p.grad)
                    decay = schedule * settings["weightDecay"] if name in decayed else 0
                    p.sub_(decay * p + rate * buffers[name])
        tensors = dict(network.named_parameters())
        return losses, {name: tensors[name].detach().numpy().astype(np.float64) for name in self.final_tensors}

    def evaluation_record(self, batch, side):
        features, logits = self.evaluate(batch, side, torch.float64)
        features32, logits32 = self.evaluate(batch, side, torch.float32)
        distance = {"features": relative(features32, features), "logits": relative(logits32, logits)}
        print(f"evaluation, batch {batch} at {side} px: relative distance of float32 from float64: "
              f"features {distance['features']:.2e}, logits {distance['logits']:.2e}")
        return {
            "batch": batch, "side": side, "logits": rounded(logits), "features": rounded(features),
            "float32Distance": rounded_values(distance),
        }

    def step_record(self, batch, side, step, names, norm_names, tensors):
        loss, logits, gradients, statistics = self.training_step(batch, side, step, torch.float64)
        loss32, logits32, gradients32, statistics32 = self.training_step(batch, side, step, torch.float32)
        flipped, margin = self.kinks(batch, side, step)
        assert list(gradients) == names
        prefix = f"batch{batch}-side{side}."
        gradient_list = [gradients[name] for name in names]
        scales = np.array([gradient_scale(name, gradients) for name in names])
        tensors[prefix + "gradientNorms"] = scales
        tensors[prefix + "gradientSketches"] = np.array([generator.sketch(name, gradients[name]) for name in names])
        tensors[prefix + "gradientHeads"] = heads(gradient_list)
        tensors[prefix + "gradientKinks"] = np.array([
            gradient_distance(name, flipped, gradients) for name in names])
        for kind, label in (("running_mean", "runningMean"), ("running_var", "runningVar")):
            arrays = [statistics[f"{name}.{kind}"] for name in norm_names]
            tensors[prefix + label + "Norms"] = norms(arrays)
            tensors[prefix + label + "Heads"] = heads(arrays)

        gradient_distances = np.array([gradient_distance(name, gradients32, gradients) for name in names])
        sketched = np.sqrt(np.mean([
            (generator.sketch(name, gradients32[name] - gradients[name]) / scale) ** 2
            for name, scale in zip(names, scales)], axis=1))
        distance = {
            "loss": abs(loss32 - loss) / loss,
            "logits": relative(logits32, logits),
            "gradientLargest": gradient_distances.max(),
            "gradientMedian": np.median(gradient_distances),
            "gradientLargestBySketch": sketched.max(),
            "statisticsLargest": max(relative(statistics32[name], statistics[name]) for name in statistics),
        }
        print(f"training step, batch {batch} at {side} px: loss {loss:.9f}; relative distance of float32 from float64:")
        for name, value in distance.items():
            print(f"    {name} {value:.2e}")
        kink_distances = tensors[prefix + "gradientKinks"]
        print(f"    kinks move a gradient by at most {kink_distances.max():.2e}, median {np.median(kink_distances):.2e}; "
              f"smallest ReLU input is {margin:.2f} roundings from zero")
        print(f"    largest distance beyond the kinks: {(gradient_distances - kink_distances).max():.2e}")
        print(f"    gradient with the largest distance: {names[int(gradient_distances.argmax())]}; "
              f"smallest gradient norm {tensors[prefix + 'gradientNorms'].min():.2e}")
        return {
            "batch": batch, "side": side, "step": step, "tensors": prefix, "loss": loss, "logits": rounded(logits),
            "float32Distance": rounded_values(distance), "leastReluInputInRoundings": float(f"{margin:.6g}"),
            "float32FurthestGradient": names[int(gradient_distances.argmax())],
        }

    def trajectory_record(self):
        losses, finals = self.trajectory(torch.float64)
        losses32, finals32 = self.trajectory(torch.float32)
        print("ten steps of SGD: loss in float64, in float32, relative distance")
        for step, (wide, narrow) in enumerate(zip(losses, losses32)):
            print(f"    {step} {wide:.9f} {narrow:.9f} {abs(narrow - wide) / wide:.2e}")
        final = {name: float(np.linalg.norm(finals[name])) for name in self.final_tensors}
        for name in self.final_tensors:
            print(f"    {name}: norm {final[name]:.9f}, float32 off by {relative(finals32[name], finals[name]):.2e}")
        return dict(
            self.trajectory_settings, losses=losses, float32Losses=losses32, finalNorms=final,
            float32FinalNorms={name: float(np.linalg.norm(finals32[name])) for name in self.final_tensors},
            float32FinalDistance=rounded_values(
                {name: relative(finals32[name], finals[name]) for name in self.final_tensors}))

    def generator_record(self):
        arrays = [(name, generator.parameter(name, shape)) for name, shape in self.generator_samples]
        arrays.append(("images/0", generator.images(0, 2, 32)))
        arrays.append(("targets/0", generator.targets(0, 2, self.classes)))
        return [
            {
                "name": name, "shape": list(array.shape),
                "first": [float(value) for value in array.reshape(-1)[:4]],
                "sum": float(array.astype(np.float64).sum()),
                "sketch": rounded(generator.sketch(name, array, count=2)),
            }
            for name, array in arrays
        ]

    def write(self, folder, script):
        network = self.make_network(torch.float32)
        names = [name for name, _ in network.named_parameters()]
        norm_names = [name for name, module in network.named_modules() if isinstance(module, torch.nn.BatchNorm2d)]
        shapes = {name: list(p.shape) for name, p in network.named_parameters()}
        tensors = {}
        record = {
            "made": script,
            "torch": torch.__version__.split("+")[0],
            "classes": self.classes,
            "parameterNames": names,
            "parameterCounts": [math.prod(shapes[name]) for name in names],
            "normNames": norm_names,
            "generator": self.generator_record(),
            "normBiasOffset": float(generator.NORM_BIAS_OFFSET),
            "evaluations": [self.evaluation_record(batch, side) for batch, side in self.evaluations],
            "trainingSteps": [self.step_record(*case, names, norm_names, tensors) for case in self.training_steps],
            "trajectory": self.trajectory_record() if self.trajectory_settings else None,
        }
        (folder / f"{self.name}.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
        write_safetensors(folder / f"{self.name}-steps.safetensors", tensors, {"made": script})

    def main(self):
        here = pathlib.Path(__file__).resolve()
        torch.set_num_threads(1)
        if sys.argv[1:2] == ["--survey"]:
            return self.survey(*map(int, sys.argv[2:5]))
        folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parents[2] / "Tests/BackbonesTests/Fixtures"
        self.write(folder, f"Tools/reference/{pathlib.Path(sys.argv[0]).name}")
