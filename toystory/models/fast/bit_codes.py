"""Rows of bits as a few numbers each, so that sums are looked up and not computed.

Thirteen bits are one number below 8,192. So a table of the sums that thirteen weights can make holds that
part of x w for every row there is, and four look-ups do for 50 columns. On the way back it is the other way
about: each row adds its error to the four places where it looked, and xᵀ dz is read off those sums. (The
method of the four Russians: Arlazarov, Dinic, Kronrod & Faradžev, 'On economical construction of the
transitive closure of a directed graph', Dokl. Akad. Nauk SSSR, 1970.)

Numbering the rows costs about as much as an update or two: it is for rows that come again and again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import DTypeLike, NDArray

from toystory.models.parts.arrays import Bits, FloatArray

ROWS_AT_ONCE = 1 << 16
MANY_ROWS = 1 << 16
FEW_BITS, MANY_BITS = 10, 13
"""Bits in a number, below and from MANY_ROWS: larger tables want rows that make up for them."""
ROWS_NUMBERED = 10_000
"""Rows widened at a time to be numbered."""


class Codes:
    """The numbers of the rows `x` (rows, columns), and the two products with them."""

    def __init__(self, x: Bits, dtype: DTypeLike) -> None:
        """dtype: of weights and errors, float32 or float64."""
        rows, self.columns = x.shape
        bits = MANY_BITS if rows >= MANY_ROWS else FEW_BITS
        groups = -(-self.columns // bits)
        self._patterns = ((np.arange(1 << bits)[:, None] >> np.arange(bits)) & 1).astype(dtype)
        """(numbers, bits): the bits of every number."""
        self._across = np.ascontiguousarray(self._patterns.T)
        self.codes = _numbered(x, groups, bits)
        """(groups, rows)."""
        self._weights = np.zeros((groups, bits), dtype)
        self._tables, self._sums = np.empty((2, groups, 1 << bits), dtype)
        at_once = min(rows, ROWS_AT_ONCE)
        self._places = np.empty((groups, at_once), np.intp)
        self._looked_up = np.empty(at_once, dtype)

    def __len__(self) -> int:
        return int(self.codes.shape[1])

    def parts(self) -> Iterator[slice]:
        """All rows in order, as many at a time as the two products take."""
        for first in range(0, len(self), ROWS_AT_ONCE):
            yield slice(first, min(first + ROWS_AT_ONCE, len(self)))

    def begin(self, w: FloatArray, b: FloatArray) -> None:
        """Make the tables of the weights, and forget all errors.

        Args:
            w: (columns,).
            b: (1,).
        """
        self._weights.reshape(-1)[: self.columns] = w
        np.matmul(self._weights, self._across, out=self._tables)
        self._tables[0] += b
        self._sums[...] = 0

    def look_up(self, rows: slice, z: FloatArray) -> None:
        """z = x w + b of a part of the rows.

        Args:
            rows: Which ones.
            z: Filled, (rows,).
        """
        places, looked_up = self._places[:, : len(z)], self._looked_up[: len(z)]
        places[...] = self.codes[:, rows]
        # "wrap" has no number out of range to fear, and is the fastest way to say so.
        np.take(self._tables[0], places[0], out=z, mode="wrap")
        for table, place in zip(self._tables[1:], places[1:], strict=True):
            np.take(table, place, out=looked_up, mode="wrap")
            z += looked_up

    def add(self, dz: FloatArray) -> None:
        """The errors of the part that was looked up last."""
        for sums, place in zip(self._sums, self._places[:, : len(dz)], strict=True):
            np.add.at(sums, place, dz)

    def gradient(self) -> FloatArray:
        """xᵀ dz, (columns,), of all errors added."""
        dw: FloatArray = self._sums @ self._patterns
        return dw.reshape(-1)[: self.columns]


def _numbered(x: Bits, groups: int, bits: int) -> NDArray[np.uint16]:
    """The numbers, (groups, rows): bit j of group k is column `bits` · k + j."""
    rows, columns = x.shape
    worth = np.zeros((columns, groups), np.float32)
    for column in range(columns):
        worth[column, column // bits] = 1 << (column % bits)
    codes = np.empty((groups, rows), np.uint16)
    for first in range(0, rows, ROWS_NUMBERED):
        part = x[first : first + ROWS_NUMBERED].astype(np.float32)
        codes[:, first : first + len(part)] = (part @ worth).T
    return codes
