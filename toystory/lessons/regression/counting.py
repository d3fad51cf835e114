"""How often the line that counts ones is right, worked out and not drawn."""

from __future__ import annotations

from math import comb


def right_by_counting(columns: int) -> float:
    """The share of all rows that a line with weights 1 and bias −(columns − 1)/2 answers rightly.

    Args:
        columns: How many bits a row has.

    Returns:
        The number of rows in which "more ones than (columns − 1)/2" and "an odd number of ones" are both true
        or both false, over 2^columns.
    """
    ones_right = [ones for ones in range(columns + 1) if (2 * ones > columns - 1) == ones % 2]
    right: int = sum(comb(columns, ones) for ones in ones_right)
    return right / float(2**columns)
