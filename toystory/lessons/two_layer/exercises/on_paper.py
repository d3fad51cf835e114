"""On paper: XOR and more, without any training

On paper, two hidden units are enough for two switches. One says "at least one switch is
up", the other says "both are up", and the lamp is on when the first says yes and the
second no. Universal approximation promises that such weights exist. Write them down.

Then go on: three floors, three switches, three hidden units. Four. Alex wants a staircase
of any height, lit when an odd number of its switches is up.

Write `weights(columns)`, for any number of switches from two on. Return a dict of the
parameters of a two-layer network with at most as many hidden units as switches:

    W1   (columns, hidden)    b1   (hidden,)
    w2   (hidden,)            b2   (1,)

The answer has to be sure in every row there is: at least 0.9 where the number of ones is
odd, at most 0.1 where it is even. There are many right answers, so your numbers are
judged by what they do.

`answers(x, p)` is the network, tanh units and a sigmoid at the end. It is done when

    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> [round(float(a)) for a in answers(x, weights(2))]
    [0, 1, 1, 0]
    >>> x = np.indices((2, 2, 2)).reshape(3, 8).T
    >>> [round(float(a)) for a in answers(x, weights(3))]
    [0, 1, 1, 0, 1, 0, 0, 1]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_keys
from toystory.course.exercises.exercise import Code, Mistake, Value, Wrong

Array = NDArray[np.float64]


def answers(x: Array, p: dict[str, Array]) -> Array:
    """What the network says to each row of x (rows, columns): (rows,)."""
    h = np.tanh(x @ p["W1"] + p["b1"])
    z = h @ p["w2"] + p["b2"]
    return 0.5 * np.tanh(0.5 * z) + 0.5


def weights(columns: int) -> dict[str, Array]:
    """W1, b1, w2 and b2 of a network that says the parity of so many bits."""
    # TODO: first for two columns. What could a third unit say?
    # --- gap
    unit = np.arange(columns)  # unit k says: more than k switches are up
    W1 = np.full((columns, columns), 4.0)
    b1 = -4.0 * (unit + 0.5)
    w2 = np.where(unit % 2 == 0, 5.0, -5.0)
    b2 = np.array([0.0 if columns % 2 else -5.0])
    return {"W1": W1, "b1": b1, "w2": w2, "b2": b2}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 5
KIND = "extension"
MISTAKES = (
    Mistake("thresholds on the counts themselves", "(unit + 0.5)", "unit"),
    Mistake("the thresholds' sign", "-4.0 * (unit + 0.5)", "4.0 * (unit + 0.5)"),
    Mistake("all thresholds in one place", "(unit + 0.5)", "0.5 * np.ones(columns)"),
    Mistake("no unit takes anything back", "np.where(unit % 2 == 0, 5.0, -5.0)", "np.full(columns, 5.0)"),
    Mistake(
        "even and odd change places", "np.where(unit % 2 == 0, 5.0, -5.0)", "np.where(unit % 2, 5.0, -5.0)"
    ),
    Mistake("right for an even number of switches only", "0.0 if columns % 2 else -5.0", "-5.0"),
    Mistake(
        "right for two switches only", "np.where(unit % 2 == 0, 5.0, -5.0)", "np.where(unit == 0, 5.0, -5.0)"
    ),
    Mistake("weights too small to be sure", "5.0, -5.0)", "1.0, -1.0)"),
    Mistake("units that do not bend", "np.full((columns, columns), 4.0)", "np.full((columns, columns), 0.4)"),
    Mistake("each unit hears one switch", "np.full((columns, columns), 4.0)", "4.0 * np.eye(columns)"),
    Mistake(
        "a table of w2", "np.where(unit % 2 == 0, 5.0, -5.0)", "np.where(unit[:, None] % 2 == 0, 5.0, -5.0)"
    ),
    Mistake("b2 is a number", "np.array([0.0 if columns % 2 else -5.0])", "0.0 if columns % 2 else -5.0"),
    Mistake("b1 is forgotten", '"b1": b1, ', ""),
)
SURE = 0.9


def check(code: Code) -> None:
    for columns in (2, 3, 4, 5, 8):
        p = _parameters(code("weights", columns), columns)
        x = (np.arange(2**columns)[:, None] >> np.arange(columns - 1, -1, -1)) & 1
        for row in sorted(x.tolist(), key=sum):
            _check_row(row, p)


def _parameters(found: Value, columns: int) -> dict[str, Array]:
    called = f"weights({columns})"
    expect_keys(found, ("W1", "b1", "w2", "b2"), called)
    shape = np.shape(found["W1"])
    if len(shape) == 2 and shape[1] > columns:
        raise Wrong(f"W1 for {columns} switches has {shape[1]} hidden units. {columns} are enough.")
    hidden = shape[1] if len(shape) == 2 and shape[1] > 0 else columns
    shapes = {"W1": (columns, hidden), "b1": (hidden,), "w2": (hidden,), "b2": (1,)}
    return {name: expect_array(found[name], size, f'{called}["{name}"]') for name, size in shapes.items()}


def _check_row(row: list[int], p: dict[str, Array]) -> None:
    columns, ones, right = len(row), sum(row), sum(row) % 2
    h = np.tanh(np.array(row) @ p["W1"] + p["b1"])
    z = float(h @ p["w2"] + p["b2"][0])
    said = 0.5 * float(np.tanh(0.5 * z)) + 0.5
    if (said if right else 1 - said) >= SURE:
        return
    done = f"Up to {columns - 1} switches it is right. " if columns > 2 else ""
    raise Wrong(
        f"{done}With {columns} switches and {ones or 'none'} of them up, row ({','.join(map(str, row))}), "
        f"the network says {said:.3g}, and {right} is right. z is {z:.3g} there, and should be well "
        f"{'above' if right else 'below'} 0.",
        f"at least {SURE:g}" if right else f"at most {1 - SURE:.1f}",
        said,
        {"row": row, "h": h, "w2": p["w2"], "b2": p["b2"]},
    )
