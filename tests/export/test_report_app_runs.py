"""The report knows what was trained in the app."""

from __future__ import annotations

from dataclasses import replace

from tests.support.run_row import RUN
from toystory.compare.results import stored_table
from toystory.export.report.contents import findings, with_runs_of_the_app
from toystory.export.report.html import html_report
from toystory.export.report.markdown import markdown_report
from toystory.grading.own_model.results import OwnResult, SeedResult, keep
from toystory.lessons.gate.experiments import ONE_ROW
from toystory.progress.store import Store
from toystory.training.checkpoints.plain_values import as_plain


def test_a_cell_that_was_trained_in_the_app_stands_in_the_report() -> None:
    cell = next(entry for entry in stored_table() if entry.experiment is not None)
    assert cell.experiment is not None
    settings = as_plain(replace(cell.experiment, name="yours 3: a cell"))
    Store().add_session("comparison", runs=[replace(RUN, experiment=settings)])
    found = findings().table
    filled = [entry for entry in found if entry.result is not None]
    assert [(entry.model, entry.rows) for entry in filled] == [(cell.model, cell.rows)]
    assert filled[0].result is not None
    assert (filled[0].result.fresh_accuracy, filled[0].how[-18:]) == (0.75, "trained in the app")


def test_another_experiment_or_another_rate_fills_no_cell() -> None:
    table = stored_table()
    cell = next(entry for entry in table if entry.experiment is not None)
    assert cell.experiment is not None
    other = replace(RUN, experiment=as_plain(ONE_ROW))
    altered = replace(RUN, experiment=as_plain(cell.experiment), altered=True)
    assert with_runs_of_the_app(table, [other, altered]) == table


def test_ones_own_model_has_a_row_of_its_own() -> None:
    seeds = {0: SeedResult(900, 4.5, 0.02, 0.995, ((0, 0.7), (900, 0.02))), 1: SeedResult(900, 4.0, 0.6, 0.5)}
    keep(
        OwnResult(
            lesson="lstm",
            model="LSTM",
            file="my net.py",
            digest="0",
            units="16 cells",
            numbers=1169,
            tested_on="200 fresh rows of 50 bits",
            bar=0.99,
            seeds=seeds,
            trained="2026-03-09T14:05:11+01:00",
        )
    )
    found = findings()
    models = [(entry.model, entry.way) for entry in found.table]
    assert models[models.index(("LSTM", "mine")) - 1][0] == "LSTM"
    for text in (html_report(found, "today"), markdown_report(found, "today")):
        for said in ("99.50 % of 200 fresh rows of 50 bits (1 of 2 seeds)", "1,169", "16 cells"):
            assert said in text
        assert "toystory train --file" in text
        assert "Nothing has been trained for the result table" not in text
