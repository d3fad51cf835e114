"""The app through Pilot: lessons, stages, sizes; training is stepped or held back and never runs freely."""

import math
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.app import in_lesson, lesson_state, press, shown, until, until_shown
from tests.support.painted import painted
from tests.support.some import some_lessons
from toystory.course.catalogue import NAMES, chapters, load
from toystory.course.exercises.exercise import exercises_of
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.course import CourseScreen
from toystory.tui.screens.dialogs.help import HelpScreen
from toystory.tui.screens.lesson.screen import STAGES, LessonScreen
from toystory.tui.screens.lesson.train import ALL_OF_TRAIN, TrainStage
from toystory.tui.state.lesson_state import SPEEDS

SMALL, MIDDLE, LARGE = (80, 24), (120, 36), (200, 50)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("train ")]


def lines(app: ToystoryApp) -> list[str]:
    return [strip.text for strip in painted(app.screen)]


def key_of(binding_id: str) -> str:
    """The first key of a binding of the stage Train."""
    bindings = Binding.make_bindings(TrainStage.BINDINGS)
    return next(binding.key for binding in bindings if binding.id == binding_id)


async def slow_down(pilot: Pilot[Any]) -> None:
    """An update a second: a session that runs, and yet leaves the processor alone."""
    for _ in SPEEDS:
        await pilot.press("minus")
    assert lesson_state(pilot.app).speed == SPEEDS[0]


async def open_lesson(pilot: Pilot[Any], name: str, *keys: str) -> None:
    """From the chapters into a lesson; then the keys."""
    await pilot.press(str(NAMES.index(name) + 1))
    await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen) and pilot.app.screen.is_mounted)
    await until_shown(pilot, "Story")
    await press(pilot, *keys)


async def step(pilot: Pilot[Any], times: int = 1) -> None:
    for _ in range(times):
        await pilot.press("full_stop")
        await until(pilot, lambda: lesson_state(pilot.app).session.idle)


# The chapters


async def test_the_chapters_are_listed_and_opened_by_keys():
    app = ToystoryApp()
    async with app.run_test(size=SMALL) as pilot:
        await until_shown(pilot, *(chapter.title for chapter in chapters()))
        await pilot.press("down", "down", "enter")
        await until_shown(pilot, "Keep it simple", "Story")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CourseScreen))


async def test_a_chapter_is_opened_with_the_mouse():
    app = ToystoryApp()
    async with app.run_test(size=SMALL) as pilot:
        await until_shown(pilot, "Gates that learn")
        row = next(y for y, line in enumerate(lines(app)) if "Gates that learn" in line)
        await pilot.click(offset=(20, row))
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        assert lesson_state(app).lesson.name == "lstm"


async def test_a_chapter_holds_when_all_its_claims_were_reached():
    async with in_lesson("gate", "t", "a") as (app, pilot):
        record = app.learner.record("gate")
        await until(pilot, lambda: record.claims_hold)
        assert not record.holds
        record.prediction, record.exercise_names = 0, ()
        await until_shown(pilot, "✓ done")
        await pilot.press("escape")
        await until_shown(pilot, "✓ done", "Keep it simple")


# Every lesson, every stage, every size


@pytest.mark.parametrize("name", some_lessons())
async def test_a_lesson_from_story_to_your_turn(name: str):
    async with in_lesson(name, size=MIDDLE) as (app, pilot):
        title = chapters()[NAMES.index(name)].title
        assert title in shown(app)
        await pilot.press("p")
        await until_shown(pilot, "Which is it?")
        await pilot.press("t")
        await step(pilot, 2)
        await until_shown(pilot, "update 1 ")
        await pilot.press("d")
        derivation = app.screen.stage.query_one("#derivation")
        if not derivation.display:  # it was there, and d turned away from it
            await pilot.press("d")
        await until_shown(pilot, lesson_state(app).lesson.derivation[0].title)
        await pilot.press("l")
        await until_shown(pilot, "after 1 update")
        await pilot.press("u")
        exercises = exercises_of(name)
        await until_shown(pilot, exercises[0].title[:40] if exercises else "Thinking out loud")


