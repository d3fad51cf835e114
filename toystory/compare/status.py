"""What a result is, in a few words; curves small enough for a line of text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from toystory.compare.results import Entry
from toystory.lessons.comparison.cells import ALEX_UPDATES, WORKS
from toystory.lessons.comparison.frontier import LEARNT
from toystory.render import numbers
from toystory.training.checkpoints.result_store import Curve, Result
from toystory.training.run import LEARNT as CONTROL_HOLDS

BLOCKS = "▁▂▃▄▅▆▇█"
TOP = 0.8
"""The loss at the top of every small curve: a little more than a coin's ln 2, so that all can be compared."""


def sparkline(curve: Curve, width: int) -> str:
    """A loss curve in one line: as many of the curve's means as there are columns, from 0 to `TOP`.

    Args:
        curve: (update, loss) pairs.
        width: Columns.
    """
    points = [loss for _, loss in curve]
    if not points:
        return ""
    means = []
    for column in range(width):
        first, end = column * len(points) // width, (column + 1) * len(points) // width
        part = points[first : max(end, first + 1)]
        means.append(sum(part) / len(part))
    return "".join(BLOCKS[min(7, max(0, math.floor(8 * mean / TOP)))] for mean in means)


def right_on_fresh(result: Result) -> str:
    """Accuracy on fresh rows."""
    if result.diverged:
        return "diverged"
    return "a tie" if result.tie else numbers.accuracy(result.fresh_accuracy)


def on_fresh_rows(mark: str) -> str:
    """What `right_on_fresh` says, as half a sentence."""
    return f"right on {mark} of fresh rows" if mark[-1] == "%" else f"{mark} on fresh rows"


def memory(result: Result) -> str:
    """The peak of the process."""
    return "–" if result.memory is None else f"{result.memory / 1e6:,.0f} MB"


def updates(entry: Entry, short: bool = False) -> str:
    """How many updates were made, and of how many, where that is not all.

    Args:
        entry: Of the table.
        short: Whether to leave out the word.
    """
    if entry.result is None:
        return ""
    count = f"{entry.result.updates:,}"
    if not entry.note or " of " not in entry.note:
        plural = "" if entry.result.updates == 1 else "s"
        return f"{count} update{plural}"
    return f"{count} of {ALEX_UPDATES:,}" + ("" if short else " updates")


def name(entry: Entry) -> str:
    """Which entry of the table it is."""
    return f"{entry.model}, {entry.way}, {size(entry)}"


def size(entry: Entry) -> str:
    """How many rows it learns from."""
    return f"{entry.rows:,} rows" if entry.rows else "fresh rows"


def line(entry: Entry) -> str:
    """An entry of the table with all its figures, in one line."""
    if entry.own is not None:
        return entry.own.line()
    where = name(entry)
    if entry.why:
        return f"{where}: {entry.why}"
    result = entry.result
    if result is None:
        return f"{where}: not run yet"
    if result.diverged:
        return f"{where}: {result.message}"
    own = (
        "" if math.isnan(result.train_accuracy) else f", {numbers.accuracy(result.train_accuracy)} of its own"
    )
    said = "; ".join(filter(None, (entry.note, entry.how, verdict(entry), control(entry))))
    note = f" ({said})" if said else ""
    plural = "" if result.updates == 1 else "s"
    return (
        f"{where}: {on_fresh_rows(right_on_fresh(result))}{own}, loss {result.loss:.4f}, "
        f"{result.experiment.parameters:,} parameters, "
        f"{result.updates:,} update{plural}{note}, {numbers.seconds(result.seconds)}, {memory(result)}"
    )


def control(entry: Entry, short: bool = False) -> str:
    """What the controls of an entry came to: the one that learnt least; empty where not all have been run.

    Args:
        entry: Of the table.
        short: For a cell of a few columns.
    """
    worst = _worst_control(entry)
    if worst is None:
        return ""
    if short:
        return f"copies {numbers.accuracy(worst)}"
    said = "control FAILS, so it says nothing of XOR" if fails_its_control(entry) else "control holds"
    return f"{said}: {numbers.accuracy(worst)}"


def fails_its_control(entry: Entry) -> bool:
    """Whether what was shown to fail could not have copied one bit either."""
    worst = _worst_control(entry)
    return worst is not None and worst < CONTROL_HOLDS


def _worst_control(entry: Entry) -> float | None:
    results = [slot.result for slot in entry.controls]
    learnt = [0.5 if result.tie else result.fresh_accuracy for result in results if result is not None]
    return min(learnt) if learnt and len(learnt) == len(results) else None


def verdict(entry: Entry) -> str:
    """What to say of a way that works and yet does not, at this size; else empty."""
    result = entry.result
    if result is None or result.diverged or entry.way != WORKS or result.fresh_accuracy >= LEARNT:
        return ""
    return "too few rows" if entry.rows else "not learnt"


def ranges(values: Sequence[int]) -> str:
    """Whole numbers in order, what follows one another put together: 2–14, 16."""
    parts: list[list[int]] = []
    for value in values:
        if parts and value == parts[-1][-1] + 1:
            parts[-1].append(value)
        else:
            parts.append([value])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts)
