"""The loop: many small steps, each on fresh rows

Until now somebody drew the rows, and somebody went round and round. In the empty file that
waits at the end of this chapter, nobody will.

Rows need not lie in a table. Whoever can draw one can draw as many as he likes, and a gate
that sees new rows at every step can learn none of them by heart. The lamp here copies the
*first* switch: a line can learn that. On paper first. Write down in `on_paper()`:

    "rows"   how many rows has the gate seen after
             500 updates with 64 rows each?
    "first"  all weights begin at 0. What is the loss
             before the first step?
    "rng"    where is `default_rng(seed)` called?
             A  once, before the loop
             B  at every update
             C  once for every row

Then write two functions:

- `batch(rng, rows, columns)`: draw the bits, and label them. It returns `x`, `(rows, columns)`
  of 0.0 and 1.0, and `y`, `(rows,)`: 1.0 where the first switch is up, else 0.0.
- `train(columns, updates, rows, learning_rate, seed)`: begin with zeros, and make so many
  updates, each on a fresh batch. It returns `w`, `(columns,)`, `b`, `(1,)`, and the losses,
  `(updates,)`, each of a batch before its own step.

`loss_and_gradients(x, y, w, b)` is there, and `drawn`, by which the check looks at your
batches. It is done when the gate has learnt to listen to one switch:

    >>> w, b, losses = train(3, 500, 64, 1.0, 0)
    >>> print(losses[0].round(4), bool(losses[-1] < 0.02))
    0.6931 True
    >>> print(bool(w[0] > 5), bool(np.abs(w[1:]).max() < 1))
    True True
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Wrong
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper

Array = NDArray[np.float64]


def loss_and_gradients(x: Array, y: Array, w: Array, b: Array) -> tuple[float, Array, Array]:
    """Given: the mean loss of the rows x (rows, columns), and its gradients for w and b."""
    z = x @ w + b
    dz = (0.5 * np.tanh(0.5 * z) + 0.5 - y) / len(y)
    return float(np.mean(np.logaddexp(0, z) - y * z)), x.T @ dz, dz.sum(keepdims=True)


def on_paper() -> dict[str, float | str]:
    """Your answers: "rows" and "first" are numbers, "rng" is a letter."""
    # TODO: return {"rows": …, "first": …, "rng": "…"}
    # --- gap
    return {"rows": 32000, "first": 0.69, "rng": "A"}
    # --- end of gap


def batch(rng: np.random.Generator, rows: int, columns: int) -> tuple[Array, Array]:
    """Fresh rows x (rows, columns) of 0.0 and 1.0, and their labels y (rows,)."""
    # TODO: draw the bits; the label is the first of them.
    # --- gap
    x = rng.integers(0, 2, size=(rows, columns)).astype(float)
    return x, x[:, 0].copy()
    # --- end of gap


def train(
    columns: int, updates: int, rows: int, learning_rate: float, seed: int
) -> tuple[Array, Array, Array]:
    """w (columns,) and b (1,) after so many updates, and the loss of each batch before its step."""
    # TODO: zeros, one source of random numbers, and the loop.
    # --- gap
    rng = np.random.default_rng(seed)
    w, b, losses = np.zeros(columns), np.zeros(1), np.zeros(updates)
    for update in range(updates):
        x, y = batch(rng, rows, columns)
        losses[update], dw, db = loss_and_gradients(x, y, w, b)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, losses
    # --- end of gap


def drawn(rows: int, columns: int, times: int, seed: int) -> list[tuple[Array, Array]]:
    """Given: so many of your batches, one after another."""
    rng = np.random.default_rng(seed)
    return [batch(rng, rows, columns) for _ in range(times)]


# --- the check: not part of the learner's file

ORDER = 6
KIND = "extension"
MISTAKES = (
    Mistake(
        "the same rows at every update",
        "        x, y = batch(rng, rows, columns)",
        "        x, y = batch(np.random.default_rng(seed), rows, columns)",
        "Every update sees the same rows: make rng once, before the loop, and draw a batch inside it.",
    ),
    Mistake("whole numbers", ".astype(float)", "", "The bits are whole numbers: `.astype(float)`."),
    Mistake("the parity is no task for a line", "x[:, 0].copy()", "x.sum(axis=1) % 2"),
    Mistake("uphill", "w - learning_rate * dw", "w + learning_rate * dw"),
    Mistake("the bias stays", "b = b - learning_rate * db", "b = b"),
    Mistake("the seed is not used", "default_rng(seed)\n    w,", "default_rng(3)\n    w,"),
    Mistake("another run at every call", "default_rng(seed)\n    w,", "default_rng()\n    w,"),
    Mistake("one update too few", "in range(updates):", "in range(updates - 1):"),
    Mistake("ones to begin with", "np.zeros(columns), np.zeros(1)", "np.ones(columns), np.zeros(1)"),
    Mistake("no bit is ever 1", "rng.integers(0, 2,", "rng.integers(0, 1,"),
    Mistake("a coin in the file", '"first": 0.69', '"first": 0.5'),
)
QUESTIONS: dict[str, Number | Choice] = {
    "rows": Number(32000, "Each update draws 64 rows, and none of them twice."),
    "first": Number(0.69, 'Every answer is one half then. What does "I don\'t know" cost?'),
    "rng": Choice(
        "A",
        {
            "B": "With one seed it would draw the same rows at every update.",
            "C": "With one seed every row would be the same.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    _check_batches(code)
    asked = (3, 60, 16, 1.0, 7)
    w, b, losses = _trained(code, *asked)
    called = "train(3, 60, 16, 1.0, 7)"
    expect_same(float(losses[0]), float(np.log(2)), f"{called}: the loss before the first step")
    again = _trained(code, *asked)
    expect_same(again, (w, b, losses), f"{called}, asked a second time,")
    if np.array_equal(_trained(code, 3, 60, 16, 1.0, 8)[2], losses):
        raise Wrong("train(…) comes to the same with another seed: draw from `default_rng(seed)`")
    one = _trained(code, 1, 40, 1, 1.0, 0)[2]
    if not (np.diff(one) > 0).any():
        raise Wrong(
            "the loss of 40 batches with one row each only falls: is it the same row every time?", None, one
        )
    still = _trained(code, 2, 5, 4, 0.0, 0)
    expect_same(still, (np.zeros(2), np.zeros(1), np.full(5, np.log(2))), "train(2, 5, 4, 0.0, 0)")
    w, b, losses = _trained(code, 4, 400, 32, 1.0, 1)
    if not (losses[-1] < 0.05 and w[0] > 4 and b[0] < -2):
        raise Wrong(
            "after 400 updates the gate should copy its first switch: w[0] far above 0, b below 0",
            None,
            {"w": w, "b": b, "last loss": losses[-1]},
        )


def _check_batches(code: Code) -> None:
    called = "batch(rng, 200, 3)"
    first, second = expect_parts(code("drawn", 200, 3, 2, 0), 2, "drawn(200, 3, 2, 0)")
    x, y = expect_parts(first, 2, called)
    if isinstance(x, np.ndarray) and x.dtype.kind != "f":
        raise Wrong(f"{called}: x should hold floats and holds whole numbers", "float64", str(x.dtype))
    x = expect_array(x, (200, 3), f"{called}: x")
    if not np.isin(x, (0, 1)).all() or not (0.3 < x.mean() < 0.7):
        raise Wrong(f"{called}: x should be bits, about half of them 1", "0.0 and 1.0", x[:3])
    expect_same(y, x[:, 0].copy(), f"{called}: y", x=x[:5])
    if np.array_equal(x, expect_parts(second, 2, called)[0]):
        raise Wrong("two batches in a row are the same rows: draw them from the rng that you are given")


def _trained(
    code: Code, columns: int, updates: int, rows: int, rate: float, seed: int
) -> tuple[Array, Array, Array]:
    what = f"train({columns}, {updates}, {rows}, {rate}, {seed})"
    found = code("train", columns, updates, rows, rate, seed)
    w, b, losses = expect_parts(found, 3, what)
    return (
        expect_array(w, (columns,), f"{what}: w"),
        expect_array(b, (1,), f"{what}: b"),
        expect_array(losses, (updates,), f"{what}: the losses"),
    )