@pytest.mark.parametrize(
    "size", [SMALL, *(pytest.param(size, marks=pytest.mark.slow) for size in (LARGE, (60, 18)))]
)
async def test_every_stage_at_every_size(size: tuple[int, int]):
    async with in_lesson("lstm", "t", size=size) as (app, pilot):
        await step(pilot, 2)
        for (stage, key), sign in zip(
            STAGES,
            ["Gates that learn", "○ ", "loss", "after 1 update", "Your turn"],
            strict=True,
        ):
            await pilot.press(key)
            await until_shown(pilot, stage, sign)
            assert all(len(line) == size[0] for line in lines(app))


async def test_what_fits_is_shown_together():
    async with in_lesson("lstm", "t") as (app, pilot):
        await until_shown(pilot, "╭─ loss")
        assert "claims:" not in shown(app)
        assert "1 what is heard" not in shown(app)
        await pilot.resize_terminal(*MIDDLE)
        await until_shown(pilot, "╭─ loss", "accuracy in %", "1 what is heard")
        before = app.theme
        await pilot.press("m")
        assert {before, app.theme} == {"toystory-dark", "toystory-light"}
        await pilot.resize_terminal(*LARGE)
        await until_shown(pilot, "╭─ loss", "accuracy in %", "1 what is heard", "claims:")


async def test_the_first_view_fits_into_a_small_terminal():
    async with in_lesson("gate", "t", "space") as (app, pilot):
        await until_shown(pilot, "╭─ loss", "across x₁, upwards x₂", "on the proper", "all rows 75.00 %")
        assert "speed" not in shown(app)
        assert "options  I" not in shown(app)
        await pilot.press("right_square_bracket")  # a rate of one's own is in view
        await until_shown(pilot, "rate ‹ 0.7 ›")
        await pilot.press("d")
        await until_shown(pilot, "1 the sum", "options")
        assert ALL_OF_TRAIN not in app.learner.record("").marks, "for now alone"
        await pilot.press("Z")
        await until_shown(pilot, "╭─ loss", "x₁ x₂  lamp  answer", "Z more")
        await pilot.press("v", "Z", "Z")
        await until_shown(pilot, "options")
        assert ALL_OF_TRAIN in app.learner.record("").marks, "Z is remembered"


async def test_views_in_a_small_terminal():
    async with in_lesson("lstm", "t") as (_, pilot):
        await pilot.press("d")
        await until_shown(pilot, "1 what is heard")
        await pilot.press("d")
        await until_shown(pilot, "╭─ loss")
        await pilot.press(key_of("train.claims"))
        await until_shown(pilot, "claims: 0 of")
        await pilot.press("v")
        await until_shown(pilot, "╭─ loss")
        await pilot.press("v")
        await until_shown(pilot, "accuracy in %")


async def test_too_small_a_terminal_is_told_so():
    app = ToystoryApp()
    async with app.run_test(size=(59, 24)) as pilot:
        await until_shown(pilot, "toystory needs 60 × 18")
        assert "first gate" not in shown(app)
        await pilot.resize_terminal(80, 17)
        await until_shown(pilot, "toystory needs 60 × 18")
        await pilot.resize_terminal(60, 18)
        await until_shown(pilot, "The first gate")
        assert "needs" not in shown(app)


async def test_stages_by_arrows_tab_and_mouse():
    async with in_lesson("gate") as (app, pilot):
        seen = []
        for key in ("right", "tab", "right", "right", "right", "left", "shift+tab"):
            await press(pilot, key)
            seen.append(app.screen.stage.title)
        assert seen == ["Predict", "Train", "Look inside", "Your turn", "Story", "Your turn", "Look inside"]
        await pilot.click(offset=(13, 1))
        await pilot.pause()
        assert app.screen.stage.title == "Predict"


# Predict


