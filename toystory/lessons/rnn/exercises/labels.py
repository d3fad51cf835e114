"""Where the labels stand: running parity, and the loss of what was asked

Sami's way asks the network at the end of each row, and rows end at different bits.
Another way asks after every bit: is the number of ones *so far* odd? Both are one
rule: **only answers with a label count.**

On paper: a row has four answers, and their losses are 1, 2, 3 and 5. Only the second and
the last have a label. The last label is 1, and there the network says a = 0.8. Write down
in `on_paper()`:

    "loss"  the loss of this row, a mean
    "dz"    how it moves with the last logit
    "none"  how it moves with the logit of an answer
            without a label
    "by"    what is the sum of all losses divided by?
            A  the rows        B  all answers
            C  the answers with a label

Then write three functions. Everything is `(steps, rows)`, time first.

- `running_parity(x)`: x holds bits, 0 and 1, as whole numbers. The answer at t is 1
  where the number of ones among the bits 0 … t of that row is odd, else 0; whole
  numbers too.
- `labelled_loss(z, y, counts)`: the mean cross-entropy of the answers where `counts` is
  True. z holds the logits. Elsewhere y means nothing, and z must have no say.
- `error(z, y, counts)`: dz, how that loss changes with every logit.

Take the loss from the logit, as you found it in chapter 1. `np.logaddexp(0, z)` is
log(1 + eᶻ) without overflow; z may be 1,000.

    >>> running_parity(np.array([[1, 0], [1, 1], [1, 0]]))
    array([[1, 0],
           [0, 1],
           [1, 1]])
    >>> z = np.array([[9.0, 0.0], [0.0, 9.0]])
    >>> y = np.array([[0.0, 1.0], [0.0, 1.0]])
    >>> counts = np.array([[False, True], [True, False]])
    >>> round(labelled_loss(z, y, counts), 6)  # ln 2
    0.693147
    >>> error(z, y, counts).tolist()
    [[0.0, -0.25], [0.25, 0.0]]
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


def on_paper() -> dict[str, float | str]:
    """Your answers: "loss", "dz" and "none" are numbers, "by" is a letter."""
    # TODO: return {"loss": …, "dz": …, "none": …, "by": "…"}
    # --- gap
    return {"loss": 3.5, "dz": -0.1, "none": 0.0, "by": "C"}
    # --- end of gap


def running_parity(x: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whether the number of ones so far is odd, at every step of every row: (steps, rows)."""
    # TODO: count, or flip; along time.
    # --- gap
    return np.cumsum(x, axis=0) % 2
    # --- end of gap


def labelled_loss(z: Array, y: Array, counts: NDArray[np.bool_]) -> float:
    """The mean cross-entropy of the labelled answers."""
    # TODO: the losses of all answers, then those that count, then their mean.
    # --- gap
    losses = np.logaddexp(0, z) - y * z
    return float(losses[counts].mean())
    # --- end of gap


