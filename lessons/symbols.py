"""The names that equations and code share: what each is, and its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Symbol:
    """name: as in the code. axes: what its axes count: rows, columns, hidden, steps, or a number.
    meaning: a sentence."""

    name: str
    axes: tuple[str, ...]
    meaning: str

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """Its shape when the axes have these sizes. '4 hidden' is four times hidden, 'steps + 1' one more."""
        return tuple(_size(axis, sizes) for axis in self.axes)

    @property
    def described(self) -> str:
        """Name, shape and meaning, in a line."""
        shape = f"({', '.join(self.axes)}{',' if len(self.axes) == 1 else ''})" if self.axes else "a number"
        return f"{self.name}  {shape}  {self.meaning}"


def _size(axis: str, sizes: Mapping[str, int]) -> int:
    words = axis.split()
    if axis.isdecimal():
        return int(axis)
    if words[0].isdecimal():
        return int(words[0]) * sizes[words[1]]
    if len(words) == 3 and words[1] == "+":
        return sizes[words[0]] + int(words[2])
    return sizes[axis]