async def test_a_prediction_is_recorded_and_may_be_changed():
    async with in_lesson("gate", "p") as (app, pilot):
        for keys, number in ((["2"], "2"), (["4"], "4"), (["up", "up", "enter"], "2")):
            await pilot.press(*keys)
            await until_shown(pilot, f"You say {number}")
        row = next(y for y, line in enumerate(lines(app)) if "1 to all four rows." in line)
        await pilot.click(offset=(20, row))
        await until_shown(pilot, "You say 3")
        assert app.learner.record("gate").prediction == 2


async def test_the_answer_comes_after_the_experiments():
    async with in_lesson("gate", "p", "2", size=(100, 50)) as (app, pilot):
        await until_shown(pilot, "“one row” under Train will tell")
        assert "What happens" not in shown(app)
        await pilot.press("t", "down", "space")
        await until(pilot, lambda: list(app.learner.record("gate").finished) == ["one row"])
        await until(pilot, lambda: not lesson_state(app).session.alive)
        await pilot.press("p")
        await until_shown(pilot, "You said", "What happens", "It says 1 to everything", "Recap")
        await until_shown(pilot, "one row  100.00 % of the training rows, 50.00 % of all 4 rows")
        await until_shown(pilot, "2         It says 1 to everything: two rows of four are right")


async def test_a_tie_is_called_one_and_explained():
    async with in_lesson("gate", "t", "down", "down", "space") as (app, pilot):
        await until_shown(pilot, "train a tie", "all rows a tie", "every answer is ½")
        assert lesson_state(app).study.name == "all four rows"


async def test_the_questions_from_memory_are_asked_one_by_one_and_their_answers_opened():
    async with in_lesson("gate", "p", "A", size=(100, 70)) as (app, pilot):
        first, second, *_ = (one.answer for one in lesson_state(app).lesson.recall)
        await until_shown(pilot, "Why did the weight w₂ not move")
        assert "What does the gate answer" not in shown(app)
        assert "Recap" in shown(app)
        await pilot.press("enter", "q", "z", "enter")
        await until_shown(pilot, first, "you     qz", "1 knew it")
        assert "What does the gate answer" not in shown(app)
        await pilot.press("1")
        await until_shown(pilot, "marked  knew it", "What does the gate answer")
        assert "Recap" not in shown(app), "from memory: what was read is out of sight"
        assert second not in shown(app)
        row = next(
            y for y, line in enumerate(lines(app)) if "open the answer" in line and "enter" not in line
        )
        await pilot.click(offset=(lines(app)[row].index("open the answer") + 2, row))
        await until_shown(pilot, second, "3 not")
        await pilot.press("3")
        await until_shown(pilot, "Why can logistic regression not be")
        reviews = app.learner.record("gate").reviews
        assert [review.due for review in reviews.values()] == [None, 2], "what was not known comes back"
        await pilot.press("escape")
        await until_shown(pilot, "Recap")
        await pilot.press("t")
        await until(pilot, lambda: app.screen.stage.title == "Train")


async def test_the_answer_waits_until_something_was_said():
    async with in_lesson("gate", "t", "a", size=(100, 50)) as (app, pilot):
        await until(pilot, lambda: len(app.learner.record("gate").finished) == len(load("gate").studies))
        await pilot.press("p")
        await until_shown(pilot, "The answer comes as you say it")
        assert "What happens" not in shown(app)
        await pilot.press("2")
        await until_shown(pilot, "You said", "What happens", "Recap")


async def test_the_answer_can_be_asked_for():
    async with in_lesson("lstm", "p", "A") as (app, pilot):
        await until_shown(pilot, "nothing: next time, guess first", "About one half, like the RNN")
        await pilot.press("1")
        assert app.learner.record("lstm").prediction is None


# Train


