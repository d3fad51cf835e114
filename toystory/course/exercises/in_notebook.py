"""Says in a notebook whether an exercise is right: the check runs in its own process, without limits.

The check comes packed, so that what it compares with does not lie open beside the task.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

from toystory.course.exercises.class_model import ClassModel
from toystory.course.exercises.exercise import NoSuchFunction, Wrong
from toystory.course.exercises.random_inputs import other_inputs

RIGHT = "It is right."


def pack(source: str) -> str:
    """The source of a check as letters."""
    return base64.b85encode(zlib.compress(source.encode(), 9)).decode()


def verdict(check: str, names: Mapping[str, Any], seed: int | None = None) -> str:
    """What is wrong first, in words; RIGHT where nothing is.

    Args:
        check: As `pack` made it.
        names: What the notebook's cells have defined, its `globals()`.
        seed: Of other inputs than the usual ones.
    """
    space: dict[str, Any] = {"__name__": "check"}
    source = zlib.decompress(base64.b85decode(check)).decode()
    exec(compile(source, "check.py", "exec"), space)
    try:
        with nullcontext() if seed is None else other_inputs(seed):
            space["check"](_Cells(names))
    except Wrong as wrong:
        return _said(wrong)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        return f"what your code returned can't be worked with: {error}"
    return RIGHT


def expect_right(check: str, names: Mapping[str, Any], seed: int | None = None) -> None:
    """For graders that look for an error: as `verdict`, which see.

    Raises:
        AssertionError: With what is wrong first.
    """
    said = verdict(check, names, seed)
    if said != RIGHT:
        raise AssertionError(said)


class _Cells:
    """The functions of the notebook, called with copies: an `exercise.Code`."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names, self._model = names, ClassModel()

    def __call__(self, function: str, /, *arguments: Any) -> Any:
        asked = self._names.get(function) or self._model.method(
            function, self._names, str(self._names.get("__name__"))
        )
        if not callable(asked):
            raise NoSuchFunction(
                f"there is no function named {function}: run the cell above, once it is complete"
            )
        try:
            return deepcopy(asked(*deepcopy(arguments)))
        except Exception as error:
            raise Wrong(f"{function} raised {type(error).__name__}: {error}") from None


def _said(wrong: Wrong) -> str:
    lines = [wrong.sentence]
    for name, value in (("expected", wrong.expected), ("found", wrong.found), *wrong.given.items()):
        if value is not None:
            lines.append(f"  {name}: {value}")
    return "\n".join(lines)
