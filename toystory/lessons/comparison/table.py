"""The result table of the story, with no empty line left in it."""

from __future__ import annotations

from toystory.course.table import Table
from toystory.lessons.comparison.cells import (
    AFTER_HIM,
    ALEX,
    CELLS,
    FAIR,
    SIZES,
    WITH_A_FAIR_RUN,
    WORKS,
    Cell,
)
from toystory.training.claim import worst_control
from toystory.training.control import CONTROLS
from toystory.training.run import LEARNT, Run, Runs

NO_WAY = {
    "regression": "none: a line counts at best",
    "two-layer": "none found for tanh",
}
"""Why a model has no way that works at 50 columns."""


def result_table(runs: Runs) -> Table:
    """Every model at every size, both ways; what has not been run yet is left open."""
    cells = {(cell.model, cell.way, cell.rows): cell for cell in CELLS}
    models = list(dict.fromkeys(cell.model for cell in CELLS))
    rows = [
        (model, way, *(_entry(cells.get((model, way, size)), runs, model, way) for size in (*SIZES, None)))
        for model in models
        for way in (ALEX, *((FAIR,) if model in WITH_A_FAIR_RUN else ()), WORKS)
        if way != ALEX or model not in AFTER_HIM
    ]
    sizes = [f"{size:,} rows" for size in SIZES]
    return Table("Right on fresh rows of 50 bits", ("model", "", *sizes, "fresh rows"), tuple(rows))


def _entry(cell: Cell | None, runs: Runs, model: str, way: str) -> str:
    if cell is None:
        return NO_WAY.get(model, "–") if way == WORKS else "–"
    if cell.experiment.name not in runs:
        return "·"
    said = _said(runs.one(cell.experiment.name), cell)
    if cell.way == WORKS or CONTROLS not in runs:
        return said
    worst = worst_control(runs, cell.experiment.name)
    return f"{said}, control {100 * worst:.2f} %{'' if worst >= LEARNT else ' FAILS'}"


def _said(run: Run, cell: Cell) -> str:
    if run.diverged:
        return "diverged"
    right = "a tie" if run.tie else f"{100 * run.fresh_accuracy:.2f} %"
    updates = cell.note or f"{run.updates:,} updates"
    size = f"{run.experiment.parameters:,} parameters"
    return f"{right}, loss {run.loss:.4f}, {size}, {updates}, {run.seconds:.1f} s"
