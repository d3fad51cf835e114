"""Two ways of doing one thing, timed in turn in one process, and what comes of it as a row of the table."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]

ROUND = 0.02
"""Seconds that one side runs before it is the other's turn."""
LONGEST, FEWEST_ROUNDS = 2.5, 5
"""Seconds after which a pair has been timed often enough, if it had so many rounds."""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ours, peer: median seconds (or what `unit` says). ratio: median of ours / peer, pair by pair, and low to
    high the middle half of them. bar: the ratio is to be at most this; None where none is set.
    """

    part: str
    what: str
    against: str
    ours: float
    peer: float
    ratio: float
    low: float
    high: float
    bar: float | None = None
    unit: str = "s"

    @property
    def holds(self) -> bool | None:
        """Whether the bar holds; None where none is set."""
        return None if self.bar is None else self.ratio <= self.bar


def row(
    part: str,
    what: str,
    against: str,
    ours: Sequence[float],
    peer: Sequence[float],
    bar: float | None = None,
    unit: str = "s",
) -> Row:
    """Of measurements made in turn."""
    ratios = sorted(a / b for a, b in zip(ours, peer, strict=True))
    quarter = len(ratios) // 4
    return Row(
        part,
        what,
        against,
        statistics.median(ours),
        statistics.median(peer),
        statistics.median(ratios),
        ratios[quarter],
        ratios[-1 - quarter],
        bar,
        unit,
    )


def in_turn(
    ours: Work, peer: Work, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[list[float], list[float]]:
    """Seconds a call of each, a number a round. Short work is called as often as fits a round; work that
    takes long has fewer rounds. clock: processor time, where threads that spin shall count too."""
    times: tuple[list[float], list[float]] = ([], [])
    calls = []
    for work in (ours, peer):
        work()
        calls.append(max(1, round(ROUND / max(_seconds(work, 1, clock), 1e-7))))
    gc.disable()
    start = time.perf_counter()
    try:
        for done in range(rounds):
            if done >= FEWEST_ROUNDS and time.perf_counter() - start > LONGEST:
                break
            for side, work in enumerate((ours, peer)):
                times[side].append(_seconds(work, calls[side], clock))
    finally:
        gc.enable()
    return times


def _seconds(work: Work, calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(calls):
        work()
    return (clock() - start) / calls
