"""What goes over the pipe between the check and the learner's process: JSON for the structure, and the plain
bytes of the arrays behind it. Nothing in it can run."""

from __future__ import annotations

import json
import math
import struct
from typing import Any, BinaryIO

import numpy as np

MOST_DATA = 16 * 2**20
"""Bytes of arrays in one message."""
MOST_JSON = 2 * 2**20
MOST_ENTRIES = 100_000
"""In lists, tuples and dicts."""
DEEPEST = 16
NUMBERS = "biufc"
"""Kinds of dtype that go over the wire."""

_HEAD = struct.Struct("<4sII")
_MAGIC = b"toy\n"

Message = dict[str, Any]


class Unusable(ValueError):
    """A value that can't go over the wire; the message says what it is."""


class BadMessage(ValueError):
    """What came over the wire is not a message."""


def pack(message: Message, value: object = None) -> bytes:
    """The message as a frame, with the value in it. Raises Unusable."""
    packer = _Packer()
    tree = packer.tree(value, DEEPEST)
    try:
        text = json.dumps({**message, "value": tree}).encode()
    except ValueError:
        raise Unusable("a whole number of thousands of digits") from None
    if len(text) > MOST_JSON:
        raise Unusable("more than a check can take: a huge number or text")
    return b"".join([_HEAD.pack(_MAGIC, len(text), packer.size), text, *packer.data])


def read(stream: BinaryIO) -> tuple[Message, Any] | None:
    """The next message and the value in it; None at the end. Raises BadMessage."""
    head = _exactly(stream, _HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise BadMessage("a message that is cut")
    magic, length, size = _HEAD.unpack(head)
    if magic != _MAGIC or length > MOST_JSON or size > MOST_DATA:
        raise BadMessage("something other than a message")
    text, data = _exactly(stream, length), _exactly(stream, size)
    if len(text) < length or len(data) < size:
        raise BadMessage("a message that is cut")
    try:
        message = json.loads(text)
        return message, _Grower(data).value(message.pop("value"))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BadMessage(f"not a message: {error}") from None


def _exactly(stream: BinaryIO, count: int) -> bytes:
    """So many bytes, or fewer at the end of the stream."""
    return stream.read(count) if count else b""


class _Packer:
    """Turns a value into JSON, and keeps the bytes of its arrays."""

    def __init__(self) -> None:
        self.data: list[bytes] = []
        self.size = 0
        self._entries = 0

    def tree(self, value: object, deeper: int) -> object:
        if value is None or isinstance(value, bool | str):
            return value if value is None or isinstance(value, bool) else str(value)
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            return float(value)
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
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str | int):
                    raise Unusable(f"a dict with {_name(key)} for a key")
            return {"dict": [[key, self.tree(part, deeper - 1)] for key, part in value.items()]}
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [self.tree(part, deeper - 1) for part in value]}

    def _array(self, value: np.ndarray[Any, Any] | np.generic) -> object:
        dtype = value.dtype
        if dtype.kind not in NUMBERS:
            what = "Python objects" if dtype.kind == "O" else "something other than numbers"
            raise Unusable(f"an array of {what} (dtype {dtype})")
        if self.size + value.nbytes > MOST_DATA:
            raise Unusable(f"more than {MOST_DATA // 2**20} MB of numbers (an array of shape {value.shape})")
        if dtype.kind in "fc" and dtype.itemsize > (8 if dtype.kind == "f" else 16):
            dtype = np.dtype("f8" if dtype.kind == "f" else "c16")
        data = value.astype(dtype.newbyteorder("<")).tobytes()
        self.data.append(data)
        self.size += len(data)
        tree = {"array": dtype.newbyteorder("<").str, "shape": list(value.shape), "at": self.size - len(data)}
        return tree | {"scalar": True} if isinstance(value, np.generic) else tree


class _Grower:
    """Turns JSON and the bytes of arrays back into a value. Raises one of the errors that read() expects."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = len(data)

    def value(self, tree: Any) -> Any:
        """The value that a tree stands for."""
        if not isinstance(tree, dict):
            if isinstance(tree, list):
                raise BadMessage("a list that is not a value")
            return tree
        if "array" in tree:
            return self._array(tree)
        if "dict" in tree:
            return {key: self.value(part) for key, part in tree["dict"]}
        if "tuple" in tree:
            return tuple(self.value(part) for part in tree["tuple"])
        return [self.value(part) for part in tree["list"]]

    def _array(self, tree: dict[str, Any]) -> Any:
        dtype, shape = np.dtype(str(tree["array"])), tuple(tree["shape"])
        if dtype.kind not in NUMBERS or not all(type(n) is int and n >= 0 for n in shape):
            raise BadMessage("an array of no numbers")
        size = math.prod(shape)
        self._left -= size * dtype.itemsize
        if self._left < 0:  # the same bytes, many times over, would fill the memory
            raise BadMessage("arrays of more bytes than there are")
        data = self._data
        flat = np.frombuffer(data, dtype, count=size, offset=int(tree["at"])) if size else np.zeros(0, dtype)
        array = flat.reshape(shape).astype(dtype.newbyteorder("="))
        return array[()] if tree.get("scalar") else array


def _name(value: object) -> str:
    """What it is, for a sentence: a generator."""
    what = value.__name__ if isinstance(value, type) else type(value).__name__
    kind = "the class" if isinstance(value, type) else "an" if what[:1].lower() in "aeiou" else "a"
    return f"{kind} {what}"
