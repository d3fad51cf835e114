"""Back through the gates: the open road

The blame of an LSTM comes back on two roads. One leads through the gates, as in the
RNN, and is bent and multiplied on the way. The other is the cell's own: from cell to
cell it is multiplied by the forget gate **alone**. Here you build the crossing.

Nobody hands you its equations: you have the forward step, and three rules. A factor's
blame is the whole blame times the other factor; a part of a sum gets it as it is; through a
function it is multiplied by the slope. Take one unit with tanh(c after) = 0.8 and o = 0.5,
c before = 2, f = 0.5, i = 0.5, g = 0.6. It showed h = o tanh(c after), for which the blame is
dh = 1; along the cell, the next step hands back 0.12. Write down in `on_paper()`:

    "do"    the blame of the output gate
    "dc"    the blame of c after, from both sides
    "df"    that of the forget gate, for which
            c after = f c before + i g
    "di"    that of the input gate
    "dg"    that of the proposal
    "ds_f"  f is the sigmoid of its sum. Its slope is
            A  f (1 − f)    B  1 − f²    C  f
    "back"  what goes back along the cell
            A  dc    B  dc f    C  dc f (1 − f)

Then write `step_back(dh, dc_kept, c_before, c_after, i, f, o, g)`, one step back. `dh` is
the blame of what this step showed. `dc_kept` is what the next step hands back along the
cell. These, the two cells and the four gates are `(rows, hidden)`.

Return two arrays: `ds`, `(rows, 4 hidden)`, the blame of the four sums, side by side in
the order i, f, o, g; and what *this* step hands back along the cell to the one before it,
`(rows, hidden)`.

`backward` is given, and walks back through a whole row with your step.

    >>> zero, half = np.array([[0.0]]), np.array([[0.5]])
    >>> dh, dc_kept, c = np.array([[[1.0]], [[2.0]], [[1.0]]])
    >>> gates = half, half, half, half
    >>> ds, kept = step_back(dh, dc_kept, c, zero, *gates)
    >>> ds.tolist(), kept.tolist()
    ([[0.3125, 0.625, 0.0, 0.9375]], [[1.25]])
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradient, expect_parts
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.lstm.trusted import expect_gradients_in_time, random_parameters, trusted_cache

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def on_paper() -> dict[str, float | str]:
    """Your answers: "do", "dc", "df", "di" and "dg" are numbers, "ds_f" and "back" are letters."""
    # TODO: return {"do": …, "dc": …, "df": …, "di": …, "dg": …, "ds_f": "…", "back": "…"}
    # --- gap
    return {"do": 0.8, "dc": 0.3, "df": 0.6, "di": 0.18, "dg": 0.15, "ds_f": "A", "back": "B"}
    # --- end of gap


def step_back(
    dh: Array, dc_kept: Array, c_before: Array, c_after: Array, i: Array, f: Array, o: Array, g: Array
) -> tuple[Array, Array]:
    """One step back: ds (rows, 4 hidden), and the blame handed back along the cell (rows, hidden)."""
    # TODO: the blame of the cell first; every gate's share follows from it, but for o's.
    # --- gap
    shown = np.tanh(c_after)
    dc = dh * o * (1 - shown**2) + dc_kept
    ds_i = dc * g * i * (1 - i)
    ds_f = dc * c_before * f * (1 - f)
    ds_o = dh * shown * o * (1 - o)
    ds_g = dc * i * (1 - g**2)
    return np.concatenate([ds_i, ds_f, ds_o, ds_g], axis=1), dc * f
    # --- end of gap


def backward(parameters: Parameters, cache: dict[str, Array], y: Array) -> Parameters:
    """Given: the gradients for one label a row, y (rows,), at its end; by the parameters' names."""
    x, h, c, i, f, o, g = (cache[name] for name in ("x", "h", "c", "i", "f", "o", "g"))
    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    dz = (cache["a"][-1] - y) / len(y)
    gradients["w_hy"] += dz @ h[len(x) - 1]
    gradients["b_y"] += dz.sum()
    dh, dc_kept = np.outer(dz, parameters["w_hy"]), np.zeros_like(c[0])
    for t in reversed(range(len(x))):
        ds, dc_kept = step_back(dh, dc_kept, c[t - 1], c[t], i[t], f[t], o[t], g[t])
        gradients["W_hh"] += h[t - 1].T @ ds
        gradients["W_xh"] += x[t].T @ ds
        gradients["b_h"] += ds.sum(axis=0)
        dh = ds @ parameters["W_hh"].T
    return gradients


# --- the check: not part of the learner's file

