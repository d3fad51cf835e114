"""A gate fewer: what is not kept is written

Sixteen cells, three gates each: does it need all of them? Alex pulls one out. **What is
not kept is written**: the input gate becomes i = 1 − f, and its weights are gone.

    s       = h W_hh + x W_xh + b_h   three sums
    f, o    = σ(s_f), σ(s_o)
    g       = tanh(s_g)
    c after = f ∘ c + (1 − f) ∘ g
    h after = o ∘ tanh(c after)

Nobody hands you the backward pass of a network that you have made up yourself. Work it
out; finite differences will tell you whether it is right. Write both:

- `step(parameters, c, h, x)`: returns c and h after the step, in this order. `W_hh` is
  `(hidden, 3 hidden)`, `W_xh` is `(1, 3 hidden)`, `b_h` is `(3 hidden,)`, with the
  columns of f, o and g side by side; h and c are `(rows, hidden)`, x is `(rows, 1)`.
- `step_back(dh, dc_kept, c_before, c_after, f, o, g)`: returns ds, `(rows, 3 hidden)`,
  the blame of the three sums, and the blame handed back along the cell to the step
  before, `(rows, hidden)`. `dh` is the blame of h after; `dc_kept` is what the next
  step handed back.

With f = ½, a cell of 1 and a proposal of −1 meet in the middle:

    >>> p = {"W_hh": np.zeros((1, 3)), "b_h": np.zeros(3)}
    >>> p["W_xh"] = np.array([[0.0, 0.0, 9.0]])
    >>> c, h = np.array([[1.0]]), np.array([[0.0]])
    >>> c, h = step(p, c, h, np.array([[-1.0]]))
    >>> print(c.round(4), h.round(4))
    [[0.]] [[0.]]
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradient, expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.lstm.trusted import random_parameters, trusted_sums

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def sigmoid(s: Array) -> Array:
    """Given: 1 / (1 + e⁻ˢ) for every entry."""
    return 1 / (1 + np.exp(-s))


def step(parameters: Parameters, c: Array, h: Array, x: Array) -> tuple[Array, Array]:
    """The cell after the step, and what it shows: both (rows, hidden)."""
    # TODO: three parts instead of four.
    # --- gap
    s = h @ parameters["W_hh"] + x @ parameters["W_xh"] + parameters["b_h"]
    s_f, s_o, s_g = np.split(s, 3, axis=1)
    f, o, g = sigmoid(s_f), sigmoid(s_o), np.tanh(s_g)
    c = f * c + (1 - f) * g
    return c, o * np.tanh(c)
    # --- end of gap


def step_back(
    dh: Array, dc_kept: Array, c_before: Array, c_after: Array, f: Array, o: Array, g: Array
) -> tuple[Array, Array]:
    """One step back: ds (rows, 3 hidden), and the blame handed back along the cell (rows, hidden)."""
    # TODO: f stands in two places now. What does the cell do when f grows a little?
    # --- gap
    shown = np.tanh(c_after)
    dc = dh * o * (1 - shown**2) + dc_kept
    ds_f = dc * (c_before - g) * f * (1 - f)
    ds_o = dh * shown * o * (1 - o)
    ds_g = dc * (1 - f) * (1 - g**2)
    return np.concatenate([ds_f, ds_o, ds_g], axis=1), dc * f
    # --- end of gap


# --- the check: not part of the learner's file

ROWS_LAST = {"step": "lstm T T x -> T T", "step_back": "T T T T T T T -> T T"}
ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake(
        "f's second use is forgotten",
        "dc * (c_before - g)",
        "dc * c_before",
        told="f stands in two places: in f ∘ c, and in (1 − f) ∘ g. Both blame it.",
    ),
    Mistake(
        "the sign of f's second use",
        "dc * (c_before - g)",
        "dc * (c_before + g)",
        told="In (1 − f) ∘ g, f stands with a minus.",
    ),
    Mistake(
        "f's two uses are turned round",
        "dc * (c_before - g)",
        "dc * (g - c_before)",
        told="The sign of f's blame is turned round.",
    ),
    Mistake(
        "g is blamed with f, not with 1 − f",
        "dc * (1 - f) * (1 - g**2)",
        "dc * f * (1 - g**2)",
        told="g is multiplied by 1 − f on its way into the cell.",
    ),
    Mistake(
        "what is not kept is handed back",
        "1), dc * f",
        "1), dc * (1 - f)",
        told="c before is multiplied by f on its way into the cell.",
    ),
    Mistake(
        "what the next step hands back is forgotten",
        " + dc_kept",
        "",
        told="It looks as if dc_kept were left out.",
    ),
    Mistake(
        "kept and written change places",
        "f * c + (1 - f) * g",
        "(1 - f) * c + f * g",
        told="f keeps: it is the old cell's factor, and 1 − f is the proposal's.",
    ),
    Mistake(
        "all of the proposal is written",
        "f * c + (1 - f) * g",
        "f * c + g",
        told="What is not kept is written: the proposal's factor is 1 − f.",
    ),
    Mistake(
        "h comes before c",
        "return c, o * np.tanh(c)",
        "return o * np.tanh(c), c",
        told="It looks as if c and h had changed places: return c first.",
    ),
    Mistake(
        "f and o change places",
        "s_f, s_o, s_g = np",
        "s_o, s_f, s_g = np",
        told="It looks as if f and o had changed places: the order is f, o, g.",
    ),
)


def check(code: Code) -> None:
    rng = generator(0)
    sizes = ((1, 1), (2, 1), (2, 3), (3, 3))
    for hidden, rows in sizes:
        parameters = random_parameters(rng, hidden, gates=3)
        h, c = rng.uniform(-0.9, 0.9, size=(2, rows, hidden)).round(2)
        x = rng.integers(0, 2, size=(rows, 1)).astype(float)
        sums = np.array([trusted_sums(parameters, h[row], float(x[row, 0])) for row in range(rows)])
        given: dict[str, Any] = {name: parameters[name] for name in ("W_hh", "W_xh", "b_h")} | {
            "h": h,
            "c": c,
            "x": x,
        }
        found = expect_parts(code("step", parameters, c, h, x), 2, "step(…)", **given)
        h_after, c_after = _trusted_step(sums, c)
        expect_same(found[0], c_after, "step(…): c", **given)
        expect_same(found[1], h_after, "step(…): h", **given)
    for hidden, rows in sizes:
        dh, dc_kept, c = rng.choice([-1, 1], size=(3, rows, hidden)) * rng.uniform(
            0.3, 1, size=(3, rows, hidden)
        ).round(2)
        s = rng.normal(size=(rows, 3 * hidden)).round(2)
        f, o, g = _trusted_gates(s)
        given = {
            "dh": dh,
            "dc_kept": dc_kept,
            "c_before": c,
            "c_after": _trusted_step(s, c)[1],
            "f": f,
            "o": o,
            "g": g,
        }
        ds, kept = expect_parts(code("step_back", *given.values()), 2, "step_back(…)", **given)
        blame = partial(_blame, dh=dh, dc_kept=dc_kept)
        expect_gradient(ds, partial(blame, c=c), s, "step_back(…): ds", **given)
        expect_gradient(kept, partial(blame, s), c, "step_back(…): what it hands back", **given)


def _trusted_gates(s: Array) -> tuple[Array, Array, Array]:
    hidden = s.shape[1] // 3
    f, o, g = np.zeros((3, len(s), hidden))
    for row, j in np.ndindex(f.shape):
        f[row, j], o[row, j] = (1 / (1 + math.exp(-float(s[row, k * hidden + j]))) for k in (0, 1))
        g[row, j] = math.tanh(float(s[row, 2 * hidden + j]))
    return f, o, g


def _trusted_step(s: Array, c: Array) -> tuple[Array, Array]:
    """h and c after a step, from its sums, unit by unit."""
    f, o, g = _trusted_gates(s)
    h_after, c_after = np.zeros((2, *c.shape))
    for place in np.ndindex(c.shape):
        c_after[place] = f[place] * c[place] + (1 - f[place]) * g[place]
        h_after[place] = o[place] * math.tanh(c_after[place])
    return h_after, c_after


def _blame(s: Array, c: Array, dh: Array, dc_kept: Array) -> float:
    """What a step makes of its sums s and the cell c, each number of it times its blame."""
    h_after, c_after = _trusted_step(s, c)
    return float(np.vdot(dh, h_after) + np.vdot(dc_kept, c_after))
