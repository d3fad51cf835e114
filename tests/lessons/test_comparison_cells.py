"""The entries of the whole table: his settings, or what was left of them, said; and what has no way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.runs import finished
from toystory.lessons.attention.experiments import AT_ONCE
from toystory.lessons.comparison.cells import (
    AFTER_HIM,
    ALEX,
    ALL_SIZES,
    CELLS,
    FAIR,
    MODELS,
    WITH_A_FAIR_RUN,
    WORKS,
    Cell,
    Gap,
    entries,
)
from toystory.lessons.lstm.experiments import WIDE_OPEN
from toystory.lessons.mlp.experiments import FAIR_TOWER
from toystory.lessons.rnn.experiments import QUIET_BITS
from toystory.training.control import controls_of, holds


def cells(**options: object) -> dict[tuple[str, str, int | None], Cell]:
    found = [entry for entry in entries(**options) if isinstance(entry, Cell)]  # type: ignore[arg-type]
    return {(cell.model, cell.way, cell.rows): cell for cell in found}


def test_every_model_has_both_ways_at_every_size_or_says_why_not() -> None:
    places = {(entry.model, entry.way, entry.rows) for entry in entries()}
    both = {(m, way, rows) for m in MODELS for way in (ALEX, WORKS) for rows in ALL_SIZES}
    both -= {(m, ALEX, rows) for m in AFTER_HIM for rows in ALL_SIZES}
    assert places == both | {(m, FAIR, rows) for m in WITH_A_FAIR_RUN for rows in ALL_SIZES} | {
        ("MLP", WORKS, None)
    }
    gaps = [entry for entry in entries() if isinstance(entry, Gap)]
    assert {gap.model for gap in gaps} == {"regression", "two-layer"}
    assert all(gap.way == WORKS and gap.why for gap in gaps)


def test_fewer_updates_than_his_are_said_and_in_full_none_are() -> None:
    table, whole = cells(), cells(full=True)
    for place, cell in table.items():
        his = whole[place].experiment
        assert (cell.experiment.updates < his.updates) == (" of " in cell.note)
        if " of " in cell.note:
            assert f"{cell.experiment.updates} of " in cell.note
        assert " of " not in whole[place].note
    assert {cell.experiment.updates for place, cell in whole.items() if place[1] == ALEX} == {15, 30, 1000}


@pytest.mark.parametrize("rows", [1, 999, 400_001, 10_000_000])
def test_other_sizes_make_experiments_too(rows: int) -> None:
    for cell in cells(sizes=(rows,)).values():
        assert cell.experiment.rows == cell.rows
        assert cell.experiment.updates >= 1


def test_columns_and_seed_go_to_every_experiment() -> None:
    for cell in cells(columns=9, seed=4).values():
        assert (cell.experiment.columns, cell.experiment.seed) == (9, 4)


def test_what_the_lesson_trains_fills_the_table() -> None:
    experiments = [cell.experiment for cell in cells().values()]
    assert all(cell.experiment in experiments for cell in CELLS if cell.rows or cell.way == WORKS)


def test_the_fair_runs_are_those_of_the_chapters() -> None:
    fair = {replace(cell.experiment, name="") for cell in CELLS if cell.way == FAIR}
    assert fair == {replace(e, name="") for e in (FAIR_TOWER, QUIET_BITS, WIDE_OPEN, AT_ONCE)}


def test_a_fair_run_has_at_every_size_the_same_settings() -> None:
    for model in WITH_A_FAIR_RUN:
        fair = [cell.experiment for (m, way, _), cell in cells().items() if (m, way) == (model, FAIR)]
        assert len({replace(e, name="", rows=None) for e in fair}) == 1


def test_the_way_that_works_says_how() -> None:
    how = {model: cell.how for (model, way, _), cell in cells().items() if way == WORKS}
    assert how == {
        "MLP": "±1 first weights",
        "RNN": "rows of every length, his 25 units",
        "LSTM": "rows of every length",
        "attention": "thinks aloud: a label for every bit it writes",
    }


def test_what_reads_bit_by_bit_has_fewer_numbers_to_learn() -> None:
    sizes = {m: cell.experiment.parameters for (m, way, _), cell in cells().items() if way == WORKS}
    assert sorted(sizes, key=lambda model: sizes[model]) == ["attention", "RNN", "LSTM", "MLP"]


@pytest.mark.slow
@pytest.mark.parametrize("rows", ALL_SIZES)
def test_the_two_layers_copy_one_switch_at_every_size(rows: int) -> None:
    (control,) = controls_of(cells()["two-layer", ALEX, rows].experiment)
    run = finished(control)
    assert holds(run)