ROWS_LAST = {"step_back": "T T T T T T T T -> T T", "backward": "lstm cache = -> lstm"}
ORDER = 2
KIND = "heart"
MISTAKES = (
    Mistake(
        "what the next step hands back is forgotten",
        " + dc_kept",
        "",
        told="It looks as if dc_kept were left out of dc.",
    ),
    Mistake(
        "the slope of the bend at the cell is left out",
        "dh * o * (1 - shown**2)",
        "dh * o",
        told="Between the cell and what it shows stands a tanh: its slope is missing from dc.",
    ),
    Mistake(
        "the slope is taken of c, not of tanh(c)",
        "(1 - shown**2)",
        "(1 - c_after**2)",
        told="tanh's slope is 1 − tanh²(c), not 1 − c².",
    ),
    Mistake(
        "the forget gate is blamed with the new cell",
        "dc * c_before *",
        "dc * c_after *",
        told="The forget gate worked on the cell before the step.",
    ),
    Mistake(
        "the output gate is blamed for the cell, not for what is shown",
        "dh * shown * o",
        "dh * c_after * o",
        told="The output gate worked on tanh(c after), not on the cell itself.",
    ),
    Mistake(
        "the output gate gets the cell's blame",
        "dh * shown * o",
        "dc * shown * o",
        told="The output gate stands after the cell: its blame is dh's, not dc's.",
    ),
    Mistake(
        "input gate and proposal change places",
        "dc * g * i * (1 - i)",
        "dc * i * i * (1 - i)",
        told="In i ∘ g the blame of i is dc ∘ g.",
    ),
    Mistake(
        "the proposal gets the sigmoid's slope",
        "(1 - g**2)",
        "g * (1 - g)",
        told="g comes from a tanh: its slope is 1 − g².",
    ),
    Mistake(
        "the parts stand in another order",
        "[ds_i, ds_f, ds_o, ds_g]",
        "[ds_f, ds_i, ds_o, ds_g]",
        told="The order is i, f, o, g.",
    ),
    Mistake("the parts stand one under the other", "ds_o, ds_g], axis=1)", "ds_o, ds_g])"),
    Mistake(
        "the cell hands back all its blame",
        "1), dc * f",
        "1), dc",
        told="c before was multiplied by f on its way: so is what goes back.",
    ),
    Mistake(
        "what is handed back leaves out what came from later",
        "1), dc * f",
        "1), (dc - dc_kept) * f",
        told="What came from later goes on to the step before too: all of dc, times f.",
    ),
    Mistake(
        "handed back through the input gate",
        "1), dc * f",
        "1), dc * i",
        told="c before went through the forget gate, not the input gate.",
    ),
    Mistake("the open road, on paper", '"back": "B"', '"back": "A"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "do": Number(0.8, "In o tanh(c after), o gets the whole blame times the other factor."),
    "dc": Number(
        0.3, "Through o, and through the slope of tanh, which is 1 − 0.8²; and what is handed back is added."
    ),
    "df": Number(0.6, "In f c before, f gets dc times the other factor."),
    "di": Number(0.18, "In i g, i gets dc times the other factor."),
    "dg": Number(0.15, "In i g, g gets dc times the other factor."),
    "ds_f": Choice(
        "A",
        {
            "B": "That is the slope of tanh. A gate is a sigmoid.",
            "C": "At f = 1 the sigmoid is flat: its slope is 0 there.",
        },
    ),
    "back": Choice(
        "B",
        {
            "A": "c before went through f on its way.",
            "C": "f (1 − f) is the slope to f's own sum. The cell's road has no bend.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for hidden, rows in ((1, 1), (2, 1), (2, 3), (3, 3)):
        shape = (3, rows, hidden)
        dh, dc_kept, c = rng.choice([-1, 1], size=shape) * rng.uniform(0.3, 1.2, size=shape).round(2)
        s = rng.normal(size=(rows, 4 * hidden)).round(2)
        i, f, o = (1 / (1 + np.exp(-each)) for each in np.split(s, 4, axis=1)[:3])
        g = np.tanh(np.split(s, 4, axis=1)[3])
        step = {"c_before": c, "c_after": f * c + i * g, "i": i, "f": f, "o": o, "g": g}
        given: dict[str, Any] = {"dh": dh, "dc_kept": dc_kept, **step}
        ds, kept = expect_parts(code("step_back", *given.values()), 2, "step_back(…)", **given)
        blame = partial(_blame, dh=dh, dc_kept=dc_kept)
        expect_gradient(ds, partial(blame, c=c), s, "step_back(…): ds", **given)
        expect_gradient(kept, partial(blame, s), c, "step_back(…): what it hands back", **given)
    for steps, hidden, rows in ((1, 1, 1), (2, 1, 1), (3, 2, 3), (4, 2, 2)):
        parameters = random_parameters(rng, hidden)
        x, y = rng.integers(0, 2, size=(2, steps, rows)).astype(float)
        x = x[:, :, None]
        found = code("backward", parameters, trusted_cache(parameters, x), y[-1])
        at_the_end = np.arange(steps)[:, None] == np.full(rows, steps - 1)
        expect_gradients_in_time(found, parameters, x, y, at_the_end, "backward(…)")


def _blame(s: Array, c: Array, dh: Array, dc_kept: Array) -> float:
    """What a step makes of its sums s and the cell c, each number of it times its blame."""
    rows, hidden = c.shape
    total = 0.0
    for row, j in np.ndindex(rows, hidden):
        i, f, o = (1 / (1 + math.exp(-float(s[row, k * hidden + j]))) for k in range(3))
        c_after = f * float(c[row, j]) + i * math.tanh(float(s[row, 3 * hidden + j]))
        total += float(dh[row, j]) * o * math.tanh(c_after) + float(dc_kept[row, j]) * c_after
    return total
