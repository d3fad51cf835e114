"""Numbers for people: steady digits, aligned, and never more of them than fit."""

from __future__ import annotations

import math

import numpy as np

from models.arrays import FloatArray


def scalar(value: float) -> str:
    """Six digits after the point, or powers of ten where these would show nothing or too much."""
    if value == 0 or not math.isfinite(value) or 1e-4 <= abs(value) < 1e6:
        return f"{value:.6f}"
    return f"{value:.3e}"


def array(value: FloatArray, most: int = 6) -> str:
    """The array with its shape: a number, or its first `most` entries, row by row where it has rows."""
    value = np.asarray(value)
    if value.ndim == 0:
        return scalar(float(value))
    rows = value.reshape(-1, value.shape[-1])
    lines = [_row(row, most) for row in rows[:3]]
    if len(rows) > 3:
        lines.append(f" … {len(rows):,} rows")
    shape = "×".join(f"{n:,}" for n in value.shape)
    return "\n".join(lines) + f"   ({shape})"


def accuracy(value: float, tie: bool = False) -> str:
    """A share as per cent; a tie is called one."""
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
    small = float(np.abs(row[np.isfinite(row)]).max(initial=0))
    form = "{: .4f}" if small == 0 or 1e-2 <= small < 1e4 else "{: .2e}"
    shown = "  ".join(form.format(v) for v in row[:most])
    return f"[{shown}{' …' if len(row) > most else ' '}]"
