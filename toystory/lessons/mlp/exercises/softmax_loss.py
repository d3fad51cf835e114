"""More than two answers: softmax and its loss

One lamp is on or off. A letter is one of 26, a flower one of three species. So the last
layer gets a unit for every class, and its sums `z` become shares with softmax: none
below 0, all of them together 1.

    p = exp(z) / Σ exp(z)

The loss of a row is that of chapter 1: −ln of the share that the right class y got. Find
out the rest on paper. A row's shares are 0.2, 0.5 and 0.3, and the second class is right.
Write down in `on_paper()`:

    "loss"   the loss of this row
    "log"    put p into −ln p[y] and simplify
             A  z[y] − ln Σ exp(z)
             B  ln Σ exp(z) − z[y]
             C  ln Σ exp(z) / z[y]
    "slope"  the slope of ln Σ exp(z) for one of the
             z is that class's
             A  exp(z)    B  share p    C  1 / p
    "right"  so, how does the loss move with the
             logit of the right class?
    "wrong"  and with that of the third class?
    "safe"   exp(1000) is more than a float holds.
             With m for the largest z, ln Σ exp(z) is
             A  ln Σ exp(z − m)
             B  m + ln Σ exp(z − m)
             C  m · ln Σ exp(z − m)

To take the largest z of a row out of all its z leaves the shares as they are.

Now write three functions. `z` is `(rows, classes)`, `y` has whole numbers from 0, `(rows,)`.

- `softmax(z)`: the shares, `(rows, classes)`.
- `cross_entropy(z, y)`: the mean loss, a number. From the logits z, not from the shares.
- `gradient(z, y)`: how the mean loss changes with each logit, `(rows, classes)`.

For example:

    >>> z = np.array([[0.0, 0.0, 0.0], [1000.0, 999.0, 0.0]])
    >>> print(softmax(z).round(4))
    [[0.3333 0.3333 0.3333]
     [0.7311 0.2689 0.    ]]
    >>> print(round(cross_entropy(z, np.array([2, 1])), 4))
    1.2059
    >>> print(gradient(z, np.array([2, 1])).round(4))
    [[ 0.1667  0.1667 -0.3333]
     [ 0.3655 -0.3655  0.    ]]
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradient, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]
Classes = NDArray[np.int64]


def on_paper() -> dict[str, float | str]:
    """Your answers: "loss", "right" and "wrong" are numbers, "log", "slope" and "safe" are letters."""
    # TODO: return {"loss": …, "log": "…", "slope": "…", "right": …, "wrong": …, "safe": "…"}
    # --- gap
    return {"loss": 0.69, "log": "B", "slope": "B", "right": -0.5, "wrong": 0.3, "safe": "B"}
    # --- end of gap


def softmax(z: Array) -> Array:
    """The shares of each row of z (rows, classes)."""
    # TODO: the largest of each row out first.
    # --- gap
    e: Array = np.exp(z - z.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p
    # --- end of gap


def cross_entropy(z: Array, y: Classes) -> float:
    """The mean loss of the right classes y (rows,), from the logits z."""
    # TODO: m + ln Σ exp(z − m) − z[y], for each row; then the mean.
    # --- gap
    m = z.max(axis=1)
    log_sum = m + np.log(np.exp(z - m[:, None]).sum(axis=1))
    return float(np.mean(log_sum - z[np.arange(len(z)), y]))
    # --- end of gap


def gradient(z: Array, y: Classes) -> Array:
    """How the mean loss changes with each logit: (rows, classes)."""
    # TODO: the shares, minus 1 at the right class; the mean is over the rows.
    # --- gap
    dz = softmax(z)
    dz[np.arange(len(z)), y] -= 1
    return dz / len(z)
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 5
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the largest is not taken out",
        "np.exp(z - z.max(axis=1, keepdims=True))",
        "np.exp(z)",
        told="exp of a large number overflows: take the largest z of each row out of the row first.",
    ),
    Mistake(
        "the largest of another row is taken out",
        "z - z.max(axis=1, keepdims=True)",
        "z - z.max(axis=1)",
        told="z.max(axis=1) is (rows,), and beside z NumPy takes it for a number a column: keepdims=True.",
    ),
    Mistake(
        "shares down the columns",
        "e / e.sum(axis=1, keepdims=True)",
        "e / e.sum(axis=0, keepdims=True)",
        told="The shares of a row add up to 1: the sum runs along the classes, axis=1.",
    ),
    Mistake(
        "the largest is not put back",
        "m + np.log(",
        "np.log(",
        told="With the largest taken out of the sum, ln Σ exp(z) = m + ln Σ exp(z − m): m comes back.",
    ),
    Mistake(
        "the loss of the shares instead of the logits",
        "log_sum - z[np.arange(len(z)), y]",
        "-np.log(softmax(z)[np.arange(len(z)), y])",
        told="A share may be rounded to 0, and its logarithm is −∞: take the loss from the logits.",
    ),
    Mistake("a sum where the mean belongs", "float(np.mean(", "float(np.sum("),
    Mistake(
        "the gradient of the sum",
        "return dz / len(z)",
        "return dz",
        told="The loss is the mean over the rows, so its slopes are divided by the rows.",
    ),
    Mistake(
        "the sign is turned round",
        "-= 1",
        "+= 1",
        told="At the right class 1 goes off the share: more of it makes the loss smaller.",
    ),
    Mistake("the sign of the loss, on paper", '"log": "B"', '"log": "A"'),
)


def _trusted_softmax(row: list[float]) -> list[float]:
    most = max(row)
    e = [math.exp(value - most) for value in row]
    return [value / sum(e) for value in e]


def _trusted_loss(z: Array, y: Classes) -> float:
    total = 0.0
    for row, right in zip(z.tolist(), y.tolist(), strict=True):
        most = max(row)
        total += most + math.log(sum(math.exp(value - most) for value in row)) - row[right]
    return total / len(z)


def _loss_of(y: Classes, z: Array) -> float:
    return _trusted_loss(z, y)


QUESTIONS: dict[str, Number | Choice] = {
    "loss": Number(math.log(2), "The right class got 0.5."),
    "log": Choice(
        "B",
        {
            "A": "The sign: there is a minus before the logarithm.",
            "C": "The logarithm of a quotient is a difference.",
        },
    ),
    "slope": Choice(
        "B",
        {
            "A": "Outside stands a logarithm: it divides by Σ exp(z).",
            "C": "The logarithm divides by Σ exp(z), and the slope of exp(z) is exp(z).",
        },
    ),
    "right": Number(-0.5, "The first part gives its share, and −z[y] takes 1 off."),
    "wrong": Number(0.3, "z[y] is that of another class. What is left is the slope of the first part."),
    "safe": Choice(
        "B",
        {
            "A": "Try it with one class and z = 5: the left side is 5, and this is 0.",
            "C": "Try it with one class and z = 5: the left side is 5, and this is 0.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    cases = [rng.uniform(-3, 3, size=shape).round(2) for shape in ((1, 2), (1, 3), (2, 2), (4, 3), (5, 6))]
    cases.append(np.array([[1000.0, 999.0, 0.0], [-1000.0, -1001.0, -1000.0]]))
    right = [np.array([_trusted_softmax(row) for row in z.tolist()]) for z in cases]
    for z, p in zip(cases, right, strict=True):
        expect_same(code("softmax", z), p, "softmax(z)", z=z)
    for z in cases:
        y = rng.integers(0, z.shape[1], size=len(z))
        expect_same(code("cross_entropy", z, y), _trusted_loss(z, y), "cross_entropy(z, y)", z=z, y=y)
    unlikely = np.array([[1000.0, 0.0, 0.0], [0.0, 0.0, -1000.0]])
    y = np.array([1, 2])
    found = code("cross_entropy", unlikely, y)
    expect_same(found, _trusted_loss(unlikely, y), "cross_entropy(z, y)", z=unlikely, y=y)
    for z in cases[:-1]:
        y = rng.integers(0, z.shape[1], size=len(z))
        slopes = code("gradient", z, y)
        expect_gradient(slopes, partial(_loss_of, y), z, "gradient(z, y)", z=z, y=y)
    far, y = cases[-1], np.array([1, 0])
    dz = right[-1].copy()
    dz[np.arange(2), y] -= 1
    expect_same(code("gradient", far, y), dz / 2, "gradient(z, y)", z=far, y=y)
