"""Your turn in the app: the editor, the check, hints and the solution; one file with the command line."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import TextArea

from tests.support.app import press, shown, until, until_shown
from toystory.course.catalogue import NAMES
from toystory.course.exercises.exercise import exercises_of
from toystory.grading.sandbox import process
from toystory.progress.store import Store
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.dialogs.file_conflict import FileConflict
from toystory.tui.screens.lesson.exercises import ExerciseStage
from toystory.tui.screens.lesson.file_editor import FileEditor, with_place_to_begin
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.widgets.exercises.editor import Editor
from toystory.tui.widgets.text.hanging_indent import HangingIndent

SMALL, MIDDLE, LARGE = (80, 24), (120, 36), (200, 50)
GATE = exercises_of("gate")
SIGMOID, LOSS = GATE[:2]


@pytest.fixture
def file(home: Path) -> Path:
    """The learner's file of gate/sigmoid."""
    return home / "exercises" / "gate" / "sigmoid.py"


async def open_turn(pilot: Pilot[Any]) -> ExerciseStage:
    await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen) and pilot.app.screen.is_mounted)
    await until_shown(pilot, "Your turn")
    await pilot.press("u")
    stage = pilot.app.screen.query_one(ExerciseStage)
    await until(pilot, lambda: stage.display)
    await pilot.pause()
    return stage


@asynccontextmanager
async def your_turn(
    lesson: str = "gate", size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[ToystoryApp, Pilot[Any], ExerciseStage]]:
    """The app with the exercises of a lesson."""
    app = ToystoryApp(lesson)
    async with app.run_test(size=size) as pilot:
        yield app, pilot, await open_turn(pilot)


def put(stage: ExerciseStage, text: str) -> None:
    """As if it had been typed."""
    editor = stage.editor
    editor.replace(text, editor.document.start, editor.document.end)


@pytest.mark.slow
async def test_every_lesson_has_its_turn() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=MIDDLE) as pilot:
        for name in NAMES:
            app.open_lesson(name)
            stage = await open_turn(pilot)
            assert stage.lesson_state.lesson.name == name
            if not stage.exercises:
                await until_shown(pilot, "Thinking out loud")
                continue
            assert stage.exercises == exercises_of(name)
            await until_shown(pilot, stage.exercises[0].title[:40], "TODO")
            for exercise in stage.exercises:
                assert exercise.name.replace("_", " ") in shown(app)
            last = str(len(stage.exercises) % 10)
            await pilot.press(*(last, last) if stage.exercises[-1].after else last)
            await until_shown(pilot, stage.exercises[-1].title[:40])


async def test_one_thing_at_a_time_where_it_is_narrow_and_all_where_it_is_wide() -> None:
    async with your_turn() as (app, pilot, stage):
        await until_shown(pilot, SIGMOID.title)
        assert "# TODO" not in shown(app)
        await pilot.press("v")
        await until_shown(pilot, "# TODO")
        assert "─ task ─" not in shown(app)
        await pilot.press("f5")
        await until_shown(pilot, "returned nothing")
        assert "# TODO" not in shown(app)
        for size in (MIDDLE, LARGE):
            await pilot.resize_terminal(*size)
            await until_shown(pilot, SIGMOID.title, "# TODO", "returned nothing")
        assert stage.exercise == SIGMOID


async def test_a_long_note_stays_beside_its_name() -> None:
    app = ToystoryApp("gate")
    update = next(each for each in GATE if each.name == "update")
    squared = next(mistake for mistake in update.mistakes if "squared error" in mistake.told)
    async with app.run_test(size=SMALL) as pilot:
        stage = await open_turn(pilot)
        await pilot.press(str(GATE.index(update) + 1))
        for size in (SMALL, MIDDLE):
            await pilot.resize_terminal(*size)
            put(stage, squared.made_in(update.solution))
            await pilot.press("f5")
            await until_shown(pilot, "note")
            shown_lines = stage.result.query_one(HangingIndent).render()
            assert isinstance(shown_lines, Content)
            lines = shown_lines.plain.splitlines()
            note = next(k for k, line in enumerate(lines) if line.startswith("  note"))
            after = next(k for k, line in enumerate(lines) if line.startswith("  for"))
            assert after > note + 1, "why stands before what it was asked with"
            assert all(line.startswith(" " * 12) for line in lines[note + 1 : after])
            assert all(len(line) <= stage.result.size.width for line in lines[note:after])


