"""An RNN, slow and obviously right: what the checks of the exercises trust.

Its arrays are laid out as in models/rnn.py: x (steps, rows, 1), h (steps + 1, rows, hidden), z (steps, rows).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def random_parameters(rng: np.random.Generator, hidden: int) -> Parameters:
    """Parameters of a small network, nowhere zero.

    Args:
        rng: Where they come from.
        hidden: Units.
    """
    shapes = {
        "W_hh": (hidden, hidden),
        "W_xh": (1, hidden),
        "b_h": (hidden,),
        "w_hy": (hidden,),
        "b_y": (1,),
    }
    return {
        name: rng.uniform(0.2, 1, size=shape).round(2) * rng.choice([-1, 1], size=shape)
        for name, shape in shapes.items()
    }


def trusted_step(parameters: Parameters, h: Array, x: float) -> Array:
    """One step of one row, unit by unit: h and the answer are (hidden,).

    Args:
        parameters: By name.
        h: (hidden,).
        x: The bit.
    """
    W_hh, W_xh, b_h = (parameters[name] for name in ("W_hh", "W_xh", "b_h"))
    after = np.zeros(len(h))
    for j in range(len(h)):
        heard = sum(float(h[k]) * float(W_hh[k, j]) for k in range(len(h)))
        after[j] = math.tanh(heard + float(x) * float(W_xh[0, j]) + float(b_h[j]))
    return after


def trusted_answers(parameters: Parameters, x: Array) -> tuple[Array, Array]:
    """The logits (steps, rows) and the memories (steps + 1, rows, hidden), row by row and step by step.

    Args:
        parameters: By name.
        x: (steps, rows, 1).
    """
    steps, rows, _ = x.shape
    h, z = np.zeros((steps + 1, rows, len(parameters["b_h"]))), np.zeros((steps, rows))
    for row in range(rows):
        for t in range(steps):
            h[t, row] = trusted_step(parameters, h[t - 1, row], x[t, row, 0])
            heard = sum(float(unit) * float(w) for w, unit in zip(parameters["w_hy"], h[t, row], strict=True))
            z[t, row] = heard + float(parameters["b_y"][0])
    return z, h


def random_questions(
    rng: np.random.Generator, steps: int, rows: int
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Bits as −1 and +1, labels, and which of them count: each row's last one, and a few more.

    Args:
        rng: Where they come from.
        steps: Bits in a row.
        rows: How many.
    """
    counts = rng.random((steps, rows)) < 0.3
    counts[-1] = True
    y = np.where(counts, rng.integers(0, 2, size=(steps, rows)), 7).astype(float)
    return rng.choice([-1.0, 1.0], size=(steps, rows, 1)), y, counts


def trusted_cache(parameters: Parameters, x: Array) -> dict[str, Array]:
    """Everything of a forward pass that the way back needs.

    Args:
        parameters: By name.
        x: (steps, rows, 1).
    """
    z, h = trusted_answers(parameters, x)
    return {"x": x, "h": h, "a": 1 / (1 + np.exp(-z))}


def trusted_loss(parameters: Parameters, x: Array, y: Array, counts: NDArray[np.bool_]) -> float:
    """The mean cross-entropy of the labelled answers.

    Args:
        parameters: By name.
        x: (steps, rows, 1).
        y: Labels, (steps, rows).
        counts: Which of them count, (steps, rows).
    """
    z, _ = trusted_answers(parameters, x)
    losses = [
        math.log1p(math.exp(-z[place] if y[place] else z[place]))
        for place in zip(*np.nonzero(counts), strict=True)
    ]
    return sum(losses) / len(losses)


def expect_gradients_in_time(
    found: object, parameters: Parameters, x: Array, y: Array, counts: NDArray[np.bool_], what: str
) -> None:
    """Expect an RNN's gradients, by finite differences of its loss, from the answer back to the bits.

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
