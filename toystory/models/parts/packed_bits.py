"""Rows of bits too many to be kept a byte a bit: eight bits to a byte, unpacked a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.models.parts.arrays import Bits, frozen

BITS_UNPACKED = 64_000_000
"""Up to so many bits are kept as bytes, which are quicker at hand: 1,000,000 rows of 50."""
ROWS_DRAWN = 1 << 16
"""Rows drawn at a time; a multiple of four, so that the random stream is the same as when all are at once."""


class PackedBits:
    """A table of bits (rows, columns), of which rows are taken as an array gives them.

    By a slice, or by their numbers.
    """

    def __init__(self, packed: NDArray[np.uint8], columns: int) -> None:
        """packed: (rows, bytes), each row filled up with bits that nobody reads."""
        self.packed = packed
        self.shape = (len(packed), columns)

    def __len__(self) -> int:
        return len(self.packed)

    def __getitem__(self, rows: slice | NDArray[np.integer[Any]]) -> Bits:
        return unpacked(self.packed[rows], self.shape[1])


def unpacked(packed: NDArray[np.uint8], columns: int) -> Bits:
    """The first columns of every row, a byte each: a part of a larger array.

    All of them in one line first: row by row, NumPy takes four times as long.

    Args:
        packed: (rows, bytes).
        columns: Bits in a row.
    """
    in_line = np.unpackbits(packed.reshape(-1))
    return in_line.reshape(len(packed), 8 * packed.shape[1])[:, :columns]


def draw_packed(rng: np.random.Generator, rows: int, columns: int) -> Iterator[NDArray[np.uint8]]:
    """Fair coins, eight to a byte, as (rows, bytes), a part of the rows at a time.

    Args:
        rng: Where they come from.
        rows: How many in all.
        columns: Bits in a row.
    """
    for first in range(0, rows, ROWS_DRAWN):
        size = (min(ROWS_DRAWN, rows - first), -(-columns // 8))
        yield rng.integers(0, 256, size=size, dtype=np.uint8)


def draw_bits(rng: np.random.Generator, rows: int, columns: int) -> Bits:
    """Fair coins, a byte each.

    Args:
        rng: Where they come from.
        rows: How many.
        columns: Bits in a row.

    Returns:
        (rows, columns).
    """
    bits = np.empty((rows, columns), np.uint8)
    first = 0
    for part in draw_packed(rng, rows, columns):
        bits[first : first + len(part)] = unpacked(part, columns)
        first += len(part)
    return bits


def draw_rows(rng: np.random.Generator, rows: int, columns: int) -> Bits | PackedBits:
    """The same coins to be kept: frozen, and packed where they are too many to be kept a byte each.

    Args:
        rng: Where they come from.
        rows: How many.
        columns: Bits in a row.
    """
    if rows * columns <= BITS_UNPACKED:
        return frozen(draw_bits(rng, rows, columns))
    packed = np.empty((rows, -(-columns // 8)), np.uint8)
    first = 0
    for part in draw_packed(rng, rows, columns):
        packed[first : first + len(part)] = part
        first += len(part)
    return PackedBits(packed, columns)
