"""What goes between the check and the learner's process: lines of JSON. Nothing in it can run."""

from __future__ import annotations

import json
import math
from base64 import b64decode, b64encode
from typing import Any, BinaryIO

import numpy as np

MOST_DATA = 16 * 2**20
"""Bytes of arrays in one message."""
MOST_LINE = 2 * MOST_DATA
"""Bytes of a message: four signs for three bytes of an array, and the rest."""
MOST_ENTRIES = 100_000
"""In lists, tuples and dicts of a value."""
MOST_COMMAS = 10 * MOST_ENTRIES
"""In a message: a million empty lists would be small to send and large to hold."""
DEEPEST = 16
NUMBERS = "biufc"
"""Kinds of dtype that go over the wire."""

Message = dict[str, Any]


class Unusable(ValueError):
    """A value that can't go over the wire; the message says what it is."""


class BadMessage(ValueError):
    """What came over the wire is not a message."""


def pack(message: Message, value: object = None) -> bytes:
    """Make a line of a message and the value that goes with it.

    Args:
        message: Plain values for JSON.
        value: Numbers and arrays of them, bools, strings, None, and lists, tuples and dicts of these.

    Returns:
        The line, its end included.

    Raises:
        Unusable: The value is something else, or too much.
    """
    packer = _Packer()
    tree = packer.tree(value, DEEPEST)
    try:
        line = json.dumps({**message, "value": tree}).encode() + b"\n"
    except ValueError:
        raise Unusable("a whole number of thousands of digits") from None
    if len(line) > MOST_LINE:
        raise Unusable("more than a check can take: a huge number or text")
    return line


def read(stream: BinaryIO) -> tuple[Message, Any] | None:
    """Wait for the next message.

    Args:
        stream: One end of the pipe, buffered.

    Returns:
        The message and its value; None at the end of the stream.

    Raises:
        BadMessage: What came is something else.
    """
    line = stream.readline(MOST_LINE + 1)
    if not line:
        return None
    if not line.endswith(b"\n") or len(line) > MOST_LINE or line.count(b",") > MOST_COMMAS:
        raise BadMessage("a message that is cut, or too long")
    try:
        message = json.loads(line, object_hook=_value)
        return message, message.pop("value")
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BadMessage(f"not a message: {error}") from None


class _Packer:
    """Turns a value into what JSON knows, and counts how much it is."""

    def __init__(self) -> None:
        self._bytes = self._entries = 0

    def tree(self, value: object, deeper: int) -> object:
        """The same value for JSON. deeper: how many more lists it may be in."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        for plain in (str, int, float):
            if isinstance(value, plain):
                return plain(value)  # of a subclass, the plain value
        if isinstance(value, complex):
            return self._array(np.complex128(value))
        if isinstance(value, list | tuple | dict):
            return self._many(value, deeper)
        raise Unusable(_name(value))

    def _many(self, value: list[Any] | tuple[Any, ...] | dict[Any, Any], deeper: int) -> object:
        if not deeper:
            raise Unusable(f"a {type(value).__name__} that is more than {DEEPEST} deep, or contains itself")
        self._entries += len(value)
        if self._entries > MOST_ENTRIES:
            raise Unusable(f"more than {MOST_ENTRIES:,} entries in lists, tuples or dicts")
        if not isinstance(value, dict):
            parts = [self.tree(part, deeper - 1) for part in value]
            return {"tuple": parts} if isinstance(value, tuple) else parts
        for key in value:
            if not isinstance(key, str | int):
                raise Unusable(f"a dict with {_name(key)} for a key")
        return {"dict": [[key, self.tree(part, deeper - 1)] for key, part in value.items()]}

    def _array(self, value: np.ndarray[Any, Any] | np.generic) -> object:
        dtype = value.dtype
        if dtype.kind not in NUMBERS:
            what = "Python objects" if dtype.kind == "O" else "something other than numbers"
            raise Unusable(f"an array of {what} (dtype {dtype})")
        self._bytes += value.nbytes
        if self._bytes > MOST_DATA:
            raise Unusable(f"more than {MOST_DATA // 2**20} MB of numbers (an array of shape {value.shape})")
        if dtype.kind in "fc" and dtype.itemsize > (8 if dtype.kind == "f" else 16):
            dtype = np.dtype("f8" if dtype.kind == "f" else "c16")
        dtype = dtype.newbyteorder("<")
        data = b64encode(value.astype(dtype).tobytes()).decode()
        scalar = isinstance(value, np.generic)
        return {"array": data, "dtype": dtype.str, "shape": list(value.shape), "scalar": scalar}


def _value(tree: dict[str, Any]) -> Any:
    """What an object of the JSON stands for; what stands in it is a value already."""
    if "array" in tree:
        return _array(tree)
    if "dict" in tree:
        return dict(tree["dict"])
    if "tuple" in tree:
        return tuple(tree["tuple"])
    return tree  # the message itself


def _array(tree: dict[str, Any]) -> Any:
    data, dtype, shape = b64decode(tree["array"]), np.dtype(str(tree["dtype"])), tuple(tree["shape"])
    if dtype.kind not in NUMBERS or not all(type(n) is int and n >= 0 for n in shape):
        raise BadMessage("an array of no numbers")
    if math.prod(shape) * dtype.itemsize != len(data):
        raise BadMessage("an array of more or fewer bytes than there are")
    array = np.ndarray(shape, dtype, data).astype(dtype.newbyteorder("="))
    return array[()] if tree["scalar"] else array


def _name(value: object) -> str:
    """What it is, for a sentence: a generator."""
    what = value.__name__ if isinstance(value, type) else type(value).__name__
    kind = "the class" if isinstance(value, type) else "an" if what[:1].lower() in "aeiou" else "a"
    return f"{kind} {what}"
