"""The line that names the next step: a learner who only follows it has done the whole chapter in the end."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Label

from tests.support.app import in_lesson, press, shown, until
from toystory.course.catalogue import NAMES, chapters, load
from toystory.course.lesson import Lesson
from toystory.progress.lesson_progress import LessonProgress
from toystory.progress.store import Store
from toystory.training.claim import at_least
from toystory.training.experiment import Experiment
from toystory.training.run import Study
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.course import CourseScreen
from toystory.tui.screens.dialogs.chapter_end import ChapterEnd
from toystory.tui.screens.dialogs.suggestions import SuggestionsScreen
from toystory.tui.screens.lesson.exercises import ExerciseStage
from toystory.tui.screens.lesson.predict import PredictStage
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.screens.review import ReviewScreen
from toystory.tui.state.lesson_state import FINISHED, LessonState
from toystory.tui.state.next_step import Step, next_step, steps
from toystory.tui.widgets.next_step import NextStep
from toystory.tui.widgets.text.recall import RecallQuestions

SIZE = (120, 36)


def lesson(app: ToystoryApp) -> LessonScreen:
    assert isinstance(app.screen, LessonScreen)
    return app.screen


def what_next(app: ToystoryApp) -> str:
    return next_step(lesson(app).steps).name


async def follow_to_the_end(
    pilot: Pilot[Any], patience: float, known: str = "1", solved: int | None = None
) -> list[str]:
    """Press D, and do what only the learner can do, until the chapter is left; the steps, in their order.

    Args:
        pilot: Of the app, which is in the chapter.
        patience: Seconds that a training may take.
        known: The key that says how well the answers are known from memory.
        solved: Exercises that are solved in the app, the others on the command line; None for all.
    """
    app = pilot.app
    assert isinstance(app, ToystoryApp)
    name, following, done = lesson(app).lesson_state.lesson.name, lesson(app).following, []
    while isinstance(app.screen, LessonScreen) and app.screen.lesson_state.lesson.name == name:
        step = what_next(app)
        done += [] if done[-1:] == [step] else [step]
        assert len(done) < 20, done
        await press(pilot, "D")
        if isinstance(app.screen, SuggestionsScreen):
            await press(pilot, "1")
        elif isinstance(app.screen, ReviewScreen):
            await answer_all(pilot, app.screen)
        elif isinstance(app.screen, ChapterEnd):
            told = " ".join(str(label.content) for label in app.screen.query(Label))
            assert f"✓ {load(name).can[0]}" in told
            assert following is None or f"Chapter {following.number} is next: {following.title}" in told
            assert "?." not in told
            await press(pilot, "D")
        if not isinstance(app.screen, LessonScreen):
            continue
        screen = lesson(app)
        if isinstance(screen.stage, PredictStage) and step == "guess":
            await pilot.press("2")
        elif isinstance(screen.stage, PredictStage) and step == "recall":
            # Enter asks for an answer; what is typed and sent opens the right one.
            await pilot.press("enter", "x", "enter", known)
        elif isinstance(screen.stage, ExerciseStage) and step == "code":
            record = screen.lesson_state.record
            if record.passed == solved:
                for each in record.exercise_names:
                    Store().note_exercise(name, each, passed=True)
                record.look_at_exercises()
            else:
                await solve_one(pilot, screen.stage)
        await until(pilot, lambda: lesson_is_quiet(app), patience)
        await pilot.pause()
    return done


async def answer_all(pilot: Pilot[Any], screen: ReviewScreen) -> None:
    """Answer what comes back from other chapters, say that it was known, and go back."""
    questions = screen.query_one(RecallQuestions)
    while questions.current is not None:
        left = questions.left
        if not isinstance(pilot.app.focused, Input):
            await pilot.press("enter")
        await pilot.press("x", "enter", "1")
        await until(pilot, lambda left=left: questions.left < left)
    await pilot.press("escape")
    await until(pilot, lambda: isinstance(pilot.app.screen, LessonScreen))


def lesson_is_quiet(app: ToystoryApp) -> bool:
    return not isinstance(app.screen, LessonScreen) or (
        app.screen.lesson_state.running is None and not app.screen.lesson_state.all_in_turn
    )


async def solve_one(pilot: Pilot[Any], stage: ExerciseStage) -> None:
    record = stage.lesson_state.record
    place = next(i for i, each in enumerate(stage.exercises) if record.exercise(each.name).state != "passed")
    stage.action_choose(place)
    await pilot.pause()
    stage.editor.load_text(stage.exercises[place].solution)
    await pilot.press("C")
    name = stage.exercises[place].name
    await until(pilot, lambda: record.exercise(name).state == "passed", seconds=600)  # a whole model learns


async def test_who_follows_the_line_has_done_the_chapter() -> None:
    async with in_lesson("gate") as (app, pilot):
        done = await follow_to_the_end(pilot, patience=60)
        assert done == ["story", "guess", "run", "inside", "recall", "rest", "idea", "code", "on"]
        assert app.learner.record("gate").holds
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
        assert lesson(app).lesson_state.lesson.name == NAMES[1], "and is in the next one"


async def test_it_leads_to_the_reason_and_then_asks_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toystory.tui.state.next_step.run_of", lambda state: None)  # all have run
    async with in_lesson("gate") as (app, pilot):
        lesson(app).lesson_state.record.mark("Look inside")
        await pilot.press("p", "1", "A")
        await until(pilot, lambda: "D read why; then 3 questions from memory" in shown(app))
        assert "It says 1 to everything" not in shown(app).splitlines()[4]
        await pilot.press("D")
        await until(pilot, lambda: "It says 1 to everything" in shown(app).splitlines()[4])
        await pilot.press("D")
        await until(pilot, lambda: "from memory; enter opens the answer" in shown(app))
        await until(pilot, lambda: lesson(app).query_one(NextStep).text == "answer from memory, then enter")
        assert "D answer" not in shown(app), "it would be typed"
        await pilot.press("enter")
        await until(pilot, lambda: "1–3 how well" in shown(app))
        await until(pilot, lambda: "how well did you know it? 1–3 says it" in shown(app))
        await pilot.press("3")
        await until(pilot, lambda: "marked  not" in shown(app))


MOST_UPDATES, MOST_ROWS = 2, 100


def shortened(name: str) -> Lesson:
    """A lesson whose trainings take a moment, and which claims of them no more than that they have run."""
    whole = load(name)

    def short(experiment: Experiment) -> Experiment:
        rows = experiment.rows and min(experiment.rows, MOST_ROWS)
        return replace(experiment, updates=min(experiment.updates, MOST_UPDATES), rows=rows)

    def study_of(study: Study) -> Study:
        if isinstance(study, Experiment):
            return short(study)
        return replace(study, experiments=tuple(map(short, study.experiments[:2])))

    return replace(
        whole,
        studies=tuple(map(study_of, whole.studies)),
        suggestions=tuple(replace(one, experiment=short(one.experiment)) for one in whole.suggestions),
        claims=tuple(
            replace(one, measure=lambda runs: 1.0, bar=at_least(1), control=None) for one in whole.claims
        ),
    )


@pytest.mark.long
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
async def test_all_chapters_are_followed_to_their_end_in_one_record(
    whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not whole:
        monkeypatch.setattr("toystory.tui.screens.lesson.screen.load", shortened)
    async with in_lesson(NAMES[0], size=SIZE) as (app, pilot):
        asked_again = (NAMES[1], NAMES[3], NAMES[-1])  # in the next chapter, two later, and at the end
        for name in NAMES:
            await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
            assert lesson(app).lesson_state.lesson.name == name
            missed = "3" if name == NAMES[0] else "1"
            solved = None if whole else int(name in asked_again)
            done = await follow_to_the_end(pilot, 900 if whole else 60, missed, solved)
            assert ("review" in done) == (name in asked_again), "what was not known comes back"
            assert done[:3] == ["story", "guess", "run"]
            assert done[-2:] == ["code", "on"]
            assert app.learner.record(name).holds, (name, app.learner.record(name).verdicts)
        await until(pilot, lambda: isinstance(app.screen, CourseScreen) and app.screen.is_mounted)
        await until(pilot, lambda: f"{len(NAMES)} of {len(NAMES)} chapters done" in shown(app))


def fresh_state(name: str = "gate") -> LessonState:
    record = LessonProgress(name)
    record.exercise_names = next(c for c in chapters() if c.name == name).exercise_names
    return LessonState(load(name), record)


def test_it_begins_with_the_story_and_never_jumps_ahead() -> None:
    state = fresh_state()
    following = chapters()[1]
    state.record.mark("Story")
    assert next_step(steps(state, following)).name == "story"
    state.record.mark("Look inside")
    assert next_step(steps(state, following)).name == "guess", "what was looked at early is no guess"
    state.record.prediction = 0
    coming = next_step(steps(state, following))
    assert (coming.name, coming.text) == ("run", "train “one row”")


def test_the_last_step_names_the_next_chapter() -> None:
    state = fresh_state()
    assert steps(state, chapters()[1])[-1].text == "all done here: chapter 2 is next, The load test"
    assert "sandbox" in steps(state, None)[-1].text


def test_every_text_fits_a_narrow_terminal() -> None:
    for name in NAMES:
        for step in steps(fresh_state(name), chapters()[0]):
            assert len(step.text) <= 100, step
            if step.name in ("story", "guess", "run", "inside", "rest", "code"):
                assert len(step.text) <= 62, step


async def test_the_names_of_the_steps_give_way_to_the_words() -> None:
    told = "were you right? Read why, then 4 questions from memory"
    done = [Step(name, True, "") for name in ("story", "guess", "run", "inside")]
    later = [Step(name, False, "") for name in ("rest", "idea", "code", "on")]
    app = ToystoryApp("gate")
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
        line = app.screen.query_one(NextStep)
        for text, named in (("look inside", True), (told, False)):
            line.show((*done, Step("recall", False, text), *later))
            words = str(line.render())
            assert text in words
            assert ("✓ story" in words) == named


async def test_it_can_be_put_away_and_stays_away() -> None:
    async with in_lesson("gate") as (app, pilot):
        await until(pilot, lambda: "read the story, then D" in shown(app))
        await press(pilot, "ctrl+n")
        assert not app.screen.query_one(NextStep).display
        await press(pilot, "D")
        assert isinstance(lesson(app).stage, PredictStage), "its key goes on working"
        app.learner.close()
    again = ToystoryApp("gate")
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(again.screen, LessonScreen) and again.screen.is_mounted)
        assert not again.screen.query_one(NextStep).display
        await pilot.press("ctrl+n")
        await until(pilot, lambda: "what do you think?" in shown(again))


async def test_it_tells_what_an_open_dialog_wants() -> None:
    async with in_lesson("gate", "t", size=SIZE) as (app, pilot):
        line = lesson(app).query_one(NextStep)
        before = line.text
        await pilot.press("I")
        await until(pilot, lambda: line.text == "choose an idea: enter or its number tries it")
        await pilot.press("escape", "e")
        await until(pilot, lambda: line.text == "esc leaves what is open")
        await pilot.press("escape")
        await until(pilot, lambda: line.text == before)


async def test_a_click_on_it_goes_there() -> None:
    async with in_lesson("gate", size=SIZE) as (app, pilot):
        await pilot.click(NextStep)
        await until(pilot, lambda: isinstance(lesson(app).stage, PredictStage))


def finished_state() -> LessonState:
    state = fresh_state()
    state.start_or_pause()
    deadline = time.monotonic() + 60
    while state.session.state not in ("finished", "diverged"):
        assert time.monotonic() < deadline
        state.poll()
        time.sleep(0.005)
    state.poll()
    return state


def test_no_key_loses_a_finished_run() -> None:
    state = finished_state()
    run = state.session
    for key in (state.start_or_pause, state.step):
        assert key() == FINISHED
        assert state.session is run
    state.reset()
    assert (state.session is run, state.session.state) == (False, "ready")
    state.reset()
    assert state.session is run, "r once more brings it back"
    state.reset()
    state.step()
    assert state.session is not run
    assert run.study.name in state.record.finished, "what it found stays"
    state.close()


def test_another_learning_rate_is_another_run_and_the_finished_one_comes_back() -> None:
    state = finished_state()
    run = state.session
    state.set_learning_rate(0.5)
    assert (state.session.state, state.session.learning_rate) == ("ready", 0.5)
    state.reset()
    assert state.session is run
    state.close()


def test_all_have_run_is_said_and_begins_nothing() -> None:
    state = finished_state()
    run = state.session
    for study in state.lesson.studies:
        state.record.finished.setdefault(study.name, run.runs)
    assert state.start_all() == "All of them have run. r begins the one that is shown anew."
    assert (state.session is run, state.running) == (True, None)
    state.close()


def test_settings_that_have_run_are_shown_and_not_run_again() -> None:
    state = finished_state()
    run, place = state.session, state.index
    state.choose(place + 1)
    state.run_custom(replace(run.experiments[0], name="the same"))
    assert (state.index, state.session is run) == (place, True)
    state.close()


def test_all_run_in_turn_and_what_is_looked_at_stays() -> None:
    state = fresh_state()
    state.choose(1)
    assert state.start_all() == ""
    assert state.session is state.running, "the one that is looked at comes first"
    deadline = time.monotonic() + 120
    while state.all_in_turn:
        assert time.monotonic() < deadline
        assert state.index == 1
        state.poll()
        time.sleep(0.005)
    assert {study.name for study in state.lesson.studies} == set(state.record.finished)
    state.close()


def test_space_pauses_what_runs_in_turn() -> None:
    state = fresh_state("lstm")  # whose first training lasts until it is paused
    state.start_all()
    state.choose(2)
    assert state.all_in_turn, "looking at another one does not end it"
    running = state.running
    assert running is not None
    state.start_or_pause()
    assert (state.all_in_turn, state.index) == (False, 2)
    deadline = time.monotonic() + 60
    while running.state == "running":
        assert time.monotonic() < deadline
        time.sleep(0.005)
    state.close()


async def test_a_lesson_left_while_it_trains_says_where_it_stands() -> None:
    async with in_lesson("two-layer", "t", "minus", "minus", "minus", "space", size=SIZE) as (app, pilot):
        state = lesson(app).lesson_state
        await until(pilot, lambda: state.session.run is not None and state.session.run.updates > 0)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, CourseScreen))
        (note,) = app._notifications
        assert re.match(
            r"“.*” is paused at update [\d,]+ of [\d,]+\. It goes on from there: space\.", note.message
        )
        await until(pilot, lambda: f"‖ “{state.study.name}” is paused" in shown(app))
    again = ToystoryApp()
    async with again.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "‖ a run is paused" in shown(again))


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_says_what_can_be_done_at_its_end(name: str) -> None:
    assert 2 <= len(load(name).can) <= 4


async def test_train_begins_with_the_loss_and_one_picture_and_remembers_when_all_was_asked_for() -> None:
    async with in_lesson("gate", "t", "full_stop", "full_stop", size=SIZE) as (app, pilot):
        await until(pilot, lambda: "across x₁, upwards x₂" in shown(app))
        assert "loss" in shown(app)
        assert not any(word in shown(app) for word in ("1 the sum", "O options", "claims:"))
        await pilot.press("Z")
        await until(pilot, lambda: "1 the sum" in shown(app) and "O options" in shown(app))
        await pilot.press("Z")
        await until(pilot, lambda: "1 the sum" not in shown(app))
        await pilot.press("Z")
        await until(pilot, lambda: "1 the sum" in shown(app))
        app.learner.close()
    again = ToystoryApp("two-layer")
    async with again.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(again.screen, LessonScreen) and again.screen.is_mounted)
        await pilot.press("t")
        await until(pilot, lambda: "1 what each unit hears" in shown(again))


async def test_in_a_later_chapter_all_of_train_is_there() -> None:
    async with in_lesson("rnn", "t", size=SIZE) as (app, pilot):
        await until(pilot, lambda: "1 what each unit hears" in shown(app))
        await press(pilot, "Z")
        assert "1 what each unit hears" in shown(app)
