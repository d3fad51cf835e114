"""The whole model: a memory, from an empty file

A layer that hears itself, the way back through time, a good start, clipping, and the
right rows. Write a recurrent network that tells the parity of a row of any length: five
functions, or one class.

    first_weights(hidden, seed)
        a dict of arrays of floats, names as you like
    probabilities(p, x)
        (rows,): the probability after the last bit
    loss(p, x, y)
        the mean cross-entropy at the rows' ends
    gradients(p, x, y)
        a dict with the names and shapes of p
    train(p, seed)
        the parameters after learning, a dict like p

`x` is `(rows, steps)` of 0.0 and 1.0, with any number of steps; all rows of one call have the
same. A class takes `hidden` and `seed`, keeps the dict in `self.parameters`, and has the
other four as methods without the `p`; its parameters may be replaced from outside.

The check measures the slopes of your own loss and holds your gradients to them, on rows of
several lengths. Then it trains five seeds with 16 units. For four of the five, 99 of 100
fresh rows of 50 bits must be right. You have five minutes for all of it.
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.course.exercises.whole_model import Task, expect_at_every_length, expect_learning


# TODO: all of it.
# --- gap
def first_weights(hidden, seed):
    rng = np.random.default_rng(seed)
    turn, upper = np.linalg.qr(rng.normal(size=(hidden, hidden)))
    return {
        "W_hh": turn * np.sign(np.diag(upper)),
        "W_xh": rng.normal(size=hidden),
        "b_h": np.zeros(hidden),
        "w_hy": rng.normal(size=hidden) / np.sqrt(hidden),
        "b_y": np.zeros(1),
    }


def forward(p, x):
    bits = 2.0 * x - 1.0
    h = [np.zeros((len(x), len(p["b_h"])))]
    for t in range(x.shape[1]):
        h.append(np.tanh(h[-1] @ p["W_hh"] + np.outer(bits[:, t], p["W_xh"]) + p["b_h"]))
    return bits, h, h[-1] @ p["w_hy"] + p["b_y"]


def probabilities(p, x):
    _, _, z = forward(p, x)
    return 0.5 * np.tanh(0.5 * z) + 0.5


def loss(p, x, y):
    _, _, z = forward(p, x)
    return np.mean(np.logaddexp(0, z) - y * z)


def gradients(p, x, y):
    bits, h, z = forward(p, x)
    dz = (0.5 * np.tanh(0.5 * z) + 0.5 - y) / len(y)
    slopes = {name: np.zeros_like(value) for name, value in p.items()}
    slopes["w_hy"] = h[-1].T @ dz
    slopes["b_y"] = dz.sum(keepdims=True)
    dh = np.outer(dz, p["w_hy"])
    for t in reversed(range(x.shape[1])):
        ds = dh * (1 - h[t + 1] ** 2)
        slopes["W_hh"] += h[t].T @ ds
        slopes["W_xh"] += bits[:, t] @ ds
        slopes["b_h"] += ds.sum(axis=0)
        dh = ds @ p["W_hh"].T
    return slopes


def train(p, seed):
    rng = np.random.default_rng(seed)
    mean = {name: np.zeros_like(value) for name, value in p.items()}
    square = {name: np.zeros_like(value) for name, value in p.items()}
    for step in range(1, 3501):
        x = rng.integers(0, 2, size=(128, rng.integers(1, 51))).astype(float)
        slopes = gradients(p, x, x.sum(axis=1) % 2)
        length = np.sqrt(sum(np.sum(slope**2) for slope in slopes.values()))
        shrink = min(1.0, 1.0 / (length + 1e-12))
        for name, slope in slopes.items():
            mean[name] = 0.9 * mean[name] + 0.1 * shrink * slope
            square[name] = 0.999 * square[name] + 0.001 * (shrink * slope) ** 2
            m, v = mean[name] / (1 - 0.9**step), square[name] / (1 - 0.999**step)
            p = {**p, name: p[name] - 5e-3 * m / (np.sqrt(v) + 1e-8)}
    return p


# --- end of gap


# --- the check: not part of the learner's file

ORDER = 9
KIND = "whole model"
SECONDS = 300.0
MISTAKES = (
    Mistake("the slope of tanh belongs to the step before", "(1 - h[t + 1] ** 2)", "(1 - h[t] ** 2)"),
    Mistake("the weights are not transposed", 'ds @ p["W_hh"].T', 'ds @ p["W_hh"]'),
    Mistake("the gradient of the memory's weights reads the memory after", "h[t].T @ ds", "h[t + 1].T @ ds"),
    Mistake("replaced, not added", 'slopes["W_hh"] += h[t].T', 'slopes["W_hh"] = h[t].T'),
    Mistake("only the last step", "reversed(range(x.shape[1]))", "[x.shape[1] - 1]"),
    Mistake(
        "multiplied by the weights twice", 'dh = ds @ p["W_hh"].T', 'dh = ds @ p["W_hh"].T @ p["W_hh"].T'
    ),
    Mistake(
        "divided by the rows at every step",
        'slopes["b_h"] += ds.sum(axis=0)',
        'slopes["b_h"] += ds.mean(axis=0)',
    ),
    Mistake("a memory that begins anew at every bit", "np.tanh(h[-1] @ p", "np.tanh(h[0] @ p"),
    Mistake(
        "the first bit is not read",
        "for t in range(x.shape[1]):\n        h.append",
        "for t in range(1, x.shape[1]):\n        h.append",
    ),
    Mistake("the answer after the first bit", "return bits, h, h[-1] @ p", "return bits, h, h[1] @ p"),
    Mistake(
        "the seed is not used",
        "rng = np.random.default_rng(seed)\n    turn",
        "rng = np.random.default_rng(3)\n    turn",
    ),
    Mistake("the error is not divided by the rows", " - y) / len(y)", " - y)"),
)


def check(code: Code) -> None:
    rng = generator(53)
    tasks = []
    for steps in (1, 2, 5):
        rows = rng.integers(0, 2, size=(4, steps)).astype(float)
        labels = rng.integers(0, 2, size=4).astype(float)
        tasks.append(Task((5,), rows, labels, (), rows, labels, ""))
    expect_at_every_length(code, tasks)
    fresh = rng.integers(0, 2, size=(200, 50)).astype(float)
    parity = fresh.sum(axis=1) % 2
    test = "of 200 fresh rows of 50 bits"
    expect_learning(code, Task((16,), rows, labels, (), fresh, parity, test, bar=0.99))
