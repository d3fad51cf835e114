"""The whole machine: a number that remembers

Now all of it, from an empty class. A `Value` holds a number, and remembers how it was
made. Then a gate can be written as one writes sums on paper, and it derives itself.

Write the class `Value`. What must come out:

- `Value(3.0)` is a leaf. `.data` is its number, a float; `.grad` is a float, 0 at first.
- For Values a and b, `a + b`, `a * b`, `a.tanh()`, `a.exp()` and `a.log()` are new
  Values. `a + 2` and `a * 2`, with a plain number on the right, work too.
- `loss.backward()` fills in `.grad` of everything that `loss` was made of. It *adds* to
  what stands there: whoever wants to begin anew sets it to 0 before.
- What is used twice gets both shares, and a graph with many ways through it takes no
  longer than its wires: twenty steps of `a = a + a` are twenty steps, not a million.

How it remembers is up to you. `gate_gradients` is given: a gate of chapter 1, written
with your Values. It is done when

    >>> [round(number, 6) for number in gate_gradients([1.0, 0.0], 1.0, [0.5, -0.25], 0.1)]
    [-0.354344, 0.0, -0.354344]
"""

from __future__ import annotations

import math

import numpy as np

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.course.exercises.value_checks import expect_values

Program = list[tuple[str, int, int]]


# TODO: the class Value, from nothing.
# --- gap
class Value:
    """A number that remembers what it was made of, and a slope for each of these."""

    def __init__(self, data: float, inputs: tuple = (), slopes: tuple = ()) -> None:
        self.data, self.inputs, self.slopes = float(data), inputs, slopes
        self.grad = 0.0

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self) -> Value:
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def backward(self) -> None:
        order, seen, to_do = [], set(), [(self, False)]
        while to_do:
            value, inputs_are_in = to_do.pop()
            if inputs_are_in:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                to_do.append((value, True))
                to_do.extend((each, False) for each in value.inputs)
        shares = dict.fromkeys(order, 0.0)
        shares[self] = 1.0
        for value in reversed(order):
            for each, slope in zip(value.inputs, value.slopes, strict=True):
                shares[each] += slope * shares[value]
            value.grad += shares[value]


# --- end of gap


def gate_gradients(x: list[float], y: float, w: list[float], b: float) -> list[float]:
    """How the loss of one row changes with each weight, and with the bias, which stands last."""
    weights, bias = [Value(number) for number in w], Value(b)
    z = bias
    for bit, weight in zip(x, weights, strict=True):
        z = z + weight * bit
    loss = ((z * (1.0 - 2.0 * y)).exp() + 1.0).log()
    loss.backward()
    return [value.grad for value in (*weights, bias)]


def carry_out(leaves: list[float], program: Program, times: int = 1) -> tuple[list[float], list[float]]:
    """The check's way to your Values: leaves, then (operation, place, other place) for every new one.

    Returns all numbers, and the gradient of the last one with respect to each, after so many ways back.
    """
    values = [Value(number) for number in leaves]
    for operation, at, other in program:
        a, b = values[at], values[other]
        two = {"+": a.__add__, "*": a.__mul__, "+2": a.__add__, "*2": a.__mul__}
        if operation in two:
            values.append(two[operation](2.0 if operation.endswith("2") else b))
        else:
            values.append({"tanh": a.tanh, "exp": a.exp, "log": a.log}[operation]())
    for _ in range(times):
        values[-1].backward()
    return [value.data for value in values], [value.grad for value in values]


# --- the check: not part of the learner's file

ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake("what was there is replaced, by each wire", "shares[each] += slope", "shares[each] = slope"),
    Mistake(
        "a second way back replaces the first",
        "value.grad += shares[value]",
        "value.grad = shares[value]",
        "A second way back should add to what stands in `.grad`.",
    ),
    Mistake("the loss begins with 0", "shares[self] = 1.0", "shares[self] = 0.0"),
    Mistake("the slopes of a product change places", "(other.data, self.data)", "(self.data, other.data)"),
    Mistake("tanh's slope at the input", "1 - t * t", "1 - self.data * self.data"),
    Mistake("exp's slope is its input", "(e,)", "(self.data,)"),
    Mistake("log's slope is its result", "(1 / self.data,)", "(1 / math.log(self.data),)"),
    Mistake("from the start to the end", "for value in reversed(order)", "for value in order"),
    Mistake("a sum hands on to its first part only", "(1.0, 1.0)", "(1.0, 0.0)"),
    Mistake(
        "plain numbers don't add",
        "other = other if isinstance(other, Value) else Value(other)\n        return Value(self.data + other",
        "return Value(self.data + other",
    ),
    Mistake("every way is walked", "elif value not in seen:", "else:"),
    Mistake("gradients do not begin at 0", "self.grad = 0.0", "self.grad = 1.0"),
)


def check(code: Code) -> None:
    rng = generator(11)
    expect_values(code, rng)
    x, w = [1.0, 0.0, 1.0], [float(n) for n in rng.normal(size=3).round(2)]
    for y in (0.0, 1.0):
        z = float(np.dot(x, w)) + 0.25
        error = 1 / (1 + math.exp(-z)) - y
        right = [error * bit for bit in (*x, 1.0)]
        found = code("gate_gradients", x, y, w, 0.25)
        expect_same(found, right, f"gate_gradients(x, {y:g}, w, 0.25)", x=x, w=w)
