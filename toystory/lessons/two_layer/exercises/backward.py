"""Backward: who is to blame, and how much

The lamp was wrong. The output gate knows its error, as ever: a − y. But what it heard
came from the hidden units, so they have a share in it, and what *they* heard came
through weights that never touch the answer themselves. Back-propagation undoes one
line after another, in reverse order, and needs three rules only: in a product, each factor
gets the whole error times the *other* factor; in a sum, each part gets the error as it is;
through a function, the error is multiplied by the function's slope.

Take one row and one unit on paper: x = 1, h = 0.6, w2 = 2, and the output's error dz = −0.5.
Write down in `on_paper()`, numbers with two digits after the point:

    "dw2"    the gradient of w2
    "dh"     the error of h; both from the product
             h w2
    "slope"  the slope of tanh, where it says h
             A  h (1 − h)     B  1 − h²     C  1 − h
    "dz1"    the error of z1, back through the bend
    "dW1"    the gradient of the weight that x came
             through
    "outer"  for many rows and units: dz is (rows,),
             w2 is (hidden,), and dh needs a number for
             each pair of them
             A  dz @ w2        B  np.outer(dz, w2)
             C  dz * w2

Then write `backward(x, y, p)`, for the mean loss of all rows: the errors of the rows are
divided by how many there are, and a bias gets the sum over the rows. `x` is
`(rows, columns)`, `y` is `(rows,)`, and `p` has `W1` `(columns, hidden)`, `b1` and `w2`
`(hidden,)`, and `b2` `(1,)`. Return a dict of the gradients under the **parameters'**
names, each in its parameter's shape. `forward(x, p)`
is there.

The row (1,0), lamp on, and two units that hear it differently:

    >>> x, y = np.array([[1.0, 0.0]]), np.array([1.0])
    >>> p = {
    ...     "W1": np.array([[0.5, 2.0], [1.0, -1.0]]),
    ...     "b1": np.array([0.0, 1.0]),
    ...     "w2": np.array([1.0, -1.0]),
    ...     "b2": np.array([0.0]),
    ... }
    >>> slopes = backward(x, y, p)
    >>> print(slopes["w2"].round(3), slopes["b2"].round(3))
    [-0.291 -0.627] [-0.63]
    >>> slopes["W1"][0].round(3), slopes["b1"].round(3)
    (array([-0.496,  0.006]), array([-0.496,  0.006]))

The second switch was down, so its weights, `slopes["W1"][1]`, learn nothing. And the
second unit is nearly sure (its h is 0.995): where tanh is flat, hardly any blame gets
through.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradients
from toystory.course.exercises.exercise import Code, Mistake, Value
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def forward(x: Array, p: dict[str, Array]) -> dict[str, Array]:
    """z1 and h (rows, hidden), z and a (rows,), by these names."""
    z1 = x @ p["W1"] + p["b1"]
    h = np.tanh(z1)
    z = h @ p["w2"] + p["b2"]
    return {"z1": z1, "h": h, "z": z, "a": 0.5 * np.tanh(0.5 * z) + 0.5}


def on_paper() -> dict[str, float | str]:
    """Your answers: "dw2", "dh", "dz1" and "dW1" are numbers, "slope" and "outer" are letters."""
    # TODO: return {"dw2": …, "dh": …, "slope": "…", "dz1": …, "dW1": …, "outer": "…"}
    # --- gap
    return {"dw2": -0.3, "dh": -1.0, "slope": "B", "dz1": -0.64, "dW1": -0.64, "outer": "B"}
    # --- end of gap


def backward(x: Array, y: Array, p: dict[str, Array]) -> dict[str, Array]:
    """How the mean loss of the rows changes with W1, b1, w2 and b2, by these names."""
    # TODO: go forward, keep what you need, and come back line by line.
    # --- gap
    cache = forward(x, p)
    h, a = cache["h"], cache["a"]
    dz = (a - y) / len(y)
    dw2 = h.T @ dz
    db2 = dz.sum(keepdims=True)
    dh = np.outer(dz, p["w2"])
    dz1 = dh * (1 - h**2)
    dW1 = x.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "w2": dw2, "b2": db2}
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "heart"
MISTAKES = (
    Mistake(
        "the slope of the bend is left out",
        "dh * (1 - h**2)",
        "dh",
        "The blame that b1 gets has not gone back through the bend: dz1 = dh ∘ (1 − h²), and db1 = Σ dz1.",
    ),
    Mistake(
        "the slope is taken at z1 instead of h",
        "(1 - h**2)",
        '(1 - cache["z1"]**2)',
        "The slope of tanh is taken for 1 − z1². It is 1 − h², with h itself.",
    ),
    Mistake(
        "the sigmoid's slope",
        "(1 - h**2)",
        "(h * (1 - h))",
        "h (1 − h) is the sigmoid's slope. That of tanh is 1 − h².",
    ),
    Mistake(
        "the sign of the slope", "(1 - h**2)", "(h**2 - 1)", "The slope of tanh is 1 − h², never below 0."
    ),
    Mistake(
        "b1's gradient is summed over the units",
        "dz1.sum(axis=0)",
        "dz1.sum(axis=1)",
        "The gradient of b1 is summed over the units. A bias belongs to all rows: sum over axis 0.",
    ),
    Mistake(
        "b1's gradient is a mean: divided twice",
        "dz1.sum(axis=0)",
        "dz1.mean(axis=0)",
        "The division by the rows is in dz already. For b1 take the sum.",
    ),
    Mistake(
        "b1 gets the blame before the bend",
        "dz1.sum(axis=0)",
        "dh.sum(axis=0)",
        "The blame that b1 gets has not gone back through the bend: dz1 = dh ∘ (1 − h²), and db1 = Σ dz1.",
    ),
    Mistake(
        "W1 gets the blame before the bend",
        "x.T @ dz1",
        "x.T @ dh",
        "The gradient of W1 is made of dh. It belongs to z1, so it is made of dz1.",
    ),
    Mistake(
        "W1's gradient is transposed",
        "x.T @ dz1",
        "dz1.T @ x",
        "dW1 = xᵀ dz1 has the shape of W1; dz1ᵀ x has it turned.",
    ),
    Mistake(
        "the mean is missing",
        "(a - y) / len(y)",
        "a - y",
        "There are as many rows as it is too large: the mean is missing in dz.",
    ),
    Mistake("the error is turned round", "(a - y)", "(y - a)", "The error has the wrong sign: it is a − y."),
    Mistake(
        "w2's gradient is made of z1",
        "h.T @ dz",
        'cache["z1"].T @ dz',
        "What the output heard was h, not z1: dw2 = hᵀ dz.",
    ),
    Mistake(
        "the blame does not go through w2",
        'np.outer(dz, p["w2"])',
        'np.outer(dz, np.ones_like(p["w2"]))',
        "The blame has to go back through w2: dh = dz w2ᵀ.",
    ),
    Mistake(
        "the second bias is a number",
        "dz.sum(keepdims=True)",
        "dz.sum()",
        "`sum(keepdims=True)` keeps the shape (1,).",
    ),
    Mistake("the factor itself on paper", '"dw2": -0.3', '"dw2": -1.0'),
    Mistake("the names of the gradients", '{"W1": dW1', '{"dW1": dW1'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "dw2": Number(-0.3, "In the product h w2, w2 gets the whole error times the other factor, which is h."),
    "dh": Number(-1.0, "In the product h w2, h gets the whole error times the other factor, which is w2."),
    "slope": Choice(
        "B",
        {
            "A": "That is the sigmoid's slope. At h = 0 tanh rises as fast as it can, by 1 for 1.",
            "C": "At h = −1 tanh is flat as well: the slope has to be 0 at both ends.",
        },
    ),
    "dz1": Number(-0.64, "Multiply the error of h by the slope, 1 − 0.6²."),
    "dW1": Number(-0.64, "z1 is x times the weight, and more: the weight gets the error times x."),
    "outer": Choice(
        "B",
        {
            "A": "@ adds up, and here nothing is added: each pair of a row and a unit wants a number.",
            "C": "* goes entry by entry: (rows,) and (hidden,) do not go together so.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(2)
    for rows, columns, hidden in ((5, 2, 3), (4, 4, 4), (1, 2, 3), (6, 3, 1)):
        x, y = rng.integers(0, 2, size=(rows, columns)), rng.integers(0, 2, size=rows)
        x[0] = 1
        sizes = {"W1": (columns, hidden), "b1": (hidden,), "w2": (hidden,), "b2": (1,)}
        p = {name: rng.normal(size=size).round(2) for name, size in sizes.items()}
        _check_backward(code("backward", x, y, p), x, y, p)


def _check_backward(found: Value, x: Value, y: Value, p: dict[str, Array]) -> None:
    given: dict[str, Value] = {"x": x, "y": y, **p}
    backwards = {name: p[name] for name in ("b2", "w2", "b1", "W1")}  # so that the first wrong one is named
    expect_gradients(found, lambda moved: _slow_loss(x, y, moved), backwards, "backward(x, y, p)", **given)


def _slow_loss(x: Value, y: Value, p: dict[str, Array]) -> float:
    total = 0.0
    for row, label in zip(x, y, strict=True):
        z = float(p["b2"][0])
        for unit in range(len(p["b1"])):
            z1 = float(p["b1"][unit]) + sum(float(row[k]) * float(p["W1"][k, unit]) for k in range(len(row)))
            z += float(p["w2"][unit]) * float(np.tanh(z1))
        total += float(np.logaddexp(0, z)) - float(label) * z
    return total / len(x)
