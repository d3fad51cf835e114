"""Numbers, lists and choices as people type them. Each reader raises argparse.ArgumentTypeError."""

from __future__ import annotations

import math
import reprlib
from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence


def whole_number(text: str) -> int:
    """An int, also written as 1_000, 1,000 or 1e6."""
    plain = text.replace(",", "").replace("_", "")
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not value.is_integer():
        raise ArgumentTypeError(f"{reprlib.repr(text)} is not a whole number")
    return int(value)


def number(text: str) -> float:
    """A float."""
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"{reprlib.repr(text)} is not a number") from None


def whole_number_list(text: str) -> tuple[int, ...]:
    """Whole numbers with commas between them."""
    return tuple(whole_number(part) for part in text.split(","))


def number_list(text: str) -> tuple[float, ...]:
    """Numbers with commas between them."""
    return tuple(number(part) for part in text.split(","))


def rows_of_bits(text: str) -> tuple[tuple[int, ...], ...]:
    """Rows of bits with commas between them: 00,01,10,11."""
    rows = text.split(",")
    if any(not row or set(row) - {"0", "1"} for row in rows):
        raise ArgumentTypeError(
            f"{reprlib.repr(text)} is not a list of rows of bits: write them as 00,01,10,11"
        )
    return tuple(tuple(int(bit) for bit in row) for row in rows)


def names_list(text: str) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(name for part in text.split(",") if (name := part.strip()))


def in_any_case(choices: Sequence[str]) -> Callable[[str], str]:
    """A reader that writes a choice as it is listed, however its letters were typed.

    Args:
        choices: Those that there are; another text stays as it is.
    """
    written = {choice.lower(): choice for choice in choices}
    return lambda text: written.get(text.lower(), text)
