"""Bug hunt: the tower that learnt, but not down its slopes

This is the tower from Alex's notebook, nearly as he left it. It runs. Its loss goes
down. Alex wrote two sad faces below it and blamed the fifty switches.

Something in it is wrong all the same: what it calls gradients are not the slopes of its
loss. Looking long and hard is one way to find out where. Alex's way, since then, is to
**measure**: nudge a parameter a hair up and a hair down, divide the change of the loss
by the distance, and compare. `gradient_check` below does it, for every parameter. Run
this file (`python bug_hunt.py`), and it prints the table.

Which gradients agree, and which do not? The blame travels from the last layer to the
first: the mistake sits between the last gradient that is right and the first that is
wrong.

Mend it: one expression needs to change. Names and shapes are those of the lesson: `x`
is `(rows, columns)`, `y` is `(rows,)`, and a layer's `W` is `(units before, units)`.
When it is mended:

    >>> parameters, x, y = example()
    >>> differences = gradient_check(parameters, x, y)
    >>> all(value < 1e-6 for value in differences.values())
    True
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.mlp.trusted import (
    expect_tower_gradients,
    random_tower,
    trusted_forward,
    trusted_loss,
)

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def forward(parameters: Parameters, x: Array) -> dict[str, Array]:
    """All activations: a0 … an, (rows, units), and the answers a, (rows,)."""
    layers = len(parameters) // 2
    cache = {"a0": x}
    for l in range(1, layers + 1):
        z = cache[f"a{l - 1}"] @ parameters[f"W{l}"] + parameters[f"b{l}"]
        cache[f"a{l}"] = np.maximum(z, 0) if l < layers else 1 / (1 + np.exp(-z))
    cache["a"] = cache[f"a{layers}"][:, 0]
    return cache


def loss(parameters: Parameters, x: Array, y: Array) -> float:
    """The mean cross-entropy of the answers."""
    a = forward(parameters, x)["a"]
    return float(-np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)))


def backward(parameters: Parameters, cache: dict[str, Array], y: Array) -> Parameters:
    """The gradients of the loss, by the parameters' names."""
    layers = len(parameters) // 2
    gradients: Parameters = {}
    dz = ((cache["a"] - y) / len(y))[:, None]
    for l in range(layers, 0, -1):
        before = cache[f"a{l - 1}"]
        gradients[f"W{l}"] = before.T @ dz
        gradients[f"b{l}"] = dz.sum(axis=0)
        # What the ReLU below let pass on the way up passes on the way down.
        dz = (dz @ parameters[f"W{l}"].T) * np.where(before > 0, 1.0, 0.0)
    return gradients


def train(parameters: Parameters, x: Array, y: Array, updates: int, learning_rate: float) -> Parameters:
    """Full-batch gradient descent; returns new parameters."""
    for _ in range(updates):
        gradients = backward(parameters, forward(parameters, x), y)
        parameters = {name: value - learning_rate * gradients[name] for name, value in parameters.items()}
    return parameters


def gradient_check(parameters: Parameters, x: Array, y: Array) -> dict[str, float]:
    """For every parameter, how far `backward` is from the measured slopes, from 0, the same, to 1."""
    gradients = backward(parameters, forward(parameters, x), y)
    differences = {}
    for name, value in parameters.items():
        measured = np.zeros_like(value)
        for place in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[place] += 1e-6
            down[place] -= 1e-6
            rise = loss({**parameters, name: up}, x, y) - loss({**parameters, name: down}, x, y)
            measured[place] = rise / 2e-6
        sizes = np.linalg.norm(gradients[name]) + np.linalg.norm(measured)
        differences[name] = float(np.linalg.norm(gradients[name] - measured) / (sizes or 1))
    return differences


def example() -> tuple[Parameters, Array, Array]:
    """A tower 6-4-3-1 with weights that are not zero, 20 rows of bits, and their parity."""
    rng = np.random.default_rng(1)
    parameters: Parameters = {}
    for l, (before, units) in enumerate([(6, 4), (4, 3), (3, 1)], start=1):
        parameters[f"W{l}"] = rng.normal(size=(before, units))
        parameters[f"b{l}"] = rng.uniform(0, 1, size=units)
    x = rng.integers(0, 2, size=(20, 6)).astype(float)
    return parameters, x, x.sum(axis=1) % 2


if __name__ == "__main__":
    for name, difference in gradient_check(*example()).items():
        print(f"{name}: {difference:.1e}", "" if difference < 1e-6 else "  <- not the slope of the loss")
    parameters, x, y = example()
    print(f"loss: {loss(parameters, x, y):.4f}, after 300 updates", end=" ")
    print(f"{loss(train(parameters, x, y, updates=300, learning_rate=0.1), x, y):.4f}")


# --- the check: not part of the learner's file

ORDER = 7
KIND = "bug hunt"
AFTER = "backward"
BUG = Mistake(
    "the ReLU's height is taken for its slope",
    "np.where(before > 0, 1.0, 0.0)",
    "np.maximum(before, 0)",
)
OFF = "Now units that were off are blamed too. That was right before: what passes there is 0."
MISTAKES = (
    Mistake(
        "units that are off pass the blame on too",
        "before > 0",
        "before >= 0",
        told=OFF,
    ),
    Mistake(
        "the slope is left out",
        " * np.where(before > 0, 1.0, 0.0)",
        "",
        told=OFF,
    ),
    Mistake("the slope is made to depend on the blame", "before > 0", "dz > 0"),
    Mistake(
        "the mean is lost on the way",
        '(cache["a"] - y) / len(y)',
        '(cache["a"] - y)',
        told="The mean over the rows was right where it was: look on.",
    ),
    Mistake("the weights are not transposed", '[f"W{l}"].T)', '[f"W{l}"])'),
    Mistake(
        "the bend is undone in the forward pass instead",
        "np.maximum(z, 0) if",
        "np.where(z > 0, 1.0, 0.0) if",
        told="The forward pass is what the gradients are measured by; leave it as it is.",
    ),
    Mistake(
        "the loss is bent until it fits",
        "return float(-np.mean(",
        "return float(-np.sum(",
        told="The loss is what the gradients are measured by; leave it as it is.",
    ),
)


def check(code: Code) -> None:
    rng = generator(1)
    for rows, *sizes in ((3, 2, 1), (1, 2, 3, 1), (5, 3, 4, 1), (6, 4, 4, 3, 1)):
        parameters, x, y = random_tower(rng, sizes, rows)
        tower = f"in a tower of {'-'.join(map(str, sizes))}, rows: {rows}"
        cache, right = code("forward", parameters, x), trusted_forward(parameters, x)
        expect_same(cache, right, f"the forward pass was right before: {tower}, forward(…)", x=x)
        found = code("loss", parameters, x, y)
        expect_same(
            found, trusted_loss(parameters, x, y), f"the loss was right before: {tower}, loss(…)", x=x, y=y
        )
        gradients = code("backward", parameters, right, y)
        expect_tower_gradients(gradients, parameters, x, y, f"{tower}, backward(…)")
