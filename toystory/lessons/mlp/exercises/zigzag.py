"""The gate by hand: a network that counts

Training searched thousands of updates for the gate. You can *set* it. Sami's theorem
promised that one hidden layer is enough; here you prove it for parity, with no training
at all.

A unit whose first weights are all 1 counts the switches that are on. From the count to
the answer it is a zigzag: 0 switches on: 0, one: 1, two: 0, three: 1, and so on. And a
sum of ReLUs is a line with corners, one corner for each unit, at a place of your
choice. So: which corners, and how sharp?

Write `zigzag(n)`: the parameters of a network that answers the parity of n bits, read
as 0 and 1.

- `W1` is `(n, hidden)`, `b1` is `(hidden,)`, `W2` is `(hidden, 1)`, `b2` is `(1,)`.
  Return them in a dict. How many hidden units you take is up to you, but at most 2n: a
  unit for every row would be learning by heart.
- What is done with them: a1 = relu(x W1 + b1), z = a1 W2 + b2. The answer is 1 where z
  is above 0, and 0 where it is below. Keep z at least 0.1 away from 0: a gate that
  cannot make up its mind is none.

It is asked all rows of n = 1 … 8 bits.

    >>> x = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 1]])
    >>> p = zigzag(3)
    >>> a1 = np.maximum(x @ p["W1"] + p["b1"], 0)
    >>> (a1 @ p["W2"] + p["b2"] > 0)[:, 0].tolist()
    [False, True, False]
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_keys
from toystory.course.exercises.exercise import Code, Mistake, Wrong

Array = NDArray[np.float64]


def zigzag(n: int) -> dict[str, Array]:
    """W1, b1, W2, b2 of a ReLU network that answers the parity of n bits."""
    # TODO: draw the zigzag for n = 3 on paper first, then write down its corners.
    # --- gap
    W1 = np.ones((n, n))
    b1 = -np.arange(n, dtype=float)
    W2 = np.where(np.arange(n) % 2 == 0, 2.0, -2.0)
    W2[0] = 1.0
    return {"W1": W1, "b1": b1, "W2": W2[:, None], "b2": np.array([-0.5])}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake(
        "no line between the answers: the even rows are left at 0",
        "np.array([-0.5])",
        "np.array([0.0])",
        told="A zigzag between 0 and 1 needs its line at one half: b2.",
    ),
    Mistake(
        "the slope changes by 1: the line lies flat instead of falling",
        "2.0, -2.0)",
        "1.0, -1.0)",
        told="From climbing (+1) to falling (−1) the slope changes by 2.",
    ),
    Mistake(
        "all corners turn the same way",
        "2.0, -2.0)",
        "-2.0, -2.0)",
        told=(
            "The second corner turns the line down, the third turns it up again: the weights change "
            "their sign."
        ),
    ),
    Mistake(
        "the corners sit one too far to the right",
        "-np.arange(n, dtype=float)",
        "-np.arange(1.0, n + 1)",
        told=(
            "The first corner is at a count of 0: with nothing on, the next switch should already make "
            "a difference."
        ),
    ),
    Mistake("the biases have the wrong sign", "-np.arange(n, dtype=float)", "np.arange(n, dtype=float)"),
    Mistake(
        "each unit hears one bit alone",
        "np.ones((n, n))",
        "np.eye(n)",
        told="It looks as if each unit heard one bit alone. Let every unit hear all of them.",
    ),
    Mistake(
        "the first slope is 2 as well",
        "W2[0] = 1.0",
        "W2[0] = 2.0",
        told="The line comes from nothing: its first slope is 1, half of the later changes.",
    ),
    Mistake("W2 is no column", "W2[:, None]", "W2"),
    Mistake(
        "made for three bits only", "np.arange(n) % 2 == 0", "(np.arange(n) % 2 == 0) & (np.arange(n) < 3)"
    ),
)


def check(code: Code) -> None:
    for n in range(1, 9):
        parameters = code("zigzag", n)
        W1, b1, W2, b2 = _layers(parameters, n)
        for number in range(2**n):
            x = np.array([number >> k & 1 for k in reversed(range(n))], dtype=float)
            z = float(b2[0])
            for unit in range(len(b1)):
                z += max(float(x @ W1[:, unit]) + float(b1[unit]), 0.0) * float(W2[unit, 0])
            odd = int(x.sum()) % 2
            given = {"n": n, "x": x.astype(int)}
            if abs(z) < 0.1:
                raise Wrong(f"zigzag({n}) does not decide on this row: its z is too near to 0", odd, z, given)
            if (z > 0) != odd:
                raise Wrong(
                    f"zigzag({n}) answers {int(z > 0)} to a row with {int(x.sum())} of its {n} bits on",
                    odd,
                    z,
                    given,
                )


def _layers(parameters: Any, n: int) -> tuple[Array, Array, Array, Array]:
    """The four arrays, after their shapes were seen to fit."""
    what = f"zigzag({n})"
    expect_keys(parameters, ("W1", "b1", "W2", "b2"), what)
    W1 = parameters["W1"]
    if not isinstance(W1, np.ndarray) or W1.ndim != 2 or len(W1) != n:
        raise Wrong(f'{what}["W1"] should have shape (n, hidden)', f"({n}, hidden)", np.shape(W1), {"n": n})
    hidden = W1.shape[1]
    if not 1 <= hidden <= 2 * n:
        raise Wrong(f"{what} has {hidden} hidden units; take 1 to {2 * n}, which is 2n", given={"n": n})
    shapes = {"W1": (n, hidden), "b1": (hidden,), "W2": (hidden, 1), "b2": (1,)}
    W1, b1, W2, b2 = (
        expect_array(parameters[name], shape, f'{what}["{name}"]') for name, shape in shapes.items()
    )
    return W1, b1, W2, b2
