"""Learners' files that were begun when the recurrent chapters had rows last: asked as they were written.

Then a memory was (hidden, rows), a bias (hidden, 1), h[t] the memory before bit t, and the LSTM's arrays had
names of their own. An exercise says with `ROWS_LAST`, a function a line, what its functions take and return.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from toystory.course.exercises.exercise import Code, Value
from toystory.models.old_layout import NEW_NAMES, rows_first

MARK = re.compile(r"hidden,\s+(?:rows|1)\)")
"""Stands in the task that such a file begins with, and in none of today's."""
OLD_NAMES = {new: old for old, new in NEW_NAMES.items()}
STATES, GATES = ("h", "c"), ("i", "f", "o", "g")


class RowsLast:
    """The functions of such a file, to be called as those of today are.

    Args:
        code: The learner's functions.
        functions: For each by its name, `kinds of its arguments -> kinds of what it returns`: T an array to
            be turned, x bits (…, rows, 1), cache, rnn or lstm the parameters of one, = what is as it was.
    """

    def __init__(self, code: Code, functions: Mapping[str, str]) -> None:
        self._code, self._functions = code, functions

    def __call__(self, function: str, /, *arguments: Value) -> Value:
        if function not in self._functions:
            return self._code(function, *arguments)
        takes, gives = (part.split() for part in self._functions[function].split("->"))
        found = self._code(function, *(TO_OLD[kind](a) for kind, a in zip(takes, arguments, strict=True)))
        if len(gives) == 1:
            return FROM_OLD[gives[0]](found)
        if isinstance(found, tuple | list) and len(found) == len(gives):
            return tuple(FROM_OLD[kind](part) for kind, part in zip(gives, found, strict=True))
        return found


def _same(value: Value) -> Value:
    return value


def _turned(value: Value) -> Value:
    return value.swapaxes(-1, -2) if isinstance(value, np.ndarray) and value.ndim > 1 else value


def _old_parameters(names: Mapping[str, str]) -> Callable[[Value], Value]:
    def convert(parameters: dict[str, Any]) -> dict[str, Any]:
        old = {name: a[:, None] if name == "b_h" else a.T for name, a in parameters.items()}
        return {names.get(name, name): array for name, array in old.items()}

    return convert


def _new_parameters(found: Value) -> Value:
    """Of what the learner returned: as it is, where it is not what was asked for."""
    if not isinstance(found, dict) or not all(isinstance(a, np.ndarray) for a in found.values()):
        return found
    named: dict[str, Any] = {NEW_NAMES.get(str(name), str(name)): array for name, array in found.items()}
    return rows_first(named) if named.get("b_h", np.zeros(0)).ndim == 2 else named


def _old_cache(cache: dict[str, Any]) -> dict[str, Any]:
    old = dict(cache, x=cache["x"][:, :, 0])
    old |= {name: np.roll(_turned(cache[name]), 1, axis=0) for name in STATES if name in cache}
    return old | {name: _turned(cache[name])[:-1] for name in GATES if name in cache}


def _new_cache(found: Value) -> Value:
    if not isinstance(found, dict) or not all(isinstance(a, np.ndarray) and a.ndim for a in found.values()):
        return found
    new = dict(found)
    new |= {name: _turned(np.roll(found[name], -1, axis=0)) for name in STATES if name in found}
    for name in GATES:
        if name in found:
            turned = _turned(found[name])
            new[name] = np.concatenate([turned, np.zeros_like(turned[:1])])
    return new | ({"x": found["x"][..., None]} if "x" in found else {})


TO_OLD: dict[str, Callable[[Any], Any]] = {
    "=": _same,
    "T": _turned,
    "x": lambda x: x[..., 0],
    "cache": _old_cache,
    "rnn": _old_parameters({}),
    "lstm": _old_parameters(OLD_NAMES),
}
FROM_OLD: dict[str, Callable[[Any], Any]] = {
    "=": _same,
    "T": _turned,
    "cache": _new_cache,
    "rnn": _new_parameters,
    "lstm": _new_parameters,
}
