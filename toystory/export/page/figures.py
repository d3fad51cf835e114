"""Figures as a page writes them; what was not measured is a dash."""

from __future__ import annotations

import math

NOTHING = "–"


def share(value: float | None) -> str:
    """An accuracy, as per cent."""
    return NOTHING if value is None or not math.isfinite(value) else f"{100 * value:.2f} %"


def number(value: float | None, digits: int = 4) -> str:
    """A loss, or another measurement.

    Args:
        value: None or NaN for none.
        digits: Behind the point.
    """
    return NOTHING if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def seconds(value: float) -> str:
    """A span of time."""
    return f"{value:.1f} s"


def ended(
    updates: int,
    spent: float,
    loss: float | None,
    train: float | None,
    fresh: float | None,
    tie: bool,
    tested_on: str,
) -> str:
    """How a run ended.

    Args:
        updates: Made.
        spent: Seconds of training.
        loss: Of the last batch.
        train: Accuracy on training rows.
        fresh: Accuracy on the rows that it was tested on.
        tie: Whether there was no answer at all.
        tested_on: Which rows these were.
    """
    made = f"{updates:,} update{'' if updates == 1 else 's'} in {seconds(spent)}"
    marked = f"right on {share(train)} of its own rows and {share(fresh)} of {tested_on}"
    return f"{made}: loss {number(loss)}, {marked}{' (a tie)' if tie else ''}"
