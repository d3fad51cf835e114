"""A whole model that a learner wrote as a class: its methods in place of functions. Light."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

MODEL = ("first_weights", "probabilities", "loss", "gradients", "train")
"""The functions of a whole model. A class may have them as methods in place of functions that take the
parameters first: its constructor gives the first weights, and `parameters` holds them."""


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
        if function not in MODEL:
            return None
        for made in [value for value in there.values() if inspect.isclass(value)]:
            if made.__module__ == module and callable(getattr(made, MODEL[-1], None)):
                if function == MODEL[0]:
                    return partial(self._build, made)
                return partial(self._ask, function) if callable(getattr(made, function, None)) else None
        return None

    def _build(self, made: type, *arguments: Any) -> Any:
        """An object of the learner's class; what its parameters are at first."""
        self._object = made(*arguments)
        return self._object.parameters

    def _ask(self, method: str, parameters: Any, *arguments: Any) -> Any:
        """Call a method of the object, with these parameters in it."""
        self._object.parameters = parameters
        value = getattr(self._object, method)(*arguments)
        return self._object.parameters if method == MODEL[-1] else value
