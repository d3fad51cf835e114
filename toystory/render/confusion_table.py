"""Which classes are taken for which: a table that fits beside nothing else, in 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WIDTH = 80
NAME = 24
"""Columns of a class's name, with its number."""
SHORT = 6
"""Columns of a name that stands above its column."""
MOST_CONFUSED = 10
"""Pairs of classes that are listed where the table would be too wide."""


def confusion_lines(table: NDArray[np.intp], names: Sequence[str], width: int = WIDTH) -> list[str]:
    """The table as lines: right classes down, answers across; where that is too wide, a list of mistakes.

    Args:
        table: Rows of each class (down) that were answered as each class (across).
        names: Of the classes.
        width: Columns there are.
    """
    # Short names stand above their columns; longer ones get a number that does.
    short = all(len(name) <= SHORT for name in names)
    heads = list(names) if short else [str(i) for i in range(1, len(names) + 1)]
    labels = list(names) if short else [f"{head} {name}" for head, name in zip(heads, names, strict=True)]
    cell = max(len(str(int(table.max(initial=0)))), *map(len, heads)) + 2
    label = max(2, min(NAME, max(map(len, labels))))
    if label + cell * len(names) + 9 > width:
        return _mistakes(table, names)
    lines = [
        f"{'':<{label}}  answered",
        f"{'is':<{label}}{''.join(f'{head:>{cell}}' for head in heads)}    right",
    ]
    for i, name in enumerate(labels):
        cells = "".join(f"{n or '·':>{cell}}" for n in table[i].tolist())
        lines.append(f"{_cut(name, label):<{label}}{cells}{_share(table, i):>9}")
    return lines


def _mistakes(table: NDArray[np.intp], names: Sequence[str]) -> list[str]:
    """The commonest mistakes."""
    shown = [_cut(name, NAME) for name in names]
    if len(set(shown)) < len(names):  # they begin alike: their ends tell them apart
        shown = [f"{i} {_cut_within(name, NAME - len(f'{i} '))}" for i, name in enumerate(names, start=1)]
    wrong = table.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_CONFUSED]
    pairs = [divmod(int(place), len(names)) for place in order if wrong.flat[place]]
    if not pairs:
        return [f"no row of the {len(names)} classes is taken for another"]
    return [
        f"the commonest mistakes among {len(names)} classes:",
        *(f"  {shown[i]} taken for {shown[j]}: {wrong[i, j]} of {table[i].sum()}" for i, j in pairs),
    ]


def _share(table: NDArray[np.intp], i: int) -> str:
    rows = int(table[i].sum())
    return f"{100 * table[i, i] / rows:.0f} %" if rows else "no row"


def _cut_within(name: str, width: int) -> str:
    """Its beginning and its end, of a longer one."""
    half = width // 2
    return name if len(name) <= width else f"{name[: half - 1]}…{name[half - width :]}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
