"""One switch at a time: a step of memory

Alex slides his finger along the strip. At every bit he mixes what he remembers with
what he sees, and that is what he remembers next. One step of the network does the same,
with the same weights at every bit. A unit adds up three things: what all units remembered,
through `W_hh`; the bit, through `W_xh`; its bias `b_h`. Then it says tanh of the sum. The
logit `z` reads the units through `w_hy`, and adds `b_y`.

Before you write it, on paper. A memory of one unit stands at 0.5; its weights are W_hh = 2
and W_xh = −1, its bias is 0.5. Write down in `on_paper()`:

    "s"        the sum that it hears at the bit x = 1
    "h"        and what it remembers then
    "memory"   for all: h is (rows, hidden), column j
               of W_hh is what unit j hears. It is
               A  W_hh @ h    B  h @ W_hh
               C  h @ W_hh.T
    "bit"      x is (rows, 1), W_xh is (1, hidden).
               The shape of x @ W_xh is
               A  (rows, hidden)    B  (rows, 1)
               C  (1, hidden)
    "weights"  a row of 500 bits needs how many times
               the weights of a row of 50?
    "reads"    the logit after bit t reads the memory
               A  before the bit    B  after it

Then write two functions:

- `step(parameters, h, x)`: the memory after one more bit. `h`, `(rows, hidden)`, is the
  memory before it, and `x`, `(rows, 1)`, is the bit, of every row one. The answer is
  `(rows, hidden)`.
- `read(parameters, x)`: begins with a memory of zeros, reads all of `x`, `(steps, rows,
  1)`, with your `step`, and returns `z`, `(steps, rows)`: the logit after every bit.

Mind the order: time first, and then rows and units, as in the two-layer network. `W_hh`
is `(hidden, hidden)`; column j holds what unit j hears. `W_xh` is `(1, hidden)`, `b_h`
and `w_hy` are `(hidden,)`, `b_y` is `(1,)`.

    >>> p = {"W_hh": np.array([[0.0, 0.5], [2.0, 0.0]])}
    >>> p["W_xh"] = np.array([[1.0, 0.0]])
    >>> p["b_h"] = np.array([0.0, 0.25])
    >>> p["w_hy"], p["b_y"] = np.array([1.0, -1.0]), np.array([0.1])
    >>> h = np.array([[0.5, -0.5]])
    >>> step(p, h, np.array([[1.0]])).round(4)  # tanh(0), tanh(0.5)
    array([[0.    , 0.4621]])
    >>> read(p, np.array([[[1.0]], [[-1.0]]])).round(4)
    array([[ 0.6167],
           [-0.9287]])
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.rnn.trusted import random_parameters, trusted_answers, trusted_step

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def on_paper() -> dict[str, float | str]:
    """Your answers: "s", "h" and "weights" are numbers, "memory", "bit" and "reads" are letters."""
    # TODO: return {"s": …, "h": …, "memory": "…", "bit": "…", "weights": …, "reads": "…"}
    # --- gap
    return {"s": 0.5, "h": 0.46, "memory": "B", "bit": "A", "weights": 1.0, "reads": "B"}
    # --- end of gap


def step(parameters: Parameters, h: Array, x: Array) -> Array:
    """The memory after the bit x: (rows, hidden)."""
    # TODO: what was remembered, and the new bit, and the bias; and the bend.
    # --- gap
    W_hh, W_xh, b_h = parameters["W_hh"], parameters["W_xh"], parameters["b_h"]
    return np.tanh(h @ W_hh + x @ W_xh + b_h)
    # --- end of gap


def read(parameters: Parameters, x: Array) -> Array:
    """The logit after every bit: (steps, rows)."""
    steps, rows, _ = x.shape
    h = np.zeros((rows, len(parameters["b_h"])))
    z = np.zeros((steps, rows))
    # TODO: a loop over time.
    # --- gap
    for t in range(steps):
        h = step(parameters, h, x[t])
        z[t] = h @ parameters["w_hy"] + parameters["b_y"]
    # --- end of gap
    return z


# --- the check: not part of the learner's file

ROWS_LAST = {"step": "rnn T x -> T", "read": "rnn x -> ="}
ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the memory's weights are transposed",
        "h @ W_hh",
        "h @ W_hh.T",
        told="It looks as if W_hh were transposed: column j holds what unit j hears.",
    ),
    Mistake(
        "every unit hears only itself",
        "h @ W_hh",
        "h * np.diag(W_hh)",
        told="It looks as if each unit heard only itself: h @ W_hh, with @, not entry by entry.",
    ),
    Mistake(
        "the sum is not bent",
        "np.tanh(h @ W_hh + x @ W_xh + b_h)",
        "h @ W_hh + x @ W_xh + b_h",
        told="That is the sum; the memory is its tanh.",
    ),
    Mistake("the bias is left out", " + b_h)", ")", told="It looks as if the bias b_h were left out."),
    Mistake(
        "the bend comes before the bit",
        "np.tanh(h @ W_hh + x @ W_xh + b_h)",
        "np.tanh(h @ W_hh) + x @ W_xh + b_h",
        told="The bit and the bias belong into the sum, before the bend.",
    ),
    Mistake(
        "every step begins from nothing",
        "h = step(parameters, h,",
        "h = step(parameters, 0 * h,",
        told="It looks as if each step began from zeros: what comes out of one step goes into the next.",
    ),
    Mistake(
        "the answer reads the memory before the bit",
        '        h = step(parameters, h, x[t])\n        z[t] = h @ parameters["w_hy"] + parameters["b_y"]\n',
        '        z[t] = h @ parameters["w_hy"] + parameters["b_y"]\n        h = step(parameters, h, x[t])\n',
        told="It looks as if z[t] read the memory before bit t; it reads the one after it.",
    ),
    Mistake(
        "the row is read from its end",
        "for t in range(steps)",
        "for t in reversed(range(steps))",
        told="It looks as if the row were read from its end.",
    ),
    Mistake(
        "the answer's bias is forgotten", ' + parameters["b_y"]', "", told="It looks as if b_y were left out."
    ),
    Mistake("what a unit hears, on paper", '"memory": "B"', '"memory": "C"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "s": Number(0.5, "2 times 0.5, and −1 times the bit, and the bias."),
    "h": Number(math.tanh(0.5), "It remembers tanh of its sum."),
    "memory": Choice(
        "B",
        {
            "A": "(hidden, hidden) @ (rows, hidden) does not go together.",
            "C": "Then unit j would hear row j of W_hh.",
        },
    ),
    "bit": Choice(
        "A",
        {
            "B": "The inner size 1 is gone; the outer ones stay.",
            "C": "The rows stay: each has a bit of its own.",
        },
    ),
    "weights": Number(1.0, "The same weights do the work at every bit."),
    "reads": Choice("B", {"A": "Then it would answer with what it knew one bit ago."}),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    sizes = ((1, 1), (2, 1), (3, 2), (2, 4), (3, 3))
    for hidden, rows in sizes:
        parameters = random_parameters(rng, hidden)
        h, x = rng.uniform(-1, 1, size=(rows, hidden)).round(2), rng.choice([-1.0, 1.0], size=(rows, 1))
        expected = np.stack([trusted_step(parameters, h[row], x[row, 0]) for row in range(rows)])
        given: dict[str, Any] = {name: parameters[name] for name in ("W_hh", "W_xh", "b_h")}
        expect_same(code("step", parameters, h, x), expected, "step(…)", **given, h=h, x=x)
    for hidden, rows in sizes:
        parameters = random_parameters(rng, hidden)
        x = rng.choice([-1.0, 1.0], size=(1 + hidden, rows, 1))
        given = {**parameters, "x": x}
        expect_same(code("read", parameters, x), trusted_answers(parameters, x)[0], "read(…)", **given)
