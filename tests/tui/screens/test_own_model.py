"""The learner's own model in the app: trained live beside ours, from many seeds, with a row in the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grading.own_model.test_own_training import TEXT
from tests.support.app import shown, until, until_shown
from tests.tui.screens.test_exercise_tab import put, your_turn
from toystory.compare.results import stored_table, with_mine
from toystory.compare.status import line
from toystory.grading.own_model import results as own_results
from toystory.lessons.comparison.cells import MODELS
from toystory.tui.screens.comparison.table import TableScreen
from toystory.tui.screens.own_model import TICK, OwnModelScreen

FOREVER = TEXT.replace("range(400)", "iter(int, 1)")


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr("toystory.tui.screens.own_model.SEEDS", 3)


async def test_from_the_check_to_a_row_in_the_table(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not own_results.mine()
    before = len(with_mine(stored_table()))
    async with your_turn("two-layer") as (app, pilot, stage):
        await pilot.press(str(len(stage.exercises)))  # the whole model is the last
        await pilot.press("space")
        assert not isinstance(app.screen, OwnModelScreen), "it has not passed"
        put(stage, TEXT)
        await pilot.press("f5")
        await until_shown(pilot, "It is right", "space trains your model")
        await pilot.press("space")
        await until(pilot, lambda: isinstance(app.screen, OwnModelScreen))
        await until_shown(
            pilot, "finished", "yours", "ours", "400 updates", "seed 0", "of the 4 rows right, ours"
        )
        await pilot.press("H")
        await until_shown(pilot, "of 3 seeds are right")
        screen = app.screen
        assert isinstance(screen, OwnModelScreen)
        await until(pilot, lambda: screen._trainings.ours.state == "finished")
        drawn: list[object] = []
        with monkeypatch.context() as patched:
            patched.setattr("toystory.tui.screens.own_model.STILL", 0)
            await pilot.pause(3 * TICK)
            patched.setattr(screen, "_tick", lambda: drawn.append(True))
            await pilot.pause(3 * TICK)
        assert not drawn, "nothing is drawn while nothing moves"
        await pilot.press("escape")
        await pilot.press("space")
        await until_shown(pilot, "of 3 seeds are right")
        await pilot.press("escape")
        app.push_screen(TableScreen(stage.lesson_state))
        await until_shown(pilot, "mine")
        (kept,) = own_results.mine()
        row = next(text for text in shown(app).splitlines() if "mine" in text)
        assert f"{kept.reached} of 3" in row
    table = with_mine(stored_table())
    assert len(table) == before + 1
    at = next(place for place, entry in enumerate(table) if entry.own is not None)
    assert [table[at - 1].model, table[at + 1].model] == ["two-layer", MODELS[2]]
    assert line(table[at]).startswith(f"mine, two-layer (whole_model.py, 4 units): {kept.of_seeds} right on")


async def test_it_is_paused_and_ends_with_the_app(home: Path) -> None:
    async with your_turn("two-layer") as (app, pilot, stage):
        await pilot.press(str(len(stage.exercises)))  # the whole model is the last
        stage.lesson_state.record.store.note_exercise("two-layer", "whole_model", passed=True)
        stage.lesson_state.record.look_at_exercises()
        put(stage, FOREVER)
        await pilot.press("space")
        await until_shown(pilot, "running")
        screen = app.screen
        assert isinstance(screen, OwnModelScreen)
        run = screen.run_of_mine
        await until(pilot, lambda: run.moment is not None and run.moment.updates > 0)
        await pilot.press("space")
        await until_shown(pilot, "paused")
        await pilot.press("space")
        await until_shown(pilot, "running")
        await pilot.press("escape")
        assert run.state == "running", "leaving the screen does not end it"
        put(stage, FOREVER.replace("gradients(p, x, y)", "wrong(p, x, y)"))
        await pilot.press("space")
        await until(pilot, lambda: run.state == "stopped")
        await until_shown(pilot, "failed", "does not pass as it is now")
        await pilot.press("escape")
        put(stage, FOREVER)
        await pilot.press("space")
        await until_shown(pilot, "running")
        last = app.screen
        assert isinstance(last, OwnModelScreen)
    await until(pilot, lambda: last.run_of_mine.state == "stopped")
    assert not own_results.mine()


async def test_a_seed_that_ends_early_is_told_and_another_can_be_trained(home: Path) -> None:
    async with your_turn("two-layer") as (app, pilot, stage):
        await pilot.press(str(len(stage.exercises)))  # the whole model is the last
        stage.lesson_state.record.store.note_exercise("two-layer", "whole_model", passed=True)
        stage.lesson_state.record.look_at_exercises()
        put(stage, stage.exercises[-1].solution)
        await pilot.press("space")
        await until_shown(pilot, "loss 0.3472, right on 50.00", "r: the next seed, H: 20 seeds.", "r anew")
        screen = app.screen
        assert isinstance(screen, OwnModelScreen)
        assert "the way down ends too early" in screen.copy_text()
        assert "space run" not in shown(app), "there is nothing to pause"
        await pilot.press("r")
        await until_shown(pilot, "seed 1:", "100.00 %", "1 of 2 seeds are right")
        assert "ends too early" not in screen.copy_text()
