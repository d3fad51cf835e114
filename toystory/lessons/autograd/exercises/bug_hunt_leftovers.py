"""Bug hunt: the gate that could not stop

Alex trained a gate of Values on OR. The first update was right to the last digit. After
that it ran as if on wheels: past the place where the loss is small, back, and past it
again, and the bias wandered farther than anything.

"The first update is right," said Sami, "and the second is not. What is different about
the second?"

One line is wrong. Find it and mend it. The Values themselves are right, and so is the
loss.

    >>> [round(number, 6) for number in train(OR_ROWS, OR_LABELS, 3, 0.5)]
    [0.321352, 0.321352, 0.289044]
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.autograd.exercises.bug_hunt import Value

OR_ROWS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
OR_LABELS = [0.0, 1.0, 1.0, 1.0]


def loss_value(x: list[list[float]], y: list[float], w: list[Value], b: Value) -> Value:
    """The mean cross-entropy of the rows, as a Value."""
    total = Value(0.0)
    for row, label in zip(x, y, strict=True):
        z = b
        for bit, weight in zip(row, w, strict=True):
            z = z + weight * Value(bit)
        total = total + ((z * Value(1.0 - 2.0 * label)).exp() + Value(1.0)).log()
    return total * Value(1 / len(x))


def train(x: list[list[float]], y: list[float], updates: int, learning_rate: float) -> list[float]:
    """The weights, and the bias last, after so many updates of gradient descent from zero."""
    weights, bias = [Value(0.0) for _ in x[0]], Value(0.0)
    for _ in range(updates):
        for value in (*weights, bias):
            value.grad = 0.0
        loss_value(x, y, weights, bias).backward()
        for value in (*weights, bias):
            value.data -= learning_rate * value.grad
    return [value.data for value in (*weights, bias)]


# --- the check: not part of the learner's file

ORDER = 7
KIND = "bug hunt"
AFTER = "value"
BUG = Mistake(
    "what was left over is added to",
    "        for value in (*weights, bias):\n            value.grad = 0.0",
    "        for value in weights:\n            value.grad = 0.0",
)
MISTAKES = (
    Mistake(
        "only the bias is cleared",
        "        for value in (*weights, bias):\n            value.grad = 0.0",
        "        bias.grad = 0.0",
    ),
    Mistake("nothing is cleared", "            value.grad = 0.0", "            pass"),
    Mistake(
        "cleared after the way back",
        "        loss_value(x, y, weights, bias).backward()\n",
        "        loss_value(x, y, weights, bias).backward()\n        bias.grad = 0.0\n",
    ),
    Mistake(
        "the bias does not learn",
        "        for value in (*weights, bias):\n            value.data",
        "        for value in weights:\n            value.data",
    ),
    Mistake("uphill", "value.data -= learning_rate", "value.data += learning_rate"),
    Mistake("replaced, not added", "each.grad += slope", "each.grad = slope"),
    Mistake("a smaller rate for all", "learning_rate * value.grad", "0.5 * learning_rate * value.grad"),
)


def check(code: Code) -> None:
    rng = generator(31)
    x = np.array(OR_ROWS)
    for updates in (1, 2, 3, 6):
        _check_training(code, x, np.array(OR_LABELS), updates, 0.5)
    for columns in (1, 3):
        x = rng.integers(0, 2, size=(5, columns)).astype(float)
        x[0] = 1.0
        _check_training(code, x, rng.integers(0, 2, size=5).astype(float), 4, 0.25)


def _check_training(code: Code, x: np.ndarray, y: np.ndarray, updates: int, learning_rate: float) -> None:
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(updates):
        error = (1 / (1 + np.exp(-(x @ w + b))) - y) / len(y)
        w, b = w - learning_rate * (x.T @ error), b - learning_rate * float(error.sum())
    found = code("train", x.tolist(), y.tolist(), updates, learning_rate)
    right = [*w.tolist(), b]
    expect_same(found, right, f"train(x, y, {updates}, {learning_rate:g})", x=x, y=y)
