"""Bug hunt: the network that was worse than its luck

Four rows, four hidden units: nearly every seed should end with an XOR gate, as the
lesson shows. Alex wrote his backward pass once more, tried ten seeds, and counted 4.
There was no error and no warning, and the loss went down in all ten runs. But six of
them ended without all four rows right.

"Bad luck," said Alex. "Six times?" said Sami.

One line is wrong. Find it and mend it. `loss(x, y, p)` is right, so you can ask it for
any slope: move one entry of one parameter a little up and a little down. And there is a
test here that is cheaper than any measurement: give it three rows instead of four, and
see what happens.

Shapes are those of the lesson: `x` `(rows, columns)`, `W1` `(columns, hidden)`, `b1` and
`w2` `(hidden,)`, `b2` `(1,)`. When the bug is gone,

    >>> sum(solved(seed) for seed in range(10))
    10
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def forward(x: Array, p: dict[str, Array]) -> tuple[Array, Array]:
    """What the hidden units say, (rows, hidden), and the logits, (rows,)."""
    h = np.tanh(x @ p["W1"] + p["b1"])
    return h, h @ p["w2"] + p["b2"]


def loss(x: Array, y: Array, p: dict[str, Array]) -> float:
    """The mean cross-entropy of the rows."""
    _, z = forward(x, p)
    return float(np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))


def backward(x: Array, y: Array, p: dict[str, Array]) -> dict[str, Array]:
    """How the loss changes with W1, b1, w2 and b2."""
    h, z = forward(x, p)
    a = 0.5 * np.tanh(0.5 * z) + 0.5
    dz = (a - y) / len(y)
    dw2 = dz @ h
    db2 = dz.sum(keepdims=True)
    dh = np.outer(dz, p["w2"])
    dz1 = dh * (1 - h**2)
    dW1 = x.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "w2": dw2, "b2": db2}


def train(x: Array, y: Array, p: dict[str, Array], learning_rate: float, updates: int) -> dict[str, Array]:
    """The parameters after so many updates."""
    for _ in range(updates):
        slopes = backward(x, y, p)
        p = {name: p[name] - learning_rate * slopes[name] for name in p}
    return p


def first_weights(columns: int, hidden: int, seed: int) -> dict[str, Array]:
    """Where a run starts: small random weights, and biases of zero."""
    rng = np.random.default_rng(seed)
    W1, w2 = 0.5 * rng.standard_normal((columns, hidden)), 0.5 * rng.standard_normal(hidden)
    return {"W1": W1, "b1": np.zeros(hidden), "w2": w2, "b2": np.zeros(1)}


def solved(seed: int) -> bool:
    """Whether a run with four hidden units ends with all four rows of XOR right."""
    x, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
    p = train(x, y, first_weights(2, 4, seed), 1.0, 500)
    _, z = forward(x, p)
    return bool(np.all((z > 0) == (y == 1)))


# --- the check: not part of the learner's file

ORDER = 7
KIND = "bug hunt"
AFTER = "backward"
BUG = Mistake("the blame is summed over the units, not over the rows", "dz1.sum(axis=0)", "dz1.sum(axis=1)")
MISTAKES = (
    Mistake(
        "no sum at all",
        "dz1.sum(axis=0)",
        "dz1",
        "It is a number for every row and unit still. The rows are to be added up.",
    ),
    Mistake("one sum for all units", "dz1.sum(axis=0)", "dz1.sum()"),
    Mistake(
        "the mean over the rows",
        "dz1.sum(axis=0)",
        "dz1.mean(axis=0)",
        "The division by the rows is in dz already.",
    ),
    Mistake(
        "the blame before the bend",
        "dz1.sum(axis=0)",
        "dh.sum(axis=0)",
        "That is the blame before the bend, dh. b1 belongs to z1.",
    ),
    Mistake("only the first row", "dz1.sum(axis=0)", "dz1[0]"),
    Mistake("biases that do not learn", "dz1.sum(axis=0)", "np.zeros(len(p['b1']))"),
    Mistake("a row of sums, (1, hidden)", "dz1.sum(axis=0)", "dz1.sum(axis=0, keepdims=True)"),
    Mistake("dz1 is turned on its side for all", "dh * (1 - h**2)", "(dh * (1 - h**2)).T"),
    Mistake(
        "mended, and the loss bent",
        "return float(np.mean(",
        "return float(np.sum(",
        "The loss was right as it was, a mean.",
    ),
    Mistake("four times as many updates instead", "for _ in range(updates)", "for _ in range(4 * updates)"),
)


def check(code: Code) -> None:
    rng = generator(19)
    for rows, columns, hidden in ((4, 2, 4), (3, 2, 4), (5, 3, 2), (1, 2, 3)):
        x, y = rng.integers(0, 2, size=(rows, columns)), rng.integers(0, 2, size=rows)
        x[0] = 1
        sizes = {"W1": (columns, hidden), "b1": (hidden,), "w2": (hidden,), "b2": (1,)}
        p = {name: rng.normal(size=size).round(2) for name, size in sizes.items()}
        given: dict[str, Value] = {"x": x, "y": y, **p}
        expect_same(code("loss", x, y, p), _slow_loss(x, y, p), "loss(x, y, p), which was right,", **given)
        _check_backward(code("backward", x, y, p), x, y, p)
        trained = _slow_train(x, y, p, 3)
        expect_same(code("train", x, y, p, 0.5, 3), trained, "train(x, y, p, 0.5, 3)", **given)


def _check_backward(found: Value, x: Value, y: Value, p: dict[str, Array]) -> None:
    expect_gradients(found, lambda moved: _slow_loss(x, y, moved), p, "backward(x, y, p)", x=x, y=y, **p)


def _slow_train(x: Value, y: Value, p: dict[str, Array], updates: int) -> dict[str, Array]:
    """At learning rate 0.5, row by row."""
    for _ in range(updates):
        slopes = {name: np.zeros_like(value) for name, value in p.items()}
        for row, label in zip(x, y, strict=True):
            h = np.tanh(row @ p["W1"] + p["b1"])
            dz = (1 / (1 + np.exp(-(h @ p["w2"] + p["b2"][0]))) - label) / len(x)
            dz1 = dz * p["w2"] * (1 - h**2)
            for name, slope in (("W1", np.outer(row, dz1)), ("b1", dz1), ("w2", dz * h), ("b2", dz)):
                slopes[name] += slope
        p = {name: p[name] - 0.5 * slopes[name] for name in p}
    return p


def _slow_loss(x: Value, y: Value, p: dict[str, Array]) -> float:
    total = 0.0
    for row, label in zip(x, y, strict=True):
        z = float(p["b2"][0])
        for unit in range(len(p["b1"])):
            z1 = float(p["b1"][unit]) + sum(float(row[k]) * float(p["W1"][k, unit]) for k in range(len(row)))
            z += float(p["w2"][unit]) * float(np.tanh(z1))
        total += float(np.logaddexp(0, z)) - float(label) * z
    return total / len(x)
