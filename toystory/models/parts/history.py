"""A curve that is recorded without end and never grows beyond its bound."""

from __future__ import annotations


class History:
    """(update, value) pairs of a run.

    Beyond `limit` every second one goes, and from then on every second one is kept: the curve stays whole,
    evenly spaced, and small.
    """

    def __init__(self, limit: int = 1000) -> None:
        self.limit = limit
        self.points: list[tuple[int, float]] = []
        self.stride = 1
        """Of so many values offered, one is kept."""
        self.offered = 0

    @classmethod
    def of(cls, points: list[tuple[int, float]], stride: int, offered: int) -> History:
        """A history that was kept, and goes on.

        Args:
            points: What it holds.
            stride: Of so many values offered, one is kept.
            offered: How many were.
        """
        history = cls()
        history.points, history.stride, history.offered = points, stride, offered
        return history

    def add(self, update: int, value: float) -> None:
        """Offer a value; it is kept if its turn has come.

        Args:
            update: Updates made.
            value: At that update.
        """
        if self.offered % self.stride == 0:
            self.points.append((update, value))
            if len(self.points) > self.limit:
                del self.points[1::2]
                self.stride *= 2
        self.offered += 1