async def test_code_is_wrapped_where_it_is_narrow_and_as_large_as_the_screen_by_a_key(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (app, pilot, stage):
        await until(pilot, lambda: stage.editor.soft_wrap)
        await pilot.press("M", "M")
        await until(pilot, lambda: app.screen.maximized is stage.editor and not stage.editor.soft_wrap)
        await until(pilot, lambda: stage.editor.has_focus)
        await pilot.press(*"pass", "f5")
        await until_shown(pilot, "╭─ task", "╭─ ▸ result")
        await until(pilot, lambda: stage.editor.has_focus)  # whoever types goes on typing


@pytest.mark.parametrize("size", [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)])
async def test_from_a_first_try_to_success(file: Path, size: tuple[int, int]) -> None:
    async with your_turn(size=size) as (_, pilot, stage):
        await pilot.press("e", *"return z", "f5")
        await until_shown(pilot, "✗ sigmoid(z)[0] should be", "expected", "found")
        assert file.read_text(encoding="utf-8").endswith("    # TODO: one line is enough.\n    return z\n")
        put(stage, SIGMOID.solution)
        await pilot.press("ctrl+s")
        await until_shown(pilot, "✓ It is right.", "Why", "1 ✓ sigmoid")
        assert file.read_text(encoding="utf-8") == SIGMOID.solution
    assert Store().exercise("gate", "sigmoid").state == "passed"


async def test_a_bug_hunt_with_a_solution_in_it_asks_first() -> None:
    async with your_turn(size=MIDDLE) as (_, pilot, stage):
        await pilot.press("5")
        await until_shown(pilot, "It shows what you write in “update”: do that first.")
        assert stage.exercise == SIGMOID
        await pilot.press("5")
        await until_shown(pilot, "Bug hunt: the gate that learnt a little less")


async def test_letters_go_to_the_editor_and_to_nothing_else(file: Path) -> None:
    async with your_turn() as (app, pilot, stage):
        theme = app.theme
        await pilot.press("e", *"qm?bhxrvtup:y123", "left", "right", "up", "down", "backspace")
        await pilot.press("tab", "shift+tab")
        assert "qm?bhxrvtup:y123"[:-1] in stage.editor.text
        assert app.theme == theme
        assert stage.editor.has_focus
        assert app.screen.query_one(ExerciseStage).display
        await pilot.press("escape")
        assert stage.has_focus
        assert not file.exists()
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, LessonScreen))
        assert "qm?bhxrvtup:y12" in file.read_text(encoding="utf-8")


