"""One step of the cell: keep some, write some, show some

Alex set out to build one gate; here are three, and each is a dimmer between 0 and 1.
They are set anew at every bit, by the bit and by what the cells showed last. A cell hears
four sums, each like the one sum of the RNN:

    i   how much to write       a dimmer: σ of a sum
    f   how much to keep        a dimmer
    o   how much to show        a dimmer
    g   what could be written   tanh of a sum

The cell after the step is what it keeps of the old plus what it writes of the new. It shows
tanh of what it holds, through the dimmer o. What is that in signs? Take a cell that holds
c = 2, with f = 0.5, i = 0.25, g = −0.8 and o = 0.5. Write down in `on_paper()`:

    "c"      what it holds after the step
    "h"      what it shows then
    "keep"   to hold what it holds for good it needs
             A  f = 1, i = 1      B  f = 1, i = 0
             C  f = 0, i = 1
    "count"  what does a cell hold after five steps
             with f, i and g at 1, from 0 on?
    "sums"   W_hh is (hidden, 4 hidden). How many
             columns has h @ W_hh for 16 units?

Then write two functions:

- `gates(parameters, h, x)`: the four of them, `i, f, o, g`, each `(rows, hidden)`. `h`
  is `(rows, hidden)`, `x` is `(rows, 1)`. `W_hh` is `(hidden, 4 hidden)`, `W_xh` is
  `(1, 4 hidden)`, `b_h` is `(4 hidden,)`; the first `hidden` columns belong to i, the
  next to f, then o, then g.
- `cell(c, i, f, o, g)`: the cell and what it shows after the step, `c, h`, each
  `(rows, hidden)`. All of it is entry by entry.

One unit, two rows:

    >>> p = {"W_hh": np.array([[2.0, 0.0, 0.0, -1.0]])}
    >>> p["W_xh"] = np.array([[0.0, 0.0, 1.0, 1.0]])
    >>> p["b_h"] = np.array([0.0, 1.0, 0.0, 0.0])
    >>> h, x = np.array([[0.0], [0.5]]), np.array([[1.0], [0.0]])
    >>> i, f, o, g = gates(p, h, x)
    >>> print(i[:, 0].round(3), f[:, 0].round(3))
    [0.5   0.731] [0.731 0.731]
    >>> print(o[:, 0].round(3), g[:, 0].round(3))
    [0.731 0.5  ] [ 0.762 -0.462]
    >>> c, h = cell(np.array([[0.0], [1.0]]), i, f, o, g)
    >>> print(c[:, 0].round(3), h[:, 0].round(3))
    [0.381 0.393] [0.266 0.187]
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.lstm.trusted import random_parameters, trusted_cell, trusted_gates

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def sigmoid(s: Array) -> Array:
    """Given: 1 / (1 + e⁻ˢ) for every entry."""
    return 1 / (1 + np.exp(-s))


def on_paper() -> dict[str, float | str]:
    """Your answers: "c", "h", "count" and "sums" are numbers, "keep" is a letter."""
    # TODO: return {"c": …, "h": …, "keep": "…", "count": …, "sums": …}
    # --- gap
    return {"c": 0.8, "h": 0.33, "keep": "B", "count": 5.0, "sums": 64.0}
    # --- end of gap


def gates(parameters: Parameters, h: Array, x: Array) -> tuple[Array, Array, Array, Array]:
    """i, f, o and g for one step, each (rows, hidden)."""
    # TODO: the sums of all four at once; then cut them apart, and bend each in its own way.
    # --- gap
    s = h @ parameters["W_hh"] + x @ parameters["W_xh"] + parameters["b_h"]
    s_i, s_f, s_o, s_g = np.split(s, 4, axis=1)
    return sigmoid(s_i), sigmoid(s_f), sigmoid(s_o), np.tanh(s_g)
    # --- end of gap


def cell(c: Array, i: Array, f: Array, o: Array, g: Array) -> tuple[Array, Array]:
    """The cell after the step, and what it shows: both (rows, hidden)."""
    # TODO: two lines.
    # --- gap
    c_after = f * c + i * g
    return c_after, o * np.tanh(c_after)
    # --- end of gap


# --- the check: not part of the learner's file

ROWS_LAST = {"gates": "lstm T x -> T T T T", "cell": "T T T T T -> T T"}
ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "input and forget gate change places",
        "s_i, s_f, s_o, s_g = ",
        "s_f, s_i, s_o, s_g = ",
        told="It looks as if i and f had changed places: the order is i, f, o, g.",
    ),
    Mistake("cut along the rows of data", "np.split(s, 4, axis=1)", "np.split(s, 4)"),
    Mistake(
        "every fourth column goes to one gate",
        "np.split(s, 4, axis=1)",
        "(s[:, k::4] for k in range(4))",
        told="The first `hidden` columns belong to i, the next to f: blocks, not every fourth column.",
    ),
    Mistake(
        "what could be written is a dimmer too",
        "np.tanh(s_g)",
        "sigmoid(s_g)",
        told="g is bent by tanh, from −1 to 1: it is no dimmer.",
    ),
    Mistake(
        "the output gate is bent by tanh",
        "sigmoid(s_o)",
        "np.tanh(s_o)",
        told="o is a dimmer, from 0 to 1: a sigmoid.",
    ),
    Mistake(
        "the bias is left out", ' + parameters["b_h"]', "", told="It looks as if the bias b_h were left out."
    ),
    Mistake(
        "kept and written change places",
        "f * c + i * g",
        "i * c + f * g",
        told="It looks as if f and i had changed places: f keeps the old, i lets in the new.",
    ),
    Mistake(
        "all of it is written",
        "f * c + i * g",
        "f * c + g",
        told="How much of g is written is for i to say: i ∘ g.",
    ),
    Mistake("matrices multiplied instead of entry by entry", "f * c + i * g", "f @ c + i @ g"),
    Mistake(
        "the cell is shown as it is, not bent",
        "o * np.tanh(c_after)",
        "o * c_after",
        told="What is shown is o times the tanh of the cell.",
    ),
    Mistake(
        "the cell of before is shown",
        "np.tanh(c_after)",
        "np.tanh(c)",
        told="What is shown is the cell after the step, not before it.",
    ),
    Mistake(
        "h comes before c",
        "return c_after, o * np.tanh(c_after)",
        "return o * np.tanh(c_after), c_after",
        told="It looks as if c and h had changed places: return c first.",
    ),
    Mistake("how a cell holds, on paper", '"keep": "B"', '"keep": "A"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "c": Number(0.8, "Half of 2 is kept, and a quarter of −0.8 is written."),
    "h": Number(0.5 * math.tanh(0.8), "tanh of what it holds now, and half of that."),
    "keep": Choice(
        "B", {"A": "Then something new is added at every step.", "C": "Then the old is gone at once."}
    ),
    "count": Number(5.0, "All is kept, and 1 is added at every step."),
    "sums": Number(64.0, "(rows, 16) @ (16, 4·16): the inner sizes meet and are gone."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    sizes = ((1, 1), (1, 3), (2, 1), (3, 2), (3, 4), (4, 4))
    for hidden, rows in sizes:
        parameters = random_parameters(rng, hidden)
        h = rng.uniform(-1, 1, size=(rows, hidden)).round(2)
        x = rng.integers(0, 2, size=(rows, 1)).astype(float)
        of_rows = [trusted_gates(parameters, h[row], float(x[row, 0])) for row in range(rows)]
        four = {name: np.stack([gates[k] for gates in of_rows]) for k, name in enumerate("ifog")}
        given: dict[str, Any] = {name: parameters[name] for name in ("W_hh", "W_xh", "b_h")}
        given |= {"h": h, "x": x}
        found = expect_parts(code("gates", parameters, h, x), 4, "gates(…)", **given)
        for part, (name, expected) in zip(found, four.items(), strict=True):
            expect_same(part, expected, f"gates(…): {name}", **given)
    for hidden, rows in sizes:
        i, f, o = rng.uniform(0.2, 0.9, size=(3, rows, hidden)).round(2)
        c, g = rng.choice([-1, 1], size=(2, rows, hidden)) * rng.uniform(
            0.3, 1, size=(2, rows, hidden)
        ).round(2)
        c_after, h_after = np.zeros((2, rows, hidden))
        for place in np.ndindex(c.shape):
            unit = (float(v[place]) for v in (c, i, f, o, g))
            c_after[place], h_after[place] = trusted_cell(*unit)
        given = {"c": c, "i": i, "f": f, "o": o, "g": g}
        found = expect_parts(code("cell", *given.values()), 2, "cell(…)", **given)
        expect_same(found[0], c_after, "cell(…): c", **given)
        expect_same(found[1], h_after, "cell(…): h", **given)
