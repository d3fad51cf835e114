"""A canvas of our own for curves: where plotext can't be had, and where a font has no braille."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

VARIABLE = "TOYSTORY_ASCII"
"""Set to anything, it has curves drawn with block characters."""

_BRAILLE = 0x2800
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Of a braille sign, by row and column of its dots."""
_HALVES = " ▀▄█"
"""Block characters, by 1 for the upper half and 2 for the lower."""
_TO_BLOCKS = str.maketrans({"⠒": "─", "⠂": "·", "━": "─"})


class Place(Protocol):
    """A point in axis units. Between two of different `run` there is a gap."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def run(self) -> int: ...


def wants_blocks() -> bool:
    """Whether curves are to be of block characters: it was asked for, or the Linux console shows them."""
    return bool(os.environ.get(VARIABLE)) or os.environ.get("TERM") == "linux"


def in_blocks(text: str) -> str:
    """`text` without the braille signs of legends and levels."""
    return text.translate(_TO_BLOCKS)


class DotCanvas:
    """Curves as dots, of which a sign holds 2 × 4 in braille and 1 × 2 in blocks."""

    def __init__(
        self, width: int, height: int, x: tuple[float, float], y: tuple[float, float], blocks: bool
    ) -> None:
        """An empty canvas.

        Args:
            width: In columns.
            height: In rows.
            x: The limits across, low and high.
            y: The limits upwards, low and high.
            blocks: Whether to use block characters, not braille.
        """
        self._width, self._height, self._x, self._y = width, height, x, y
        self._across, self._down = (1, 2) if blocks else (2, 4)
        self._bits = [[0] * width for _ in range(height)]
        self._inks = [[""] * width for _ in range(height)]
        self._signs: dict[tuple[int, int], str] = {}
        self._blocks = blocks

    def add(self, points: Sequence[Place], symbol: str, ink: str, *, connected: bool = True) -> None:
        """Draw over what there is.

        Args:
            points: In axis units, within the limits.
            symbol: "braille" for dots, or a sign that takes a whole cell.
            ink: The name of the colour.
            connected: Whether there are lines between points of the same run.
        """
        before: Place | None = None
        for point in points:
            column, row = self._dot(point)
            if symbol != "braille":
                self._signs[row // self._down, column // self._across] = symbol
                self._inks[row // self._down][column // self._across] = ink
            elif connected and before is not None and before.run == point.run:
                self._line(self._dot(before), (column, row), ink)
            else:
                self._set(column, row, ink)
            before = point

    def rows(self) -> list[list[tuple[str, str]]]:
        """Rows of runs, each a text and its ink."""
        return [
            [
                ("".join(self._sign(row, column) for column in columns), ink)
                for ink, columns in groupby(range(self._width), key=self._inks[row].__getitem__)
            ]
            for row in range(self._height)
        ]

    def _dot(self, point: Place) -> tuple[int, int]:
        """Column and row of the dot, counted in dots."""
        (left, right), (low, high) = self._x, self._y
        columns, rows = self._width * self._across - 1, self._height * self._down - 1
        across = round((point.x - left) / (right - left) * columns)
        down = round((high - point.y) / (high - low) * rows)
        return min(max(across, 0), columns), min(max(down, 0), rows)

    def _line(self, start: tuple[int, int], end: tuple[int, int], ink: str) -> None:
        steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        for step in range(steps + 1):
            column, row = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
            self._set(column, row, ink)

    def _set(self, column: int, row: int, ink: str) -> None:
        (down, bit_row), (across, bit_column) = divmod(row, self._down), divmod(column, self._across)
        self._bits[down][across] |= (1 << bit_row) if self._blocks else _BITS[bit_row][bit_column]
        self._inks[down][across] = ink

    def _sign(self, row: int, column: int) -> str:
        if sign := self._signs.get((row, column)):
            return sign
        bits = self._bits[row][column]
        return _HALVES[bits] if self._blocks else chr(_BRAILLE + bits) if bits else " "
