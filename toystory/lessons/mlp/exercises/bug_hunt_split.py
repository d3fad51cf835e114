"""Bug hunt: right far too often

Alex tosses a coin for each of a hundred rows and calls that the label. Nobody can learn
that: on rows that it does not know, any model is right about half of the time.

To be sure, he asks a model that only remembers. `nearest` looks for the row that it
knows which is most like the one asked for, and says its label. He judges it fairly, as
he thinks: the rows are shuffled and cut into five folds, each fold is put aside once for
validation, and the model knows the others.

Run this file (`python bug_hunt_split.py`). It is right far more often than a coin. So
some of the rows that it is asked for must be rows that it knows.

Mend it: one expression needs to change. When it is mended, no row is on both sides:

    >>> training, validation = fold(100, 5, 0, seed=1)
    >>> len(training), len(validation), len(set(training) & set(validation))
    (80, 20, 0)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake, Wrong
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


def fold(rows: int, folds: int, k: int, seed: int) -> tuple[Rows, Rows]:
    """Which rows are for training and which for validation, when fold k is put aside.

    rows are numbered from 0. The last fold takes what is left over.
    """
    order = np.random.default_rng(seed).permutation(rows)
    size = rows // folds
    start, end = k * size, rows if k == folds - 1 else (k + 1) * size
    validation = order[start:end]
    training = np.delete(order, np.arange(start, end))
    return training, validation


def nearest(known: Array, labels: Array, x: Array) -> Array:
    """For each row of x, the label of the known row that lies nearest."""
    distances = ((x[:, None, :] - known[None, :, :]) ** 2).sum(axis=2)
    answers: Array = labels[distances.argmin(axis=1)]
    return answers


def cross_validate(x: Array, y: Array, folds: int, seed: int) -> float:
    """How often `nearest` is right on the rows put aside: the mean over the folds."""
    right = []
    for k in range(folds):
        training, validation = fold(len(x), folds, k, seed)
        answers = nearest(x[training], y[training], x[validation])
        right.append(float(np.mean(answers == y[validation])))
    return float(np.mean(right))


def example() -> tuple[Array, Array]:
    """A hundred rows of two numbers, and for each a coin."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(100, 2)), rng.integers(0, 2, size=100).astype(float)


if __name__ == "__main__":
    x, y = example()
    for seed in range(5):
        print(f"right on {100 * cross_validate(x, y, folds=5, seed=seed):.0f} % of the rows put aside")


# --- the check: not part of the learner's file

ORDER = 9
KIND = "bug hunt"
BUG = Mistake(
    "rows are taken for places",
    "np.delete(order, np.arange(start, end))",
    "np.delete(order, validation)",
)
MISTAKES = (
    Mistake(
        "nothing is taken out",
        "np.delete(order, np.arange(start, end))",
        "order",
        told="Now all rows are for training, those put aside too.",
    ),
    Mistake(
        "one row of the fold stays",
        "np.arange(start, end)",
        "np.arange(start, end - 1)",
    ),
    Mistake(
        "one row too many goes",
        "np.delete(order, np.arange(start, end))",
        "np.delete(order, np.arange(start, min(end + 1, rows)))",
        told="One row is for nothing now: what is not put aside is for training.",
    ),
    Mistake(
        "another fold is taken out",
        "np.delete(order, np.arange(start, end))",
        "np.delete(order, np.arange(0, end - start))",
        told="That takes out the first fold each time, whichever is put aside.",
    ),
    Mistake(
        "other rows are put aside",
        "validation = order[start:end]",
        "validation = np.arange(start, end)",
        told="The rows put aside were right before: leave them as they are.",
    ),
    Mistake(
        "it is judged by its training rows",
        "x[validation])",
        "x[training])[: len(validation)]",
    ),
)


def check(code: Code) -> None:
    rng = generator(2)
    for rows, folds, k, seed in ((6, 3, 0, 1), (10, 5, 2, 3), (23, 4, 3, 0), (100, 5, 4, 1)):
        order = np.random.default_rng(seed).permutation(rows)
        start = k * (rows // folds)
        end = rows if k == folds - 1 else start + rows // folds
        found = code("fold", rows, folds, k, seed)
        what = f"fold({rows}, {folds}, {k}, {seed})"
        if not (isinstance(found, tuple | list) and len(found) == 2):
            raise Wrong(f"{what} should give two arrays, the training rows and the validation rows")
        training, validation = (np.asarray(part) for part in found)
        expect_same(found[1], order[start:end], f"the rows put aside were right before: {what}[1]")
        if training.ndim != 1 or training.dtype.kind not in "iu":
            raise Wrong(f"the training rows of {what} should be a row of whole numbers")
        both = sorted(set(training.tolist()) & set(validation.tolist()))
        if both:
            raise Wrong(f"row {both[0]} is on both sides of {what}: it is put aside, and known", None, both)
        right = np.sort(np.delete(order, np.arange(start, end)))
        expect_same(np.sort(training), right, f"the training rows of {what}, sorted")
    x, y = rng.normal(size=(30, 2)).round(2), rng.integers(0, 2, size=30).astype(float)
    expect_same(code("cross_validate", x, y, 5, 0), _trusted(x, y, 5), "cross_validate(x, y, 5, 0)", x=x, y=y)


def _trusted(x: Array, y: Array, folds: int) -> float:
    order = np.random.default_rng(0).permutation(len(x))
    size, shares = len(x) // folds, []
    for k in range(folds):
        aside = order[k * size : (k + 1) * size]
        known = [row for row in range(len(x)) if row not in set(aside.tolist())]
        right = 0
        for row in aside:
            distances = [float(((x[row] - x[other]) ** 2).sum()) for other in known]
            right += int(y[known[distances.index(min(distances))]] == y[row])
        shares.append(right / size)
    return float(np.mean(shares))
