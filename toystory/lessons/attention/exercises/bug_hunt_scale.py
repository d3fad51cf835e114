"""Bug hunt: the wide machine that saw one thing only

"Wider must be better," thought Alex, and gave every token sixty-four numbers in place of
eight. The narrow machine had learnt. The wide one stood still from the first update on:
each place stared at one token, and no gradient ever told it to look elsewhere.

"Have you looked at the scores before it learnt anything?" asked Sami.

Run this file (`python bug_hunt_scale.py`). It draws random queries and keys of several
widths, and prints how large the scores are, and how much of its attention a place gives to
its favourite of eight tokens. Something grows with the width that should not. One
expression has to change. When it is mended:

    >>> [round(size(width)) for width in (4, 16, 64, 256)]
    [1, 1, 1, 1]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]
ROWS, TOKENS = 2000, 8


def scores(q: Array, k: Array) -> Array:
    """How well each key fits each query, (places, tokens)."""
    width = q.shape[1]
    s: Array = q @ k.T / np.sqrt(width)
    return s


def softmax(s: Array) -> Array:
    """Shares along the last axis."""
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


def size(width: int) -> float:
    """How far scores are from 0, as a standard deviation, where queries and keys are random."""
    rng = np.random.default_rng(width)
    return float(scores(rng.normal(size=(ROWS, width)), rng.normal(size=(TOKENS, width))).std())


def favourite(width: int) -> float:
    """The share that a place gives to its favourite token, on average."""
    rng = np.random.default_rng(width)
    p = softmax(scores(rng.normal(size=(ROWS, width)), rng.normal(size=(TOKENS, width))))
    return float(p.max(axis=1).mean())


if __name__ == "__main__":
    for width in (4, 16, 64, 256):
        print(
            f"width {width:3}: scores of size {size(width):5.2f}, the favourite gets {favourite(width):.0%}"
        )


# --- the check: not part of the learner's file

ORDER = 7
KIND = "bug hunt"
AFTER = "head"
BUG = Mistake("the scale is forgotten", "q @ k.T / np.sqrt(width)", "q @ k.T")
MISTAKES = (
    Mistake(
        "divided by the width itself",
        "np.sqrt(width)",
        "width",
        told="Now the scores shrink with the width: a sum of n numbers of either sign grows like √n.",
    ),
    Mistake(
        "the root of the tokens",
        "np.sqrt(width)",
        "np.sqrt(len(k))",
        told="How many tokens there are does not matter to one score: it is a sum over the width.",
    ),
    Mistake("a fixed number that fits one width", "np.sqrt(width)", "8.0"),
    Mistake("multiplied", "/ np.sqrt(width)", "* np.sqrt(width)"),
    Mistake(
        "softmax is cooled down instead",
        "e = np.exp(s - s.max(axis=-1, keepdims=True))",
        "e = np.exp((s - s.max(axis=-1, keepdims=True)) / 8)",
        told="softmax was right: it is the scores that are too large.",
    ),
    Mistake(
        "queries are made short",
        "q @ k.T / np.sqrt(width)",
        "q / np.linalg.norm(q, axis=1, keepdims=True) @ k.T",
    ),
)


def check(code: Code) -> None:
    rng = generator(2)
    for places, tokens, width in ((2, 3, 4), (1, 4, 9), (3, 2, 1), (2, 2, 16)):
        s = rng.uniform(-2, 2, size=(places, tokens)).round(2)
        right = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
        expect_same(code("softmax", s), right, "softmax(s), which was right,", s=s)
        q, k = (
            rng.uniform(-2, 2, size=(places, width)).round(2),
            rng.uniform(-2, 2, size=(tokens, width)).round(2),
        )
        each = [[sum(a * b for a, b in zip(x, y, strict=True)) / width**0.5 for y in k] for x in q]
        expect_same(code("scores", q, k), np.array(each, float), "scores(q, k)", q=q, k=k)
