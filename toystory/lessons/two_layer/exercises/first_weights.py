"""First weights: neither alike, nor too large, nor too small

A network that begins with zeros never moves: the blame of a unit is multiplied by its w2. And
units that begin alike get the same blame, and stay alike for ever: four of them are one. So
the first weights are drawn by lot. But how large?

A tanh that hears 30 says 1, whatever the row is, and its slope is 0: it learns nothing. One
that hears 0.001 says next to nothing. So each unit should hear a sum of about 1. Write down
in `on_paper()`:

    "alike"  two hidden units begin with the same
             weights. After 1,000 updates they are
             A  quite different    B  alike still
    "sum"    a sum of 100 numbers, 1 or −1 by lot, is
             about how large?
    "scale"  n inputs of ±1, and weights drawn with a
             standard deviation of s: for a sum of
             about 1, s has to be
             A  1/n    B  1/√n    C  √n
    "mean"   a bit is 0 or 1 by lot: 0.5 on average.
             What is it on average as −1 or +1?

Then write two functions:

- `signs(x)`: bits 0 and 1, of any shape, as −1.0 and +1.0. With 0 and 1 all sums would be
  pushed to one side, since no input is ever below 0.
- `first_weights(columns, hidden, seed)`: a dict of `W1` `(columns, hidden)`, `b1` and `w2`
  `(hidden,)`, and `b2` `(1,)`. The seed decides. The biases begin at 0. The weights are drawn
  so that a hidden unit, and the output after it, hear a sum of about 1 from inputs of ±1.

For example:

    >>> signs(np.array([[0, 1, 1]]))
    array([[-1.,  1.,  1.]])
    >>> p = first_weights(400, 300, 0)
    >>> x = signs(np.random.default_rng(1).integers(0, 2, size=(50, 400)))
    >>> print(bool(0.9 < (x @ p["W1"]).std() < 1.1))
    True
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_keys, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Wrong
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def on_paper() -> dict[str, float | str]:
    """Your answers: "sum" and "mean" are numbers, "alike" and "scale" are letters."""
    # TODO: return {"alike": "…", "sum": …, "scale": "…", "mean": …}
    # --- gap
    return {"alike": "B", "sum": 10.0, "scale": "B", "mean": 0.0}
    # --- end of gap


def signs(x: Array) -> Array:
    """−1.0 for a bit of 0, +1.0 for a bit of 1; same shape as x."""
    # TODO: one line.
    # --- gap
    return 2.0 * x - 1.0
    # --- end of gap


def first_weights(columns: int, hidden: int, seed: int) -> dict[str, Array]:
    """W1, b1, w2 and b2 to begin with."""
    # TODO: a source of random numbers from the seed; then each of the four.
    # --- gap
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(columns, hidden)) / np.sqrt(columns),
        "b1": np.zeros(hidden),
        "w2": rng.normal(size=hidden) / np.sqrt(hidden),
        "b2": np.zeros(1),
    }
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 6
KIND = "extension"
MISTAKES = (
    Mistake(
        "weights × 0.01",
        "rng.normal(size=(columns, hidden)) / np.sqrt(columns)",
        "0.01 * rng.normal(size=(columns, hidden))",
        "The hidden sums are far too small: the deviation is 1 over the root of how many inputs there are.",
    ),
    Mistake(
        "not scaled at all",
        "rng.normal(size=(columns, hidden)) / np.sqrt(columns)",
        "rng.normal(size=(columns, hidden))",
        "The hidden sums are far too large: divide the weights by the root of how many inputs there are.",
    ),
    Mistake("divided by the number", "/ np.sqrt(columns)", "/ columns"),
    Mistake("scaled by the units above", "/ np.sqrt(columns)", "/ np.sqrt(hidden)"),
    Mistake(
        "the output is not scaled", "rng.normal(size=hidden) / np.sqrt(hidden)", "rng.normal(size=hidden)"
    ),
    Mistake(
        "all units begin alike",
        "rng.normal(size=(columns, hidden))",
        "np.repeat(rng.normal(size=(columns, 1)), hidden, axis=1)",
        "All hidden units have the same weights: each needs a draw of its own.",
    ),
    Mistake("zeros", "rng.normal(size=(columns, hidden))", "np.zeros((columns, hidden))"),
    Mistake("the seed is not used", "default_rng(seed)", "default_rng(0)"),
    Mistake("another start at every call", "default_rng(seed)", "default_rng()"),
    Mistake("numbers from 0 to 1", "rng.normal(size=(columns, hidden))", "rng.random((columns, hidden))"),
    Mistake("the bias is drawn as well", '"b1": np.zeros(hidden)', '"b1": rng.normal(size=hidden)'),
    Mistake("zeros and ones stay", "2.0 * x - 1.0", "1.0 * x", "A bit of 0 becomes −1: 2 x − 1."),
    Mistake("the signs change places", "2.0 * x - 1.0", "1.0 - 2.0 * x", "A bit of 1 becomes +1: 2 x − 1."),
    Mistake("the root on paper", '"scale": "B"', '"scale": "A"'),
)
QUESTIONS: dict[str, Number | Choice] = {
    "alike": Choice("B", {"A": "What is alike gets the same blame, and takes the same step."}),
    "sum": Number(10.0, "Pluses and minuses cancel in part: it grows like the root of how many there are."),
    "scale": Choice(
        "B",
        {
            "A": "That would be right if all products had the same sign. Here half of them cancel.",
            "C": "More inputs make a larger sum: the weights have to be smaller.",
        },
    ),
    "mean": Number(0.0, "−1 and +1 are there equally often."),
}
NEAR = 0.2
"""A draw of some thousand numbers has nearly its standard deviation."""


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(29)
    for shape in ((3,), (2, 4)):
        bits = rng.integers(0, 2, size=shape)
        expect_same(code("signs", bits), np.where(bits == 1, 1.0, -1.0), "signs(x)", x=bits)
    for columns, hidden in ((2, 3), (100, 400), (400, 100)):
        _check_weights(code, columns, hidden)


def _check_weights(code: Code, columns: int, hidden: int) -> None:
    called = f"first_weights({columns}, {hidden}, 0)"
    shapes = {"W1": (columns, hidden), "b1": (hidden,), "w2": (hidden,), "b2": (1,)}
    found = code("first_weights", columns, hidden, 0)
    expect_keys(found, tuple(shapes), called)
    p = {name: expect_array(found[name], shape, f'{called}["{name}"]') for name, shape in shapes.items()}
    expect_same(code("first_weights", columns, hidden, 0), p, f"{called}, asked a second time,")
    if np.array_equal(np.asarray(code("first_weights", columns, hidden, 1)["W1"]), p["W1"]):
        raise Wrong(f"{called} gives the same weights for another seed: draw from `default_rng(seed)`")
    for name in ("b1", "b2"):
        expect_same(p[name], np.zeros(shapes[name]), f'{called}["{name}"]')
    if (p["W1"] == p["W1"][:, :1]).all():
        raise Wrong(f"{called}: all hidden units begin alike, and so they would stay", None, p["W1"])
    if columns < 100:
        return  # too few numbers to say how large they are
    _expect_size(p["W1"], columns, f'{called}["W1"]')
    _expect_size(p["w2"], hidden, f'{called}["w2"]')


def _expect_size(weights: Array, inputs: int, what: str) -> None:
    """Expect a sum over so many inputs of ±1 to be about 1. Raises Wrong."""
    size = float(np.sqrt(np.mean(weights**2) * inputs))
    if abs(size - 1) > NEAR:
        raise Wrong(f"{what}: a sum over {inputs} inputs of ±1 should be about 1 and is about {size:.3g}")
    if abs(float(weights.mean())) * inputs > 5:
        raise Wrong(f"{what}: the weights are {weights.mean():.3g} on average; draw them around 0")
