"""Writes Tests/NeuralNetworkTests/Fixtures/classwise-risk.json: class-wise positive-unlabelled risks and their gradients.

Implements the risk of Xie et al., "Learning from ambiguous data with hard labels" (arXiv 2501.01844), from the formulas in
the paper, in PyTorch with autograd, in double precision. "step" is a step of a dense layer: features, weights and bias,
and the gradients of all three.

    python classwise_risk_fixtures.py
"""

import json
import math
import pathlib

import torch

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests/NeuralNetworkTests/Fixtures/classwise-risk.json"
torch.set_default_dtype(torch.float64)


def cost(scores, weight):
    probability = torch.sigmoid(scores).clamp(1e-7, 1 - 1e-7)
    mixture = weight + (1 - weight) * probability
    return -weight * torch.log(mixture) + (1 - weight) * probability * torch.log(probability / mixture)


def mean(values):
    return values.mean() if len(values) else torch.zeros(())


def risk(logits, labels, weight, priors=(0.1, 0.6), tolerance=0.0, reversal=1.0):
    parts = []
    for k in range(logits.shape[1]):
        scores, positive = logits[:, k], labels == k
        certain = priors[0] * mean(cost(scores[positive], weight))
        others = mean(cost(-scores[~positive], weight)) - priors[1] * mean(cost(-scores[positive], weight))
        parts.append(certain + (-reversal * others if others.item() < -tolerance else others))
    kept = min(max(1 - weight, 1e-5), 1 - 1e-5)
    return -1 / (kept * math.log(kept)) * torch.stack(parts).mean()


def case(logits, labels, **options):
    logits = logits.clone().requires_grad_()
    labels = torch.tensor(labels)
    value = risk(logits, labels, **options)
    value.backward()
    return {
        "classes": logits.shape[1],
        "logits": logits.detach().flatten().tolist(),
        "labels": labels.tolist(),
        "value": value.item(),
        "gradient": logits.grad.flatten().tolist(),
        **options,
    }


def step(generator):
    # Exact in single precision.
    def numbers(*shape):
        return (torch.randn(*shape, generator=generator) * 256).round() / 256

    features, weight, bias = numbers(6, 5), numbers(4, 5).requires_grad_(), numbers(4).requires_grad_()
    features.requires_grad_()
    labels = torch.tensor([0, 2, 2, 3, 0, 1])
    value = risk(features @ weight.T + bias, labels, 0.25)
    value.backward()
    return {
        "features": features.flatten().tolist(),
        "weights": weight.flatten().tolist(),
        "bias": bias.tolist(),
        "labels": labels.tolist(),
        "divergenceWeight": 0.25,
        "value": value.item(),
        "featureGradient": features.grad.flatten().tolist(),
        "weightGradient": weight.grad.flatten().tolist(),
        "biasGradient": bias.grad.tolist(),
    }


def main():
    generator = torch.Generator().manual_seed(5)
    mixed = 2 * torch.randn(12, 4, generator=generator)
    labels = [0, 1, 2, 3, 0, 1, 2, 3, 0, 0, 1, 2]
    small = torch.randn(5, 3, generator=generator)
    extreme = torch.tensor([[80.0, -80, 0], [-80, 80, 16], [-16.2, 3, 80], [80, 80, -80], [-80, -80, 15]])
    # Every image scores high in its own class and low in all others, so the risk estimate falls below zero.
    sure = torch.full((6, 3), -4.0) + 0.1 * torch.randn(6, 3, generator=generator)
    for row, label in enumerate([0, 1, 2, 0, 1, 2]):
        sure[row, label] += 9
    cases = {
        "mixed": case(mixed, labels, weight=0.2),
        "small lambda": case(mixed, labels, weight=1e-3),
        "half": case(mixed, labels, weight=0.5, priors=(0.4, 0.3)),
        "a class without images": case(small, [0, 0, 2, 2, 0], weight=0.3),
        "one class alone": case(small, [1, 1, 1, 1, 1], weight=0.3),
        "logits of 80": case(extreme, [0, 1, 2, 1, 0], weight=0.1),
        "turned round": case(sure, [0, 1, 2, 0, 1, 2], weight=0.2, reversal=0.5),
        "within tolerance": case(sure, [0, 1, 2, 0, 1, 2], weight=0.2, tolerance=2.0, reversal=0.5),
    }
    FIXTURE.parent.mkdir(exist_ok=True)
    FIXTURE.write_text(json.dumps({"cases": cases, "step": step(generator)}))
    for name, found in cases.items():
        print(f"{name:24} {found['value']:.6f}")


if __name__ == "__main__":
    main()
