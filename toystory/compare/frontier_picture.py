"""The frontier as a picture of cells: a colour and a mark each, so that it can be read without colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from toystory.compare.results import FrontierEntry
from toystory.compare.status import ranges

QUICK, SLOW = 0.1, 0.5
"""Shares of the budget of updates: what needed less is quick, what needed more is slow."""
LEGEND = (
    ("█", "green", f"learnt, within {100 * QUICK:.0f} % of the budget"),
    ("▓", "green", f"within {100 * SLOW:.0f} %"),
    ("▒", "yellow", "within all of it"),
    ("×", "red", "not learnt"),
    ("·", "bright_black", "not run yet"),
)
NOT_LEARNT = 3
"""Where that stands in the legend."""
NAME = 12
"""Columns of a model's name."""


def mark(entry: FrontierEntry) -> tuple[str, str]:
    """The sign of a cell and its colour."""
    if entry.result is None:
        which = 4
    elif not entry.learnt:
        which = NOT_LEARNT
    else:
        share = entry.result.updates / entry.budget
        which = 0 if share <= QUICK else 1 if share <= SLOW else 2
    sign, color, _ = LEGEND[which]
    return sign, color


def picture(entries: Sequence[FrontierEntry]) -> Text:
    """Both edges of the map, and what the signs mean."""
    full = [entry for entry in entries if entry.counted == entry.columns]
    part = [entry for entry in entries if entry.counted != entry.columns]
    text = Text()
    if full:
        text.append("every bit counts: rows of n bits, n =\n", "bold")
        columns = sorted({entry.columns for entry in full})
        text.append(f"{'':{NAME}}{_ruler(columns)}\n", "dim")
        _rows(text, full, 1)
    if part:
        text.append("\nonly the first k of 50 bits count, k =\n", "bold")
        counted = sorted({entry.counted for entry in part})
        text.append(f"{'':{NAME}}{''.join(f'{k:<3}' for k in counted)}\n", "dim")
        _rows(text, part, 3)
    text.append("\n")
    for place, (sign, color, meaning) in enumerate(LEGEND):
        # Learnt or not: a line each, and both fit into 80 columns.
        text.append("" if place == 0 else "\n" if place == NOT_LEARNT else "   ")
        text.append(f"{sign} ", color).append(meaning, "dim")
    return text


def lines(entries: Sequence[FrontierEntry]) -> Iterable[str]:
    """The same in words, a line for each model and edge."""
    for edge, what in (
        ("full", "n bits, all of which count"),
        ("part", "50 bits, the first k of which count"),
    ):
        mine = [e for e in entries if (e.counted == e.columns) == (edge == "full")]
        if not mine:
            continue
        yield f"{what}; {'n' if edge == 'full' else 'k'} is"
        for model in dict.fromkeys(entry.model for entry in mine):
            here = [entry for entry in mine if entry.model == model]
            told = [
                f"{word} {ranges([e.counted for e in here if e.learnt is state])}"
                for state, word in ((True, "learnt"), (False, "not learnt"), (None, "not run yet"))
                if any(e.learnt is state for e in here)
            ]
            yield f"  {model} ({here[0].budget:,} updates at most): {'; '.join(told)}"


def _rows(text: Text, entries: Sequence[FrontierEntry], width: int) -> None:
    for model in dict.fromkeys(entry.model for entry in entries):
        text.append(f"{model:{NAME}}")
        for entry in entries:
            if entry.model == model:
                sign, color = mark(entry)
                text.append(sign * max(1, width - 1) + " " * min(1, width - 1), color)
        text.append("\n")


def _ruler(columns: Sequence[int]) -> str:
    """Their numbers, where there is room for one: each starts over its own cell."""
    ruler = [" "] * (len(columns) + 2)
    for place, number in enumerate(columns):
        if number == columns[0] or number % 5 == 0:
            for offset, digit in enumerate(str(number)):
                ruler[place + offset] = digit
    return "".join(ruler).rstrip()
