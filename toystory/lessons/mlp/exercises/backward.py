"""Back down the tower: the gradients of all layers

The lamp was wrong. Who is to blame? The last unit is, by `a − y`; it hands the blame
down through its own weights; each unit that was on hands on its part; and so down to
the bits. Every layer does the same, so a tower of any height takes one loop.

Work out one floor on paper. One unit says a = 0.5. It speaks to one unit above through the
weight W = 2, and the error of that unit's sum is dz = −0.3. Write down in `on_paper()`:

    "dW"    the gradient of that weight
    "da"    the error of what our unit says
    "on"    and of its own sum, back through the ReLU
    "off"   the same, had the unit said 0
    "W"     now for all: a is (rows, before), dz is
            (rows, units). Which has W's shape?
            A  a @ dz    B  a.T @ dz    C  dz.T @ a
    "back"  W is (before, units). Which is da?
            A  dz @ W    B  W @ dz    C  dz @ W.T
    "mean"  the loss is a mean over the rows. Where
            is it divided by their number?
            A  in every layer
            B  once, in the error of the answer
            C  once, in the lowest layer

Then write `backward(parameters, cache, y)`: the gradients of the mean cross-entropy of all
rows, from the last layer down to the first. `forward` is given. Its cache holds `a0` … `an`,
each `(rows, units)`, and `a` `(rows,)`, the answers: the one column of `an`. `y` is
`(rows,)`. `parameters` holds `W1`, `b1` … `Wn`, `bn`, with `W` `(units before, units)` and
`b` `(units,)`. Return a dict with the same names and shapes, the gradient of each.

    >>> p = {"W1": np.array([[1.0, -1.0]])}
    >>> p["b1"] = np.array([0.5, 0.5])
    >>> p["W2"] = np.array([[1.0], [2.0]])
    >>> p["b2"] = np.array([-1.5])
    >>> cache = forward(p, np.array([[1.0]]))
    >>> cache["a"]
    array([0.5])
    >>> gradients = backward(p, cache, np.array([1.0]))
    >>> gradients["W2"].tolist(), gradients["b2"].tolist()
    ([[-0.75], [0.0]], [-0.5])
    >>> gradients["W1"].tolist(), gradients["b1"].tolist()
    ([[-0.5, 0.0]], [-0.5, 0.0])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.mlp.trusted import expect_tower_gradients, random_tower, trusted_forward

Array = NDArray[np.float64]


def forward(parameters: dict[str, Array], x: Array) -> dict[str, Array]:
    """Given: all activations, for the rows x (rows, columns). ReLUs, and a sigmoid at the end."""
    layers = len(parameters) // 2
    cache = {"a0": x}
    for l in range(1, layers + 1):
        z = cache[f"a{l - 1}"] @ parameters[f"W{l}"] + parameters[f"b{l}"]
        cache[f"a{l}"] = np.maximum(z, 0) if l < layers else 1 / (1 + np.exp(-z))
    cache["a"] = cache[f"a{layers}"][:, 0]
    return cache


def on_paper() -> dict[str, float | str]:
    """Your answers: "dW", "da", "on" and "off" are numbers, "W", "back" and "mean" are letters."""
    # TODO: return {"dW": …, "da": …, "on": …, "off": …, "W": "…", "back": "…", "mean": "…"}
    # --- gap
    return {"dW": -0.15, "da": -0.6, "on": -0.6, "off": 0.0, "W": "B", "back": "C", "mean": "B"}
    # --- end of gap


def backward(parameters: dict[str, Array], cache: dict[str, Array], y: Array) -> dict[str, Array]:
    """The gradient of the mean cross-entropy with respect to every parameter, by its name."""
    layers = len(parameters) // 2
    gradients: dict[str, Array] = {}
    # TODO: dz of the last layer, and then a loop from the last layer to the first.
    # --- gap
    dz = ((cache["a"] - y) / len(y))[:, None]
    for l in range(layers, 0, -1):
        before = cache[f"a{l - 1}"]
        gradients[f"W{l}"] = before.T @ dz
        gradients[f"b{l}"] = dz.sum(axis=0)
        if l > 1:
            da = dz @ parameters[f"W{l}"].T
            dz = da * (before > 0)
    # --- end of gap
    return gradients


# --- the check: not part of the learner's file

ORDER = 3
KIND = "heart"
OFF = "A unit that was off for a row takes no blame. Its slope is 0: that of the layer *below*, a‹l−1›."
MISTAKES = (
    Mistake(
        "the sum over the rows, not their mean",
        '(cache["a"] - y) / len(y)',
        '(cache["a"] - y)',
        told="The loss is a mean over the rows: divide by their number, once, in the first line.",
    ),
    Mistake(
        "the sign is turned round",
        'cache["a"] - y',
        'y - cache["a"]',
        told="All of it has the wrong sign: dz is a − y.",
    ),
    Mistake(
        "a column minus a row of labels: (rows, rows)",
        '((cache["a"] - y) / len(y))[:, None]',
        '(cache[f"a{layers}"] - y) / len(y)',
        told=(
            'A column (rows, 1) minus a row (rows,) is (rows, rows) to NumPy. Take cache["a"] − y '
            "first, and make it a column with [:, None]."
        ),
    ),
    Mistake(
        "the ReLU's height is taken for its slope",
        "da * (before > 0)",
        "da * before",
        told=("The blame seems to be multiplied by the ReLU's height. Its slope is 1 where the unit is on."),
    ),
    Mistake(
        "the slope is left out",
        "da * (before > 0)",
        "da",
        told=OFF,
    ),
    Mistake("the slope is asked of the layer above", "(before > 0)", '(cache[f"a{l}"] > 0)', told=OFF),
    Mistake(
        "the bias takes the mean of a mean",
        "dz.sum(axis=0)",
        "dz.mean(axis=0)",
        told="The mean over the rows seems to be taken twice: db is a sum.",
    ),
    Mistake(
        "the bias adds up the units, not the rows",
        "dz.sum(axis=0)",
        "dz.sum(axis=1)",
        told="db is the sum over the rows, which is axis 0.",
    ),
    Mistake("the bias keeps its rows' axis", "dz.sum(axis=0)", "dz.sum(axis=0, keepdims=True)"),
    Mistake("what went out instead of what came in", "before.T @ dz", 'cache[f"a{l}"].T @ dz'),
    Mistake(
        "the lowest layer is forgotten",
        "range(layers, 0, -1)",
        "range(layers, 1, -1)",
        told="The loop should reach layer 1: range(layers, 0, −1) ends there.",
    ),
    Mistake(
        "divided by the number of rows on every floor",
        "before.T @ dz",
        "before.T @ dz / len(y)",
        told="The mean over the rows seems to be taken twice: once is enough, in the first line.",
    ),
    Mistake("a product that does not fit, on paper", '"back": "C"', '"back": "A"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "dW": Number(-0.15, "In the product a W, the weight gets the whole error times the other factor."),
    "da": Number(-0.6, "In the product a W, a gets the whole error times the other factor."),
    "on": Number(-0.6, "The unit is on. How steep is a ReLU there?"),
    "off": Number(0.0, "How steep is a ReLU where it says 0?"),
    "W": Choice(
        "B",
        {
            "A": "(rows, before) @ (rows, units) does not go together: look at the inner sizes.",
            "C": "That is (units, before): the shape of W, turned.",
        },
    ),
    "back": Choice(
        "C",
        {
            "A": "(rows, units) @ (before, units) does not go together.",
            "B": "da has a line for each row: what comes first has to begin with the rows.",
        },
    ),
    "mean": Choice(
        "B",
        {
            "A": "Then the lower layers would be divided again and again.",
            "C": "Then the gradients of the upper layers would be those of a sum.",
        },
    ),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for rows, *sizes in (
        (1, 2, 3, 1),
        (1, 2, 1),
        (3, 2, 1),
        (5, 3, 4, 1),
        (6, 4, 4, 3, 1),
        (4, 2, 3, 3, 2, 1),
    ):
        parameters, x, y = random_tower(rng, sizes, rows)
        gradients = code("backward", parameters, trusted_forward(parameters, x), y)
        tower = "-".join(map(str, sizes))
        expect_tower_gradients(
            gradients, parameters, x, y, f"in a tower of {tower}, rows: {rows}, backward(…)"
        )
