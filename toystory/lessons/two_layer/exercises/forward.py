"""Forward: from the switches through the hidden units to the lamp

Between the switches and the lamp Alex puts a few *hidden units*. Each is a little gate
like his first, with weights and a bias of its own, and tanh in place of the sigmoid. The
output is the old gate again, but it reads the units instead of the switches.

So a unit adds up what it hears, with its bias, and says tanh of the sum. The output adds up
what the units say, with its own bias, and says σ of that.

Before you write it for all rows at once, on paper. There are 4 rows of 2 switches, and 3
hidden units. Write down in `on_paper()`:

    "h"        what a unit with weights 2, 2 and bias
               −1 says to the row (0,1), two digits
    "columns"  x @ W1 has 4 rows; how many columns?
    "z"        h is (4, 3) and w2 is (3,). What is
               the shape of h @ w2?
               A  (4, 3)     B  (4,)
               C  (3,)       D  (4, 1)
    "b1"       b1 is (3,), and z1 = x @ W1 + b1. What
               does NumPy add it to?
               A  to every row    B  to every column
               C  it raises an error

Then write `forward(x, p)`. `x` is `(rows, columns)`, and `p` a dict of
the parameters:

    W1   (columns, hidden)   a column for each unit
    b1   (hidden,)
    w2   (hidden,)           a weight for each unit
    b2   (1,)

Return a dict of all four values, since the way back will need them:

    z1   (rows, hidden)      what each unit hears
    h    (rows, hidden)      what it says, −1 to 1
    z    (rows,)             the logits
    a    (rows,)             the answers

With two hidden units, one for "at least one switch is up" and one for "both are up":

    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> p = {
    ...     "W1": np.array([[2.0, 2.0], [2.0, 2.0]]),
    ...     "b1": np.array([-1.0, -3.0]),
    ...     "w2": np.array([3.0, -3.0]),
    ...     "b2": np.array([-2.0]),
    ... }
    >>> found = forward(x, p)
    >>> found["h"].round(3)
    array([[-0.762, -0.995],
           [ 0.762, -0.762],
           [ 0.762, -0.762],
           [ 0.995,  0.762]])
    >>> found["a"].round(3)
    array([0.214, 0.929, 0.929, 0.214])
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def sigmoid(z: Array) -> Array:
    """σ(z) for every entry; same shape as z."""
    return 0.5 * np.tanh(0.5 * z) + 0.5


def on_paper() -> dict[str, float | str]:
    """Your answers: "h" and "columns" are numbers, "z" and "b1" are letters."""
    # TODO: return {"h": …, "columns": …, "z": "…", "b1": "…"}
    # --- gap
    return {"h": 0.76, "columns": 3, "z": "B", "b1": "A"}
    # --- end of gap


def forward(x: Array, p: dict[str, Array]) -> dict[str, Array]:
    """z1 and h (rows, hidden), z and a (rows,), by these names."""
    # TODO: z1, h, z and a, one after the other.
    # --- gap
    z1 = x @ p["W1"] + p["b1"]
    h = np.tanh(z1)
    z = h @ p["w2"] + p["b2"]
    return {"z1": z1, "h": h, "z": z, "a": sigmoid(z)}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "no bend",
        "h = np.tanh(z1)",
        "h = z1",
        "h is z1 as it is. Without the bend, two layers of sums are one sum.",
    ),
    Mistake(
        "a sigmoid in the hidden layer",
        "np.tanh(z1)",
        "sigmoid(z1)",
        "That is the sigmoid. The hidden units of this network say tanh.",
    ),
    Mistake("the weights are transposed", 'x @ p["W1"]', 'x @ p["W1"].T'),
    Mistake(
        "the hidden units have no bias", ' + p["b1"]', "", "z1 forgets b1, the bias of each hidden unit."
    ),
    Mistake("the output has no bias", ' + p["b2"]', "", "z forgets b2, the bias of the output."),
    Mistake(
        "the bias comes after the bend",
        "z = h @",
        'z = (h + p["b1"]) @',
        "b1 is added to h, behind the bend. It belongs to z1.",
    ),
    Mistake(
        "entry by entry instead of a sum",
        'h @ p["w2"]',
        'h * p["w2"]',
        "h times w2 is one number for each unit. The output adds them up: @.",
    ),
    Mistake(
        "the sum is taken along the rows",
        'h @ p["w2"]',
        '(h * p["w2"]).sum(axis=0)',
        "The sum is taken over the rows, and it should be over the units: @.",
    ),
    Mistake(
        "the output reads z1, not h",
        'h @ p["w2"]',
        'z1 @ p["w2"]',
        "The output hears z1, before the bend. It should hear h.",
    ),
    Mistake(
        "tanh twice",
        "sigmoid(z)}",
        "np.tanh(z)}",
        "tanh goes from −1 to 1. A probability is made by the sigmoid.",
    ),
    Mistake(
        "the answer is a decision",
        "sigmoid(z)}",
        "(z > 0).astype(float)}",
        "That is a decision. The answer is a probability, σ(z).",
    ),
    Mistake("the answer is a column", '"a": sigmoid(z)', '"a": sigmoid(z)[:, None]'),
    Mistake("the bend is forgotten on paper", '"h": 0.76', '"h": 1.0'),
    Mistake("h is forgotten", '"h": h, ', ""),
)


QUESTIONS: dict[str, Number | Choice] = {
    "h": Number(math.tanh(1), "The sum is 2·0 + 2·1 − 1, and the unit says tanh of it."),
    "columns": Number(3, "(4, 2) @ (2, 3): the two inner sizes meet and are gone."),
    "z": Choice(
        "B",
        {
            "A": "@ adds up over the units: they are gone afterwards.",
            "C": "The rows stay, the units are added up. Here it is the other way round.",
            "D": "w2 has one dimension only, so no column is left behind: with (3, 1) there would be.",
        },
    ),
    "b1": Choice(
        "A",
        {
            "B": "Seen from the right, the 3 of b1 meets the 3 units: one a column, in every row.",
            "C": "Seen from the right, (4, 3) and (3,) agree: NumPy repeats what is shorter.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(17)
    for rows, columns, hidden in ((4, 2, 3), (5, 3, 3), (1, 2, 4), (6, 4, 1), (3, 1, 2)):
        x = rng.integers(0, 2, size=(rows, columns))
        x[0] = 1
        sizes = {"W1": (columns, hidden), "b1": (hidden,), "w2": (hidden,), "b2": (1,)}
        p = {name: rng.normal(size=size).round(2) for name, size in sizes.items()}
        given: dict[str, Value] = {"x": x, **p}
        expect_same(code("forward", x, p), _slow_forward(x, p), "forward(x, p)", **given)


def _slow_forward(x: Value, p: dict[str, Array]) -> dict[str, Array]:
    rows, hidden = len(x), len(p["b1"])
    z1, h, z, a = np.zeros((rows, hidden)), np.zeros((rows, hidden)), np.zeros(rows), np.zeros(rows)
    for row in range(rows):
        z[row] = p["b2"][0]
        for unit in range(hidden):
            z1[row, unit] = p["b1"][unit]
            for column in range(x.shape[1]):
                z1[row, unit] += x[row, column] * p["W1"][column, unit]
            h[row, unit] = np.tanh(z1[row, unit])
            z[row] += h[row, unit] * p["w2"][unit]
        a[row] = 1 / (1 + np.exp(-z[row]))
    return {"z1": z1, "h": h, "z": z, "a": a}
