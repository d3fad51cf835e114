"""A lesson of one's own in the app; one that can't be opened is told and leaves the app as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.app import press
from toystory.cli.main import main
from toystory.course.own_lessons import VARIABLE
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.course import CourseScreen
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.widgets.options import Options


async def test_a_lesson_of_ones_own_opens_and_a_broken_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("opens-well", "opens-not"):
        assert main(["new", "lesson", name, "--out", str(tmp_path)]) == 0
    (tmp_path / "opens_not" / "lesson.py").write_text("x = 1\n1 / 0\n", encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = ToystoryApp()
    async with app.run_test(size=(100, 36)) as pilot:
        await pilot.pause()
        assert app.screen.query_one(Options).option_count == 9 + 2 + 1
        app.open_lesson("opens-not")
        await pilot.pause()
        assert isinstance(app.screen, CourseScreen)
        (told,) = [note.message for note in app._notifications]
        assert "lesson.py, line 2: ZeroDivisionError" in told
        app.open_lesson("opens-well")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.lesson_state.lesson.name == "opens-well"
        for key in "2345":
            await press(pilot, key)
