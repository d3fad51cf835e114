"""The result table in the app: what is kept and what trains now, the chosen cell's curve, two together."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.support.app import press, shown, until
from toystory.compare.results import Entry, stored_frontier, stored_table
from toystory.lessons.comparison.cells import ALL_SIZES, MODELS
from toystory.training.checkpoints import result_store as store
from toystory.training.checkpoints.result_store import Result
from toystory.training.experiment import Experiment
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.comparison.result_table import NAME, ResultTable
from toystory.tui.screens.comparison.table import TableScreen
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.widgets.training.chart import Chart

SIZES = ((80, 24), (120, 36), (200, 50))
SOME_SIZES = [SIZES[0], *(pytest.param(size, marks=pytest.mark.slow) for size in SIZES[1:])]


async def sees(pilot: Pilot[Any], text: str) -> None:
    await until(pilot, lambda: text in shown(pilot.app))


async def open_table(pilot: Pilot[Any]) -> TableScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen) and pilot.app.screen.is_mounted)
    await pilot.press("T")
    await until(
        pilot, lambda: isinstance(pilot.app.screen, TableScreen) and "10,000 rows" in shown(pilot.app)
    )
    assert isinstance(pilot.app.screen, TableScreen)
    return pilot.app.screen


def entry(model: str, way: str, rows: int | None) -> Entry:
    return next(e for e in stored_table() if (e.model, e.way, e.rows) == (model, way, rows))


def kept(place: Entry, accuracy: float, updates: int) -> None:
    assert place.experiment is not None
    keep(place.experiment, accuracy, updates)


def keep(experiment: Experiment, accuracy: float, updates: int) -> None:
    """Keep a result of that accuracy, its curve a straight line down."""
    curve = tuple((n * updates // 10, 0.7 - 0.06 * n) for n in range(11))
    store.save(
        Result(
            experiment=experiment, updates=updates, loss=0.1, train_accuracy=accuracy,
            fresh_accuracy=accuracy, tie=False, diverged=False, message="", seconds=3.0, memory=99_000_000,
            loss_curve=curve, fresh_curve=curve, trained="2026-01-01T00:00:00+00:00",
        )
    )  # fmt: skip


@pytest.mark.parametrize("size", SOME_SIZES)
async def test_every_model_both_ways_and_every_size(size: tuple[int, int]) -> None:
    kept(entry("LSTM", "the way that works", 1_000_000), 0.9987, 2000)
    async with ToystoryApp("comparison").run_test(size=size) as pilot:
        await open_table(pilot)
        screen = shown(pilot.app)
        for model in MODELS[:-1]:
            assert model in screen
        assert ("rows ↓" in screen) == (size[1] == 24)
        for rows in ALL_SIZES:
            assert f" {rows:,} " in screen
        assert screen.count("none found") == 3
        (row,) = [line for line in screen.splitlines() if "99.87 %" in line]
        assert row.split()[0] == "works"
        assert "▇" in row
        assert "▂ 99.87 %" in row or "▁ 99.87 %" in row
        await pilot.press("up")
        await sees(pilot, MODELS[-1])
        assert ("rows ↑" in shown(pilot.app)) == (size[1] == 24)


async def test_the_chosen_cell_shows_its_curve_and_two_can_be_laid_over_each_other() -> None:
    kept(entry("regression", "as Alex did it", 10_000), 0.5, 1000)
    kept(entry("regression", "as Alex did it", 100_000), 0.75, 1000)
    kept(entry("two-layer", "as Alex did it", 10_000), 0.5012, 50)
    async with ToystoryApp("comparison").run_test(size=(120, 36)) as pilot:
        screen = await open_table(pilot)
        chart = screen.query_one(Chart)
        assert [one.label for one in chart._series] == ["regression, Alex, 10,000 rows"]
        await sees(pilot, "right on 50.00 % of fresh rows")
        await sees(pilot, "99 MB")

        await pilot.press("P", "right")
        both = {one.role: one for one in chart._series}
        assert both["first"].label == "regression, Alex, 100,000 rows"
        assert both["second"].label == "regression, Alex, 10,000 rows"
        assert max(both["first"].xs) == 1000
        await sees(pilot, "75.00 %")

        await pilot.press("down", "down", "left")
        await sees(pilot, "50.12 %")
        assert {max(one.xs) for one in chart._series} == {100}
        await sees(pilot, "by the share of the updates made")

        await pilot.press("v")
        await sees(pilot, "accuracy on fresh rows")
        assert max(chart._series[0].ys) == pytest.approx(70)

        await pilot.press("up", "up", "P", "right")
        assert len(chart._series) == 1


async def test_a_click_chooses_and_enter_gives_the_curve_all_the_room() -> None:
    kept(entry("MLP", "as Alex did it", 100_000), 0.5, 30)
    async with ToystoryApp("comparison").run_test(size=(80, 24)) as pilot:
        screen = await open_table(pilot)
        table = screen.query_one(ResultTable)
        await pilot.click(ResultTable, offset=(2 + NAME + table.cell_width + 1, 5))
        await sees(pilot, "MLP, as Alex did it, 100,000 rows")
        before = screen.query_one(Chart).size.height
        await pilot.press("enter")
        await until(pilot, lambda: screen.query_one(Chart).size.height > before)
        await pilot.press("enter")
        await until(pilot, lambda: screen.query_one(Chart).size.height == before)


async def test_a_cell_fills_when_it_is_trained_here() -> None:
    async with ToystoryApp("comparison").run_test(size=(120, 36)) as pilot:
        screen = await open_table(pilot)
        await pilot.press("down", "down", "down", "down")
        await sees(pilot, "not run yet; space trains it here")
        await pilot.press("space")
        await until(pilot, lambda: "right on 50.01 % of fresh rows" in shown(pilot.app))
        assert screen.query_one(Chart)._series[0].xs[-1] == 30
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen))


async def test_what_the_command_line_keeps_appears_by_itself() -> None:
    async with ToystoryApp("comparison").run_test(size=(120, 36)) as pilot:
        await open_table(pilot)
        assert "98.76 %" not in shown(pilot.app)
        kept(entry("RNN", "the way that works", 100_000), 0.9876, 4000)
        await until(pilot, lambda: "98.76 %" in shown(pilot.app))


@pytest.mark.parametrize("size", SOME_SIZES)
async def test_the_frontier_is_a_key_away(size: tuple[int, int]) -> None:
    entries = stored_frontier(("MLP",))
    first = next(e for e in entries if e.columns == 2)
    assert first.experiment is not None
    keep(first.experiment, 1.0, 100)
    async with ToystoryApp("comparison").run_test(size=size) as pilot:
        await open_table(pilot)
        await pilot.press("B")
        await sees(pilot, "MLP         █" + "·" * 48)
        await sees(pilot, "not learnt")
        last = next(e for e in entries if e.columns == 50 and e.counted == 50)
        assert last.experiment is not None
        keep(last.experiment, 0.5, last.budget)
        await sees(pilot, "MLP         █" + "·" * 47 + "×")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, TableScreen))


async def test_only_the_lesson_with_a_table_offers_it() -> None:
    async with ToystoryApp("gate").run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen))
        await press(pilot, "T")
        assert isinstance(pilot.app.screen, LessonScreen)
        assert "T table" not in shown(pilot.app)


async def test_the_cells_can_be_copied() -> None:
    async with ToystoryApp("comparison").run_test(size=(120, 36)) as pilot:
        screen = await open_table(pilot)
        lines = screen.copy_text().splitlines()
        assert len(lines) == len(stored_table())
        assert (
            lines[3]
            == "regression, the way that works, 10,000 rows: none: a line can count, 55.6 %, and no more"
        )
