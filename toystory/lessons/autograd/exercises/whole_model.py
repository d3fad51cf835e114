"""The whole model: a network that nobody has derived, from an empty file

Two things, and nothing given: the machine that derives, and a two-layer network made of its
numbers. The network learns XOR, and no line of yours says how an error goes back through it.

First the machine, a class `Value`, as in the exercise before:

    Value(3.0)
        a number: .data, and .grad, which is 0.0 at
        first
    a + b, a * b, a + 2, a * 2
        new Values; a plain number may stand on the
        right
    a.tanh(), a.exp(), a.log()
        new Values
    loss.backward()
        adds to .grad of all that it was made of

Then the network, five functions or one class:

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

`p` is a dict of NumPy arrays, `x` is `(rows, columns)` of 0.0 and 1.0, `y` is `(rows,)`.
`gradients` makes Values of the numbers in p, writes down the loss with them, and asks it for
the way back. A class takes `columns`, `hidden` and `seed`, keeps the dict in
`self.parameters`, and has the other four as methods without the `p`.

The check tries your Values first. Then it measures the slopes of your loss and holds your
gradients to them, and sees that they came from `backward`. Then it trains from five seeds,
with four hidden units, on the four rows. Four of the five must get all four rows right. You
have two minutes for all of it: it is slow, and that is the lesson of the chapter.
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.course.exercises.value_checks import expect_values, expect_ways_back
from toystory.course.exercises.whole_model import Task, expect_learning, expect_model
from toystory.lessons.autograd.exercises.value import Value


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


def as_values(p):
    return {name: np.vectorize(Value, otypes=[object])(value) for name, value in p.items()}


def logit(v, row):
    z = v["b2"][0]
    for j in range(len(v["w2"])):
        s = v["b1"][j]
        for i, bit in enumerate(row):
            s = s + v["W1"][i, j] * float(bit)
        z = z + s.tanh() * v["w2"][j]
    return z


def loss_value(v, x, y):
    total = Value(0.0)
    for row, label in zip(x, y, strict=True):
        total = total + ((logit(v, row) * (1.0 - 2.0 * float(label))).exp() + 1.0).log()
    return total * (1.0 / len(y))


def probabilities(p, x):
    z = np.tanh(x @ p["W1"] + p["b1"]) @ p["w2"] + p["b2"]
    return 0.5 * np.tanh(0.5 * z) + 0.5


def loss(p, x, y):
    return loss_value(as_values(p), x, y).data


def gradients(p, x, y):
    v = as_values(p)
    loss_value(v, x, y).backward()
    return {
        name: np.array([each.grad for each in values.ravel()]).reshape(values.shape)
        for name, values in v.items()
    }


def train(p, x, y, seed):
    speed = {name: np.zeros_like(value) for name, value in p.items()}
    for _ in range(400):
        slopes = gradients(p, x, y)
        speed = {name: 0.9 * speed[name] - 0.3 * slopes[name] for name in p}
        p = {name: p[name] + speed[name] for name in p}
    return p


# --- end of gap


# --- the check: not part of the learner's file

ORDER = 9
KIND = "whole model"
SECONDS = 120.0
MISTAKES = (
    Mistake("what was there is replaced, by each wire", "shares[each] += slope", "shares[each] = slope"),
    Mistake("a second way back replaces the first", "value.grad += shares", "value.grad = shares"),
    Mistake("the slopes of a product change places", "(other.data, self.data)", "(self.data, other.data)"),
    Mistake("tanh's slope at the input", "1 - t * t", "1 - self.data * self.data"),
    Mistake("exp's slope is its input", "(e,)", "(self.data,)"),
    Mistake("log's slope is its result", "(1 / self.data,)", "(1 / math.log(self.data),)"),
    Mistake("from the start to the end", "for value in reversed(order)", "for value in order"),
    Mistake("every way is walked", "elif value not in seen:", "else:"),
    Mistake("gradients do not begin at 0", "self.grad = 0.0", "self.grad = 1.0"),
    Mistake(
        "derived by hand",
        "    loss_value(v, x, y).backward()\n",
        "    h = np.tanh(x @ p['W1'] + p['b1'])\n"
        "    dz = (probabilities(p, x) - y) / len(y)\n"
        "    d = np.outer(dz, p['w2']) * (1 - h * h)\n"
        "    return {'W1': x.T @ d, 'b1': d.sum(0), 'w2': h.T @ dz, 'b2': dz.sum(keepdims=True)}\n",
    ),
    Mistake("the loss is a sum", "return total * (1.0 / len(y))", "return total"),
    Mistake("the label the wrong way round", "(1.0 - 2.0 * float(label))", "(2.0 * float(label) - 1.0)"),
    Mistake("the seed is not used", "np.random.default_rng(seed)", "np.random.default_rng(3)"),
    Mistake("a gradient of numbers, not an array", ".reshape(values.shape)", ".reshape(-1)"),
    Mistake("uphill", "- 0.3 * slopes", "+ 0.3 * slopes"),
    Mistake("too few updates", "range(400)", "range(4)"),
)


def check(code: Code) -> None:
    rng = generator(71)
    expect_values(code, rng)
    xor = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    labels = np.array([0.0, 1.0, 1.0, 0.0])
    rows = rng.integers(0, 2, size=(3, 2)).astype(float)
    rows[0] = 1.0
    wanted = np.array([1.0, 0.0, 1.0])
    task = Task((2, 4), rows, wanted, (xor, labels), xor, labels, "of the four rows")
    expect_model(code, task, learning=False)
    expect_ways_back(code, code("first_weights", 2, 4, 0), rows, wanted)
    expect_learning(code, task)
