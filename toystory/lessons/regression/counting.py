"""How often the line that counts ones is right, worked out and not drawn.

No line is right on more, where this one is right on more than half. Say how far a line's agreement with
parity is from a coin's: E = 2·share − 1. Rows come in pairs that differ in one bit, and a line's answers to
a pair can tell parity only where they differ. So E is at most the share of pairs at which the line turns,
whichever bit is flipped. The mean of these shares over the bits is largest for the line that counts
(O'Donnell, *Analysis of Boolean Functions*, 2014, chapter 2, arXiv:2105.10386), which has the same for every
bit and reaches it.
"""

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
