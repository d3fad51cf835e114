"""The footnote: elimination modulo 2, which finds out which columns count without any network.

Every row is an equation: the bits that count add up to the label, modulo 2. As many independent rows as there
are columns have one solution, and Gauss' elimination finds it. Where one label is wrong, it finds nonsense.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from toystory.models.parts.arrays import Bits
from toystory.training.data import parity, random_bits


def columns_that_count(rows: Bits, labels: Bits) -> tuple[int, ...] | None:
    """Which columns count, from rows and the parity of those columns.

    Args:
        rows: (rows, columns), bits.
        labels: (rows,), bits.

    Returns:
        The columns, or None where the rows leave it open.
    """
    columns = rows.shape[1]
    equations = [_packed((*row, label)) for row, label in zip(rows.tolist(), labels.tolist(), strict=True)]
    for column in range(columns):
        mask = 1 << column
        place = next((i for i in range(column, len(equations)) if equations[i] & mask), None)
        if place is None:
            return None
        equations[column], equations[place] = equations[place], equations[column]
        pivot = equations[column]
        for i, equation in enumerate(equations):
            if i != column and equation & mask:
                equations[i] = equation ^ pivot
    return tuple(column for column in range(columns) if equations[column] >> columns & 1)


def found_by_elimination(columns: int, rows: int, *, draws: int, seed: int = 0) -> int:
    """In how many draws random rows give away, by elimination mod 2, that all columns count.

    Args:
        columns: Bits in a row.
        rows: How many are drawn.
        draws: How often.
        seed: Of all draws.
    """
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(draws):
        bits = random_bits(rng, rows, columns)
        found += columns_that_count(bits, parity(bits)) == tuple(range(columns))
    return found


def _packed(bits: Iterable[int]) -> int:
    """Bits as one whole number, the first as its lowest."""
    return sum(bit << place for place, bit in enumerate(bits))
