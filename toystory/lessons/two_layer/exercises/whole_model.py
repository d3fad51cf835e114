"""The whole model: a two-layer network, from an empty file

A hidden layer, an output, the way back through both, a start and a loop. All of it is
yours now. Write a network that learns XOR: five functions, or one class.

    first_weights(columns, hidden, seed)
        a dict of arrays of floats, names as you like
    probabilities(p, x)
        (rows,): the probability that the lamp is on
    loss(p, x, y)
        the mean cross-entropy over the rows
    gradients(p, x, y)
        a dict with the names and shapes of p
    train(p, x, y, seed)
        the parameters after learning, a dict like p

`p` is such a dict, `x` is `(rows, columns)` of 0.0 and 1.0, `y` is `(rows,)`. A class takes
`columns`, `hidden` and `seed`, keeps the dict in `self.parameters`, and has the other four
as methods without the `p`; its parameters may be replaced from outside.

The check measures the slopes of your own loss and holds your gradients to them. Then it
trains from five seeds, with four hidden units, on the four rows. Four of the five must get
all four rows right.
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.course.exercises.whole_model import Task, expect_model


# TODO: all of it.
# --- gap
def first_weights(columns, hidden, seed):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(size=(columns, hidden)),
        "b1": np.zeros(hidden),
        "w2": rng.normal(size=hidden),
        "b2": np.zeros(1),
    }


def forward(p, x):
    h = np.tanh(x @ p["W1"] + p["b1"])
    return h, h @ p["w2"] + p["b2"]


def probabilities(p, x):
    _, z = forward(p, x)
    return 0.5 * np.tanh(0.5 * z) + 0.5


def loss(p, x, y):
    _, z = forward(p, x)
    return np.mean(np.logaddexp(0, z) - y * z)


def gradients(p, x, y):
    h, z = forward(p, x)
    dz = (0.5 * np.tanh(0.5 * z) + 0.5 - y) / len(y)
    dh = np.outer(dz, p["w2"])
    dz1 = dh * (1 - h * h)
    return {"W1": x.T @ dz1, "b1": dz1.sum(axis=0), "w2": h.T @ dz, "b2": dz.sum(keepdims=True)}


def train(p, x, y, seed):
    for _ in range(3000):
        slopes = gradients(p, x, y)
        p = {name: value - 1.0 * slopes[name] for name, value in p.items()}
    return p


# --- end of gap


# --- the check: not part of the learner's file

ORDER = 9
KIND = "whole model"
SECONDS = 30.0
MISTAKES = (
    Mistake("the sum over units, not over rows", "dz1.sum(axis=0)", "dz1.sum(axis=1)"),
    Mistake("back through tanh without its slope", "dh * (1 - h * h)", "dh"),
    Mistake("tanh's slope without the square", "(1 - h * h)", "(1 - h)"),
    Mistake("all weights start at zero", "rng.normal(size=(columns, hidden))", "np.zeros((columns, hidden))"),
    Mistake("the seed is not used", "np.random.default_rng(seed)", "np.random.default_rng(0)"),
    Mistake("another start at every call", "np.random.default_rng(seed)", "np.random.default_rng()"),
    Mistake("the output's weights get the error alone", "h.T @ dz", 'dz.sum() + 0 * p["w2"]'),
    Mistake("the gradient is not divided by the rows", " - y) / len(y)", " - y)"),
    Mistake("uphill", "value - 1.0 *", "value + 1.0 *"),
    Mistake(
        "no hidden layer is heard",
        'return h, h @ p["w2"] + p["b2"]',
        'return h, x[:, 0] * p["w2"][0] + p["b2"]',
    ),
    Mistake("no bend", 'h = np.tanh(x @ p["W1"] + p["b1"])', 'h = x @ p["W1"] + p["b1"]'),
    Mistake("too few updates", "range(3000)", "range(3)"),
    Mistake("one gradient is left out", '"b1": dz1.sum(axis=0), ', ""),
)


def check(code: Code) -> None:
    xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    labels = np.array([0.0, 1.0, 1.0, 0.0])
    rng = generator(43)
    rows = rng.integers(0, 2, size=(5, 2)).astype(float)
    rows[0] = 1.0
    wanted = rng.integers(0, 2, size=5).astype(float)
    expect_model(code, Task((2, 4), rows, wanted, (xor, labels), xor, labels, "of the four rows"))
