"""What the checks of a learner's class `Value` ask and expect: duals, which derive on the way forward."""

from __future__ import annotations

import math

import numpy as np

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Value, Wrong
from toystory.course.exercises.value_class import CARRY_OUT, WAYS_BACK

NAMES = "abcdefghijklmnopqrst"
Program = list[tuple[str, int, int]]


def expect_values(code: Code, rng: np.random.Generator) -> None:
    """Expect a class that calculates and derives.

    Args:
        code: With the function `carry_out`, which asks the class.
        rng: Draws what is calculated.

    Raises:
        Wrong: With the first thing that is wrong.
    """
    for operation in ("+", "*", "tanh", "exp", "log", "+2", "*2"):
        _expect_program(code, [1.5, -0.5], [(operation, 0, 1)])
    _expect_program(code, [0.75], [("*", 0, 0), ("+", 1, 0), ("tanh", 2, 2)])
    for size in (4, 8):
        leaves = [float(n) for n in rng.normal(size=2).round(2) + 0.125]
        program = []
        for place in range(2, 2 + size):
            operation = ("+", "*", "tanh", "+2", "*2")[int(rng.integers(5))]
            program.append((operation, place - 1, int(rng.integers(place))))
        _expect_program(code, leaves, program)
    _expect_program(code, [0.5, 0.25], [("*", 0, 1), ("tanh", 2, 2)], times=2)
    _expect_many_ways(code)


def expect_ways_back(code: Code, *arguments: Value) -> None:
    """Expect `gradients` to ask `backward` of a Value.

    Args:
        code: With the function `ways_back`, which looks on.
        *arguments: What `gradients` is asked with.

    Raises:
        Wrong: It does not.
    """
    if not code(WAYS_BACK, *arguments):
        raise Wrong(
            "gradients(p, x, y) is right, but never asks backward() of a Value: let the machine derive"
        )


def _expect_many_ways(code: Code) -> None:
    numbers, found = _carried_out(code, [1.0], [("+", n, n) for n in range(20)], 1)
    if float(found[0]) != 2.0**20 or float(numbers[-1]) != 2.0**20:
        raise Wrong("after twenty steps of a = a + a the first number counts 2²⁰ times", 2.0**20, found[0])


def _expect_program(code: Code, leaves: list[float], program: Program, times: int = 1) -> None:
    duals = [_with_slope(leaves, program, place) for place in range(len(leaves) + len(program))]
    numbers, found = _carried_out(code, leaves, program, times)
    made_by = _as_written(leaves, program)
    last = NAMES[len(duals) - 1]
    after = f"after {last}.backward()" if times == 1 else f"after {times} times {last}.backward()"
    for place, name in enumerate(NAMES[: len(duals)]):
        expect_same(numbers[place], duals[0][place][0], f"{name}.data", made_by=made_by)
    for place, name in enumerate(NAMES[: len(duals)]):
        expect_same(found[place], times * duals[place][-1][1], f"{name}.grad, {after},", made_by=made_by)


def _carried_out(
    code: Code, leaves: list[float], program: Program, times: int
) -> tuple[list[Value], list[Value]]:
    """All numbers, and all gradients. Raises Wrong where there are others."""
    found = code(CARRY_OUT, leaves, program, times)
    count = len(leaves) + len(program)
    parts = expect_parts(found, 2, "carry_out(leaves, program): numbers and gradients")
    for part in parts:
        if not isinstance(part, list) or len(part) != count:
            raise Wrong(
                f"carry_out(leaves, program) should tell {count} numbers and {count} gradients", None, part
            )
    return parts[0], parts[1]


def _as_written(leaves: list[float], program: Program) -> str:
    """The program in the learner's own words: a = Value(1.5); b = a * a; c = b.tanh()."""
    lines = [f"{name} = Value({number:g})" for name, number in zip(NAMES, leaves, strict=False)]
    for name, (operation, at, other) in zip(NAMES[len(leaves) :], program, strict=False):
        a = NAMES[at]
        b = operation[1:] if operation.endswith("2") else NAMES[other]
        sign = operation[0]
        lines.append(f"{name} = {a} {sign} {b}" if sign in "+*" else f"{name} = {a}.{operation}()")
    return "; ".join(lines)


def _with_slope(leaves: list[float], program: Program, place: int) -> list[tuple[float, float]]:
    """Every number of a program, and how much it moves with the one at `place`."""
    numbers = [(number, float(at == place)) for at, number in enumerate(leaves)]
    for operation, at, other in program:
        a, da = numbers[at]
        b, db = (2.0, 0.0) if operation.endswith("2") else numbers[other]
        if operation[0] == "+":
            moved = (a + b, da + db)
        elif operation[0] == "*":
            moved = (a * b, da * b + a * db)
        elif operation == "tanh":
            moved = (math.tanh(a), da * (1 - math.tanh(a) ** 2))
        elif operation == "exp":
            moved = (math.exp(a), da * math.exp(a))
        else:
            moved = (math.log(a), da / a)
        numbers.append((moved[0], 1.0) if len(numbers) == place else moved)
    return numbers
