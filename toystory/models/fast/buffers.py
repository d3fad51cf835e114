"""Buffers that outlive an update: one set for each number of rows that comes up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class HasSteps(Protocol):
    """Buffers that hold so many steps in time, or fewer."""

    steps: int


S = TypeVar("S", bound=HasSteps)

MOST = 4
"""Sets kept at once: a batch, the rest of an epoch, and the rows that accuracy is measured on."""


class BufferSets(Generic[S]):
    """make: builds the buffers for (rows, steps)."""

    def __init__(self, make: Callable[[int, int], S]) -> None:
        self._make = make
        self._kept: dict[int, S] = {}

    def of(self, rows: int, steps: int = 1) -> S:
        """The buffers for so many rows.

        Args:
            rows: Exactly so many.
            steps: With room for so many at least.
        """
        buffers = self._kept.get(rows)
        if buffers is None or buffers.steps < steps:
            if len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            buffers = self._kept[rows] = self._make(rows, steps)
        return buffers
