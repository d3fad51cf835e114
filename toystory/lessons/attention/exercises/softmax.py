"""Shares of one whole: softmax, and the way back

A score may be any number. Attention wants shares: none below zero, and all of them
together 1. Softmax makes them, along the last axis:

    p = exp(s) / Σ exp(s)

Two things to look out for. `exp(1000)` is more than a float holds, and yet the shares
are fine numbers: taking the largest score out of all of them first changes nothing, for
it cancels. And a score of −∞, for what must not be seen, shall come out as exactly 0.

On the way back, `dp` says how the loss changes with each share. No share can change
alone, since the others have to make up for it. Take two tokens with the shares 0.8 and 0.2.
If the first score grows by a little, the first share grows by p₁ (1 − p₁) as much, and the
second falls by p₁ p₂ as much. The loss moves with them by dp = 3 and 1. Write down in
`on_paper()`:

    "own"    how the first share moves with its score
    "other"  how the second share moves with it
    "ds"     so, how the loss moves with that score
    "mean"   the mean of dp, each token as heavy as
             its share: Σ p dp
    "rule"   which gives your ds, for any tokens?
             A  p dp              B  dp − Σ p dp
             C  p (dp − Σ p dp)   D  p (1 − p) dp

Then write two functions. All sums are along the last axis.

- `softmax(s)`: the shares, of the shape of `s`, `(rows, tokens)`.
- `softmax_back(p, dp)`: `ds`, of the same shape.

For example:

    >>> print(softmax(np.array([[0.0, 0.0], [1000.0, 999.0]])).round(3))
    [[0.5   0.5  ]
     [0.731 0.269]]
    >>> p = np.array([[0.5, 0.25, 0.25]])
    >>> print(softmax_back(p, np.array([[1.0, 0.0, 0.0]])))
    [[ 0.25  -0.125 -0.125]]
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
    """Your answers: "own", "other", "ds" and "mean" are numbers, "rule" is a letter."""
    # TODO: return {"own": …, "other": …, "ds": …, "mean": …, "rule": "…"}
    # --- gap
    return {"own": 0.16, "other": -0.16, "ds": 0.32, "mean": 2.6, "rule": "C"}
    # --- end of gap


def softmax(s: Array) -> Array:
    """The shares of `s` (rows, tokens): along the last axis they add up to 1."""
    # TODO: the largest out first; then exp, and divide by the sum.
    # --- gap
    e: Array = np.exp(s - s.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p
    # --- end of gap


def softmax_back(p: Array, dp: Array) -> Array:
    """How the loss changes with the scores: p and dp are (rows, tokens)."""
    # TODO: one line.
    # --- gap
    ds: Array = p * (dp - (p * dp).sum(axis=-1, keepdims=True))
    return ds
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "along the wrong axis",
        "e / e.sum(axis=-1, keepdims=True)",
        "e / e.sum(axis=0, keepdims=True)",
        told="The shares of a row add up to 1, along the last axis; yours do so down the columns.",
    ),
    Mistake(
        "the sum of another row is divided by",
        "e / e.sum(axis=-1, keepdims=True)",
        "e / e.sum(axis=-1)",
        told="e.sum(axis=-1) is (rows,), and beside e NumPy takes it for a number a column: keepdims=True.",
    ),
    Mistake("the largest is not taken out", "np.exp(s - s.max(axis=-1, keepdims=True))", "np.exp(s)"),
    Mistake(
        "the sum of everything",
        "e / e.sum(axis=-1, keepdims=True)",
        "e / e.sum()",
        told="Every row is a whole of its own: the sum is along the last axis only.",
    ),
    Mistake(
        "the scores themselves over their sum", "np.exp(s - s.max(axis=-1, keepdims=True))", "s - s.min()"
    ),
    Mistake(
        "the average is forgotten",
        "p * (dp - (p * dp).sum(axis=-1, keepdims=True))",
        "p * dp",
        told="No share can grow alone: the average Σ p dp has to be taken off.",
    ),
    Mistake(
        "as if each share were a sigmoid of its own",
        "p * (dp - (p * dp).sum(axis=-1, keepdims=True))",
        "p * (1 - p) * dp",
        told="p (1 − p) is the sigmoid's slope: here every score moves every share.",
    ),
    Mistake(
        "the plain mean instead of the weighted one",
        "(p * dp).sum(axis=-1, keepdims=True)",
        "dp.mean(axis=-1, keepdims=True)",
        told="The average is weighted: each token as heavy as its share.",
    ),
    Mistake("the rule, on paper", '"rule": "C"', '"rule": "A"'),
)


def _trusted(scores: list[float]) -> list[float]:
    most = max(scores)
    e = [0.0 if score == -math.inf else math.exp(score - most) for score in scores]
    return [share / sum(e) for share in e]


QUESTIONS: dict[str, Number | Choice] = {
    "own": Number(0.16, "p₁ (1 − p₁), with p₁ = 0.8."),
    "other": Number(-0.16, "It falls, by p₁ p₂."),
    "ds": Number(0.32, "Both shares move: 3 times the first way, and 1 times the second."),
    "mean": Number(2.6, "0.8 times 3, and 0.2 times 1."),
    "rule": Choice(
        "C",
        {
            "A": "Put in the first token: 0.8 · 3 is far from your ds.",
            "B": "Put in the first token: 3 − 2.6 is not your ds yet.",
            "D": "That leaves out what the second share does.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for rows, tokens in ((1, 1), (1, 3), (2, 2), (3, 5)):
        s = rng.uniform(-2, 2, size=(rows, tokens)).round(2)
        expect_same(code("softmax", s), np.array([_trusted(list(row)) for row in s]), "softmax(s)", s=s)
    far = np.array([[1000.0, 999.0, 0.0], [-1000.0, -1001.0, -1000.0]])
    expect_same(code("softmax", far), np.array([_trusted(list(row)) for row in far]), "softmax(s)", s=far)
    hidden = np.array([[0.5, -np.inf, 1.0], [-np.inf, 0.0, -np.inf]])
    right = np.array([_trusted(list(row)) for row in hidden])
    expect_same(code("softmax", hidden), right, "softmax(s)", s=hidden)
    for rows, tokens in ((1, 1), (1, 3), (2, 2), (3, 5)):
        s, dp = rng.uniform(-2, 2, size=(2, rows, tokens)).round(2)
        p = np.array([_trusted(list(row)) for row in s])
        ds = np.zeros_like(p)
        for row, i, j in np.ndindex(rows, tokens, tokens):
            ds[row, i] += dp[row, j] * p[row, j] * ((i == j) - p[row, i])
        expect_same(code("softmax_back", p, dp), ds, "softmax_back(p, dp)", p=p, dp=dp)
