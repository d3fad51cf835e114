"""The app is left and opened again: where the learner was, and everything that was done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.support.app import lesson_state, shown, until, until_shown
from tests.support.runs import finished
from toystory.course.catalogue import NAMES, load
from toystory.progress.connection import NAME
from toystory.progress.store import Store
from toystory.training.run import experiments_of
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.course import CourseScreen
from toystory.tui.screens.lesson.screen import LessonScreen

SIZE = (100, 36)


async def opened(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen) and pilot.app.screen.is_mounted)
    await until_shown(pilot, "Story")


async def test_it_opens_where_the_learner_stopped():
    app = ToystoryApp("two-layer")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("p", "2", "t", "down", "down", "l")
        await until_shown(pilot, "3 hidden units")
    app = ToystoryApp()
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert lesson_state(app).lesson.name == "two-layer"
        await until_shown(pilot, "3 hidden units", "untrained")
        await pilot.press("p")
        await until_shown(pilot, "You say 2")
        await pilot.press("escape")
        await until_shown(pilot, "● guess", f"0 of {len(NAMES)} chapters done")
        assert app.screen.query_one("#chapters").highlighted == 2
    app = ToystoryApp()
    async with app.run_test(size=SIZE) as pilot:
        await until_shown(pilot, "● guess")
        assert isinstance(app.screen, CourseScreen)
    app = ToystoryApp("two-layer")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until_shown(pilot, "You say 2")


async def test_what_was_found_comes_back():
    app = ToystoryApp("gate")
    async with app.run_test(size=(170, 50)) as pilot:
        await opened(pilot)
        await pilot.press("p", "2", "t", "a")
        await until(pilot, lambda: app.learner.record("gate").claims_hold)
        before = app.learner.record("gate")
        points = {name: s.runs[0].losses.points for name, s in before.sessions.items()}
        verdicts = {text: verdict.measured for text, verdict in before.verdicts.items()}
    app = ToystoryApp("gate")
    async with app.run_test(size=(170, 50)) as pilot:
        await opened(pilot)
        claims = len(load("gate").claims)
        await until_shown(pilot, "Z more")
        await pilot.press("Z")
        await until_shown(
            pilot,
            f"claims: {claims} of {claims} are true",
            "finished",
            "✓ one update",
            "✓ controls: one column",
        )
        record = app.learner.record("gate")
        assert {name: s.runs[0].losses.points for name, s in record.sessions.items()} == points
        assert {text: verdict.measured for text, verdict in record.verdicts.items()} == verdicts
        assert [past.run for past in record.past] == [s.runs[0] for s in record.sessions.values()]
        await pilot.press("p")
        await until_shown(pilot, "You said", "What happens", "Recap")
        await pilot.press("t", "r", "space")
        await until(pilot, lambda: len(record.past) == len(before.sessions) + 1)
        assert record.claims_hold


async def test_a_paused_run_goes_on_to_the_last_bit():
    app = ToystoryApp("two-layer")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("t")
        for _ in range(5):
            await pilot.press("full_stop")
            await until(pilot, lambda: lesson_state(app).session.idle)
        await until_shown(pilot, "update 4 ")
    app = ToystoryApp()
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await until_shown(pilot, "‖ paused 4 of 1,000", "update 4 ")
        await pilot.press("space")
        session = lesson_state(app).session
        await until(pilot, lambda: session.state == "finished")
    whole = finished(experiments_of(load("two-layer").study("the four rows"))[0])
    (run,) = session.runs
    assert run.losses.points == whole.losses.points
    assert run.fresh_accuracies.points == whole.fresh_accuracies.points
    for name, parameter in whole.model.parameters.items():
        assert (run.model.parameters[name] == parameter).all()
    assert session.verdicts


async def test_a_damaged_record_is_told_of_and_the_app_goes_on(home: Path):
    (home / NAME).write_bytes(b"\x00\xff" * 3000)
    app = ToystoryApp()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app._notifications)
        (note,) = app._notifications
        assert "set aside" in note.message
        await pilot.press("3")
        await opened(pilot)
        await pilot.press("p", "2")
        await until_shown(pilot, "You say 2")
    assert Store().line("two-layer").prediction == 1


async def test_without_a_place_to_write_the_app_goes_on_in_memory(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    (home / "file").touch()
    monkeypatch.setenv("TOYSTORY_HOME", str(home / "file"))
    app = ToystoryApp("two-layer")
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("p", "2", "t", "full_stop")
        await until(pilot, lambda: lesson_state(app).session.idle)
        await until(pilot, lambda: app._notifications)
        await pilot.press("escape")
        await until_shown(pilot, "● guess")
        await pilot.press("3")
        await opened(pilot)
        await until_shown(pilot, "‖ paused 0 of 1,000")
        assert len([note for note in app._notifications if "can't write the record" in note.message]) == 1


async def test_answers_from_memory_are_there_again_and_the_questions_can_be_asked_once_more():
    app = ToystoryApp("gate")
    async with app.run_test(size=(100, 70)) as pilot:
        await opened(pilot)
        first, second, *_ = (one.answer for one in lesson_state(app).lesson.recall)
        await pilot.press("p", "A")
        await until_shown(pilot, "Why did the weight w₂ not move")
        await pilot.press("enter", *"x2 was 0", "enter")
        await until_shown(pilot, first, "you     x2 was 0")
    app = ToystoryApp("gate")
    async with app.run_test(size=(100, 70)) as pilot:
        await opened(pilot)
        await until_shown(pilot, first, "you     x2 was 0", "What does the gate answer")
        assert second not in shown(app)
        assert "r anew" not in shown(app)
        await pilot.press("enter", "enter", "1")
        await until_shown(pilot, second)
        await pilot.press("enter", "2")
        await until_shown(pilot, "r anew")
        await pilot.press("r")
        await until(pilot, lambda: first not in shown(app))
        assert "x2 was 0" not in shown(app)
        await pilot.press(*"its gradient", "enter", "1")
        await until_shown(pilot, first, "you     its gradient", "What does the gate answer")
    questions = [one.id for one in load("gate").recall]
    assert Store().line("gate").recalled == dict(zip(questions, ("its gradient", "", ""), strict=True))
