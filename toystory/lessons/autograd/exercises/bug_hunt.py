"""Bug hunt: the gate that heard only its last row

Alex made a gate out of Values. With one row it learnt as in chapter 1, number for number.
With three rows of OR it learnt something too, the loss went down, and he was content,
until he changed the order of the rows. Another order, another gate.

"The loss is a sum over the rows," said Sami. "A sum does not mind the order."

One line is wrong. Find it and mend it. `loss` is right, so you can ask it for any slope:
move one number a little up and a little down. Try one row, and then the same row twice:
the gradients should be the same.

    >>> found = gradients([[0.0, 1.0], [1.0, 0.0]], [1.0, 1.0], [0.5, 0.5], 0.0)
    >>> [round(number, 6) for number in found]
    [-0.18877, -0.18877, -0.377541]
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from toystory.course.exercises.checks import expect_gradient, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator


class Value:
    """A number that remembers what it was made of, and a slope for each of these."""

    def __init__(self, data: float, inputs: tuple = (), slopes: tuple = ()) -> None:
        self.data, self.inputs, self.slopes = data, inputs, slopes
        self.grad = 0.0

    def __add__(self, other: Value) -> Value:
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value) -> Value:
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self) -> Value:
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def topological_order(self) -> list[Value]:
        """This Value and all that it was made of, every one after its inputs."""
        order: list[Value] = []
        seen = set()
        to_do = [(self, False)]
        while to_do:
            value, inputs_are_in = to_do.pop()
            if inputs_are_in:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                to_do.append((value, True))
                to_do.extend((each, False) for each in value.inputs)
        return order

    def backward(self) -> None:
        """Fill in the gradients of all that this Value was made of."""
        self.grad = 1.0
        for value in reversed(self.topological_order()):
            for each, slope in zip(value.inputs, value.slopes, strict=True):
                each.grad += slope * value.grad


def loss_value(x: list[list[float]], y: list[float], w: list[Value], b: Value) -> Value:
    """The mean cross-entropy of the rows, as a Value."""
    total = Value(0.0)
    for row, label in zip(x, y, strict=True):
        z = b
        for bit, weight in zip(row, w, strict=True):
            z = z + weight * Value(bit)
        total = total + ((z * Value(1.0 - 2.0 * label)).exp() + Value(1.0)).log()
    return total * Value(1 / len(x))


def loss(x: list[list[float]], y: list[float], w: list[float], b: float) -> float:
    """The mean cross-entropy of the rows."""
    return loss_value(x, y, [Value(number) for number in w], Value(b)).data


def gradients(x: list[list[float]], y: list[float], w: list[float], b: float) -> list[float]:
    """How the loss changes with each weight, and with the bias, which stands last."""
    weights, bias = [Value(number) for number in w], Value(b)
    loss_value(x, y, weights, bias).backward()
    return [value.grad for value in (*weights, bias)]


# --- the check: not part of the learner's file

ORDER = 5
KIND = "bug hunt"
AFTER = "value"
BUG = Mistake("a second message replaces the first", "each.grad += slope", "each.grad = slope")
MISTAKES = (
    Mistake(
        "messages are averaged",
        "each.grad += slope * value.grad",
        "each.grad = (each.grad + slope * value.grad) / 2",
    ),
    Mistake("each message counts double", "each.grad += slope", "each.grad += 2 * slope"),
    Mistake(
        "multiplied by the number of rows afterwards",
        "return [value.grad for value in (*weights, bias)]",
        "return [value.grad * len(x) for value in (*weights, bias)]",
        "That is right only where all rows say the same. The messages themselves have to be added up.",
    ),
    Mistake(
        "the mean became a sum",
        "return total * Value(1 / len(x))",
        "return total",
        "The loss was right: a mean.",
    ),
    Mistake("the loss begins with 2", "self.grad = 1.0", "self.grad = 2.0"),
    Mistake("the slopes of a product change places", "(other.data, self.data)", "(self.data, other.data)"),
    Mistake("the bias is handed on once", "z = b\n", "z = Value(b.data)\n"),
)


def check(code: Code) -> None:
    rng = generator(23)
    for rows in (1, 2, 5):
        x = rng.integers(0, 2, size=(rows, 3)).astype(float)
        x[0] = 1.0
        y = rng.integers(0, 2, size=rows).astype(float)
        at = rng.normal(size=4).round(2)
        asked = (x.tolist(), y.tolist(), at[:3].tolist(), float(at[3]))
        given = {"x": x, "y": y, "w": at[:3], "b": at[3]}
        expect_same(code("loss", *asked), _loss(x, y, at), "loss(x, y, w, b), which was right,", **given)
        found = np.asarray(code("gradients", *asked))
        expect_gradient(found, partial(_loss, x, y), at, "gradients(x, y, w, b)", **given)


def _loss(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> float:
    z = x @ at[:3] + at[3]
    return float(np.mean(np.logaddexp(0, z) - y * z))