async def test_the_editor_indents(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (_, pilot, stage):
        put(stage, "")
        await pilot.press("e", *"def f(x):", "enter", *"if x:", "enter", *"y", "enter", "backspace", *"z")
        assert stage.editor.text == "def f(x):\n    if x:\n        y\n    z"
        await pilot.press("shift+tab", "end", "enter", "tab", *"a", "backspace", "backspace", *"b")
        assert stage.editor.text == "def f(x):\n    if x:\n        y\nz\nb"


async def test_it_works_without_colours_for_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.widgets._text_area.get_language", lambda name: None)
    async with your_turn(size=MIDDLE) as (app, _, stage):
        assert not stage.editor.is_syntax_aware
        assert "TODO" in shown(app)


async def test_the_colours_follow_the_theme() -> None:
    async with your_turn(size=MIDDLE) as (app, pilot, stage):
        assert stage.editor.is_syntax_aware
        for _ in range(2):
            assert stage.editor.theme == app.theme
            await pilot.press("m")


async def test_hints_one_at_a_time_and_then_the_solution_on_a_second_question() -> None:
    async with your_turn(size=LARGE) as (app, pilot, stage):
        for number in (1, 2, 3):
            await pilot.press("h")
            await until_shown(pilot, f"Hint {number} of 3.")
            assert f"Hint {number + 1}" not in shown(app)
        await pilot.press("A")
        await until(pilot, lambda: "A again: yes" in stage.result.said)
        assert "Why" not in shown(app)
        await pilot.press("A")
        await until_shown(pilot, "Why", "return 1 / (1 + np.exp(-z))")
    state = Store().exercise("gate", "sigmoid")
    assert (state.state, state.hints, state.solution) == ("begun", 3, True)


async def test_another_key_takes_the_question_back() -> None:
    async with your_turn(size=LARGE) as (app, pilot, stage):
        await press(pilot, "A", "h", "A")
        assert "Why" not in shown(app)
        await press(pilot, "r", "A", "r")
        assert stage.result.said.startswith("Begin anew?")


async def test_beginning_anew_keeps_what_was_there(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (_, pilot, stage):
        put(stage, "x = 1\n")
        await pilot.press("r", "r")
        await until(pilot, lambda: stage.editor.text == with_place_to_begin(SIGMOID.start)[0])
        assert file.with_name("sigmoid.1.py").read_text() == "x = 1\n"


async def test_a_change_outside_is_taken_over(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (_, pilot, stage):
        await pilot.press("f5")
        await until_shown(pilot, "returned nothing")
        file.write_text(SIGMOID.solution, encoding="utf-8")
        await until(pilot, lambda: stage.editor.text == SIGMOID.solution)
        await pilot.press("f5")
        await until_shown(pilot, "It is right.")


@pytest.mark.parametrize(("key", "kept", "aside"), [("1", "mine", "theirs"), ("2", "theirs", "mine")])
async def test_when_both_changed_the_learner_is_asked(file: Path, key: str, kept: str, aside: str) -> None:
    async with your_turn() as (app, pilot, stage):
        put(stage, "mine")
        file.parent.mkdir(parents=True)
        file.write_text("theirs")
        await until(pilot, lambda: isinstance(app.screen, FileConflict))
        await until_shown(pilot, "was changed outside", "Your turn")
        await pilot.press(key)
        await until(pilot, lambda: stage.editor.text == kept)
        assert file.with_name("sigmoid.1.py").read_text() == aside
        await pilot.press("2")
        await until(pilot, lambda: file.read_text() == kept)


async def test_what_is_typed_is_saved_on_leaving_by_any_door(file: Path) -> None:
    for door in ("s", "q"):
        app = ToystoryApp("gate")
        async with app.run_test(size=SMALL) as pilot:
            stage = await open_turn(pilot)
            put(stage, f"# by {door}\n")
            await press(pilot, door)
        assert file.read_text() == f"# by {door}\n"


async def test_looking_alone_writes_nothing(home: Path) -> None:
    async with your_turn() as (_, pilot, _):
        await press(pilot, "2", "v", "v", "3", "e", "escape", "s", "u", "escape")
    assert not (home / "exercises").exists()


async def test_a_file_that_is_no_text_is_told_and_can_be_set_aside(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff\xfe\x00")
    async with your_turn() as (_, pilot, stage):
        await until_shown(pilot, "not UTF-8", "begin anew with r")
        await pilot.press("e", "a", "escape", "f5")
        await until_shown(pilot, "not UTF-8")
        await pilot.press("r", "r")
        await until(pilot, lambda: stage.editor.text == with_place_to_begin(SIGMOID.start)[0])
        assert file.with_name("sigmoid.1.py").read_bytes() == b"\xff\xfe\x00"


async def test_a_file_that_was_mended_outside_is_checked_at_once(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff\xfe\x00")
    async with ToystoryApp("gate").run_test(size=SMALL) as pilot:
        stage = await open_turn(pilot)
        await until_shown(pilot, "not UTF-8")
        file.write_text(SIGMOID.solution, encoding="utf-8")
        stage.action_check_code()
        await until_shown(pilot, "It is right.")


async def test_leaving_ends_a_check(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    enter = process.LearnerProcess.__enter__

    def note(self: process.LearnerProcess) -> process.LearnerProcess:
        entered = enter(self)
        started.append(self.pid)
        return entered

    monkeypatch.setattr(process.LearnerProcess, "__enter__", note)
    monkeypatch.setattr(process, "SECONDS", 1000.0)
    async with your_turn(size=MIDDLE) as (_, pilot, stage):
        put(stage, "while True: pass\n")
        await pilot.press("f5")
        await until_shown(pilot, "checking …")
        await until(pilot, lambda: started)
        await pilot.press("v", "h")
        await until_shown(pilot, "Hint 1 of 3.")
        await pilot.press("s")
        await until(pilot, lambda: not _checking())
        await pilot.press("u", "f5")
        await until(pilot, lambda: len(started) == 2)
    assert not _checking()
    for pid in started:
        assert not Path(f"/proc/{pid}").exists()


def _checking() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "check"]


async def test_a_verdict_of_the_exercise_before_is_not_shown(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (_, pilot, stage):
        await pilot.press("f5", "2")
        await until(pilot, lambda: not _checking())
        stage.tick()
        assert stage.exercise == LOSS
        assert stage.result.said == ""


async def test_a_verdict_that_came_as_one_left_counts_for_the_exercise_it_is_about(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(SIGMOID.solution)
    async with your_turn(size=MIDDLE) as (_, _, stage):
        stage.action_check_code()
        while _checking():  # no tick comes between: nobody has looked at the verdict
            time.sleep(0.001)
        stage.action_choose(1)
        stage.tick()
        assert (stage.exercise, stage.result.said) == (LOSS, "")
    store = Store()
    assert store.exercise("gate", "sigmoid").state == "passed"
    assert store.exercise("gate", "loss").state == "new"


async def test_the_row_shows_how_far_one_is(file: Path) -> None:
    Store().note_exercise("gate", "sigmoid", passed=True)
    Store().note_exercise("gate", "loss", begun=True)
    async with your_turn() as (app, pilot, stage):
        await until_shown(pilot, "1 ✓ sigmoid", "2 ◐ loss", "3 ○ update")
        assert stage.exercise == LOSS
        row = next(y for y, line in enumerate(shown(app).splitlines()) if "1 ✓ sigmoid" in line)
        await pilot.click(offset=(shown(app).splitlines()[row].index("update"), row))
        await until(pilot, lambda: stage.exercise == GATE[2])


async def test_what_is_copied_is_the_task_and_the_code() -> None:
    async with your_turn() as (_, pilot, stage):
        await pilot.press("f5")
        await until_shown(pilot, "returned nothing")
        copied = stage.copy_text()
        assert SIGMOID.title in copied
        assert "def sigmoid" in copied
        assert "returned nothing" in copied


def test_the_editor_is_textuals() -> None:
    assert issubclass(FileEditor, TextArea)


def test_separators_that_textual_breaks_lines_at_stay_what_they_are() -> None:
    for text in (
        "a\fb\n\x0bc\x85d\u2028e\u2029\n",
        "a ␌ \f b\n",
        "mixed\r\nends\nof\rlines",
        "dos\r\nlines\r\n",
    ):
        editor = Editor()
        editor.load_text(text)
        assert editor.text == text
        assert editor.document.line_count == len(re.split("\r\n|\n", text) if "\n" in text else [text])


@pytest.mark.parametrize(
    ("text", "shown", "row"),
    [
        ("def f():\n    # TODO: one\n    # line.\n", "def f():\n    # TODO: one\n    # line.\n    \n", 3),
        ("def f():\n    # TODO: x\n\n\ndef g():\n", "def f():\n    # TODO: x\n    \n\n\ndef g():\n", 2),
        ("def f():\n    # TODO: x\n    return 1\n", "def f():\n    # TODO: x\n    return 1\n", 2),
        ("x = 1\ndef f():\n    return 1\n", "x = 1\ndef f():\n    return 1\n", 1),
    ],
)
def test_one_begins_on_an_empty_line_as_far_in_as_the_task(text: str, shown: str, row: int) -> None:
    assert with_place_to_begin(text) == (shown, row)
    assert with_place_to_begin(shown) == (shown, row)


async def test_what_was_only_looked_at_is_not_written(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (_, pilot, _):
        await pilot.press("e", "escape", "escape")
    assert not file.exists()


async def test_backspace_does_not_leave_a_screen_with_a_field(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (app, pilot, _):
        await pilot.press("e", "x", "escape", "backspace", "backspace")
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("s", "backspace")
        assert not isinstance(app.screen, LessonScreen)


async def test_a_key_runs_the_file_as_python_does() -> None:
    async with your_turn(size=LARGE) as (_, pilot, stage):
        stage.editor.load_text('print("here")\nif __name__ == "__main__":\n    print("and", 1 / 0)\n')
        await pilot.press("R")
        await until(pilot, lambda: "ZeroDivisionError" in stage.result.said)
        assert stage.result.said.startswith("here")
        assert "line 3" in stage.result.said
        stage.editor.load_text("x = 1\n")
        await pilot.press("R")
        await until(pilot, lambda: "printed nothing" in stage.result.said)


async def test_less_is_given_step_by_step(file: Path) -> None:
    async with your_turn(size=MIDDLE) as (_, pilot, stage):
        await pilot.press("U")
        assert not file.exists(), "sigmoid has one step"
        await pilot.press("3")
        await until(pilot, lambda: stage.exercise.name == "update")
        await pilot.press("U")
        await until(pilot, lambda: "Step 3: only the signatures" in stage.editor.text)
        assert stage.editor.text.count("# TODO: all of it.") == 5
        await pilot.press("U")
        await until(pilot, lambda: "Step 1: one line is missing" in stage.editor.text)
        missing = "...  # TODO: the line that is missing here"
        done = stage.editor.text.replace(missing, "a = sigmoid(x @ w + b)")
        answers = next(line for line in GATE[2].solution.splitlines() if 'return {"dL/da"' in line)
        done = re.sub("    # TODO: return .*", answers, done)
        put(stage, done)
        await pilot.press("f5")
        await until_shown(pilot, "It is right", "The next step")
        assert stage.lesson_state.record.exercise("update").state == "begun"
        await pilot.press("U")
        await until_shown(pilot, "Step 2: a block is missing", "Your file is kept")
        assert stage.editor.text == done
        await pilot.press("U")
        await until(pilot, lambda: "Step 1" not in stage.editor.text)
        assert GATE[2].start.split("TODO")[0] in stage.editor.text
        assert (file.parent / "update.1.py").read_text() == done


async def test_the_next_step_is_told_with_a_key_that_the_editor_does_not_take() -> None:
    async with your_turn(size=MIDDLE) as (app, pilot, stage):
        await until_shown(pilot, "D guess first: what will happen?")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.focused, Editor))
        await until_shown(pilot, "esc, then D: guess first: what will happen?")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.focused, Editor))
        await until_shown(pilot, "D guess first: what will happen?")
        assert "then D" not in shown(app)
        await pilot.press("D")
        await until(pilot, lambda: stage.lesson_state.stage == "Predict")
