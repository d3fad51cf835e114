"""One update: the gate learns from a row

Alex showed his gate the row (1,1), lamp off. It answered 0.646799. Which way should its
weights move? The way that lowers the loss, so he needs the loss's slope for each of them.

Go back from the end on paper, one link of the chain at a time. Take the lamp on, y = 1, and
an answer of a = 0.25. Then L = −log a, and the slope of the sigmoid is a (1 − a). Write down
in `on_paper()`, numbers with two digits after the point:

    "dL/da"   how L moves with a: the slope of −log a
    "da/dz"   how a moves with z
    "dL/dz"   the two links together: their product
    "dz"      what is dL/dz for every a and y?
              A  a y       B  a − y
              C  y − a     D  (a − y) a (1 − a)
    "dw"      z = x₁ w₁ + x₂ w₂ + b: how does z
              move with w₁?   A  w₁    B  x₁    C  1

Then every number takes a small step *against* its slope, as long as the slope times the
learning rate.

Now write two functions for a gate and one row: `x` and `w` are `(columns,)`, `b` is `(1,)`,
the label `y` is a number, 0 or 1. So `z` and `a` come out as `(1,)`.

- `gradients(x, y, w, b)` returns `{"w": dw, "b": db}`, of the shapes of `w` and `b`.
- `update(x, y, w, b, learning_rate)` returns `{"w": …, "b": …}`, the new `w` and `b`.

Alex's update, which he worked by hand:

    >>> x, w = np.array([1.0, 1.0]), np.array([0.1, 0.5])
    >>> b = np.array([0.005])
    >>> sigmoid(x @ w + b).round(6)
    array([0.646799])
    >>> new = update(x, 0, w, b, 0.07)
    >>> print(new["w"].round(6), new["b"].round(6))
    [0.054724 0.454724] [-0.040276]
    >>> sigmoid(x @ new["w"] + new["b"]).round(6)
    array([0.615188])

And his second gate, on the row (1,0), lamp on. `train` only calls your `update` again
and again. The weight of the switch that is down does not move at all:

    >>> x, w = np.array([1.0, 0.0]), np.array([0.04, 0.75])
    >>> b = np.array([0.0015])
    >>> new = train(x, 1, w, b, 0.007, 3500)
    >>> print(new["w"].round(6), new["b"].round(6))
    [1.936512 0.75    ] [1.898012]
    >>> sigmoid(x @ new["w"] + new["b"]).round(6)
    array([0.978846])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def sigmoid(z: Array) -> Array:
    """σ(z) for every entry; same shape as z."""
    return 0.5 * np.tanh(0.5 * z) + 0.5


def on_paper() -> dict[str, float | str]:
    """Your answers: "dL/da", "da/dz" and "dL/dz" are numbers, "dz" and "dw" are letters."""
    # TODO: return {"dL/da": …, "da/dz": …, "dL/dz": …, "dz": "…", "dw": "…"}
    # --- gap
    return {"dL/da": -4.0, "da/dz": 0.19, "dL/dz": -0.75, "dz": "B", "dw": "B"}
    # --- end of gap


def gradients(x: Array, y: float, w: Array, b: Array) -> dict[str, Array]:
    """How the loss of one row changes with w (columns,) and b (1,)."""
    # TODO: forward to the answer a, and back to dz, dw and db.
    # --- gap
    a = sigmoid(x @ w + b)
    dz = a - y
    return {"w": x * dz, "b": dz}
    # --- end of gap


def update(x: Array, y: float, w: Array, b: Array, learning_rate: float) -> dict[str, Array]:
    """The new w (columns,) and b (1,) after one step downhill."""
    # TODO: ask for the gradients, and take the step.
    # --- gap
    slopes = gradients(x, y, w, b)
    return {"w": w - learning_rate * slopes["w"], "b": b - learning_rate * slopes["b"]}
    # --- end of gap


def train(x: Array, y: float, w: Array, b: Array, learning_rate: float, updates: int) -> dict[str, Array]:
    """w (columns,) and b (1,) after so many updates on the one row x."""
    new = {"w": w, "b": b}
    for _ in range(updates):
        new = update(x, y, new["w"], new["b"], learning_rate)
    return new


# --- the check: not part of the learner's file

ORDER = 3
KIND = "heart"
MISTAKES = (
    Mistake(
        "the error is turned round",
        "dz = a - y",
        "dz = y - a",
        "The sign is turned round: an answer that is too large has a positive error, a − y.",
    ),
    Mistake(
        "the gradient of the squared error",
        "dz = a - y",
        "dz = (a - y) * a * (1 - a)",
        "That is the gradient of the squared error ½ (a − y)². With cross-entropy the factor a (1 − "
        "a) cancels, and dz = a − y.",
    ),
    Mistake(
        "the error's size without its sign",
        "dz = a - y",
        "dz = np.abs(a - y)",
        "Where the answer is too small, the error a − y is below 0. It keeps its sign.",
    ),
    Mistake(
        "the weights multiply the error, not the bits",
        '"w": x * dz',
        '"w": w * dz',
        "A weight's share is its *bit* times the error, and this is the weight times the error.",
    ),
    Mistake(
        "a column's blame is summed away",
        '"w": x * dz',
        '"w": (x * dz).sum(keepdims=True)',
        "Each weight has a share of its own: x times dz, without a sum.",
    ),
    Mistake("b is a plain number", '"b": dz}', '"b": dz[0]}'),
    Mistake("the answer forgets the bias", "x @ w + b", "x @ w", "The answer forgets the bias: z = x w + b."),
    Mistake(
        "uphill",
        'w - learning_rate * slopes["w"]',
        'w + learning_rate * slopes["w"]',
        "The step of w goes uphill: the loss falls against the gradient.",
    ),
    Mistake(
        "the bias goes uphill",
        'b - learning_rate * slopes["b"]',
        'b + learning_rate * slopes["b"]',
        "The step of b goes uphill: the loss falls against the gradient.",
    ),
    Mistake(
        "the learning rate is left out",
        'w - learning_rate * slopes["w"]',
        'w - slopes["w"]',
        "The step of w is as long as its gradient: the learning rate is left out.",
    ),
    Mistake(
        "the step is returned, not the new weight",
        '"w": w - learning_rate',
        '"w": learning_rate',
        "That is the step of w alone. Return the new w.",
    ),
    Mistake("a sign on paper", '"dz": "B"', '"dz": "C"'),
    Mistake("b stays where it was", 'b - learning_rate * slopes["b"]', "b", "b did not move."),
)


QUESTIONS: dict[str, Number | Choice] = {
    "dL/da": Number(-4.0, "The slope of log a is 1 / a, and L is minus the logarithm."),
    "da/dz": Number(0.1875, "Put a = 0.25 into a (1 − a)."),
    "dL/dz": Number(-0.75, "One link after the other: multiply the two slopes that you have."),
    "dz": Choice(
        "B",
        {
            "A": "Put in a = 0.25 and y = 1: it has to give your dL/dz.",
            "C": "The sign: put in a = 0.25 and y = 1, and compare with your dL/dz.",
            "D": "That is the slope of a squared error. Here a (1 − a) stands once below and once above.",
        },
    ),
    "dw": Choice(
        "B",
        {
            "A": "Let w₁ grow by 1: by how much does x₁ w₁ grow? Not by w₁.",
            "C": "That is true of b. In the product x₁ w₁ the other factor counts.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for columns in (2, 5, 1):
        x = np.array([1.0, *rng.integers(0, 2, size=columns - 1)])
        w, b = rng.normal(size=columns).round(2), rng.normal(size=1).round(2)
        for y in (0, 1):
            _check_row(code, x, y, w, b)
    alex: dict[str, Value] = {
        "x": np.array([1.0, 0.0]),
        "y": 1,
        "w": np.array([0.04, 0.75]),
        "b": np.array([0.0015]),
    }
    right = {"w": np.array([1.936512, 0.75]), "b": np.array([1.898012])}
    expect_same(code("train", *alex.values(), 0.007, 3500), right, "train(x, y, w, b, 0.007, 3500)", **alex)


def _check_row(code: Code, x: Array, y: float, w: Array, b: Array) -> None:
    row: dict[str, Value] = {"x": x, "y": y, "w": w, "b": b}
    found = code("gradients", x, y, w, b)
    expect_gradients(found, lambda p: _slow_loss(x, y, **p), {"b": b, "w": w}, "gradients(x, y, w, b)", **row)
    error = 1 / (1 + np.exp(-(x @ w + b))) - y
    right = {"w": w - 0.1 * x * error, "b": b - 0.1 * error}
    expect_same(code("update", x, y, w, b, 0.1), right, "update(x, y, w, b, 0.1)", **row)


def _slow_loss(x: Array, y: float, w: Array, b: Array) -> float:
    z = float(b[0]) + sum(float(bit * weight) for bit, weight in zip(x, w, strict=True))
    return float(np.logaddexp(0, z)) - y * z
