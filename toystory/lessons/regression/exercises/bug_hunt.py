"""Bug hunt: right with eight rows, wild with ten thousand

Alex wrote his loop for the load test and tried it first on something that a line can
do: OR of three switches, all eight rows. It learnt. After 1,000 updates at learning rate
0.07 the loss was 0.122942 and every row was right.

Then he put the same eight rows into the loop 1,250 times over, 10,000 rows in all. The
loss is a mean, so nothing should change, not by a digit. But the loss jumped about like
a loose wire, and after the same 1,000 updates it stood at 10.853768.

One line is wrong. Find it and mend it. With eight rows, too, the gradient is not what it
should be; it happens to do no harm there. Compare it with what the loss itself says:

    x, y = eight_rows()
    w, b = np.array([0.5, -1.0, 2.0]), np.array([0.25])
    print(loss_and_gradients(x, y, w, b)[1])
    step = 1e-6
    up, _ = loss_and_gradients(x, y, w, b + step)
    down, _ = loss_and_gradients(x, y, w, b - step)
    print((up - down) / (2 * step))

and the same for a weight. When the bug is gone, the two loads agree:

    >>> x, y = eight_rows()
    >>> w, b = train(x, y, 0.07, 1000)
    >>> print(round(loss_and_gradients(x, y, w, b)[0], 6))
    0.126221
    >>> x, y = np.tile(x, (1250, 1)), np.tile(y, 1250)
    >>> w, b = train(x, y, 0.07, 1000)
    >>> print(round(loss_and_gradients(x, y, w, b)[0], 6))
    0.126221
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients, expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def eight_rows() -> tuple[Array, Array]:
    """All rows of three bits, (8, 3), and their OR, (8,)."""
    x = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], dtype=float)
    return x, x.max(axis=1)


def loss_and_gradients(x: Array, y: Array, w: Array, b: Array) -> tuple[float, dict[str, Array]]:
    """The mean loss of the rows x (rows, columns), and how it changes with w (columns,) and b (1,)."""
    z = x @ w + b
    a = 0.5 * np.tanh(0.5 * z) + 0.5
    losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    error = a - y
    dz = error / len(y)
    dw = x.T @ dz
    db = dz.sum(keepdims=True)
    return float(losses.mean()), {"w": dw, "b": db}


def train(x: Array, y: Array, learning_rate: float, updates: int) -> tuple[Array, Array]:
    """w and b after so many updates from zero, each on all rows."""
    w, b = np.zeros(x.shape[1]), np.zeros(1)
    for _ in range(updates):
        _, slopes = loss_and_gradients(x, y, w, b)
        w = w - learning_rate * slopes["w"]
        b = b - learning_rate * slopes["b"]
    return w, b


# --- the check: not part of the learner's file

ORDER = 7
KIND = "bug hunt"
AFTER = "loss_and_gradients"
BUG = Mistake(
    "the mean is missing for the bias", "db = dz.sum(keepdims=True)", "db = error.sum(keepdims=True)"
)
MISTAKES = (
    Mistake(
        "now it is missing for the weights",
        "dw = x.T @ dz",
        "dw = x.T @ error",
        "The gradient of w was right as it was, made of dz, in which the mean is taken.",
    ),
    Mistake(
        "now it is missing for both",
        "dz = error / len(y)",
        "dz = error",
        "The gradient of w was right as it was, made of dz, in which the mean is taken.",
    ),
    Mistake(
        "divided twice",
        "db = dz.sum(keepdims=True)",
        "db = dz.mean(keepdims=True)",
        "dz has been divided by the number of rows already.",
    ),
    Mistake(
        "divided by 8, however many rows there are",
        "db = dz.sum(keepdims=True)",
        "db = error.sum(keepdims=True) / 8",
    ),
    Mistake(
        "divided by the columns", "db = dz.sum(keepdims=True)", "db = error.sum(keepdims=True) / x.shape[1]"
    ),
    Mistake("a number instead of (1,)", "db = dz.sum(keepdims=True)", "db = dz.sum()"),
    Mistake("the bias does not learn", "db = dz.sum(keepdims=True)", "db = np.zeros(1)"),
    Mistake(
        "the loss is a sum, so that the bias agrees",
        "float(losses.mean())",
        "float(losses.sum())",
        "The loss was right as it was, a mean. This is the sum of all rows.",
    ),
    Mistake(
        "the learning rate is divided instead",
        'b = b - learning_rate * slopes["b"]',
        'b = b - learning_rate / len(y) * slopes["b"]',
    ),
)


def check(code: Code) -> None:
    rng = generator(2)
    for rows, columns in ((6, 3), (8, 3), (1, 2), (40, 4)):
        x, y = rng.integers(0, 2, size=(rows, columns)), rng.integers(0, 2, size=rows)
        w, b = rng.normal(size=columns).round(2), rng.normal(size=1).round(2)
        _check_gradients(code("loss_and_gradients", x, y, w, b), x, y, w, b)
    x = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], dtype=float)
    y = x.max(axis=1)
    right = _slow_train(x, y, 0.07, 20)
    for times in (1, 50):
        load: dict[str, Value] = {"x": np.tile(x, (times, 1)), "y": np.tile(y, times)}
        expect_same(code("train", *load.values(), 0.07, 20), right, "train(x, y, 0.07, 20)", **load)


def _check_gradients(found: Value, x: Value, y: Value, w: Array, b: Array) -> None:
    given: dict[str, Value] = {"x": x, "y": y, "w": w, "b": b}
    loss, slopes = expect_parts(found, 2, "loss_and_gradients(x, y, w, b)", **given)
    expect_same(loss, _slow_loss(x, y, w, b), "the loss, which was right,", **given)
    parameters = {"w": w, "b": b}
    expect_gradients(slopes, lambda p: _slow_loss(x, y, **p), parameters, "gradients", **given)


def _slow_train(x: Value, y: Value, learning_rate: float, updates: int) -> tuple[Array, Array]:
    w, b = np.zeros(x.shape[1]), np.zeros(1)
    for _ in range(updates):
        error = [1 / (1 + np.exp(-(row @ w + b[0]))) - label for row, label in zip(x, y, strict=True)]
        slopes = [sum(e * row[j] for e, row in zip(error, x, strict=True)) / len(x) for j in range(len(w))]
        w, b = w - learning_rate * np.array(slopes), b - learning_rate * sum(error) / len(x)
    return w, b


def _slow_loss(x: Value, y: Value, w: Array, b: Array) -> float:
    total = 0.0
    for row, label in zip(x, y, strict=True):
        z = float(b[0]) + sum(float(bit) * float(weight) for bit, weight in zip(row, w, strict=True))
        total += float(np.logaddexp(0, z)) - float(label) * z
    return total / len(x)
