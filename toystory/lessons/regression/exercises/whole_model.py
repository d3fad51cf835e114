"""The whole model: logistic regression, from an empty file

Until now there was always something there: the weights, the loop, the seed. Now there is
nothing, and you write the whole gate. Any way will do, if these five do what they should.

    first_weights(columns, seed)
        a dict of arrays of floats, by names of your
        own choice
    probabilities(p, x)
        (rows,): for each row, how likely it is that
        the lamp is on
    loss(p, x, y)
        the mean cross-entropy over the rows
    gradients(p, x, y)
        a dict with the names and shapes of p
    train(p, x, y, seed)
        the parameters after learning these rows, a
        dict like p

`p` is such a dict, `x` is `(rows, columns)` of 0.0 and 1.0, `y` is `(rows,)`. Or write one
class: its constructor takes `columns` and `seed`, `self.parameters` is the dict, and the
other four are methods without the `p`. The parameters may be replaced from outside at any
time.

The check looks at it from outside only. It measures the slopes of your own loss and holds
your gradients to them. Then it lets you train, from five seeds, on the eight rows of three
switches, with a lamp that is on when at least two of them are up. Four of the five must get
all eight rows right.
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.whole_model import Task, expect_model


# TODO: all of it.
# --- gap
def first_weights(columns, seed):
    return {"w": np.zeros(columns), "b": np.zeros(1)}


def probabilities(p, x):
    return 0.5 * np.tanh(0.5 * (x @ p["w"] + p["b"])) + 0.5


def loss(p, x, y):
    z = x @ p["w"] + p["b"]
    return np.mean(np.logaddexp(0, z) - y * z)


def gradients(p, x, y):
    dz = (probabilities(p, x) - y) / len(y)
    return {"w": x.T @ dz, "b": dz.sum(keepdims=True)}


def train(p, x, y, seed):
    for _ in range(500):
        slopes = gradients(p, x, y)
        p = {name: value - 2.0 * slopes[name] for name, value in p.items()}
    return p


# --- end of gap


# --- the check: not part of the learner's file

ORDER = 9
KIND = "whole model"
SECONDS = 20.0
MISTAKES = (
    Mistake("the mean is a sum", "return np.mean(", "return np.sum(", "The loss is the mean over the rows."),
    Mistake("the gradient is not divided by the rows", " / len(y)", ""),
    Mistake("uphill", "value - 2.0 *", "value + 2.0 *"),
    Mistake("the error has the wrong sign", "(probabilities(p, x) - y)", "(y - probabilities(p, x))"),
    Mistake("the bias is forgotten", '"b": dz.sum(keepdims=True)', '"b": np.zeros(1)'),
    Mistake("no bias at all", 'x @ p["w"] + p["b"])) + 0.5', 'x @ p["w"])) + 0.5'),
    Mistake("answers are rounded", "return 0.5 * np.tanh(", "return 0.5 + 0.5 * np.sign("),
    Mistake(
        "a logit is no probability",
        'return 0.5 * np.tanh(0.5 * (x @ p["w"] + p["b"])) + 0.5',
        'return x @ p["w"] + p["b"]',
    ),
    Mistake("too few updates", "range(500)", "range(2)"),
    Mistake("the parameters are not returned", "    return p\n", "    return None\n"),
    Mistake("a list for the weights", 'np.zeros(columns), "b"', '[0.0] * columns, "b"'),
    Mistake("whole numbers", "np.zeros(columns)", "np.zeros(columns, int)"),
    Mistake("the squared error", "np.logaddexp(0, z) - y * z", "(probabilities(p, x) - y) ** 2"),
)


def check(code: Code) -> None:
    rows = np.array([[a, b, c] for a in (0.0, 1.0) for b in (0.0, 1.0) for c in (0.0, 1.0)])
    labels = (rows.sum(axis=1) >= 2).astype(float)
    at_first, wanted = rows[[1, 3, 6, 7, 4]], labels[[1, 3, 6, 7, 4]]
    task = Task((3,), at_first, wanted, (rows, labels), rows, labels, "of the eight rows", zeros=True)
    expect_model(code, task)
