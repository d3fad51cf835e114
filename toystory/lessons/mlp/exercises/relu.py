"""A diode, its slope, and one layer

Alex's tower is made of one piece, used again and again: a layer. Each of its units
multiplies what comes in by its own weights, adds it up with its bias, and bends the
sum. The bend is a ReLU, which works as a diode does: what is positive passes unchanged,
the rest is stopped.

Write three functions, of one line each:

- `relu(z)`: max(0, z), for every entry.
- `relu_derivative(a)`: how fast the ReLU rises, for every entry. It is asked with the
  ReLU's own *output* `a`, because the forward pass has kept that. At the kink, where
  `a` is 0, answer 0. Floats, please: 1.0 and 0.0.
- `layer(a, W, b)`: z = a W + b for all rows at once, and the ReLU of it.

Shapes: `a` is `(rows, units before)`, `W` is `(units before, units)`, `b` is
`(units,)`; the layer's answer is `(rows, units)`.

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    >>> relu_derivative(np.array([0.0, 0.0, 3.0]))
    array([0., 0., 1.])
    >>> a = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> W = np.array([[1.0, -1.0, 2.0], [1.0, 1.0, 0.0]])
    >>> layer(a, W, np.array([-0.5, 0.0, 0.25]))
    array([[0.5 , 0.  , 2.25],
           [1.5 , 0.  , 2.25]])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradient, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def relu(z: Array) -> Array:
    """max(0, z) for every entry; same shape as z."""
    # TODO: what is positive passes, the rest is stopped.
    # --- gap
    return np.maximum(z, 0)
    # --- end of gap


def relu_derivative(a: Array) -> Array:
    """The slope of the ReLU at every entry, from its output a; same shape as a."""
    # TODO: how much does the output grow when the input grows by a little?
    # --- gap
    return np.where(a > 0, 1.0, 0.0)
    # --- end of gap


def layer(a: Array, W: Array, b: Array) -> Array:
    """What the units of one layer say to every row of a: (rows, units)."""
    # TODO: sum and bend, all rows at once.
    # --- gap
    return relu(a @ W + b)
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the ReLU's height is taken for its slope",
        "np.where(a > 0, 1.0, 0.0)",
        "np.where(a > 0, a, 0.0)",
        told=("That is the height of the ReLU, not its slope. How much more comes out when z grows by 0.01?"),
    ),
    Mistake(
        "at the kink the slope is 1",
        "a > 0, 1.0",
        "a >= 0, 1.0",
        told="Where the unit is off, a is 0 exactly, and the slope there is 0: `a > 0`, not `a >= 0`.",
    ),
    Mistake(
        "absolute values: what is negative passes, turned round",
        "np.maximum(z, 0)",
        "np.abs(z)",
        told="What is negative should be stopped, not turned round.",
    ),
    Mistake("the one largest entry", "np.maximum(z, 0)", "np.max(z)"),
    Mistake(
        "the layer is not bent",
        "relu(a @ W + b)",
        "a @ W + b",
        told="That is z, the sum; the layer's answer is the ReLU of it.",
    ),
    Mistake(
        "the bias comes after the bend",
        "relu(a @ W + b)",
        "relu(a @ W) + b",
        told="The bias belongs into the sum, before the bend.",
    ),
    Mistake("the weights are transposed", "relu(a @ W + b)", "relu(a @ W.T + b)"),
)


def check(code: Code) -> None:
    rng = generator(0)
    for shape in ((1,), (7,), (3, 4), (5, 1)):
        z = rng.normal(size=shape).round(2)
        z.flat[1:2] = 0.0
        expect_same(code("relu", z), _slow_relu(z), "relu(z)", z=z)
    for shape in ((1,), (6,), (3, 4)):
        z = rng.normal(size=shape).round(2)
        slopes = code("relu_derivative", np.maximum(z, 0))
        expect_gradient(slopes, lambda z: float(np.maximum(z, 0).sum()), z, "relu_derivative(relu(z))", z=z)
    kink = np.array([0.0, 0.5, 0.0])
    expect_same(code("relu_derivative", kink), np.array([0.0, 1.0, 0.0]), "relu_derivative(a)", a=kink)
    for rows, before, units in ((1, 1, 1), (1, 3, 2), (4, 2, 3), (5, 3, 3)):
        a, W = (rng.normal(size=size).round(2) for size in ((rows, before), (before, units)))
        b = rng.normal(size=units).round(2)
        expect_same(code("layer", a, W, b), _slow_layer(a, W, b), "layer(a, W, b)", a=a, W=W, b=b)


def _slow_relu(z: Array) -> Array:
    return np.array([max(float(number), 0.0) for number in z.flat]).reshape(z.shape)


def _slow_layer(a: Array, W: Array, b: Array) -> Array:
    answers = np.zeros((len(a), len(b)))
    for row in range(len(a)):
        for unit in range(len(b)):
            total = float(b[unit])
            for k in range(len(W)):
                total += float(a[row, k]) * float(W[k, unit])
            answers[row, unit] = max(total, 0.0)
    return answers