@pytest.mark.parametrize(
    "size", [SMALL, *(pytest.param(size, marks=pytest.mark.slow) for size in (MIDDLE, LARGE))]
)
async def test_panels_are_maximised_one_after_another_and_brought_back(size: tuple[int, int]):
    async with in_lesson("two-layer", "t", "Z", size=size) as (app, pilot):  # all of Train
        await until_shown(pilot, "M panel")
        for stage in ("t", "l"):
            await press(pilot, stage)
            panels = app.screen.panels
            assert panels
            for panel in panels:
                await pilot.press("M")
                await until(pilot, lambda panel=panel: panel.region.size == (size[0], size[1] - 1))
            await pilot.press("M")
            await until_shown(pilot, "Your turn")
            await until(pilot, lambda: app.screen.stage.has_focus)
        await pilot.press("t", "M", "full_stop")
        await until(pilot, lambda: lesson_state(app).session.run is not None)
        await pilot.press("escape")
        await until_shown(pilot, "Your turn")
        panel = app.screen.panels[0]
        await pilot.double_click(panel)
        await until(pilot, lambda: app.screen.maximized is panel)
        await pilot.press("escape")
        await until_shown(pilot, "Your turn")
        assert isinstance(app.screen, LessonScreen)


async def test_step_pause_and_reset():
    async with in_lesson("rnn", "t") as (app, pilot):
        await until_shown(pilot, "ready")
        await step(pilot, 3)
        await until_shown(pilot, "paused", "update 2 ")
        await slow_down(pilot)
        await pilot.press("space")
        await until_shown(pilot, "● running")
        await pilot.press("space")
        await until(pilot, lambda: lesson_state(app).session.idle)
        await until_shown(pilot, "‖ paused")
        await pilot.press("r")
        await until_shown(pilot, "ready", "update 0 ")


async def test_the_derivation_has_the_running_models_numbers():
    async with in_lesson("gate", "t", "Z", size=MIDDLE) as (_, pilot):
        await until_shown(pilot, "0.646799")
        await step(pilot, 2)
        await until_shown(pilot, "0.615188")


async def test_the_derivation_is_stepped_through_and_copied():
    async with in_lesson("gate", "t", "Z", "j", "j", "k", "y", size=MIDDLE) as (app, pilot):
        assert "a = σ(z)" in app.clipboard
        assert "models/logistic_regression.py" in app.clipboard
        await pilot.press(key_of("train.claims"), "y")
        assert "Alex's first gate answers row (1,1)" in app.clipboard


async def test_code_is_shown_whole():
    async with in_lesson("lstm", "t", size=LARGE) as (_, pilot):
        await pilot.press(*"jjjjj")  # to the cell
        await until_shown(pilot, "c[t] = f[t] * c[t - 1] + i[t] * g[t]")


async def test_a_run_that_diverges_says_so_and_the_app_lives_on():
    async with in_lesson("two-layer", "t", "Z", "e") as (_, pilot):
        await pilot.press("ctrl+u", *"1e6", "enter")
        await until_shown(pilot, "rate ‹ 1e+06 ›")
        await pilot.press("space")
        await until_shown(pilot, "diverged at update", "smaller learning rate.")
        await pilot.press("r")
        await until_shown(pilot, "ready", "rate ‹ 0.3 ›")
        await step(pilot)
        await until_shown(pilot, "paused")


async def test_the_learning_rate_by_keys_and_typed():
    async with in_lesson("lstm", "t", "right_square_bracket") as (app, pilot):
        await until_shown(pilot, "rate ‹ 0.05 ›", "claims are not judged")
        await pilot.press("left_square_bracket", "left_square_bracket")
        await until_shown(pilot, "rate ‹ 0.0005 ›")
        await pilot.press("e")
        for typed in ("many", "-1", "nan", "0"):
            await pilot.press("ctrl+u", *typed, "enter")
            await until_shown(pilot, "is not a number" if typed == "many" else "a number above zero")
            assert isinstance(app.focused, Input)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await until_shown(pilot, "rate ‹ 0.0005 ›")


async def test_choosing_another_experiment_pauses_the_running_one():
    async with in_lesson("lstm", "t") as (app, pilot):
        await slow_down(pilot)
        await pilot.press("space")
        first = lesson_state(app).session
        await until(pilot, lambda: first.run is not None)
        await pilot.press("down")
        await until_shown(pilot, "rows of 50 bits, forget bias 3", "2/")
        assert first.state == "paused"
        await pilot.press("up")
        assert lesson_state(app).session is first


