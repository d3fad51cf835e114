"""The task: rows of random bits and what a gate says to them; for XOR their parity, y = x₁ xor … xor xₙ.

Bits are kept as bytes, so a million rows of 50 columns take 50 MB; a model widens them a batch at a time.
More of them are kept packed, eight to a byte (`models.packed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from toystory.models.parts.arrays import Bits, Lengths
from toystory.models.parts.batches import Batch, Orders
from toystory.models.parts.packed_bits import PackedBits, draw_bits
from toystory.training.settings import GateName, LabelRule, LengthRule

ROWS_LABELLED = 1 << 16
"""Packed rows that are labelled at a time."""


def random_bits(rng: np.random.Generator, rows: int, columns: int) -> Bits:
    """Fair coins, eight drawn at a time.

    Args:
        rng: Where they come from.
        rows: How many rows.
        columns: Bits in a row.

    Returns:
        (rows, columns), a byte a bit.
    """
    return draw_bits(rng, rows, columns)


def truth_table(columns: int) -> Bits:
    """Every row there is, in counting order, (2**columns, columns)."""
    counting = np.arange(2**columns, dtype=np.int64)[:, None]
    return ((counting >> np.arange(columns - 1, -1, -1)) & 1).astype(np.uint8)


def running_parity(bits: Bits) -> Bits:
    """The parity of the first 1, 2, …, n bits of every row, of the shape of `bits`."""
    running: Bits = np.bitwise_xor.accumulate(bits, axis=1)
    return running


def running_gate(gate: GateName, bits: Bits) -> Bits:
    """What a gate says to the first 1, 2, …, n bits of every row.

    Args:
        gate: Its name.
        bits: (rows, columns).

    Returns:
        Labels, of the shape of `bits`.
    """
    if gate == "xor":
        return running_parity(bits)
    both = np.bitwise_or if gate == "or" else np.bitwise_and
    running: Bits = both.accumulate(bits, axis=1)
    return 1 - running if gate == "nand" else running


def parity(bits: Bits, relevant: Sequence[int] | None = None) -> Bits:
    """The parity of every row.

    Args:
        bits: (rows, columns).
        relevant: The columns that count; None for all.

    Returns:
        1 where the number of ones is odd, (rows,).
    """
    counted = bits if relevant is None else bits[:, list(relevant)]
    odd: Bits = np.bitwise_xor.reduce(counted, axis=1)
    return odd


@dataclass(frozen=True)
class Task:
    """How rows become batches: which columns count, how long rows are, where the labels stand."""

    columns: int
    relevant: tuple[int, ...] | None = None
    lengths: LengthRule = "full"
    labels: LabelRule = "end"
    gate: GateName = "xor"

    def batch(self, rng: np.random.Generator, bits: Bits | PackedBits) -> Batch:
        """Cut rows to length and label them.

        Args:
            rng: Draws the lengths.
            bits: (rows, columns).
        """
        if isinstance(bits, PackedBits):
            if self.lengths == "full" and self.labels == "end":
                return self.whole_rows(bits)
            bits = bits[:]
        if self.lengths == "mixed":
            return self._mixed(bits, rng.integers(1, self.columns + 1, size=len(bits)))
        if self.lengths == "one per batch":
            bits = bits[:, : rng.integers(1, self.columns + 1)]
        elif self.lengths == "one even per batch":
            bits = bits[:, : 2 * rng.integers(1, max(2, self.columns // 2 + 1))]
        if self.labels == "end":
            return self.whole_rows(bits)
        return Batch(bits, running_gate(self.gate, self._counted(bits)))

    def fresh(self, rng: np.random.Generator, rows: int) -> Batch:
        """A batch of rows drawn now.

        Args:
            rng: Where they come from.
            rows: How many.
        """
        return self.batch(rng, random_bits(rng, rows, self.columns))

    def whole_rows(self, bits: Bits | PackedBits) -> Batch:
        """All of every row, with its label at the end."""
        if isinstance(bits, PackedBits):
            parts = (bits[first : first + ROWS_LABELLED] for first in range(0, len(bits), ROWS_LABELLED))
            labels = np.concatenate([self.whole_rows(part).y for part in parts])
            # Whoever reads a batch that large asks for its length and takes parts of it: it gives both.
            return Batch(cast(Bits, bits), labels)
        if self.gate == "xor":  # the shortest way, for a million rows
            return Batch(bits, parity(bits, self._relevant_within(bits.shape[1])))
        return Batch(bits, running_gate(self.gate, self._counted(bits))[:, -1])

    def test_rows(self, rng: np.random.Generator, rows: int, columns: int | None = None) -> Batch:
        """Rows at full length with their labels.

        Args:
            rng: Where they come from.
            rows: How many; all that there are, where that is not more.
            columns: Another length than the task's own, for a model that reads bit by bit.
        """
        columns = columns or self.columns
        everything = columns < 31 and 2**columns <= rows
        bits = truth_table(columns) if everything else random_bits(rng, rows, columns)
        return self.whole_rows(bits)

    def _mixed(self, bits: Bits, lengths: Lengths) -> Batch:
        running = running_gate(self.gate, self._counted(bits))
        if self.labels == "every step":
            return Batch(bits, running, lengths)
        return Batch(bits, running[np.arange(len(bits)), lengths - 1], lengths)

    def _relevant_within(self, columns: int) -> tuple[int, ...] | None:
        return None if self.relevant is None else tuple(i for i in self.relevant if i < columns)

    def _counted(self, bits: Bits) -> Bits:
        if self.relevant is None:
            return bits
        counts = np.zeros(bits.shape[1], dtype=np.bool_)
        counts[list(self._relevant_within(bits.shape[1]) or ())] = True
        says_nothing = np.uint8(1 if self.gate in ("and", "nand") else 0)
        return np.where(counts, bits, says_nothing)


def fresh_batches(task: Task, rng: np.random.Generator, rows: int) -> Iterator[Batch]:
    """Batches of newly drawn rows, without end.

    Args:
        task: How rows are labelled.
        rng: Where they come from.
        rows: In a batch.
    """
    while True:
        yield task.fresh(rng, rows)


def rows_at(bits: Bits | PackedBits, places: NDArray[np.uint32]) -> Bits:
    """The rows at some places; `take` is many times faster than an array in square brackets.

    Args:
        bits: (rows, columns).
        places: Their numbers.
    """
    return bits[places] if isinstance(bits, PackedBits) else bits.take(places, axis=0)


class FixedBatches(Iterator[Batch]):
    """Batches from the same `bits`, shuffled anew for every epoch, without end. rows=None: all at once."""

    def __init__(
        self, task: Task, rng: np.random.Generator, bits: Bits | PackedBits, rows: int | None
    ) -> None:
        self._task, self._rng, self._bits = task, rng, bits
        self.orders = None if rows is None or rows >= len(bits) else Orders(rng, len(bits), rows)
        """Which rows come next; None where all come at once."""
        self._whole: Batch | None = None
        whole_rows = task.lengths == "full" and task.labels == "end"
        self._labels = task.whole_rows(bits).y if self.orders is not None and whole_rows else None
        """Of all rows, where they are the same in every batch."""

    def __next__(self) -> Batch:
        if self.orders is not None:
            places = next(self.orders)
            rows = rows_at(self._bits, places)
            if self._labels is not None:
                return Batch(rows, self._labels.take(places))
            return self._task.batch(self._rng, rows)
        if self._task.lengths != "full":
            return self._task.batch(self._rng, self._bits)
        if self._whole is None:
            self._whole = self._task.batch(self._rng, self._bits)
        return self._whole
