"""A tower of layers, slow and obviously right: what the checks of the exercises trust."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def random_tower(rng: np.random.Generator, sizes: list[int], rows: int) -> tuple[Parameters, Array, Array]:
    """Parameters that are nowhere zero, rows of bits as −1 and +1, and labels.

    Args:
        rng: Where they come from.
        sizes: Of all layers, input and output too.
        rows: How many.
    """
    parameters = {}
    for l, (before, units) in enumerate(pairwise(sizes), start=1):
        parameters[f"W{l}"] = rng.normal(size=(before, units)).round(2)
        parameters[f"b{l}"] = rng.uniform(0.1, 1, size=units).round(2)
    x = rng.choice([-1.0, 1.0], size=(rows, sizes[0]))
    return parameters, x, rng.integers(0, 2, size=rows).astype(float)


def trusted_forward(parameters: Parameters, x: Array) -> Parameters:
    """The activations, one unit of one row at a time.

    Args:
        parameters: By name.
        x: (rows, columns).
    """
    layers = len(parameters) // 2
    cache = {"a0": x}
    for l in range(1, layers + 1):
        before, W, b = cache[f"a{l - 1}"], parameters[f"W{l}"], parameters[f"b{l}"]
        a = np.zeros((len(x), len(b)))
        for row, unit in np.ndindex(a.shape):
            z = sum(float(before[row, k]) * float(W[k, unit]) for k in range(len(W))) + float(b[unit])
            a[row, unit] = max(z, 0.0) if l < layers else 1 / (1 + math.exp(-z))
        cache[f"a{l}"] = a
    cache["a"] = cache[f"a{layers}"][:, 0]
    return cache


def trusted_loss(parameters: Parameters, x: Array, y: Array) -> float:
    """The mean cross-entropy.

    Args:
        parameters: By name.
        x: (rows, columns).
        y: Labels, (rows,).
    """
    a = trusted_forward(parameters, x)["a"]
    return sum(-math.log(p if label else 1 - p) for p, label in zip(a, y, strict=True)) / len(y)


def expect_tower_gradients(found: object, parameters: Parameters, x: Array, y: Array, what: str) -> None:
    """Expect the gradients of a tower, by finite differences of its loss, from the last layer down.

    Args:
        found: What the learner's function returned.
        parameters: By name.
        x: (rows, columns).
        y: Labels, (rows,).
        what: Its name in a sentence.
    """

    def loss(parameters: Parameters) -> float:
        return trusted_loss(parameters, x, y)

    downwards = {
        f"{kind}{l}": parameters[f"{kind}{l}"] for l in range(len(parameters) // 2, 0, -1) for kind in "Wb"
    }
    expect_gradients(found, loss, downwards, what, **parameters, x=x, y=y)