async def test_a_sweep_says_where_it_stands():
    async with in_lesson("two-layer", "t", "down", size=MIDDLE) as (_, pilot):
        await step(pilot)
        await until_shown(pilot, "seed 1 of 20, solved so far: 0")


async def test_keys_work_while_it_trains():
    async with in_lesson("lstm", "t") as (_, pilot):
        await slow_down(pilot)
        await pilot.press("space")
        await until_shown(pilot, "● running")
        for key, sign in (("s", "Alex"), ("p", "Which is it?"), ("l", "answer"), ("t", "seconds")):
            await pilot.press(key)
            await until_shown(pilot, sign, "● running")


async def test_leaving_ends_the_thread_and_pauses_what_was_not_finished():
    async with in_lesson("gate", "t", "space") as (app, pilot):
        await until(pilot, lambda: "one update" in app.learner.record("gate").finished)
        await pilot.press("down", "full_stop")
        session = lesson_state(app).session
        await until(pilot, lambda: session.idle)
        assert session.alive
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CourseScreen))
        assert not session.alive
        await until_shown(pilot, f"claims  3/{len(load('gate').claims)}")
        await open_lesson(pilot, "gate")
        await until_shown(pilot, "update 0 ", "‖ paused 0 of 3,500")
        await step(pilot)
        await until_shown(pilot, "update 1 ")
        await pilot.press("up")
        await until_shown(pilot, "✓ one update", "finished")


async def test_two_lessons_in_turn():
    async with in_lesson("rnn", "t") as (app, pilot):
        await step(pilot, 2)
        session = lesson_state(app).session
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CourseScreen))
        await open_lesson(pilot, "lstm", "t")
        await step(pilot, 2)
        await until_shown(pilot, "Gates that learn", "update 1 ")
        assert not session.alive


async def test_an_error_in_the_thread_is_shown(monkeypatch: pytest.MonkeyPatch):
    async with in_lesson("gate", "t") as (_, pilot):

        def broken(*_: object) -> None:
            raise RuntimeError("the weights fell off")

        monkeypatch.setattr("toystory.training.loop.Training._progress", broken)
        await pilot.press("space")
        await until_shown(pilot, "failed", "RuntimeError: the weights fell off")


# Look inside


async def test_the_square_of_answers_and_which_model_it_is():
    async with in_lesson("gate", "l") as (app, pilot):
        await until_shown(pilot, "untrained", "x₁ x₂", "lamp", "▀▀▀▀")
        await pilot.press("t", "space")
        await until(pilot, lambda: "one update" in app.learner.record("gate").finished)
        await pilot.press("l")
        await until_shown(pilot, "after 1 update", "0.615")
        await pilot.press("V")
        await until_shown(pilot, "one row", "untrained")


async def test_weights_of_a_regression():
    async with in_lesson("regression", "t") as (_, pilot):
        await step(pilot, 2)
        await pilot.press("l")
        await until_shown(pilot, "after 1 update")


async def test_bits_of_ones_own():
    async with in_lesson("lstm", "l", "x") as (app, pilot):
        await pilot.press("ctrl+u", *"1 1 0")
        await until_shown(pilot, "1 1 0")
        await pilot.press("2")
        await until_shown(pilot, "only zeros and ones are bits")
        await pilot.press("backspace", "enter", "y")
        assert re.search(r"bit\s+1\s+1\s+0\n", app.clipboard)
        assert re.search(r"\s1\s+0\s+0\n", app.clipboard)  # the running parity
        await pilot.press("x", "escape", "t")
        await until_shown(pilot, "rate ")


# Everywhere


