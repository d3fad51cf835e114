"""The check's way to a learner's class `Value`: only numbers go there and come back. Light."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

CLASS = "Value"
CARRY_OUT, WAYS_BACK = "carry_out", "ways_back"
Program = Sequence[tuple[str, int, int]]


def value_function(name: str, made: Any, gradients: Callable[..., Any] | None) -> Callable[..., Any] | None:
    """A function that asks the class; None where there is none of that name.

    Args:
        name: `carry_out` or `ways_back`.
        made: The class, if there is one.
        gradients: The learner's function, or method, of that name.
    """
    if not isinstance(made, type):
        return None
    if name == CARRY_OUT:
        return lambda leaves, program, times=1: carry_out(made, leaves, program, times)
    if name == WAYS_BACK and gradients is not None:
        return lambda *arguments: ways_back(made, gradients, *arguments)
    return None


def carry_out(
    made: Any, leaves: Sequence[float], program: Program, times: int = 1
) -> tuple[list[float], list[float]]:
    """Calculate with the class.

    Args:
        made: The class.
        leaves: The numbers that it begins with.
        program: An operation and the places of what it is made of, for every new number.
        times: So many ways back from the last one.

    Returns:
        All numbers, and the gradient of the last one with respect to each.
    """
    values = [made(number) for number in leaves]
    for operation, at, other in program:
        a, b = values[at], 2.0 if operation.endswith("2") else values[other]
        if operation[0] == "+":
            values.append(a + b)
        elif operation[0] == "*":
            values.append(a * b)
        else:
            values.append(getattr(a, operation)())
    for _ in range(times):
        values[-1].backward()
    return [value.data for value in values], [value.grad for value in values]


def ways_back(made: Any, gradients: Callable[..., Any], *arguments: Any) -> int:
    """How often `backward` of the class is asked while the gradients are found.

    Args:
        made: The class.
        gradients: The learner's.
        *arguments: What it is asked with.
    """
    asked, backward = 0, made.backward

    def counted(value: Any) -> Any:
        nonlocal asked
        asked += 1
        return backward(value)

    made.backward = counted
    try:
        gradients(*arguments)
    finally:
        made.backward = backward
    return asked
