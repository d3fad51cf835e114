"""Parity, and what one switch tells of it

A staircase of fifty floors, a switch on every floor, one lamp: it is on when the number
of switches that are up is odd. Before Alex can put his gate under load, every row of
bits needs its label.

**First**, `parity(x)`. `x` is `(rows, columns)`, bits as whole numbers 0 and 1. Return
`(rows,)`: 1 for each row with an odd number of ones, 0 for the others, whole numbers as
well. Do all rows in one go, without a loop: Alex has a million.

    >>> x = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1]])
    >>> parity(x)
    array([1, 0, 1])

Then Sami laid his hand over every column but one. "When this switch is up, how often is
the lamp on? And when it is down?"

**Then**, `told_alone(x, y)`. `y` is `(rows,)`, the labels, whole numbers 0 and 1. Return
`(columns,)`: for each column the share of lamps that are on among the rows where its
bit is 1, minus that share among the rows where it is 0. (Both kinds of rows occur, in
every column.) `x` and `y` may be bytes, `np.uint8`, to save room.

All eight rows of three switches: what does each switch tell of "the first two are up",
and what of the parity?

    >>> x = np.indices((2, 2, 2)).reshape(3, 8).T
    >>> told_alone(x, x[:, 0] & x[:, 1])
    array([0.5, 0.5, 0. ])
    >>> told_alone(x, parity(x))
    array([0., 0., 0.])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.random_inputs import generator

Bits = NDArray[np.uint8]
Array = NDArray[np.float64]


def parity(x: Bits) -> Bits:
    """1 where a row of x (rows, columns) has an odd number of ones, else 0: (rows,)."""
    # TODO: one line, no loop.
    # --- gap
    odd: Bits = x.sum(axis=1) % 2
    return odd
    # --- end of gap


def told_alone(x: Bits, y: Bits) -> Array:
    """For each column, the share of 1s in y where its bit is 1, minus where it is 0: (columns,)."""
    # TODO: count, for all columns at once; then divide.
    # --- gap
    up = x.astype(float)
    down = 1 - up
    told: Array = y @ up / up.sum(axis=0) - y @ down / down.sum(axis=0)
    return told
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "along the columns",
        "x.sum(axis=1) % 2",
        "x.sum(axis=0) % 2",
        "That is the parity of each column. A row lies along axis 1.",
    ),
    Mistake(
        "the whole table at once",
        "x.sum(axis=1) % 2",
        "x.sum() % 2",
        "That is one answer for the whole table. Each row has its own: sum along axis 1.",
    ),
    Mistake(
        "even instead of odd",
        "x.sum(axis=1) % 2",
        "1 - x.sum(axis=1) % 2",
        "It is 1 for an odd number of ones, and you say 1 for an even number.",
    ),
    Mistake(
        "the ones are counted, and that is all",
        "x.sum(axis=1) % 2",
        "x.sum(axis=1)",
        "That is how many ones there are. What counts is whether the number is odd.",
    ),
    Mistake(
        "OR: at least one", "x.sum(axis=1) % 2", "x.max(axis=1)", "That is OR, 1 as soon as a single bit is."
    ),
    Mistake(
        "only the first and the last bit",
        "x.sum(axis=1) % 2",
        "x[:, 0] ^ x[:, -1]",
        "That looks at the first and the last bit only. All the others count as well.",
    ),
    Mistake(
        "exactly one",
        "x.sum(axis=1) % 2",
        "(x.sum(axis=1) == 1).astype(int)",
        "It is 1 for any odd number of ones: for 3 and 5 too, not for 1 alone.",
    ),
    Mistake(
        "True and False",
        "x.sum(axis=1) % 2",
        "x.sum(axis=1) % 2 == 1",
        "A comparison makes True and False. The remainder itself is already 0 or 1.",
    ),
    Mistake(
        "a column of labels",
        "x.sum(axis=1) % 2",
        "x.sum(axis=1, keepdims=True) % 2",
        "That is a table of one column. Take care: later, a − y of shapes (rows,) and (rows, 1) "
        "would be (rows, rows), and NumPy would not complain.",
    ),
    Mistake(
        "counted in bytes",
        "up = x.astype(float)",
        "up = x",
        "Right with a few rows, wrong with 2,000 rows of bytes: a byte counts to 255 and then "
        "begins again at 0. Turn x into floats before you count.",
    ),
    Mistake(
        "the share of all rows",
        "y @ up / up.sum(axis=0)",
        "y @ up / len(y)",
        "The lamps that are on are divided by the number of all rows, not by that of the rows where "
        "the switch is up.",
    ),
    Mistake(
        "summed along the rows",
        "down.sum(axis=0)",
        "down.sum()",
        "With the switch down, it is divided by the zeros of all columns. Each column has its own "
        "number: axis 0.",
    ),
    Mistake(
        "turned round",
        "y @ up / up.sum(axis=0) - y @ down / down.sum(axis=0)",
        "y @ down / down.sum(axis=0) - y @ up / up.sum(axis=0)",
        "The difference is the wrong way round: up minus down.",
    ),
    Mistake(
        "what happens with the switch down is left out",
        " - y @ down / down.sum(axis=0)",
        "",
        "That is the share with the switch up. Take away the share with the switch down.",
    ),
)


def check(code: Code) -> None:
    rng = generator(0)
    _check_parity(code, np.array([[i, j, k] for k in (0, 1) for i in (0, 1) for j in (1, 0)]))
    for rows, columns in ((3, 3), (5, 8), (1, 4), (4, 1), (2000, 50)):
        _check_parity(code, rng.integers(0, 2, size=(rows, columns)))
    _check_parity(code, rng.integers(0, 2, size=(5, 50), dtype=np.uint8))
    for rows, columns in ((8, 3), (40, 5), (12, 1)):
        x = rng.integers(0, 2, size=(rows, columns))
        x[0], x[1] = 0, 1
        _check_told(code, x, x[:, 0] & x[:, -1])
        _check_told(code, x, rng.integers(0, 2, size=rows))
    x = rng.integers(0, 2, size=(2000, 4), dtype=np.uint8)
    _check_told(code, x, x[:, 0])


def _check_parity(code: Code, x: Value) -> None:
    expect_same(code("parity", x), _slow_parity(x), "parity(x)", x=x)


def _check_told(code: Code, x: Value, y: Value) -> None:
    expect_same(code("told_alone", x, y), _slow_told(x, y), "told_alone(x, y)", x=x, y=y)


def _slow_parity(x: Value) -> Value:
    labels = []
    for row in x.tolist():
        ones = 0
        for bit in row:
            ones += bit
        labels.append(1 if ones % 2 == 1 else 0)
    return np.array(labels)


def _slow_told(x: Value, y: Value) -> Array:
    told = []
    for column in x.T.tolist():
        up = [label for bit, label in zip(column, y.tolist(), strict=True) if bit == 1]
        down = [label for bit, label in zip(column, y.tolist(), strict=True) if bit == 0]
        told.append(sum(up) / len(up) - sum(down) / len(down))
    return np.array(told)