def error(z: Array, y: Array, counts: NDArray[np.bool_]) -> Array:
    """How the labelled loss changes with every logit: (steps, rows)."""
    # TODO: the error of every answer; 0 where there is no label; and the mean.
    # --- gap
    a = 1 / (1 + np.exp(-z))
    dz: Array = np.where(counts, a - y, 0.0) / counts.sum()
    return dz
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "derivation"
MISTAKES = (
    Mistake(
        "counted along the rows, not along time",
        "np.cumsum(x, axis=0)",
        "np.cumsum(x, axis=1)",
        told="It looks as if you counted along the rows. Time is the first axis, axis 0.",
    ),
    Mistake(
        "counted over all rows and steps",
        "np.cumsum(x, axis=0)",
        "np.cumsum(x).reshape(x.shape)",
        told=(
            "It looks as if you counted over all rows at once; each row has a count of its own, along axis 0."
        ),
    ),
    Mistake(
        "one bit late: the new bit is not in the count",
        "np.cumsum(x, axis=0)",
        "(np.cumsum(x, axis=0) - x)",
        told="It looks one bit late: bit t itself counts for the answer at t.",
    ),
    Mistake(
        "the count itself",
        "np.cumsum(x, axis=0) % 2",
        "np.cumsum(x, axis=0)",
        told="That is the count; odd or even is the count modulo 2.",
    ),
    Mistake(
        "the parity of the whole row at every step",
        "np.cumsum(x, axis=0) % 2",
        "x * 0 + x.sum(axis=0) % 2",
        told="That is the parity of the whole row; at t only the bits 0 … t are known.",
    ),
    Mistake(
        "all answers count",
        "losses[counts].mean()",
        "losses.mean()",
        told="It looks as if answers without a label counted too.",
    ),
    Mistake(
        "the sum, divided by all answers",
        "losses[counts].mean()",
        "(losses * counts).mean()",
        told="It looks as if you divided by all answers: divide by those that have a label.",
    ),
    Mistake(
        "the sum instead of the mean",
        "losses[counts].mean()",
        "losses[counts].sum()",
        told="That is the sum; the loss is the mean over the labelled answers.",
    ),
    Mistake(
        "e to the z overflows",
        "np.logaddexp(0, z)",
        "np.log(1 + np.exp(z))",
        told="e to the 1,000 is more than a float can hold: np.logaddexp(0, z) gets around it.",
    ),
    Mistake(
        "answers without a label send an error",
        "np.where(counts, a - y, 0.0)",
        "(a - y)",
        told="An answer without a label sends no error: its dz is 0.",
    ),
    Mistake(
        "divided by the number of rows",
        "/ counts.sum()",
        "/ z.shape[1]",
        told=("It looks as if you divided by the number of rows; divide by the number of labelled answers."),
    ),
    Mistake(
        "divided by the labels of each row",
        "/ counts.sum()",
        "/ np.maximum(counts.sum(axis=0), 1)",
        told="It looks as if you divided by each row's own labels; divide by the number of all of them.",
    ),
    Mistake("the error has the wrong sign", "a - y", "y - a", told="It has the wrong sign: a − y."),
    Mistake("the mean, on paper", '"by": "C"', '"by": "B"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "loss": Number(3.5, "Two answers count, those with the losses 2 and 5."),
    "dz": Number(-0.1, "Its own loss moves by a − y. The mean of two moves half as much."),
    "none": Number(0.0, "Its loss is not part of the mean."),
    "by": Choice(
        "C",
        {
            "A": "A row may have one label or fifty. Each answer that was asked counts alike.",
            "B": "Then every answer without a label would make the loss smaller.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    shapes = ((1, 1), (5, 1), (4, 3), (3, 4), (4, 4))
    for shape in shapes:
        x = rng.integers(0, 2, size=shape)
        expect_same(code("running_parity", x), _slow_parity(x), "running_parity(x)", x=x)
    questions = [_questions(rng, shape) for shape in shapes]
    for z, y, counts in questions:
        expected = _slow_loss(z, y, counts)
        expect_same(
            code("labelled_loss", z, y, counts), expected, "labelled_loss(…)", z=z, y=y, counts=counts
        )
    z, y = np.array([[1000.0, -1000.0], [0.5, 1000.0]]), np.array([[0.0, 1.0], [1.0, 1.0]])
    counts = np.array([[True, True], [True, False]])
    expected = (1000.0 + 1000.0 + math.log1p(math.exp(-0.5))) / 3
    expect_same(code("labelled_loss", z, y, counts), expected, "labelled_loss(…)", z=z, y=y, counts=counts)
    for z, y, counts in questions:
        loss = partial(_slow_loss, y=y, counts=counts)
        expect_gradient(code("error", z, y, counts), loss, z, "error(…)", z=z, y=y, counts=counts)


def _questions(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Logits, labels, and which of them count: not all, but at least one. y is 7 where it means nothing."""
    counts = rng.random(shape) < 0.5
    counts[-1, 0] = True
    y = np.where(counts, rng.integers(0, 2, size=shape), 7).astype(float)
    return rng.normal(scale=2, size=shape).round(2), y, counts


def _slow_parity(x: NDArray[np.int64]) -> NDArray[np.int64]:
    odd = np.zeros_like(x)
    for row in range(x.shape[1]):
        ones = 0
        for t in range(len(x)):
            ones += int(x[t, row])
            odd[t, row] = ones % 2
    return odd


def _slow_loss(z: Array, y: Array, counts: NDArray[np.bool_]) -> float:
    losses = []
    for place in zip(*np.nonzero(counts), strict=True):
        a = 1 / (1 + math.exp(-z[place]))
        losses.append(-math.log(a if y[place] else 1 - a))
    return sum(losses) / len(losses)
