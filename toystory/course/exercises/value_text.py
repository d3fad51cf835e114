"""Values as a verdict shows them: short, and with digits enough to tell two numbers apart."""

from __future__ import annotations

import reprlib

import numpy as np

MOST_ENTRIES = 60
MOST_SIGNS = 600
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 120
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 8


def short_text(value: object) -> str:
    """An array as NumPy writes it, long ones cut in the middle; anything else as Python writes it, cut."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, np.ndarray) and value.ndim:
        text = np.array2string(value, precision=6, threshold=MOST_ENTRIES, edgeitems=2, max_line_width=76)
    elif isinstance(value, np.ndarray | np.generic | float):
        text = number(value)
    elif isinstance(value, tuple | list) and any(isinstance(part, np.ndarray) for part in value):
        text = "\n".join(short_text(part) for part in value)
    elif isinstance(value, dict):
        text = "\n".join(f"{key}: {short_text(part)}" for key, part in value.items())
    else:
        text = _SHORT.repr(value)
    return text if len(text) <= MOST_SIGNS else text[:MOST_SIGNS] + " …"


def number(value: object) -> str:
    """One number with at most six digits; whole numbers, truth values and odd ones as they are."""
    plain = value.item() if isinstance(value, np.ndarray | np.generic) else value
    return f"{plain:.6g}" if isinstance(plain, float) else str(plain)


def pair(expected: object, found: object) -> tuple[str, str]:
    """Two numbers that differ, with digits enough that it shows.

    Args:
        expected: The right number.
        found: The learner's.
    """
    a, b = number(expected), number(found)
    return (a, b) if a != b else (repr(_plain(expected)), repr(_plain(found)))


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.ndarray | np.generic) else value
