"""The result table: every model, every size, both ways, and nothing invented where nothing was run."""

from tests.support.runs import finished
from toystory.course import catalogue
from toystory.lessons.comparison.cells import CELLS, SIZES
from toystory.training.run import Runs


def test_what_was_not_run_is_left_open() -> None:
    lesson = catalogue.load("comparison")
    assert lesson.table is not None
    table = lesson.table(Runs({}))
    assert {row[0] for row in table.rows} == {cell.model for cell in CELLS}
    assert all(len(row) == len(table.headers) for row in table.rows)
    assert not any("%" in entry for row in table.rows for entry in row)


def test_a_cell_holds_the_figures_of_its_own_run() -> None:
    lesson = catalogue.load("comparison")
    assert lesson.table is not None
    cell = next(cell for cell in CELLS if cell.model == "MLP" and cell.rows == SIZES[0])
    run = finished(cell.experiment)
    table = lesson.table(Runs({cell.experiment.name: [run]}))
    (entry,) = (entry for row in table.rows for entry in row if "loss" in entry)
    (row,) = (row for row in table.rows if entry in row)
    assert row[:2] == ("MLP", cell.way)
    assert table.headers[row.index(entry)] == f"{SIZES[0]:,} rows"
    assert f"{100 * run.fresh_accuracy:.2f} %" in entry
    assert f"loss {run.loss:.4f}" in entry
