"""The loss: how wrong, in one number

The gate says a = σ(z), its probability that the lamp is on. Then Alex looks at the lamp,
and y is 1 or 0. How bad was the answer? *Cross-entropy* asks what probability the gate
gave to what really happened, and takes minus its logarithm:

    L = −[y log a + (1 − y) log(1 − a)]

Only one of the two terms counts, since y or 1 − y is 0. An answer of 0.5 costs
log 2 = 0.693, whatever happens. To be sure and right costs next to nothing, to be sure
and wrong a lot.

There is a catch. At z = 40 the gate is so sure that `a` is rounded to exactly 1, and the
logarithm of 1 − a is then that of 0. So do not compute `a` at all: put a = 1 / (1 + e⁻ᶻ)
into L on paper and simplify. Write down what you find in `on_paper()`:

    "cost"   what a = 0.8 costs where the lamp is
             off, with two digits after the point
    "on"     what is left of L where y is 1
    "off"    what is left of L where y is 0
             A  log(1 + eᶻ)     B  log(1 + e⁻ᶻ)
             C  log(1 − eᶻ)

The two differ by something simple. So one line does for both, with y in it.
That leaves one trap: for z = 1,000, eᶻ is more than a float can hold.

Then write `binary_cross_entropy(z, y)`, the loss of each answer. `z` and `y` are `(rows,)`,
the logits and the labels, and so is what you return.

Alex's first gate says z = 0.605 to the row (1,1), whose lamp is off; 0 would cost less:

    >>> z, y = np.array([0.605, 0.0]), np.array([0.0, 0.0])
    >>> binary_cross_entropy(z, y).round(6)
    array([1.040719, 0.693147])

A gate that is very sure is right in the first row, and wrong in the second:

    >>> z, y = np.array([1000.0, 1000.0]), np.array([1, 0])
    >>> binary_cross_entropy(z, y)
    array([   0., 1000.])
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def on_paper() -> dict[str, float | str]:
    """Your answers: "cost" is a number, "on" and "off" are letters."""
    # TODO: return {"cost": …, "on": "…", "off": "…"}
    # --- gap
    return {"cost": 1.61, "on": "B", "off": "A"}
    # --- end of gap


def binary_cross_entropy(z: Array, y: Array) -> Array:
    """The loss of each answer σ(z) where y is right: (rows,)."""
    # TODO: from z itself, so that no z is too large or too small.
    # --- gap
    return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the labels are turned round",
        "y * z",
        "(1 - y) * z",
        "The labels are the wrong way round: y belongs to log a, and 1 − y to log(1 − a).",
    ),
    Mistake("the cost of the other label", '"cost": 1.61', '"cost": 0.22'),
    Mistake("a sign", "- y * z", "+ y * z", "The term y z is taken away, not added."),
    Mistake(
        "e is raised to a large number",
        "np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        "np.log(1 + np.exp(z)) - y * z",
        "e¹⁰⁰⁰ is more than a float can hold: take the large part out of the logarithm first.",
    ),
    Mistake(
        "the logarithm of a rounded 0",
        "np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        "-(y * np.log(1 / (1 + np.exp(-z))) + (1 - y) * np.log(1 - 1 / (1 + np.exp(-z))))",
        "At z = 40, a is rounded to exactly 1, and the logarithm is that of 0. Do not compute a at all.",
    ),
    Mistake(
        "the sign in the power",
        "np.exp(-np.abs(z))",
        "np.exp(np.abs(z))",
        "The power of e should be −|z|; here it seems to be +|z|.",
    ),
    Mistake(
        "|z| in place of max(z, 0)",
        "np.maximum(z, 0)",
        "np.abs(z)",
        "It is max(z, 0), which is 0 for a negative z, and not |z|.",
    ),
    Mistake(
        "a logarithm to base 2",
        "np.log1p(np.exp(-np.abs(z)))",
        "np.log2(1 + np.exp(-np.abs(z)))",
        "The logarithm is the natural one, `np.log` or `np.log1p`.",
    ),
    Mistake(
        "the mean of all rows",
        "np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        "np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))",
        "That is one number for all rows. Return the loss of each.",
    ),
    Mistake(
        "minus the loss",
        "np.maximum(z, 0) - y * z + np",
        "y * z - np.maximum(z, 0) - np",
        "The sign is wrong: the logarithm of a probability is below 0, so minus it is above.",
    ),
)


QUESTIONS: dict[str, Number | Choice] = {
    "cost": Number(
        math.log(5), "The lamp is off, so what happened had the probability 1 − a: take −log of it."
    ),
    "on": Choice(
        "B",
        {
            "A": "For a large z the gate is right, so little may be left: try z = 5.",
            "C": "Where y is 1, L is −log a, and a is 1 / (1 + e⁻ᶻ): −log of 1 / s is log s.",
        },
    ),
    "off": Choice(
        "A",
        {
            "B": "For a large z the gate is wrong, so much has to be left: try z = 5.",
            "C": "1 − a is 1 / (1 + eᶻ): multiply above and below by eᶻ. Then −log of it.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(3)
    for rows in (5, 1):
        z, y = rng.normal(size=rows, scale=2).round(2), rng.integers(0, 2, size=rows).astype(float)
        expect_same(
            code("binary_cross_entropy", z, y), _slow_loss(z, y), "binary_cross_entropy(z, y)", z=z, y=y
        )
    for sure in (40.0, 1000.0, -1000.0):
        z, y = np.array([sure, sure]), np.array([1.0, 0.0])
        expect_same(
            code("binary_cross_entropy", z, y), _slow_loss(z, y), "binary_cross_entropy(z, y)", z=z, y=y
        )


def _slow_loss(z: Array, y: Array) -> Array:
    """The first equation as it stands, with as many digits as it takes."""
    from decimal import Decimal, localcontext

    losses = []
    with localcontext() as context:
        for logit, label in zip(z.tolist(), y.tolist(), strict=True):
            context.prec = 50 + int(abs(logit) / 2)
            a = 1 / (1 + (-Decimal(logit)).exp())
            losses.append(float(-a.ln() if label else -(1 - a).ln()))
    return np.array(losses)
