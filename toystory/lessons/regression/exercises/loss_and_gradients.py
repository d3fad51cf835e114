"""All rows at once: the loss and its gradients

With one row Alex could write everything down. With a million he needs the same few
lines to do all rows together, and to come out at one loss: the **mean** over the rows.
So every row pulls with a `rows`-th of its strength, and the pulls are added up.

    z = x w + b
    a = σ(z)
    L = mean over rows of log(1 + eᶻ) − y z

The way back is that of one row, for many. Work it out for three rows first. Their errors
a − y are 0.5, −0.2 and 0.6, and in the first two a switch is up, in the third it is down.
Write down in `on_paper()`:

    "dw"       the gradient of that switch's weight,
               for the mean loss
    "db"       the gradient of the bias
    "product"  x is (rows, columns), dz is (rows,),
               divided by the rows already. Which
               adds up the pulls for each column?
               A  x @ dz     B  x.T @ dz
               C  x * dz     D  dz.sum() * x

Then write `loss_and_gradients(x, y, w, b)` without a loop over the rows.

- In: `x` is `(rows, columns)`, the bits; `y` is `(rows,)`, the labels; `w` is
  `(columns,)` and `b` is `(1,)`.
- Out: the loss, a number, and a dict `{"w": dw, "b": db}` with the shapes of `w` and
  `b`. `sigmoid` and `binary_cross_entropy`, the loss of each row, are there already.

All weights zero, the four rows of XOR: every answer is 0.5, the loss is ln 2, and the
pulls cancel.

    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> y = np.array([0, 1, 1, 0])
    >>> w, b = np.zeros(2), np.zeros(1)
    >>> loss, slopes = loss_and_gradients(x, y, w, b)
    >>> round(float(loss), 6)
    0.693147
    >>> print(slopes["w"], slopes["b"])
    [0. 0.] [0.]

At the weights that Alex's second gate had begun with, they do not, not yet:

    >>> w, b = np.array([0.04, 0.75]), np.array([0.0015])
    >>> loss, slopes = loss_and_gradients(x, y, w, b)
    >>> round(float(loss), 6)
    0.729536
    >>> print(slopes["w"].round(6), slopes["b"].round(6))
    [0.049632 0.091915] [0.094602]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients, expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def sigmoid(z: Array) -> Array:
    """σ(z) for every entry; same shape as z."""
    return 0.5 * np.tanh(0.5 * z) + 0.5


def binary_cross_entropy(z: Array, y: Array) -> Array:
    """The loss of each row, (rows,), from its logit z and its label y, both (rows,)."""
    return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))


def on_paper() -> dict[str, float | str]:
    """Your answers: "dw" and "db" are numbers, "product" is a letter."""
    # TODO: return {"dw": …, "db": …, "product": "…"}
    # --- gap
    return {"dw": 0.1, "db": 0.3, "product": "B"}
    # --- end of gap


def loss_and_gradients(x: Array, y: Array, w: Array, b: Array) -> tuple[float, dict[str, Array]]:
    """The mean loss of the rows x (rows, columns), and how it changes with w and b."""
    # TODO: forward, the loss, and backward.
    # --- gap
    z = x @ w + b
    a = sigmoid(z)
    loss = float(binary_cross_entropy(z, y).mean())
    dz = (a - y) / len(y)
    dw = x.T @ dz
    db = dz.sum(keepdims=True)
    return loss, {"w": dw, "b": db}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "heart"
MISTAKES = (
    Mistake("the mean is forgotten on paper", '"dw": 0.1', '"dw": 0.3'),
    Mistake(
        "the loss is a sum",
        "float(binary_cross_entropy(z, y).mean())",
        "float(binary_cross_entropy(z, y).sum())",
        "That is the sum of the rows' losses. The loss is their mean.",
    ),
    Mistake(
        "the loss of each row",
        "float(binary_cross_entropy(z, y).mean())",
        "binary_cross_entropy(z, y)",
        "That is the loss of each row. The loss is one number, their mean.",
    ),
    Mistake(
        "the loss is asked with a instead of z",
        "binary_cross_entropy(z, y)",
        "binary_cross_entropy(a, y)",
        "binary_cross_entropy is given a, and it takes the logit z.",
    ),
    Mistake(
        "the mean is missing in the gradients",
        "(a - y) / len(y)",
        "a - y",
        "There are as many rows as it is too large: the mean is missing in dz.",
    ),
    Mistake(
        "divided by the columns",
        "/ len(y)",
        "/ x.shape[1]",
        "The mean is over the rows. This divides by the number of columns.",
    ),
    Mistake("the error is turned round", "(a - y)", "(y - a)", "The error has the wrong sign: it is a − y."),
    Mistake(
        "divided by the rows twice",
        "dz.sum(keepdims=True)",
        "dz.mean(keepdims=True)",
        "db is divided by the rows twice: dz has the division already.",
    ),
    Mistake(
        "the weights' mean twice",
        "x.T @ dz",
        "x.T @ dz / len(y)",
        "dw is divided by the rows twice: dz has the division already.",
    ),
    Mistake(
        "b is a number", "dz.sum(keepdims=True)", "dz.sum()", "`sum(keepdims=True)` keeps the shape (1,)."
    ),
    Mistake(
        "a column of labels: (rows, 1) against (rows,)",
        "(a - y) / len(y)",
        "(a - y[:, None]) / len(y)",
        "Is a − y of shape (rows, rows)? That comes of labels (rows, 1) beside answers (rows,), and "
        "NumPy does not complain.",
    ),
    Mistake(
        "answers are rounded first",
        "(a - y)",
        "(np.round(a) - y)",
        "The answers are rounded to 0 or 1 before the error is taken. It is a − y, with a as it is.",
    ),
    Mistake("the bias is forgotten on the way forward", "x @ w + b", "x @ w", "z forgets the bias."),
    Mistake(
        "added up along the columns",
        "x.T @ dz",
        "(x * dz[:, None]).sum(axis=1)",
        "The sum goes along the columns, and a weight's gradient is a sum over the rows.",
    ),
)


QUESTIONS: dict[str, Number | Choice] = {
    "dw": Number(0.1, "Each row gives its bit times its error: 1, 1 and 0 times. Add up, divide by 3."),
    "db": Number(0.3, "The bias is there in every row: all three errors count. And divide by the rows."),
    "product": Choice(
        "B",
        {
            "A": "(rows, columns) @ (rows,) does not go together: look at the inner sizes.",
            "C": "That multiplies number by number. Something has to add up over the rows.",
            "D": "That is one sum for all columns, and each needs its own.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(1)
    for rows, columns in ((5, 3), (3, 3), (1, 2), (4, 1), (300, 50)):
        x = rng.integers(0, 2, size=(rows, columns))
        y = rng.integers(0, 2, size=rows)
        w, b = rng.normal(size=columns, scale=0.5).round(2), rng.normal(size=1).round(2)
        _check_rows(code("loss_and_gradients", x, y, w, b), x, y, w, b)


def _check_rows(found: Value, x: Value, y: Value, w: Array, b: Array) -> None:
    given: dict[str, Value] = {"x": x, "y": y, "w": w, "b": b}
    loss, slopes = expect_parts(found, 2, "loss_and_gradients(x, y, w, b)", **given)
    expect_same(loss, _slow_loss(x, y, w, b), "the loss", **given)
    expect_gradients(slopes, lambda p: _slow_loss(x, y, **p), {"w": w, "b": b}, "gradients", **given)


def _slow_loss(x: Value, y: Value, w: Array, b: Array) -> float:
    total = 0.0
    for row, label in zip(x, y, strict=True):
        z = float(b[0])
        for bit, weight in zip(row, w, strict=True):
            z += float(bit) * float(weight)
        total += float(np.logaddexp(0, z)) - float(label) * z
    return total / len(x)
