"""The whole model: a machine that thinks aloud, from an empty file

It reads a row of bits, and then writes one bit for each: is the number of ones so far odd?
To write a bit it may look at all that was read and at all that it has written by then. Write
it: six functions, or one class.

    first_weights(width, hidden, seed)
        a dict of arrays of floats, names as you like
    probabilities(p, x, y)
        (rows, steps): the probability that each
        written bit is 1, while y is written for it
    loss(p, x, y)
        the mean cross-entropy over all written bits,
        a number
    gradients(p, x, y)
        a dict with the names and shapes of p
    train(p, seed)
        the parameters after learning, a dict like p
    write(p, x)
        (rows, steps): the bits, 0.0 or 1.0, that it
        writes by itself

`width` numbers stand for a token, and `hidden` is the size of a layer of ReLUs. `x` and `y`
are `(rows, steps)` of 0.0 and 1.0, with any number of steps. Bit t of `y` may be seen only
by the places that write after it. A class takes `width`, `hidden` and `seed`, keeps the dict
in `self.parameters`, and has the other five as methods without the `p`; its parameters may
be replaced from outside.

The check measures the slopes of your own loss and holds your gradients to them, on rows of
several lengths. Then it trains five seeds with a width of 8 and 16 ReLUs, and lets them
write by themselves. For four of the five, 99 of 100 fresh rows of 50 bits must come out
with every bit right. You have ten minutes for all of it.
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.course.exercises.whole_model import Task, expect_learning, expect_model


# TODO: all of it.
# --- gap
def first_weights(width, hidden, seed):
    rng = np.random.default_rng(seed)
    square = (width, width)
    return {
        "E_bit": 0.1 * rng.normal(size=(3, width)),
        "E_kind": 0.1 * rng.normal(size=(2, width)),
        "W_q": rng.normal(size=square) / np.sqrt(width),
        "W_k": rng.normal(size=square) / np.sqrt(width),
        "W_v": rng.normal(size=square) / np.sqrt(width),
        "W_o": rng.normal(size=square) / np.sqrt(width),
        "b_d": np.zeros(5),
        "W1": rng.normal(size=(width, hidden)) * np.sqrt(2 / width),
        "b1": np.zeros(hidden),
        "W2": rng.normal(size=(hidden, width)) / np.sqrt(hidden),
        "b2": np.zeros(width),
        "w_y": rng.normal(size=width) / np.sqrt(width),
        "b_y": np.zeros(1),
    }


def forward(p, x, y):
    n, root = x.shape[1], np.sqrt(p["W_q"].shape[0])
    token = np.hstack([x, np.full((len(x), 1), 2.0), y[:, :-1]]).astype(int)
    kind = np.repeat([0, 1], n)
    place, at = np.arange(n)[:, None], np.concatenate([np.arange(1, n + 1), np.arange(n)])
    distance = np.clip(at - place, -2, 2) + 2
    e = p["E_bit"][token] + p["E_kind"][kind]
    q, k, v = e[:, n:] @ p["W_q"], e @ p["W_k"], e @ p["W_v"]
    s = q @ k.transpose(0, 2, 1) / root + p["b_d"][distance]
    s[:, np.arange(2 * n) > n + place] = -np.inf
    shares = np.exp(s - s.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    r = shares @ v
    u = e[:, n:] + r @ p["W_o"]
    z1 = u @ p["W1"] + p["b1"]
    o = u + np.maximum(0, z1) @ p["W2"] + p["b2"]
    z = o @ p["w_y"] + p["b_y"]
    return token, kind, distance, e, q, k, v, shares, r, u, z1, o, z


def probabilities(p, x, y):
    return 0.5 * np.tanh(0.5 * forward(p, x, y)[-1]) + 0.5


def loss(p, x, y):
    z = forward(p, x, y)[-1]
    return np.mean(np.logaddexp(0, z) - y * z)


def sums(a, b):
    return a.reshape(-1, a.shape[-1]).T @ b.reshape(-1, b.shape[-1])


def gradients(p, x, y):
    token, kind, distance, e, q, k, v, shares, r, u, z1, o, z = forward(p, x, y)
    n, root = x.shape[1], np.sqrt(p["W_q"].shape[0])
    d = {name: np.zeros_like(value) for name, value in p.items()}
    dz = (0.5 * np.tanh(0.5 * z) + 0.5 - y) / y.size
    do = dz[:, :, None] * p["w_y"]
    d["w_y"], d["b_y"] = sums(o, dz[:, :, None])[:, 0], dz.sum(keepdims=True)[0]
    dz1 = (do @ p["W2"].T) * (z1 > 0)
    d["W2"], d["b2"] = sums(np.maximum(0, z1), do), do.sum(axis=(0, 1))
    du = do + dz1 @ p["W1"].T
    d["W1"], d["b1"] = sums(u, dz1), dz1.sum(axis=(0, 1))
    dr = du @ p["W_o"].T
    d["W_o"] = sums(r, du)
    dshares = dr @ v.transpose(0, 2, 1)
    dv = shares.transpose(0, 2, 1) @ dr
    ds = shares * (dshares - (shares * dshares).sum(axis=2, keepdims=True))
    d["b_d"] = np.bincount(distance.ravel(), ds.sum(axis=0).ravel(), 5)
    dq, dk = ds @ k / root, ds.transpose(0, 2, 1) @ q / root
    de = dk @ p["W_k"].T + dv @ p["W_v"].T
    de[:, n:] += dq @ p["W_q"].T + du
    d["W_q"], d["W_k"], d["W_v"] = sums(e[:, n:], dq), sums(e, dk), sums(e, dv)
    np.add.at(d["E_bit"], token, de)
    np.add.at(d["E_kind"], kind, de.sum(axis=0))
    return d


def train(p, seed):
    rng = np.random.default_rng(seed)
    mean = {name: np.zeros_like(value) for name, value in p.items()}
    square = {name: np.zeros_like(value) for name, value in p.items()}
    for step in range(1, 801):
        x = rng.integers(0, 2, size=(64, rng.integers(1, 51))).astype(float)
        d = gradients(p, x, np.cumsum(x, axis=1) % 2)
        length = np.sqrt(sum(np.sum(slope**2) for slope in d.values()))
        shrink = min(1.0, 1.0 / (length + 1e-12))
        for name, slope in d.items():
            mean[name] = 0.9 * mean[name] + 0.1 * shrink * slope
            square[name] = 0.999 * square[name] + 0.001 * (shrink * slope) ** 2
            m, v = mean[name] / (1 - 0.9**step), square[name] / (1 - 0.999**step)
            p = {**p, name: p[name] - 2e-2 * m / (np.sqrt(v) + 1e-8)}
    return p


def write(p, x):
    y = np.zeros_like(x)
    for t in range(x.shape[1]):
        y[:, t] = probabilities(p, x, y)[:, t] > 0.5
    return y


# --- end of gap


# --- the check: not part of the learner's file

ORDER = 9
KIND = "whole model"
SECONDS = 600.0
MISTAKES = (
    Mistake("the scale is forgotten on the way back", "ds @ k / root,", "ds @ k,"),
    Mistake("a place sees the bit that it is to write", "> n + place]", "> n + 1 + place]"),
    Mistake(
        "softmax along the wrong axis",
        "shares /= shares.sum(axis=2, keepdims=True)",
        "shares /= shares.sum(axis=1, keepdims=True)",
    ),
    Mistake(
        "softmax's way back without the sum",
        "(dshares - (shares * dshares).sum(axis=2, keepdims=True))",
        "dshares",
    ),
    Mistake("not divided by the written bits", " - y) / y.size", " - y)"),
    Mistake("divided by the rows alone", " - y) / y.size", " - y) / len(y)"),
    Mistake("the residual is forgotten on the way back", '@ p["W_q"].T + du', '@ p["W_q"].T'),
    Mistake("back through ReLU without its slope", " * (z1 > 0)", ""),
    Mistake("what the values were is not handed on", ' + dv @ p["W_v"].T', ""),
    Mistake(
        "the seed is not used",
        "np.random.default_rng(seed)\n    square =",
        "np.random.default_rng(3)\n    square =",
    ),
    Mistake("the distances get no gradient", "ds.sum(axis=0).ravel(), 5)", "0 * ds.sum(axis=0).ravel(), 5)"),
    Mistake(
        "the loss of the last bit alone",
        "np.logaddexp(0, z) - y * z)",
        "(np.logaddexp(0, z) - y * z)[:, -1])",
    ),
    Mistake(
        "a second token of the same bit replaces the first",
        'np.add.at(d["E_bit"], token, de)',
        'd["E_bit"][token] = de',
    ),
    Mistake(
        "it does not read what it wrote", "probabilities(p, x, y)[:, t]", "probabilities(p, x, 0 * y)[:, t]"
    ),
    Mistake(
        "a logit is no probability",
        "return 0.5 * np.tanh(0.5 * forward(p, x, y)[-1]) + 0.5",
        "return forward(p, x, y)[-1]",
    ),
    Mistake("too few updates", "range(1, 801)", "range(1, 4)"),
)


def check(code: Code) -> None:
    rng = generator(61)
    for steps in (3, 1, 5):
        rows, written = rng.integers(0, 2, size=(2, 4, steps)).astype(float)
        expect_model(code, Task((4, 3), rows, written, (), rows, written, "", aloud=True), learning=False)
    fresh = rng.integers(0, 2, size=(100, 50)).astype(float)
    parity = np.cumsum(fresh, axis=1) % 2
    test = "of 100 fresh rows of 50 bits, with every written bit"
    task = Task((8, 16), rows, written, (), fresh, parity, test, bar=0.99, aloud=True)
    expect_learning(code, task)
