"""The course: what of each chapter is done, and the wire from switch to lamp."""

from __future__ import annotations

import pytest
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from tests.support.painted import painted
from toystory.base.served import SERVED
from toystory.course.catalogue import NAMES
from toystory.progress.exercise_state import ExerciseState
from toystory.progress.lesson_progress import LessonProgress
from toystory.progress.rows import LessonRow, VerdictRow
from toystory.progress.store import Store
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.course import CourseScreen, done_so_far, wire
from toystory.tui.themes import THEMES


def record(lesson: str = "gate") -> LessonProgress:
    """As it is read from the store: of two claims and two exercises."""
    found = LessonProgress(lesson, Store())
    found.exercise_names = ("first", "second")
    return found


def begin(lesson: str = "gate") -> Store:
    store = Store()
    store.opened(lesson, 2)
    return store


def hold(lesson: str) -> None:
    store = begin(lesson)
    store.set_prediction(lesson, 0)
    store.add_session(lesson, [VerdictRow("a", 1.0, True), VerdictRow("b", 1.0, True)])
    for name in ("first", "second"):
        store.note_exercise(lesson, name, passed=True)


def test_a_chapter_that_was_not_begun_is_open():
    assert done_so_far(record()).plain == "○ open"
    begin()
    assert done_so_far(record()).plain == "○ open", "looking in is not beginning"


def test_what_is_done_is_told_by_shapes():
    store = begin()
    store.set_prediction("gate", 1)
    assert done_so_far(record()).plain == "● guess  ○ claims   0/2  ○ code   0/2"
    store.add_session("gate", [VerdictRow("a", 1.0, True), VerdictRow("b", 0.0, False)])
    store.note_exercise("gate", "first", passed=True)
    store.note_exercise("gate", "second", begun=True)
    assert done_so_far(record()).plain == "● guess  ◐ claims   1/2  ◐ code   1/2"
    hold("gate")
    assert done_so_far(record()).plain == "✓ done"


def test_the_wire_carries_as_far_as_the_chapters_hold():
    for name in (NAMES[0], NAMES[1], NAMES[3]):
        hold(name)
    begin(NAMES[4]).set_prediction(NAMES[4], 0)
    assert wire([record(name) for name in NAMES]).plain == (
        f"━━●━━●━━○──●──◐{'──○' * (len(NAMES) - 5)}──( )  3 of {len(NAMES)} chapters done"
    )
    for name in NAMES:
        hold(name)
    assert wire([record(name) for name in NAMES]).plain == (
        f"{'━━●' * len(NAMES)}━━(☼)  {len(NAMES)} of {len(NAMES)} chapters done"
    )


def test_a_record_without_a_store_remembers_as_long_as_it_lives():
    found = LessonProgress("gate")
    assert (found.prediction, found.answered, found.begun) == (None, False, False)
    found.prediction, found.answered = 1, True
    assert (found.prediction, found.answered, found.begun) == (1, True, True)
    assert found.exercise("first") == ExerciseState("gate", "first")


@pytest.mark.parametrize("lesson", ["gate", "lstm"])
def test_what_is_said_is_there_for_the_next_record(lesson: str):
    said = LessonProgress(lesson, Store())
    said.prediction = 2
    said.answered = True
    said.be_at("Train", "one update")
    read = LessonProgress(lesson, Store())
    assert (read.prediction, read.answered, read.stage, read.study) == (2, True, "Train", "one update")
    assert Store().line(lesson) == LessonRow(
        lesson, 0, 2, True, "Train", "one update", last=Store().line(lesson).last
    )


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 36), (200, 50)])
async def test_what_is_painted_first_stays(size: tuple[int, int]) -> None:
    hold("gate")
    laid_out: list[list[object]] = []

    def places(screen: CourseScreen) -> list[object]:
        return [(widget.id, widget.region, widget.virtual_size) for widget in screen.query("#page, #page *")]

    class Watched(CourseScreen):
        def on_resize(self) -> None:  # after the first layout, which is painted at once
            laid_out.append(places(self))
            super().on_resize()

    class App(ToystoryApp):
        def get_default_screen(self) -> CourseScreen:
            return Watched()

    app = App()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, CourseScreen)
        assert laid_out[0] == places(app.screen)


@pytest.mark.parametrize(("colors", "theme"), [("0;15", "toystory-light"), ("15;0", "toystory-dark")])
async def test_the_theme_suits_the_terminal_from_the_start(
    colors: str, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORFGBG", colors)
    app = ToystoryApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app.theme == theme
        assert app.theme_variables["primary"].lower() == THEMES[theme].primary
        assert app.screen.styles.background.hex.lower() == THEMES[theme].background
        assert app.has_class("-dark-mode") == (theme == "toystory-dark")
        await pilot.press("m")
        assert app.theme != theme
        assert app.has_class("-light-mode") == (theme == "toystory-dark")


async def test_in_a_browser_it_is_drawn_once_it_has_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = 0

    class Counted(ToystoryApp):
        def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
            nonlocal drawn
            drawn += isinstance(renderable, LayoutUpdate | ChopsUpdate)
            super()._display(screen, renderable)

    async def open_it() -> int:
        nonlocal drawn
        drawn = 0
        async with Counted().run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            lines = "\n".join(line.text for line in painted(pilot.app.screen))
            assert "Gates that learn" in lines
            assert "quit" in lines
            return drawn

    in_a_terminal = await open_it()
    monkeypatch.setenv(SERVED, "1")
    assert 1 <= await open_it() < in_a_terminal
