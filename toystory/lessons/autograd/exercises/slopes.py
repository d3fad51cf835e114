"""Slopes: what every operation has to remember

A machine that derives needs one thing of every operation: when one of its inputs moves a
little, how much does the result move? That number is the *slope*, and it is known the
moment the result is.

Take a product, a·b, at a = 3 and b = −2. Move a to 3.01: the product goes from −6 to
−6.02. It moved −2 times as far as a did. What is the slope for a, then? And for b?
Find it out with a pencil for each of the four operations, for any a and b, before you
write a line.

Write `add(a, b)`, `multiply(a, b)`, `power(a, n)` and `tanh(a)`. All of a, b, n are plain
numbers. Each returns two things: the result, and a tuple with a slope for every input.
`n` is no input: it is a fixed number, such as 2 or −1.

    >>> multiply(3.0, -2.0)
    (-6.0, (-2.0, 3.0))
    >>> add(3.0, -2.0)
    (1.0, (1.0, 1.0))
    >>> power(4.0, -1)
    (0.25, (-0.0625,))
"""

from __future__ import annotations

import numpy as np

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator


def add(a: float, b: float) -> tuple[float, tuple[float, float]]:
    """The sum, and its slope for a and for b."""
    # TODO: all four functions. A line or two is enough for each.
    # --- gap
    return a + b, (1.0, 1.0)
    # --- end of gap


def multiply(a: float, b: float) -> tuple[float, tuple[float, float]]:
    """The product, and its slope for a and for b."""
    # --- gap
    return a * b, (b, a)
    # --- end of gap


def power(a: float, n: float) -> tuple[float, tuple[float]]:
    """The power aⁿ, and its slope for a."""
    # --- gap
    return a**n, (n * a ** (n - 1),)
    # --- end of gap


def tanh(a: float) -> tuple[float, tuple[float]]:
    """tanh a, and its slope for a."""
    # --- gap
    t = float(np.tanh(a))
    return t, (1 - t * t,)
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
KIND = "derivation"
MISTAKES = (
    Mistake(
        "the slopes of a product change places",
        "(b, a)",
        "(a, b)",
        "They stand the wrong way round: when a moves, the product moves by b times as much.",
    ),
    Mistake("a product's slopes are 1", "(b, a)", "(1.0, 1.0)", "Those are the slopes of a sum."),
    Mistake("a sum's slopes are its parts", "a + b, (1.0, 1.0)", "a + b, (a, b)"),
    Mistake(
        "the power is not one less", "n * a ** (n - 1)", "n * a**n", "In the slope the power is one less."
    ),
    Mistake("the n is not brought down", "n * a ** (n - 1)", "a ** (n - 1)"),
    Mistake("right for squares only", "n * a ** (n - 1)", "2 * a"),
    Mistake(
        "the slope of tanh at the input",
        "1 - t * t",
        "1 - a * a",
        "It is 1 − t², with t the result. 1 − a² has the input in it.",
    ),
    Mistake("tanh's slope without the square", "1 - t * t", "1 - t"),
    Mistake("tanh's result is forgotten", "return t, ", "return a, "),
    Mistake("a number in place of a tuple", "(1 - t * t,)", "1 - t * t"),
)


def check(code: Code) -> None:
    rng = generator(3)
    for _ in range(4):
        a, b = (float(number) for number in rng.normal(size=2, scale=1.5).round(2) + 0.125)
        _expect(code, "add", (a, b), a + b, lambda a, b: a + b)
        _expect(code, "multiply", (a, b), a * b, lambda a, b: a * b)
        for n in (2, 3, -1):
            found = code("power", a, n)
            slope = _slope(lambda moved, n=n: moved**n, a)
            expect_same(found, (a**n, (slope,)), f"power({a:g}, {n})", tolerance=1e-5)
        _expect(code, "tanh", (a,), float(np.tanh(a)), lambda a: float(np.tanh(a)))


def _expect(code: Code, name: str, inputs: tuple[float, ...], result: float, operation: object) -> None:
    assert callable(operation)
    slopes = []
    for index in range(len(inputs)):
        others = list(inputs)

        def moved(at: float, index: int = index, others: list[float] = others) -> float:
            return float(operation(*others[:index], at, *others[index + 1 :]))

        slopes.append(_slope(moved, inputs[index]))
    called = f"{name}({', '.join(f'{number:g}' for number in inputs)})"
    expect_same(code(name, *inputs), (result, tuple(slopes)), called, tolerance=1e-5)


def _slope(operation: object, at: float) -> float:
    """The slow and obviously right one, from two results; rounded, so that it is shown as one would."""
    assert callable(operation)
    step = 1e-6
    return round((float(operation(at + step)) - float(operation(at - step))) / (2 * step), 8)