async def test_help_lists_the_keys_of_the_stage():
    async with in_lesson("gate", "t", "question_mark", size=(60, 18)) as (app, pilot):
        await until_shown(pilot, "Keys", "start, pause, go on", "escape closes this")
        await pilot.resize_terminal(100, 140)
        await until_shown(pilot, "next stage", "quit at once")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, LessonScreen)


async def test_the_palette_opens_a_lesson():
    app = ToystoryApp()
    async with app.run_test(size=SMALL) as pilot:
        await until_shown(pilot, "The first gate")
        await pilot.press("colon")
        await until_shown(pilot, "Search")
        await pilot.press(*"whole table")
        await until_shown(pilot, f"Lesson {len(NAMES)}")
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        assert lesson_state(app).lesson.name == "comparison"


async def test_the_palette_finds_by_the_words_that_explain():
    async with in_lesson("lstm", "t") as (_, pilot):
        await pilot.press("colon")
        await until_shown(pilot, "Search")
        await pilot.press(*"gradient")
        await until_shown(pilot, "Check", "Gradient check of the model")


async def test_the_palette_has_the_keys_of_what_is_shown():
    async with in_lesson("lstm", "l") as (app, pilot):
        offered = {command.title: command for command in app.get_system_commands(app.screen)}
        assert {"Log", "Panel", "Row", "View", "Options"} <= offered.keys()
        assert "20 seeds" not in offered
        await pilot.press("t")
        offered = {command.title: command for command in app.get_system_commands(app.screen)}
        assert {"One update", "Check", "Source", "Row", "20 seeds", "View"} <= offered.keys()
        await pilot.press("u")
        assert {"Type", "Check", "Hint", "Answer", "Run the file"} <= {
            command.title for command in app.get_system_commands(app.screen)
        }
        await pilot.press("t")
        await offered["Faster"].callback()
        await offered["Slower"].callback()
        assert lesson_state(app).speed is not None


async def test_in_a_small_terminal_too_experiment_and_learning_rate_are_changed_by_clicks():
    async with in_lesson("two-layer", "t", "Z") as (app, pilot):
        count = len(load("two-layer").studies)
        for arrow, number in (("↓", 2), ("↑", 1), ("↑", count), ("↓", 1)):
            await until_shown(pilot, f"/{count} ↑↓")
            row = next(y for y, line in enumerate(lines(app)) if "↑↓" in line)
            await pilot.click(offset=(lines(app)[row].index(arrow), row))
            await until_shown(pilot, f"{number}/{count} ↑↓")
        row = next(y for y, line in enumerate(lines(app)) if "rate ‹ 0.3 ›" in line)
        await pilot.click(offset=(lines(app)[row].rindex("›"), row))
        await until_shown(pilot, "rate ‹ 3 ›")


async def test_a_dialog_is_left_by_a_click_beside_it():
    async with in_lesson("two-layer", "t") as (app, pilot):
        for key in ("e", "I", "question_mark", "w"):
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(app.screen, LessonScreen))
            await pilot.click(offset=(1, 1))
            await until(pilot, lambda: isinstance(app.screen, LessonScreen))


@pytest.mark.parametrize("stage", ["s", "p", "t", "l", "u"])
async def test_the_longest_footer_fits_into_80_columns(stage: str):
    async with in_lesson("comparison", stage) as (app, pilot):
        lesson_state(app).choose(10)  # a model that reads bit by bit
        await pilot.pause()
        await until_shown(pilot, "q quit  ? help")


async def test_in_an_editor_the_footer_offers_no_letter():
    async with in_lesson("gate", "u") as (app, pilot):
        await until_shown(pilot, "e type", "q quit", "? help")
        await pilot.press("e")
        await until_shown(pilot, "f5 check")
        await until(pilot, lambda: "q quit" not in shown(app) and "e type" not in shown(app))


