"""Batches: the rows that one update learns from, and in which order rows are taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toystory.models.parts.arrays import Bits, Lengths


class Batch(NamedTuple):
    """Rows to learn from.

    x: bits, or real numbers for a model that reads such, (rows, columns). y: labels, (rows,), or (rows,
    columns) with a label at every step.
    lengths: how many bits of each row count, (rows,), or None where all do.
    """

    x: NDArray[Any]
    y: Bits
    lengths: Lengths | None = None

    @property
    def labelled(self) -> int:
        """How many answers have a label."""
        if self.y.ndim == 2 and self.lengths is not None:
            return int(self.lengths.sum())
        return self.y.size

    def rows(self, first: int, end: int) -> Batch:
        """Some of the rows.

        Args:
            first: The first.
            end: Behind the last.
        """
        lengths = None if self.lengths is None else self.lengths[first:end]
        return Batch(self.x[first:end], self.y[first:end], lengths)

    def parts(self, rows: int) -> Iterator[Batch]:
        """The whole batch in order, at most `rows` rows at a time."""
        for first in range(0, len(self.x), rows):
            yield self.rows(first, first + rows)

    def at_the_end(self) -> Batch:
        """The same rows with the label at their ends only."""
        if self.y.ndim == 1:
            return self
        ends = -1 if self.lengths is None else self.lengths - 1
        return Batch(self.x, self.y[np.arange(len(self.y)), ends], self.lengths)


def given_batches(batch: Batch, rng: np.random.Generator, rows: int | None) -> Iterator[Batch]:
    """Batches out of one big batch, labels and all, shuffled anew for every epoch, without end.

    Args:
        batch: All there is.
        rng: Shuffles.
        rows: Of a batch; None for all, unshuffled.
    """
    if rows is None or rows >= len(batch.x):
        while True:
            yield batch
    for order in Orders(rng, len(batch.x), rows):
        lengths = None if batch.lengths is None else batch.lengths[order]
        # `take` is many times faster here than an array in square brackets.
        yield Batch(batch.x.take(order, axis=0), batch.y.take(order, axis=0), lengths)


class Orders(Iterator[NDArray[np.uint32]]):
    """Which rows come next, `size` at a time, every row once an epoch, without end."""

    def __init__(self, rng: np.random.Generator, rows: int, size: int) -> None:
        self._rng, self._rows, self._size = rng, rows, size
        self._order = np.zeros(0, np.uint32)
        self.reached = rows
        """How far the epoch has come, in rows."""
        self.before_epoch: dict[str, Any] = {}
        """The random stream as it was when the epoch was shuffled."""

    def __next__(self) -> NDArray[np.uint32]:
        if self.reached >= self._rows:
            self._shuffle()
            self.reached = 0
        start, self.reached = self.reached, self.reached + self._size
        return self._order[start : self.reached]

    def go_to(self, before_epoch: dict[str, Any], reached: int) -> None:
        """Be where another one was. It draws from the random stream: put that back afterwards.

        Args:
            before_epoch: The state of the stream before the epoch was shuffled.
            reached: Rows of the epoch already given out.
        """
        self._rng.bit_generator.state = before_epoch
        self._shuffle()
        self.reached = reached

    def _shuffle(self) -> None:
        self.before_epoch = dict(self._rng.bit_generator.state)
        # As `permutation` does it, which would take twice the room.
        self._order = np.arange(self._rows, dtype=np.uint32)
        self._rng.shuffle(self._order)
