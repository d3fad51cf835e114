"""The gradient check: ask the loss itself

How does Alex know that his gradients are right? The loss sinks, but it would sink for a
gradient that is only roughly right too. So he asks the loss. A gradient is a slope:
move one number a little up and a little down, see how the loss changes, and divide by the
way from one to the other. Try it on paper, on a loss that is L = w², at w = 3, with a step
of 0.5. Write down in `on_paper()`:

    "up"      how far L rises on the step up, divided
              by the step
    "both"    how far it rises from a step down to a
              step up, divided by that way
    "better"  the slope of w² is 2w. Which is nearer?
              A  one step up    B  from down to up
    "losses"  how many losses does it take for 50
              weights and a bias?

These are *central differences*, and they need nothing but the forward pass. They are
much too slow to learn with, since every single weight asks for two losses of its own,
but as a judge they are hard to bribe.

Write `measured_gradient(x, y, w, b, step)`, which returns `{"w": …, "b": …}`, measured
so, in the shapes of `w`, which is `(columns,)`, and of `b`, which is `(1,)`. `loss(x, y,
w, b)` is there. Here a loop is right: one weight after another, all others where they
were. Leave `w` and `b` as they are when you are done.

The four rows of XOR, and the gate's first weights:

    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> y = np.array([0, 1, 1, 0])
    >>> w, b = np.array([0.04, 0.75]), np.array([0.0015])
    >>> slopes = measured_gradient(x, y, w, b, 1e-6)
    >>> print(slopes["w"].round(6), slopes["b"].round(6))
    [0.049632 0.091915] [0.094602]
    >>> print(w, b)
    [0.04 0.75] [0.0015]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def loss(x: Array, y: Array, w: Array, b: Array) -> float:
    """The mean cross-entropy of a logistic regression on the rows x (rows, columns)."""
    z = x @ w + b
    return float(np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))


def on_paper() -> dict[str, float | str]:
    """Your answers: "up", "both" and "losses" are numbers, "better" is a letter."""
    # TODO: return {"up": …, "both": …, "better": "…", "losses": …}
    # --- gap
    return {"up": 6.5, "both": 6.0, "better": "B", "losses": 102.0}
    # --- end of gap


def measured_gradient(x: Array, y: Array, w: Array, b: Array, step: float) -> dict[str, Array]:
    """The slopes of the loss for w (columns,) and b (1,), by central differences."""
    # TODO: each number up by a step, and down by a step, in an array of its own.
    # --- gap
    dw, db = np.zeros_like(w), np.zeros_like(b)
    for j in range(len(w)):
        up, down = w.copy(), w.copy()
        up[j] += step
        down[j] -= step
        dw[j] = (loss(x, y, up, b) - loss(x, y, down, b)) / (2 * step)
    db[0] = (loss(x, y, w, b + step) - loss(x, y, w, b - step)) / (2 * step)
    return {"w": dw, "b": db}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 3
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the step is not divided by",
        "dw[j] = (loss(x, y, up, b) - loss(x, y, down, b)) / (2 * step)",
        "dw[j] = loss(x, y, up, b) - loss(x, y, down, b)",
        "The difference is not divided by the way that was gone, 2 step.",
    ),
    Mistake(
        "the 2 is missing",
        "loss(x, y, down, b)) / (2 * step)",
        "loss(x, y, down, b)) / step",
        "It is twice what it should be: from down to up it is 2 step.",
    ),
    Mistake(
        "brackets: divided by 2, times the step",
        "loss(x, y, down, b)) / (2 * step)",
        "loss(x, y, down, b)) / 2 * step",
        "`/ 2 * step` divides by 2 and then multiplies by the step: write `/ (2 * step)`.",
    ),
    Mistake(
        "to one side only",
        "(loss(x, y, up, b) - loss(x, y, down, b)) / (2 * step)",
        "(loss(x, y, up, b) - loss(x, y, w, b)) / step",
        "It is measured to one side only: go up *and* down.",
    ),
    Mistake(
        "down minus up",
        "loss(x, y, up, b) - loss(x, y, down, b)",
        "loss(x, y, down, b) - loss(x, y, up, b)",
        "The sign is turned round: up minus down.",
    ),
    Mistake(
        "all weights are moved at once",
        "up[j] += step\n        down[j] -= step",
        "up += step\n        down -= step",
        "All weights are moved at once. Move only number j, and leave the others.",
    ),
    Mistake(
        "up and down are w itself",
        "up, down = w.copy(), w.copy()",
        "up, down = w, w",
        "`up = w` is only another name for w, so up and down are one array, and nothing changed: "
        "write `w.copy()`.",
    ),
    Mistake(
        "up is w itself",
        "up, down = w.copy(), w.copy()",
        "up, down = w, w.copy()",
        "The gate's own weights were moved, a little further with every j. `up = w` is only another "
        "name for w: write `w.copy()`.",
    ),
    Mistake(
        "only down is moved", "up[j] += step", "pass", "Only down is moved, and it is divided by 2 step."
    ),
    Mistake("the bias has no slope", "db[0] =", "_ =", "The slope of b was never filled in."),
    Mistake(
        "a step of its own",
        "(loss(x, y, w, b + step) - loss(x, y, w, b - step)) / (2 * step)",
        "(loss(x, y, w, b + 1e-6) - loss(x, y, w, b - 1e-6)) / 2e-6",
        "Go by the step that you are given, not by one of your own.",
    ),
    Mistake("one side, on paper", '"better": "B"', '"better": "A"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "up": Number(6.5, "3.5² − 3², divided by 0.5."),
    "both": Number(6.0, "3.5² − 2.5², divided by the whole way, which is 1."),
    "better": Choice("B", {"A": "At w = 3 the slope is 6."}),
    "losses": Number(102.0, "Each of the 51 numbers is moved up, and is moved down."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(1)
    for rows, columns in ((5, 3), (1, 2), (4, 1), (20, 6)):
        x, y = rng.integers(0, 2, size=(rows, columns)), rng.integers(0, 2, size=rows)
        x[0] = 1
        w, b = rng.normal(size=columns).round(2), rng.normal(size=1).round(2)
        for step in (0.5, 1e-6):  # a large step shows mistakes that hide behind a small one
            _check_slopes(code("measured_gradient", x, y, w, b, step), x, y, w, b, step)


def _check_slopes(found: Value, x: Value, y: Value, w: Array, b: Array, step: float) -> None:
    up, down = _losses(x, y, w, b, step), _losses(x, y, w, b, -step)
    right = {name: (up[name] - down[name]) / (2 * step) for name in ("w", "b")}
    called = "measured_gradient(x, y, w, b, step)"
    expect_same(found, right, called, x=x, y=y, w=w, b=b, step=step)


def _losses(x: Value, y: Value, w: Array, b: Array, step: float) -> dict[str, Array]:
    """The loss with each number moved alone."""
    moved = [[w[k] + step * (k == j) for k in range(len(w))] for j in range(len(w))]
    of_w = [_slow_loss(x, y, np.array(weights), b) for weights in moved]
    return {"w": np.array(of_w), "b": np.array([_slow_loss(x, y, w, b + step)])}


def _slow_loss(x: Value, y: Value, w: Array, b: Array) -> float:
    total = 0.0
    for row, label in zip(x, y, strict=True):
        z = float(b[0]) + sum(float(bit) * float(weight) for bit, weight in zip(row, w, strict=True))
        total += float(np.logaddexp(0, z)) - float(label) * z
    return total / len(x)
