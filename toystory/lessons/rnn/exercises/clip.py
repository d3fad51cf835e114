"""Signs and a short rope: what goes in, and how far a step may go

Two small things stand between a right gradient and a memory that learns. Both are needed
when you write all of it.

**Bits become signs.** A memory lives between −1 and +1, so bits are read as −1.0 and +1.0. But
the label is made from 0 and 1, before.

**A gradient may be long, a step may not.** Through fifty steps a gradient can grow as easily
as it can shrink. One such step, and all that was learnt is gone. So it is *clipped*: take all
gradients as one long row of numbers. Where its length, the root of the sum of the squares, is
above a bound, all of them are made shorter by the same factor. Write down in `on_paper()`:

    "length"  of the gradients (3, 4) of one array
              and (12) of another, together
    "first"   what the 3 becomes, clipped to a length
              of 1
    "short"   what a lone gradient of 0.5 becomes,
              with the same bound
    "apart"   with each array clipped alone, the step
              A  would go the same way
              B  would go another way
    "parity"  of the row 1, 0, 1, 1
    "sum"     and the sum of the same row as signs

Then write two functions:

- `as_read(bits)`: `bits` is `(rows, steps)` of 0 and 1. It returns `x`, `(steps, rows, 1)` of
  −1.0 and +1.0, time first, and `y`, `(rows,)` of floats: 1.0 where the number of ones is odd.
- `clip(gradients, longest)`: a new dict of new arrays, whose length together is `longest` at
  most. What is shorter stays as it is.

For example:

    >>> x, y = as_read(np.array([[1, 0, 1], [1, 1, 1]]))
    >>> x[:, :, 0].tolist(), y.tolist()
    ([[1.0, 1.0], [-1.0, 1.0], [1.0, 1.0]], [0.0, 1.0])
    >>> clipped = clip({"w": np.array([3.0, 4.0]), "b": np.array([12.0])}, 6.5)
    >>> clipped["w"].tolist(), clipped["b"].tolist()
    ([1.5, 2.0], [6.0])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def on_paper() -> dict[str, float | str]:
    """Your answers: a letter for "apart", numbers for all others."""
    # TODO: return {"length": …, "first": …, "short": …, "apart": "…", "parity": …, "sum": …}
    # --- gap
    return {"length": 13.0, "first": 0.23, "short": 0.5, "apart": "B", "parity": 1, "sum": 2}
    # --- end of gap


def as_read(bits: NDArray[np.int64]) -> tuple[Array, Array]:
    """Signs x (steps, rows, 1), time first, and labels y (rows,), of bits (rows, steps)."""
    # TODO: the label first; then signs, turned, with an axis more.
    # --- gap
    y: Array = (bits.sum(axis=1) % 2).astype(float)
    signs = 2.0 * bits.astype(float) - 1.0
    return signs.T[:, :, None].copy(), y
    # --- end of gap


def clip(gradients: dict[str, Array], longest: float) -> dict[str, Array]:
    """The same gradients, made shorter together where they are too long."""
    # TODO: one length for all of them; then one factor for all of them.
    # --- gap
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
    factor = min(1.0, longest / length) if length else 1.0
    return {name: gradient * factor for name, gradient in gradients.items()}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 5
KIND = "extension"
MISTAKES = (
    Mistake(
        "each array is clipped alone",
        "    return {name: gradient * factor for",
        "    return {name: gradient * min(1.0, longest / np.linalg.norm(gradient)) for",
        "Each array is clipped by its own length: take one length for all of them, and one factor.",
    ),
    Mistake(
        "made longer where they are short",
        "min(1.0, longest / length) if length",
        "longest / length if length",
        "What is shorter than the bound stays as it is: the factor is never above 1.",
    ),
    Mistake("no root is taken", "np.sqrt(sum(", "(sum(", "The length is the root of the sum of squares."),
    Mistake(
        "number by number",
        "gradient * factor for",
        "np.clip(gradient, -longest, longest) for",
        "That cuts number by number, and the step goes another way: all are made shorter by one factor.",
    ),
    Mistake("the longest array alone", "np.sqrt(sum(np.sum(gradient**2)", "np.sqrt(max(np.sum(gradient**2)"),
    Mistake(
        "the label of the signs",
        "(bits.sum(axis=1) % 2)",
        "((2 * bits - 1).sum(axis=1) % 2)",
        "The label is made of 0 and 1, before they become signs.",
    ),
    Mistake(
        "zeros and ones are read",
        "2.0 * bits.astype(float) - 1.0",
        "bits.astype(float)",
        "A bit of 0 is read as −1.0.",
    ),
    Mistake("rows first", "signs.T[:, :, None]", "signs[:, :, None]", "Time comes first: (steps, rows, 1)."),
    Mistake("without the last axis", "signs.T[:, :, None]", "signs.T"),
    Mistake("counted along time", "bits.sum(axis=1)", "bits.sum(axis=0)"),
    Mistake("the other way, on paper", '"apart": "B"', '"apart": "A"'),
)
QUESTIONS: dict[str, Number | Choice] = {
    "length": Number(13.0, "3² + 4² + 12², and the root of it."),
    "first": Number(0.23, "All are made 13 times shorter."),
    "short": Number(0.5, "It is shorter than the bound already."),
    "apart": Choice("B", {"A": "(3, 4) would shrink five times, and (12) twelve times."}),
    "parity": Number(1, "Three ones."),
    "sum": Number(2, "1 − 1 + 1 + 1: even, though the number of ones is odd."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(31)
    for rows, steps in ((1, 1), (3, 2), (2, 5), (4, 4)):
        bits = rng.integers(0, 2, size=(rows, steps))
        x, y = expect_parts(code("as_read", bits), 2, "as_read(bits)", bits=bits)
        odd = np.array([sum(int(bit) for bit in row) % 2 for row in bits], float)
        right = np.where(bits == 1, 1.0, -1.0).T[:, :, None].copy()
        expect_same(x, right, "as_read(bits): x", bits=bits)
        expect_same(y, odd, "as_read(bits): y", bits=bits)
    for size in (0.01, 1.0, 30.0):
        shapes = {"W": (2, 3), "b": (3,), "w": (1,)}
        gradients = {name: size * rng.normal(size=shape).round(2) for name, shape in shapes.items()}
        length = sum(float(n) ** 2 for g in gradients.values() for n in g.ravel()) ** 0.5
        shorter = {name: g * (1.0 if length <= 1.5 else 1.5 / length) for name, g in gradients.items()}
        expect_same(code("clip", gradients, 1.5), shorter, "clip(gradients, 1.5)", gradients=gradients)
    nothing = {"w": np.zeros(2)}
    expect_same(code("clip", nothing, 1.0), nothing, "clip(gradients, 1.0)", gradients=nothing)
