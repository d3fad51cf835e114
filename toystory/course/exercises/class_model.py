"""A whole model that a learner wrote as a class: its methods in place of functions. Light."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from toystory.course.exercises.value_class import CARRY_OUT, CLASS, WAYS_BACK, value_function

MODEL = ("first_weights", "probabilities", "loss", "gradients", "train")
"""The functions of a whole model. A class may have them as methods in place of functions that take the
parameters first: its constructor gives the first weights, and `parameters` holds them."""


GRADIENTS = MODEL[3]
ALOUD = "write"
"""And one more of a model that thinks aloud."""
Numbers = tuple[int, int]
"""How many arguments a function takes, at least and at most."""
ANY = 99
"""More arguments than anything is asked with."""


def class_of(there: Mapping[str, Any], module: str) -> type | None:
    """The class of a whole model, which has its training for a method; None where there is none.

    Args:
        there: The names that the learner's code has given.
        module: The name of the module that the class stands in.
    """
    for made in [value for value in there.values() if inspect.isclass(value)]:
        if made.__module__ == module and callable(getattr(made, MODEL[-1], None)):
            return made
    return None


def offered(there: Mapping[str, Any], module: str) -> dict[str, Numbers]:
    """Which functions of a whole model are there, and how many arguments each takes.

    A method takes itself in place of the parameters, and a constructor what `first_weights` takes.

    Args:
        there: The names that the learner's code has given.
        module: The name of the module that they stand in.
    """
    made = class_of(there, module)
    found: dict[str, Numbers] = {}
    for name in MODEL:
        asked = there.get(name)
        if asked is None and made is not None:
            asked = made if name == MODEL[0] else getattr(made, name, None)
        if callable(asked):
            found[name] = _arguments(asked)
    return found


def _arguments(asked: Callable[..., Any]) -> Numbers:
    try:
        parameters = list(inspect.signature(asked).parameters.values())
    except (TypeError, ValueError):
        return (0, ANY)
    by_position = [
        each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    least = sum(each.default is each.empty for each in by_position)
    return (least, ANY if any(each.kind is each.VAR_POSITIONAL for each in parameters) else len(by_position))


class ClassModel:
    """Finds such a class, and remembers the object that was made of it."""

    def __init__(self) -> None:
        self._object: Any = None

    def method(self, function: str, there: Mapping[str, Any], module: str) -> Callable[..., Any] | None:
        """A function of a whole model, where a class has it as a method; else None.

        Args:
            function: Its name.
            there: The names that the learner's code has given.
            module: The name of the module that the class stands in.
        """
        if function in (CARRY_OUT, WAYS_BACK):
            gradients = there.get(GRADIENTS) or self.method(GRADIENTS, there, module)
            return value_function(function, there.get(CLASS), gradients)
        made = class_of(there, module) if function in (*MODEL, ALOUD) else None
        if made is None:
            return None
        if function == MODEL[0]:
            return partial(self._build, made)
        return partial(self._ask, function) if callable(getattr(made, function, None)) else None

    def made(self) -> Any:
        """The object that was made last; None where there is none."""
        return self._object

    def _build(self, made: type, *arguments: Any) -> Any:
        """An object of the learner's class; what its parameters are at first."""
        self._object = made(*arguments)
        return self._object.parameters

    def _ask(self, method: str, parameters: Any, *arguments: Any) -> Any:
        """Call a method of the object, with these parameters in it."""
        self._object.parameters = parameters
        value = getattr(self._object, method)(*arguments)
        return self._object.parameters if method == MODEL[-1] else value
