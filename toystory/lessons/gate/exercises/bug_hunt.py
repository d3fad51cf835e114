"""Bug hunt: the gate that learnt a little less

Alex wrote his gate down a second time, from memory, and taught it the row (1,0) as
before: the same first weights, the same learning rate, the same 3,500 updates. Nothing
crashed. The loss sank with every update, the answer climbed, and he would have gone to
bed content, had he not kept his old figures. The old gate had ended at 0.978846. This
one ends at 0.875971.

One line is wrong. Find it and mend it.

Reading will do, but measuring is surer. A gradient is a slope, and a slope can be
measured: move one number a little up and a little down, see how the loss changes, and
divide. The loss knows nothing of the backward pass, so it cannot share its mistakes.
`measured(…)` does this for every weight and for the bias. Compare:

    x, w = np.array([1.0, 1.0]), np.array([0.1, 0.5])
    b = np.array([0.005])
    print(gradients(x, 0, w, b))
    print(measured(x, 0, w, b))

Shapes are as in *One update*: `x` and `w` are `(columns,)`, `b` is `(1,)`, and `y` is a
number. When the bug is gone, you see

    >>> x, w = np.array([1.0, 1.0]), np.array([0.1, 0.5])
    >>> b = np.array([0.005])
    >>> gradients(x, 0, w, b)["w"].round(6)
    array([0.646799, 0.646799])
    >>> measured(x, 0, w, b)["w"].round(6)
    array([0.646799, 0.646799])

and, of the second gate,

    >>> x, w = np.array([1.0, 0.0]), np.array([0.04, 0.75])
    >>> b = np.array([0.0015])
    >>> new = train(x, 1, w, b, 0.007, 3500)
    >>> answer(x, new["w"], new["b"]).round(6)
    array([0.978846])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def answer(x: Array, w: Array, b: Array) -> Array:
    """The probability that the lamp is on: a = σ(x w + b), (1,)."""
    return 0.5 * np.tanh(0.5 * (x @ w + b)) + 0.5


def loss(x: Array, y: float, w: Array, b: Array) -> float:
    """The cross-entropy of the answer: log(1 + eᶻ) − y z."""
    z = float((x @ w + b)[0])
    return float(np.logaddexp(0, z)) - y * z


def gradients(x: Array, y: float, w: Array, b: Array) -> dict[str, Array]:
    """How the loss changes with w (columns,) and b (1,)."""
    a = answer(x, w, b)
    dz = a - y
    return {"w": x * dz, "b": dz}


def train(x: Array, y: float, w: Array, b: Array, learning_rate: float, updates: int) -> dict[str, Array]:
    """w and b after so many updates on the one row x."""
    for _ in range(updates):
        slopes = gradients(x, y, w, b)
        w = w - learning_rate * slopes["w"]
        b = b - learning_rate * slopes["b"]
    return {"w": w, "b": b}


def measured(x: Array, y: float, w: Array, b: Array, step: float = 1e-6) -> dict[str, Array]:
    """The slopes of `loss` by central differences, [L(θ + step) − L(θ − step)] / (2 step)."""
    slopes = {"w": np.zeros_like(w), "b": np.zeros_like(b)}
    for j in range(len(w)):
        move = np.zeros_like(w)
        move[j] = step
        slopes["w"][j] = (loss(x, y, w + move, b) - loss(x, y, w - move, b)) / (2 * step)
    slopes["b"][0] = (loss(x, y, w, b + step) - loss(x, y, w, b - step)) / (2 * step)
    return slopes


# --- the check: not part of the learner's file

ORDER = 5
KIND = "bug hunt"
AFTER = "update"
BUG = Mistake("the slope of the sigmoid is counted twice", "dz = a - y", "dz = (a - y) * a * (1 - a)")
MISTAKES = (
    Mistake("only one factor is taken out", "dz = a - y", "dz = (a - y) * a"),
    Mistake("the other factor is taken out", "dz = a - y", "dz = (a - y) * (1 - a)"),
    Mistake("divided once more", "dz = a - y", "dz = (a - y) / (a * (1 - a))"),
    Mistake(
        "mended, and the sign turned", "dz = a - y", "dz = y - a", "The error a − y has its sign turned."
    ),
    Mistake(
        "four times as much, which is right only near 1/2", "dz = a - y", "dz = (a - y) * a * (1 - a) * 4"
    ),
    Mistake(
        "the loss is bent until it fits",
        "return float(np.logaddexp(0, z)) - y * z",
        "return 0.5 * (1 / (1 + np.exp(-z)) - y) ** 2",
    ),
    Mistake("a larger step, to catch up", "w = w - learning_rate", "w = w - 4 * learning_rate"),
)


def check(code: Code) -> None:
    rng = generator(0)
    for columns in (2, 5, 1):
        x = np.array([1.0, *rng.integers(0, 2, size=columns - 1)])
        w, b = rng.normal(size=columns, scale=2).round(2), rng.normal(size=1).round(2)
        for y in (0, 1):
            found = code("loss", x, y, w, b)
            right = _slow_loss(x, y, w, b)
            expect_same(found, right, "loss(x, y, w, b), which had no bug,", x=x, y=y, w=w, b=b)
            _check_gradients(code("gradients", x, y, w, b), x, y, w, b)
    x, w, b = np.array([1.0, 0.0]), np.array([0.04, 0.75]), np.array([0.0015])
    alex = {"w": np.array([1.936512, 0.75]), "b": np.array([1.898012])}
    found = code("train", x, 1, w, b, 0.007, 3500)
    expect_same(found, alex, "train(x, y, w, b, 0.007, 3500)", x=x, y=1, w=w, b=b)


def _check_gradients(found: Value, x: Array, y: float, w: Array, b: Array) -> None:
    row: dict[str, Value] = {"x": x, "y": y, "w": w, "b": b}
    parameters = {"w": w, "b": b}
    expect_gradients(found, lambda p: _slow_loss(x, y, **p), parameters, "gradients(x, y, w, b)", **row)


def _slow_loss(x: Array, y: float, w: Array, b: Array) -> float:
    z = float(b[0]) + sum(float(bit * weight) for bit, weight in zip(x, w, strict=True))
    return float(np.logaddexp(0, z)) - y * z
