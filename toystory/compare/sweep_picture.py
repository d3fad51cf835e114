"""A sweep as a picture for a terminal: a field of cells, or a bar for each; and its table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from toystory.compare.sweep import SweepCell, label, text_of
from toystory.render import numbers

SHADES = " ░▒▓█"
"""From nothing solved to everything, so that it can be read without colours."""
BAR = 20
"""Columns of a whole bar."""
CELL = 10
"""Columns of a cell of the field, at least."""


def picture(cells: Sequence[SweepCell], width: int) -> RenderableType:
    """Share solved and median updates of every cell: a field where it fits, the last axis across; else bars.

    Args:
        cells: In the order of the axes.
        width: Columns of the terminal.
    """
    *rows, across = cells[0].values or {"": ""}
    if not rows:
        return bars(cells)
    values = list(dict.fromkeys(cell.values[across] for cell in cells))
    needed = 14 * len(rows) + (CELL + 1) * len(values)
    if needed > width:
        return bars(cells)
    heading = Text(f"solved, and updates until then; across: {label(across)}", "bold")
    return Group(heading, _field(cells, rows, across))


def _field(cells: Sequence[SweepCell], rows: list[str], across: str) -> Table:
    table = Table(
        box=box.HORIZONTALS,
        show_edge=False,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for name in rows:
        table.add_column(label(name), no_wrap=True)
    for value in dict.fromkeys(cell.values[across] for cell in cells):
        table.add_column(text_of(value), min_width=CELL, no_wrap=True)
    lines: dict[tuple[str, ...], list[Text]] = {}
    for cell in cells:
        lines.setdefault(tuple(text_of(cell.values[name]) for name in rows), []).append(_square(cell))
    for names, squares in lines.items():
        table.add_row(*names, *squares)
    return table


def _square(cell: SweepCell) -> Text:
    if not cell.results:
        return Text("· not yet\n", "dim")
    shade = SHADES[round(cell.share * (len(SHADES) - 1))]
    text = Text(f"{shade * 2} ", style(cell)).append(f"{cell.solved}/{len(cell.results)}\n")
    return text.append(f"   {updates(cell)}", "dim")


def bars(cells: Sequence[SweepCell]) -> Text:
    """A bar for each cell."""
    name_width = max((len(cell.name) for cell in cells), default=0)
    text = Text()
    for cell in cells:
        text.append(f"{cell.name:<{name_width}}  ")
        if not cell.results:
            text.append("not run yet\n", "dim")
            continue
        filled = round(cell.share * BAR)
        text.append("█" * filled, style(cell)).append("░" * (BAR - filled), "dim")
        text.append(f"  {cell.solved} of {len(cell.results)}", "bold")
        text.append(f", {updates(cell)} updates\n" if cell.solved else "\n", "dim")
    text.right_crop(1)
    return text


def table(cells: Sequence[SweepCell]) -> Table:
    """All figures, a row for each cell."""
    drawn = Table(box=box.HORIZONTALS, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    for name in cells[0].values:
        drawn.add_column(label(name), no_wrap=True)
    for heading in ("solved", "share", "95 % range", "median updates", "median time"):
        drawn.add_column(heading, justify="right", no_wrap=True)
    for cell in cells:
        low, high = cell.interval
        there = bool(cell.results)
        drawn.add_row(
            *map(text_of, cell.values.values()),
            Text(f"{cell.solved} of {len(cell.results)}", style(cell))
            if there
            else Text("not run yet", "dim"),
            f"{100 * cell.share:.0f} %" if there else "",
            f"{100 * low:.0f}–{100 * high:.0f} %" if there else "",
            updates(cell),
            numbers.seconds(cell.median_seconds) if there else "",
        )
    return drawn


def line(cell: SweepCell) -> str:
    """A cell in words."""
    if not cell.results:
        return f"{cell.name}: not run yet"
    low, high = cell.interval
    when = f", median {updates(cell)} updates" if cell.solved else ""
    share = f"{100 * cell.share:.0f} % (95 % range {100 * low:.0f} to {100 * high:.0f} %)"
    return f"{cell.name}: {cell.solved} of {len(cell.results)} solved, {share}{when}"


def updates(cell: SweepCell) -> str:
    """The median of those that solved it, or a dash."""
    return "–" if math.isnan(cell.median_updates) else f"{cell.median_updates:,.0f}"


def style(cell: SweepCell) -> str:
    """The colour of a share."""
    return "green" if cell.share >= 0.9 else "yellow" if cell.share >= 0.5 else "red"
