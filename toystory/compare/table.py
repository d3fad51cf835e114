"""The table drawn for a terminal: a small curve and the figures in every cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from toystory.compare import status
from toystory.compare.results import MINE, Entry
from toystory.grading.own_model.results import OwnResult
from toystory.lessons.comparison.cells import ALEX, FAIR, WORKS
from toystory.render import numbers

CELL = 15
"""Columns of an entry."""
NARROWEST = 78
"""Columns of a terminal below which the table is told line by line."""
TWO_LINES = {ALEX: "as Alex\ndid it", FAIR: "a fair\nrun", WORKS: "the way\nthat works", MINE: "mine"}
LEGEND = (
    f"The curve is the loss, from 0 to {status.TOP} (a coin: 0.69), from the first update to the last.\n"
    "own: right on its own rows. copies: the control, right on fresh rows where one column counts; where it "
    "fails, the run says nothing of XOR.\n"
    "mine: the model that you wrote, its seeds that reach its bar, and one of them.\n"
    "params: the numbers that training adjusts.\n"
    "MB: the most that the whole process held, Python and NumPy included."
)


def draw(entries: Sequence[Entry]) -> Table:
    """A row for each model and way, a column for each size."""
    sizes = list(dict.fromkeys(entry.rows for entry in entries))
    sizes.sort(key=lambda rows: (rows is None, rows or 0))
    table = Table(box=box.HORIZONTALS, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", width=11)
    for rows in sizes:
        table.add_column(f"{rows:,} rows" if rows else "fresh rows", width=CELL)
    kinds = list(dict.fromkeys((entry.model, entry.way) for entry in entries))
    at = {(entry.model, entry.way, entry.rows): entry for entry in entries}
    for number, (model, way) in enumerate(kinds):
        there = [at.get((model, way, rows)) for rows in sizes]
        name = Text(f"{model}\n", "bold").append(TWO_LINES[way], "dim")
        how = next((entry.how for entry in there if entry and entry.how), "")
        name.append(f":\n{how}" if how else "", "dim")
        last = number + 1 == len(kinds) or kinds[number + 1][0] != model
        table.add_row(name, *map(_cell, there), end_section=last)
    return table


def _cell(entry: Entry | None) -> Text:
    if entry is None:
        return Text("")
    if entry.own is not None:
        return _own_cell(entry.own)
    if entry.why:
        return Text(entry.why, "dim italic")
    result = entry.result
    if result is None:
        return Text("not run yet", "dim")
    if result.diverged:
        return Text("diverged", "bold red")
    style = "bold green" if result.fresh_accuracy >= 0.99 else "bold"
    own = "" if math.isnan(result.train_accuracy) else f"own   {numbers.accuracy(result.train_accuracy)}\n"
    text = Text(status.sparkline(result.loss_curve, CELL - 1) + "\n", "cyan")
    text.append(f"fresh {status.right_on_fresh(result)}\n", style)
    text.append(f"{own}loss  {result.loss:.4f}\n{status.updates(entry, short=True)}\n", "default")
    text.append(f"{result.experiment.parameters:,} params\n", "default")
    text.append(f"{_short(result.seconds)}, {status.memory(result)}", "dim")
    verdict = status.verdict(entry)
    if control := status.control(entry, short=True):
        text.append(f"\n{control}", "bold yellow" if status.fails_its_control(entry) else "")
    return text.append(f"\n{verdict}" if verdict else "", "italic")


def _own_cell(own: OwnResult) -> Text:
    one = own.shown
    text = Text(status.sparkline(one.curve, CELL - 1) + "\n", "cyan")
    text.append(f"{own.of_seeds}\n", "bold green" if own.reached == len(own.seeds) else "bold")
    text.append(f"{numbers.accuracy(one.share)} of {own.tested_on}\n", "default")
    updates = f"{one.updates:,}\n" if one.updates else ""
    text.append(f"loss  {one.loss:.4f}\n{updates}{own.numbers:,} params\n", "default")
    return text.append(_short(one.seconds), "dim")


def _short(seconds: float) -> str:
    """A span of time in few columns."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 9999.5 else f"{seconds / 3600:.1f} h"
