"""Numbers for people: steady digits, aligned, and never more of them than fit."""

from __future__ import annotations

import math

import numpy as np

from toystory.models.parts.arrays import FloatArray


def scalar(value: float) -> str:
    """Six digits after the point, or powers of ten where these would show nothing or too much."""
    if value == 0 or not math.isfinite(value) or 1e-4 <= abs(value) < 1e6:
        return f"{value:.6f}"
    return f"{value:.3e}"


def array(value: FloatArray, most: int = 6) -> str:
    """The array with its shape: a number, or its first entries, row by row where it has rows.

    Args:
        value: Of one or two dimensions, or a number.
        most: How many entries of a row are shown.
    """
    value = np.asarray(value)
    if value.ndim == 0:
        return scalar(float(value))
    rows = value.reshape(-1, value.shape[-1])
    lines = [_row(row, most) for row in rows[:3]]
    if len(rows) > 3:
        lines.append(f" … {len(rows):,} rows")
    shape = "×".join(f"{n:,}" for n in value.shape)
    return "\n".join(lines) + f"   ({shape})"


def across(value: FloatArray, name: str, width: int) -> int:
    """How many entries of a row of the array fit beside each other; at least two, at most ten.

    Steady: what the entries are now counts only by the form they take.

    Args:
        value: The array.
        name: What stands before it.
        width: Columns, name and shape included.
    """
    value = np.asarray(value)
    shape = "×".join(f"{n:,}" for n in value.shape)
    around = len(f"{name} = [ …]   ({shape})")
    cell = 10 if all(_fixed(row) for row in value.reshape(-1, (value.shape or (1,))[-1])[:3]) else 11
    return min(max((width - around + 2) // cell, 2), 10)


def accuracy(value: float, tie: bool = False) -> str:
    """A share as per cent; a tie is called one.

    Args:
        value: 0 to 1.
        tie: Whether every answer is one half.
    """
    if math.isnan(value):
        return "–"
    return f"{100 * value:.2f} %" + (" (a tie)" if tie else "")


def seconds(value: float) -> str:
    """A span of time, as short as it can be said."""
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s"


def _row(row: FloatArray, most: int) -> str:
    form = "{: .4f}" if _fixed(row) else "{: .2e}"
    shown = "  ".join(form.format(v) for v in row[:most])
    return f"[{shown}{' …' if len(row) > most else ' '}]"


def _fixed(row: FloatArray) -> bool:
    """Whether four digits after the point show the row."""
    largest = float(np.abs(row[np.isfinite(row)]).max(initial=0))
    return largest == 0 or 1e-2 <= largest < 1e4


def about(seconds: float) -> str:
    """A span of time that is only guessed."""
    if seconds < 90:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    if seconds < 48 * 3600:
        return f"about {round(seconds / 3600)} h"
    return f"about {round(seconds / 86400)} days"