async def test_speed_and_learning_rate_are_changed_by_clicks():
    async with in_lesson("two-layer", "t", size=MIDDLE) as (app, pilot):
        await until_shown(pilot, "all rows –")
        assert "speed" not in shown(app)  # the first view has what the story has spoken of
        await pilot.press("Z")
        await until_shown(pilot, "learning rate ‹ 0.3 ›", "speed ‹ full ›")
        for name, arrow, expected in (("speed", "‹", "speed ‹ 1/s ›"), ("learning rate", "›", "rate ‹ 3 ›")):
            row = next(y for y, line in enumerate(lines(app)) if f"{name} ‹" in line)
            start = lines(app)[row].index(f"{name} ‹")
            await pilot.click(offset=(lines(app)[row].index(arrow, start), row))
            await until_shown(pilot, expected)


async def test_a_light_terminal_gets_the_light_theme(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLORFGBG", "0;15")
    assert ToystoryApp().theme == "toystory-light"


async def test_without_colours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with in_lesson("gate", "t", "Z", size=LARGE) as (app, pilot):
        await step(pilot, 2)
        await until_shown(pilot, "0.615188", "claims:")
        colors = {
            segment.style.color.get_truecolor()
            for strip in painted(app.screen)
            for segment in strip.apply_filter(app._filters[0], app.screen.background_colors[1])
            if segment.style and segment.style.color and segment.style.color.triplet
        }
        assert colors
        assert all(red == green == blue for red, green, blue in colors)


async def test_a_lesson_is_opened_at_once_and_quit_ends_its_training():
    app = ToystoryApp("lstm")
    async with app.run_test(size=SMALL) as pilot:
        await until_shown(pilot, "Gates that learn", "Story")
        await pilot.press("t")
        await step(pilot)
        session = lesson_state(app).session
        await pilot.press("q")
    assert not session.alive


async def test_nothing_is_drawn_while_nothing_changes(monkeypatch: pytest.MonkeyPatch):
    async with in_lesson("lstm", "t", size=LARGE) as (app, pilot):
        await step(pilot, 2)
        await until_shown(pilot, "after 1 update")
        drawn: list[object] = []
        display = app._display
        monkeypatch.setattr(app, "_display", lambda *args: (drawn.append(args), display(*args)))

        async def drawn_in_three_ticks() -> list[object]:
            drawn.clear()
            for _ in range(3):
                app.screen._tick()
                await pilot.pause()
            return [args for args in drawn if args[1] is not None and getattr(args[1], "segments", True)]

        quiet = 0
        for _ in range(40):  # until what was on its way has come
            quiet = 0 if (still := await drawn_in_three_ticks()) else quiet + 1
            if quiet == 3:
                break
        assert quiet == 3, still


async def test_what_rests_is_awake_with_the_next_key():
    async with in_lesson("gate", "t") as (app, pilot):
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        await until(pilot, lambda: not screen._ticking._active.is_set())
        await pilot.press("space")
        assert screen._ticking._active.is_set()
        await until_shown(pilot, "finished")


def test_without_a_terminal_one_sentence_says_what_to_do(capsys: pytest.CaptureFixture[str]):
    from toystory.tui.app import main

    assert main() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "toystory run --lesson gate" in err


def test_a_loss_needs_no_update_to_have_an_axis():
    from toystory.tui.widgets.training.curves import nice_end

    assert [nice_end(u, 2000) for u in (0, 1, 10, 11, 99, 501, 1999)] == [10, 10, 10, 20, 100, 1000, 2000]
    assert nice_end(0, 1) == 1


def test_thinning_keeps_spikes_and_the_end():
    from toystory.tui.widgets.training.curves import thinned

    points = [(i, 1.0) for i in range(1000)]
    points[437] = (437, 9.0)
    kept = thinned(points, 100)
    assert len(kept) <= 101
    assert (437, 9.0) in kept
    assert kept[-1] == points[-1]
    assert kept == sorted(kept)
    assert thinned(points, math.inf) == points


async def test_a_list_without_room_can_be_turned_by_a_page() -> None:
    app = ToystoryApp("gate")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("p")
        await pilot.resize_terminal(40, 8)
        await pilot.press("pagedown", "pageup")
        await pilot.resize_terminal(80, 24)
        await pilot.press("pagedown")
        assert app.return_code is None
