"""Early stopping: ask rows that are not learnt from

The gate is right on a few more of its own rows than of fresh ones: its weights fit the
chance in the rows, and the longer it trains, the better they fit it. Sami's advice:
lay some rows aside, the *validation* rows. Nothing is learnt from them. They are only
asked, before every update. As long as their loss falls, the gate learns something that
holds for other rows too. Where it has not fallen for a while, stop, and go back to the
weights with which it was lowest.

Write `train(x, y, x_aside, y_aside, w, b, learning_rate, updates, patience)` for a
logistic regression. `loss(x, y, w, b)` is there, and `step(x, y, w, b, learning_rate)`
makes one update, **in place**: afterwards `w` and `b` are the new weights.

- Before each update, and once more after the last one, ask for the loss on the rows laid
  aside. Keep the weights where it is lower than ever before, the first ones too.
- Stop when `patience` updates have been made since the best one, or when `updates` have
  been made in all.
- Return a dict: `"w"` and `"b"`, the best weights; `"best"`, after how many updates they
  were reached; `"made"`, how many updates were made.

In the rows learnt from both bits go together, in the rows laid aside they do not:

    >>> x, y = np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([1.0, 0.0])
    >>> x_aside, y_aside = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.0])
    >>> w, b = np.array([-0.5, -0.5]), np.array([0.0])
    >>> found = train(x, y, x_aside, y_aside, w, b, 0.5, 50, 3)
    >>> print(found["best"], found["made"], found["w"].round(4), found["b"].round(4))
    2 5 [-0.1572 -0.1572] [0.0892]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_keys, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def loss(x: Array, y: Array, w: Array, b: Array) -> float:
    """The mean cross-entropy of a logistic regression on the rows x (rows, columns)."""
    z = x @ w + b
    return float(np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))))


def step(x: Array, y: Array, w: Array, b: Array, learning_rate: float) -> None:
    """One update of gradient descent: w (columns,) and b (1,) are changed in place."""
    dz = (0.5 * (1 + np.tanh((x @ w + b) / 2)) - y) / len(y)
    w -= learning_rate * (x.T @ dz)
    b -= learning_rate * dz.sum()


def train(
    x: Array,
    y: Array,
    x_aside: Array,
    y_aside: Array,
    w: Array,
    b: Array,
    learning_rate: float,
    updates: int,
    patience: int,
) -> dict[str, Any]:
    """Learn from x and y until the rows laid aside say stop: w, b, best and made."""
    # TODO: in a loop over the updates: look, keep, stop or step.
    # --- gap
    lowest, best = float("inf"), 0
    kept = (w.copy(), b.copy())
    for made in range(updates + 1):
        now = loss(x_aside, y_aside, w, b)
        if now < lowest:
            lowest, best = now, made
            kept = (w.copy(), b.copy())
        if made - best >= patience or made == updates:
            break
        step(x, y, w, b, learning_rate)
    return {"w": kept[0], "b": kept[1], "best": best, "made": made}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 5
KIND = "extension"
LAST = (
    "Those are the last weights. Go back to those with the lowest loss on the rows laid aside; and keep a "
    "copy of them, for the next step changes w and b themselves."
)
MISTAKES = (
    Mistake(
        "the best weights are not copied",
        "            kept = (w.copy(), b.copy())",
        "            kept = (w, b)",
        told=LAST,
    ),
    Mistake(
        "the weights of the end are returned",
        '{"w": kept[0], "b": kept[1], "best"',
        '{"w": w, "b": b, "best"',
        told=LAST,
    ),
    Mistake(
        "the rows that are learnt from say when to stop",
        "now = loss(x_aside, y_aside, w, b)",
        "now = loss(x, y, w, b)",
        told="You ask the rows that you learn from: their loss goes on falling. Ask those laid aside.",
    ),
    Mistake(
        "it learns from the rows laid aside",
        "step(x, y, w, b, learning_rate)",
        "step(x_aside, y_aside, w, b, learning_rate)",
        told="It learns from the rows laid aside: then they say nothing about rows not learnt from.",
    ),
    Mistake(
        "patience counts from the start",
        "made - best >= patience",
        "made >= patience",
        told="Patience counts from the best update on, not from the start.",
    ),
    Mistake(
        "it waits one update too long",
        "made - best >= patience",
        "made - best > patience",
        told="It makes one update too many: stop once `patience` updates were made since the best one.",
    ),
    Mistake(
        "it compares with the loss before, not with the lowest",
        "            lowest, best = now, made\n            kept = (w.copy(), b.copy())\n",
        "            best = made\n            kept = (w.copy(), b.copy())\n        lowest = now\n",
        told="Compare with the lowest loss so far, not with the one before.",
    ),
    Mistake(
        "the weights after the last update are not looked at",
        "range(updates + 1)",
        "range(updates)",
        told="After the last update look once more: with n updates there are n + 1 looks.",
    ),
)


CASES = ((60, 5, 6, 0.5), (30, 3, 4, 0.5), (4, 9, 3, 0.5), (200, 10, 8, 0.5), (60, 8, 3, 9.0), (0, 1, 2, 0.5))
"""Updates, patience, columns and learning rate; at the large rate the loss goes up and down."""


def check(code: Code) -> None:
    rng = generator(0)
    for updates, patience, columns, rate in CASES:
        x, x_aside = rng.normal(size=(5, columns)).round(1), rng.normal(size=(12, columns)).round(1)
        y, y_aside = (_noisy_answers(rng, rows) for rows in (x, x_aside))
        w, b = (0.3 * rng.normal(size=columns)).round(2), np.zeros(1)
        given: dict[str, Any] = {
            "x": x,
            "y": y,
            "x_aside": x_aside,
            "y_aside": y_aside,
            "w": w,
            "b": b,
            "learning_rate": rate,
            "updates": updates,
            "patience": patience,
        }
        found = code("train", *given.values())
        expect_keys(found, ("w", "b", "best", "made"), "train(…)", **given)
        expected = _slow_train(x, y, x_aside, y_aside, w, b, rate, updates, patience)
        for name in ("w", "b", "best", "made"):
            expect_same(found[name], expected[name], f'"{name}"', **given)


def _noisy_answers(rng: np.random.Generator, x: Array) -> Array:
    """Whether the first two columns add up to more than 0, but for some chance."""
    answers: Array = (x[:, 0] + x[:, 1] + 0.7 * rng.normal(size=len(x)) > 0).astype(float)
    return answers


def _slow_train(
    x: Array,
    y: Array,
    x_aside: Array,
    y_aside: Array,
    w: Array,
    b: Array,
    learning_rate: float,
    updates: int,
    patience: int,
) -> dict[str, Any]:
    """All weights there would be, then the place where it ends, then the best up to there."""
    every = [(w, b)]
    for _ in range(updates):
        w, b = every[-1]
        a = 1 / (1 + np.exp(-(x @ w + b)))
        slopes = np.array([np.mean((a - y) * column) for column in x.T])
        every.append((w - learning_rate * slopes, b - learning_rate * np.mean(a - y)))
    losses = [loss(x_aside, y_aside, *weights) for weights in every]
    for made in range(updates + 1):
        best = losses.index(min(losses[: made + 1]))
        if made - best >= patience:
            break
    return {"w": every[best][0], "b": every[best][1], "best": best, "made": made}
