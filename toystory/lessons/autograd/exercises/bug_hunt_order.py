"""Bug hunt: right for a chain, wrong for a network

Sami tried Alex's new machine on a chain: tanh of tanh of tanh. All gradients were right.
He tried one on a sum of ten weights. Right. Then on a number that takes a short way and a
long way to the loss, as every first weight of a network with a skip does, and the machine
was wrong, by a little.

"It adds. It has every slope. It visits everything once," said Alex.

"And when?" said Sami.

One place is wrong. Find it and mend it. `network` is right: it is u·tanh(u) + u with u
the product of both numbers.

    >>> [round(number, 6) for number in gradients(0.5, 2.0)]
    [4.363137, 1.090784]
"""

from __future__ import annotations

import math

from toystory.course.exercises.checks import expect_same
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

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def order(self) -> list[Value]:
        """This Value and all that it was made of, in the order of the way back."""
        found: list[Value] = []
        seen = set()

        def visit(value: Value) -> None:
            if value in seen:
                return
            seen.add(value)
            for each in value.inputs:
                visit(each)
            found.append(value)

        visit(self)
        return found[::-1]

    def backward(self) -> None:
        """Fill in the gradients of all that this Value was made of."""
        self.grad = 1.0
        for value in self.order():
            for each, slope in zip(value.inputs, value.slopes, strict=True):
                each.grad += slope * value.grad


def network(a: Value, b: Value) -> Value:
    """u·tanh(u) + u, with u = a·b."""
    u = a * b
    return u * u.tanh() + u


def gradients(a: float, b: float) -> list[float]:
    """How the result of the network changes with a and with b."""
    values = Value(a), Value(b)
    network(*values).backward()
    return [value.grad for value in values]


# --- the check: not part of the learner's file

ORDER = 6
KIND = "bug hunt"
AFTER = "value"
ON_THE_WAY_OUT = (
    "            for each in value.inputs:\n                visit(each)\n            found.append(value)\n\n"
    "        visit(self)\n        return found[::-1]"
)
BUG = Mistake(
    "written down on the way in",
    ON_THE_WAY_OUT,
    "            found.append(value)\n            for each in value.inputs:\n                visit(each)\n\n"
    "        visit(self)\n        return found",
)
MISTAKES = (
    Mistake("from the start to the end", "return found[::-1]", "return found"),
    Mistake(
        "nothing is remembered",
        "            if value in seen:\n                return\n",
        "",
    ),
    Mistake(
        "sorted by how many inputs",
        "return found[::-1]",
        "return sorted(found, key=lambda v: -len(v.inputs))",
    ),
    Mistake("replaced, not added", "each.grad += slope", "each.grad = slope"),
    Mistake("the network is changed instead", "return u * u.tanh() + u", "return u + u * u.tanh() * u"),
    Mistake("only half of the ways", "return u * u.tanh() + u", "return u * u.tanh()"),
    Mistake("tanh's slope", "1 - t * t", "1 - t"),
)


def check(code: Code) -> None:
    rng = generator(29)
    for _ in range(4):
        a, b = (float(number) for number in rng.normal(size=2).round(2) + 0.125)
        u = a * b
        slope = math.tanh(u) + u * (1 - math.tanh(u) ** 2) + 1
        expect_same(code("gradients", a, b), [slope * b, slope * a], f"gradients({a:g}, {b:g})")
