"""One more column: a line that can do XOR

"A line can't," said Alex. "Not with these two columns," said Sami, who had been looking
at the table for a while. "Who says that the gate may see nothing but the switches?"

A regression adds up what single columns tell, and neither switch alone tells anything.
So give it a third column, worked out from the first two. It is still a regression:
three columns, three weights, one bias.

- `feature(x)`: `x` is `(rows, 2)`, bits. Return the third column, `(rows,)`: numbers,
  one for each row, made from that row alone.
- `weights()`: the gate's numbers `(w1, w2, w3, b)`, so that σ(w₁x₁ + w₂x₂ + w₃x₃ + b) is
  XOR, and surely: at least 0.9 where 1 is right, at most 0.1 where 0 is.

The third column may not be the answer itself, or the answer turned round or stretched:
that would be a gate that is told what to say. There are many others that will do, and
others again that never will, whatever the weights.

`answers(x)` puts the two together. It is done when

    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> [round(float(a)) for a in answers(x)]
    [0, 1, 1, 0]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_parts
from toystory.course.exercises.exercise import Code, Mistake, Value, Wrong

Array = NDArray[np.float64]


def feature(x: Array) -> Array:
    """The third column, (rows,), from the two of x (rows, 2)."""
    # TODO: which rows does a line get wrong? Make a column that marks them.
    # --- gap
    return x[:, 0] * x[:, 1]
    # --- end of gap


def weights() -> tuple[float, float, float, float]:
    """The weights of the three columns and the bias: (w1, w2, w3, b)."""
    # TODO: begin with OR. What has your column to put right?
    # --- gap
    return (10, 10, -20, -5)
    # --- end of gap


def answers(x: Array) -> Array:
    """What the gate says to each row of x (rows, 2): (rows,)."""
    w1, w2, w3, b = weights()
    z = w1 * x[:, 0] + w2 * x[:, 1] + w3 * feature(x) + b
    return 0.5 * np.tanh(0.5 * z) + 0.5


# --- the check: not part of the learner's file

ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake("a sum, which weights can make already", "x[:, 0] * x[:, 1]", "x[:, 0] + x[:, 1]"),
    Mistake("a difference", "x[:, 0] * x[:, 1]", "x[:, 0] - x[:, 1]"),
    Mistake("the first column again", "x[:, 0] * x[:, 1]", "x[:, 0]"),
    Mistake("the answer itself", "x[:, 0] * x[:, 1]", "(x[:, 0] + x[:, 1]) % 2"),
    Mistake("the answer, turned and stretched", "x[:, 0] * x[:, 1]", "5 - 2 * abs(x[:, 0] - x[:, 1])"),
    Mistake("one number for all rows", "x[:, 0] * x[:, 1]", "x.prod()"),
    Mistake("one number a column", "x[:, 0] * x[:, 1]", "x.prod(axis=0)"),
    Mistake("the first row decides for all", "x[:, 0] * x[:, 1]", "x[0, 0] * x[:, 1]"),
    Mistake("a table of one column", "x[:, 0] * x[:, 1]", "x[:, :1] * x[:, 1:]"),
    Mistake("pairs of products: @ instead of *", "x[:, 0] * x[:, 1]", "x[:, 0] @ x[:, 1]"),
    Mistake("the column's weight is too small", "-20", "-10"),
    Mistake("no bias", "-5", "0"),
    Mistake("right, but not sure", "(10, 10, -20, -5)", "(2, 2, -4, -1)"),
    Mistake("the bias is left out", "(10, 10, -20, -5)", "(10, 10, -20)"),
)
FOUR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = (0, 1, 1, 0)
SURE = 0.9


def check(code: Code) -> None:
    column = expect_array(code("feature", FOUR), (4,), "feature(x)", x=FOUR)
    _check_each_row_alone(code, column)
    if column[1] == column[2] and column[0] == column[3] != column[1]:
        raise Wrong(
            "The third column is the answer itself: one number where XOR is 1, another where it is 0. Find "
            "one that leaves the gate something to do.",
            None,
            column,
            {"x": FOUR},
        )
    if np.isclose(column[0] + column[3], column[1] + column[2]):
        raise Wrong(
            "With this third column f no weights can help: f(0,0) + f(1,1) = f(0,1) + f(1,0), as it is for "
            "the two switches. A weighted sum keeps this balance, and XOR does not have it.",
            None,
            column,
            {"x": FOUR},
        )
    _check_answers(code("weights"), column)


def _check_each_row_alone(code: Code, column: Array) -> None:
    for order in ((3, 1, 0, 2, 2), (3,), (0, 0)):
        x = FOUR[list(order)]
        again = expect_array(code("feature", x), (len(x),), "feature(x)", x=x)
        for row, number, first in zip(x, again, column[list(order)], strict=True):
            if not np.isclose(number, first):
                raise Wrong(
                    f"To the row ({row[0]},{row[1]}) your column says {first:g} among the four rows, and "
                    f"{number:g} in other company. It should be made from the row alone.",
                    first,
                    number,
                    {"x": x},
                )


def _check_answers(numbers: Value, column: Array) -> None:
    parts = expect_parts(numbers, 4, "weights()")
    if not all(isinstance(part, int | float) and abs(part) < 1e9 for part in parts):
        raise Wrong("weights() should be four numbers (w1, w2, w3, b)", None, numbers)
    w1, w2, w3, b = (float(part) for part in parts)
    for (x1, x2), third, right in zip(FOUR, column, XOR, strict=True):
        z = w1 * x1 + w2 * x2 + w3 * third + b
        said = 0.5 * np.tanh(0.5 * z) + 0.5
        if (said if right else 1 - said) < SURE:
            raise Wrong(
                f"To the row ({x1},{x2}), where your column says {third:g}, the gate says {said:.3g}, and "
                f"{right} is right. Its sum z = {z:g} should be well {'above' if right else 'below'} 0.",
                f"at least {SURE:g}" if right else f"at most {1 - SURE:.1f}",
                said,
                {"w1": w1, "w2": w2, "w3": w3, "b": b},
            )
