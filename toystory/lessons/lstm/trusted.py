"""An LSTM, slow and obviously right: what the checks of the exercises trust.

Its arrays are laid out as in models/lstm.py: x (steps, rows, 1), h and c (steps + 1, rows, hidden).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def trusted_cell(c: float, i: float, f: float, o: float, g: float) -> tuple[float, float]:
    """One unit of one row: the cell after the step, and what it shows.

    Args:
        c: The cell before.
        i: Input gate.
        f: Forget gate.
        o: Output gate.
        g: What could be written.
    """
    after = f * c + i * g
    return after, o * math.tanh(after)


def random_parameters(rng: np.random.Generator, hidden: int, gates: int = 4) -> Parameters:
    """Parameters of a small network, nowhere zero.

    Args:
        rng: Where they come from.
        hidden: Cells.
        gates: Its gates are so many parts of `hidden` columns each.
    """
    wide = gates * hidden
    shapes = {"W_hh": (hidden, wide), "W_xh": (1, wide), "b_h": (wide,), "w_hy": (hidden,), "b_y": (1,)}
    return {
        name: rng.uniform(0.2, 1.2, size=shape).round(2) * rng.choice([-1, 1], size=shape)
        for name, shape in shapes.items()
    }


def trusted_sums(parameters: Parameters, h: Array, x: float) -> list[float]:
    """The weighted sum of every gate of every unit in one row.

    Args:
        parameters: By name.
        h: (hidden,).
        x: The bit.
    """
    W_hh, W_xh, b_h = (parameters[name] for name in ("W_hh", "W_xh", "b_h"))
    return [
        sum(float(unit) * float(w) for w, unit in zip(W_hh[:, j], h, strict=True))
        + x * float(W_xh[0, j])
        + float(b_h[j])
        for j in range(len(b_h))
    ]


def trusted_gates(parameters: Parameters, h: Array, x: float) -> tuple[Array, Array, Array, Array]:
    """The gates i, f, o and g of one row, unit by unit, each (hidden,).

    Args:
        parameters: By name.
        h: (hidden,).
        x: The bit.
    """
    sums = trusted_sums(parameters, h, x)
    hidden = len(h)
    activated = [1 / (1 + math.exp(-s)) if j < 3 * hidden else math.tanh(s) for j, s in enumerate(sums)]
    i, f, o, g = (np.array(activated[k * hidden : (k + 1) * hidden]) for k in range(4))
    return i, f, o, g


def trusted_cache(parameters: Parameters, x: Array) -> dict[str, Array]:
    """Everything of a forward pass, row by row and step by step.

    Args:
        parameters: By name.
        x: (steps, rows, 1).
    """
    steps, rows, _ = x.shape
    hidden = len(parameters["w_hy"])
    cache = {name: np.zeros((steps + 1, rows, hidden)) for name in "ifog"}
    h, c = np.zeros((2, steps + 1, rows, hidden))
    z = np.zeros((steps, rows))
    for t, row in np.ndindex(steps, rows):
        i, f, o, g = trusted_gates(parameters, h[t - 1, row], float(x[t, row, 0]))
        for j in range(hidden):
            c[t, row, j], h[t, row, j] = trusted_cell(float(c[t - 1, row, j]), i[j], f[j], o[j], g[j])
        for name, gate in zip("ifog", (i, f, o, g), strict=True):
            cache[name][t, row] = gate
        shown = sum(float(unit) * float(w) for w, unit in zip(parameters["w_hy"], h[t, row], strict=True))
        z[t, row] = shown + float(parameters["b_y"][0])
    return cache | {"x": x, "h": h, "c": c, "a": 1 / (1 + np.exp(-z))}


def trusted_loss(parameters: Parameters, x: Array, y: Array, counts: NDArray[np.bool_]) -> float:
    """The mean cross-entropy of the labelled answers.

    Args:
        parameters: By name.
        x: (steps, rows, 1).
        y: Labels, (steps, rows).
        counts: Which of them count, (steps, rows).
    """
    a = trusted_cache(parameters, x)["a"]
    losses = [
        -math.log(a[place] if y[place] else 1 - a[place]) for place in zip(*np.nonzero(counts), strict=True)
    ]
    return sum(losses) / len(losses)


def expect_gradients_in_time(
    found: object, parameters: Parameters, x: Array, y: Array, counts: NDArray[np.bool_], what: str
) -> None:
    """Expect an LSTM's gradients, by finite differences of its loss, from the answer back to the bits.

    Args:
        found: What the learner's function returned.
        parameters: By name.
        x: (steps, rows, 1).
        y: Labels, (steps, rows).
        counts: Which of them count, (steps, rows).
        what: Its name in a sentence.
    """

    def loss(parameters: Parameters) -> float:
        return trusted_loss(parameters, x, y, counts)

    steps, rows, _ = x.shape
    backwards = {name: parameters[name] for name in ("w_hy", "b_y", "W_hh", "W_xh", "b_h")}
    what = f"steps: {steps}, rows: {rows}, {what}"
    expect_gradients(found, loss, backwards, what, **parameters, x=x, y=y, counts=counts)
