"""Sigmoid: any number becomes a probability

Alex's gate adds up what its switches say, and the sum `z` may be any number: −3, 0.605,
750. But the lamp's question is *how sure are you that I am on?*, and that wants a number
between 0 and 1. The sigmoid makes it:

    σ(z) = 1 / (1 + e⁻ᶻ)

At z = 0 it says 0.5, "I don't know". The larger z, the nearer to 1; the smaller, the
nearer to 0.

Write `sigmoid(z)`. `z` is an array of any shape, and the answer has the same shape: a
probability for every entry.

Alex's first gate, asked the row (1,1), has z = 0.605. Note that σ(−z) is 1 − σ(z):

    >>> sigmoid(np.array([0.605, 0.0, -0.605])).round(6)
    array([0.646799, 0.5     , 0.353201])

However sure the gate is, it is a probability that comes out:

    >>> z = np.array([[-5.0, 5.0], [40.0, 750.0]])
    >>> sigmoid(z).round(6)
    array([[0.006693, 0.993307],
           [1.      , 1.      ]])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def sigmoid(z: Array) -> Array:
    """σ(z) for every entry; same shape as z."""
    # TODO: one line is enough.
    # --- gap
    return 1 / (1 + np.exp(-z))
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the sign of z is lost",
        "np.exp(-z)",
        "np.exp(z)",
        "The sign of z got lost: where the gate should be sure of 1, it is sure of 0.",
    ),
    Mistake(
        "the brackets are missing",
        "1 / (1 + np.exp(-z))",
        "1 / 1 + np.exp(-z)",
        "Brackets: `1 / 1 + …` is worked out as (1 / 1) + …",
    ),
    Mistake(
        "the form that overflows",
        "1 / (1 + np.exp(-z))",
        "np.exp(z) / (1 + np.exp(z))",
        "e⁷⁵⁰ is more than a float can hold, and infinity / infinity is not a number. In the form 1 "
        "/ (1 + e⁻ᶻ) a large z does no harm.",
    ),
    Mistake(
        "answers are rounded to 0 and 1",
        "1 / (1 + np.exp(-z))",
        "np.round(1 / (1 + np.exp(-z)))",
        "These are decisions, 0 or 1. The gate should say how sure it is.",
    ),
    Mistake(
        "all entries are added up first",
        "np.exp(-z)",
        "np.exp(-z.sum())",
        "It is one answer for the sum of all entries. Each entry has its own.",
    ),
    Mistake(
        "a power of 2 instead of e",
        "np.exp(-z)",
        "np.exp2(-z)",
        "The power is taken of 2, not of e: that is `np.exp`.",
    ),
    Mistake(
        "the exponential alone",
        "1 / (1 + np.exp(-z))",
        "1 / np.exp(-z)",
        "That is eᶻ alone, which may be any number above 0.",
    ),
)


def check(code: Code) -> None:
    rng = generator(0)
    for shape in ((4,), (2, 3), (1,)):
        z = rng.normal(size=shape, scale=2).round(2)
        expect_same(code("sigmoid", z), _slow_sigmoid(z), "sigmoid(z)", z=z)
    z = np.array([0.0, -700.0, 750.0])
    expect_same(code("sigmoid", z), np.array([0.5, 0.0, 1.0]), "sigmoid(z)", z=z)


def _slow_sigmoid(z: Array) -> Array:
    answers = [1 / (1 + float(np.e) ** -number) for number in z.flatten().tolist()]
    return np.array(answers).reshape(z.shape)
