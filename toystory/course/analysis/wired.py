"""Sami's other road: copies of a gate on two bits, wired to tell the parity of many. Nothing is learnt here.

Both wirings of n bits have n − 1 copies. In a chain each copy hears the one before it and the next bit, one
after the other; in a tree every two neighbours go into one copy, and their answers again two by two, so that
fifty bits need six rounds. What is written down is 0 or 1, so no error adds up: a gate that is right on its
four rows is right at any length.
"""

from __future__ import annotations

import numpy as np

from toystory.models.model import Model
from toystory.models.parts.arrays import Bits

PAIRS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], np.uint8)


def truth_table(gate: Model) -> Bits:
    """What the gate answers to 00, 01, 10 and 11: (4,)."""
    with np.errstate(all="ignore"):
        return (gate.predict_proba(PAIRS) > 0.5).astype(np.uint8)


def chain(gate: Model, bits: Bits) -> Bits:
    """The answer after every bit, each made of the one before and the bit.

    Args:
        gate: A model of two bits.
        bits: (rows, n).

    Returns:
        (rows, n): the first bit itself, then what each copy says; the last is the answer.
    """
    answers = truth_table(gate)
    written = np.empty_like(bits)
    written[:, 0] = bits[:, 0]
    for place in range(1, bits.shape[1]):
        written[:, place] = answers[2 * written[:, place - 1] + bits[:, place]]
    return written


def tree(gate: Model, bits: Bits) -> list[Bits]:
    """The bits, and then what each round of copies makes of the one before.

    Args:
        gate: A model of two bits.
        bits: (rows, n).

    Returns:
        Arrays of (rows, n), (rows, n / 2 rounded up), … (rows, 1), the answer. One that is left over waits
        for the next round.
    """
    answers = truth_table(gate)
    rounds = [bits]
    while (width := rounds[-1].shape[1]) > 1:
        last = rounds[-1]
        pairs = answers[2 * last[:, 0 : width - 1 : 2] + last[:, 1::2]]
        rounds.append(np.hstack([pairs, last[:, width - width % 2 :]]))
    return rounds
