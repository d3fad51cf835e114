"""The lesson's suggestions: chosen with a key, run as the learner's own, the reason told afterwards."""

from dataclasses import replace
from typing import Any

from tests.support.app import in_lesson, press
from tests.support.waiting import wait_for
from toystory.course.catalogue import load
from toystory.course.lesson import Lesson
from toystory.progress.lesson_progress import LessonProgress
from toystory.tui.app import ToystoryApp
from toystory.tui.screens.dialogs.suggestions import SuggestionsScreen
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.state.custom_experiments import nearest
from toystory.tui.state.lesson_state import LessonState


def short(lesson: Lesson) -> Lesson:
    """With suggestions that end after one update."""
    cut = [replace(s, experiment=replace(s.experiment, updates=1)) for s in lesson.suggestions]
    return replace(lesson, suggestions=tuple(cut))


def test_a_suggestion_is_a_study_of_ones_own_made_once():
    lesson = short(load("two-layer"))
    lesson_state = LessonState(lesson, LessonProgress())
    first = lesson.suggestions[0]
    lesson_state.run_suggestion(first)
    assert lesson_state.study.name == f"yours 1: {first.experiment.name}"
    wait_for(lambda: lesson_state.session.state == "finished")
    assert lesson_state.has_run(first)
    assert not lesson_state.has_run(lesson.suggestions[1])
    lesson_state.run_suggestion(first)
    wait_for(lambda: lesson_state.session.state == "finished")
    assert len(lesson_state.record.own) == 1
    lesson_state.back_to_recipe()
    assert lesson_state.study.name == "the four rows"
    lesson_state.close()


def test_with_another_learning_rate_it_is_not_what_was_suggested():
    lesson = short(load("two-layer"))
    lesson_state = LessonState(lesson, LessonProgress())
    lesson_state.run_suggestion(lesson.suggestions[0])
    wait_for(lambda: lesson_state.session.state == "finished")
    lesson_state.set_learning_rate(0.5)
    lesson_state.start_or_pause()
    wait_for(lambda: lesson_state.session.state == "finished")
    assert not lesson_state.has_run(lesson.suggestions[0])
    lesson_state.close()


def test_it_belongs_to_the_study_that_it_is_nearest_to():
    for name in ("gate", "two-layer", "mlp", "rnn", "lstm"):
        lesson = load(name)
        for study in lesson.studies:
            assert nearest([study], lesson.suggestions[0].experiment) is study
    lesson = load("two-layer")
    assert nearest(lesson.studies, lesson.suggestions[0].experiment) is lesson.studies[0]


async def test_the_reason_is_told_when_it_has_run_and_not_before():
    async with in_lesson("two-layer", "t", "I") as (app, pilot):
        assert isinstance(app.screen, SuggestionsScreen)
        reason = load("two-layer").suggestions[1].reason
        assert reason not in shown(app)
        await press(pilot, "2")
        assert isinstance(app.screen, LessonScreen)
        session = app.screen.lesson_state.session
        assert session.study.name == "yours 1: weights of zero"
        wait_for(lambda: session.state == "finished")
        told: Any = app.screen.query_one("#reason")
        for _ in range(200):
            await pilot.pause()
            if told.display:
                break
        assert reason in str(told.render())
        await press(pilot, "I")
        assert reason in shown(app)
        assert load("two-layer").suggestions[0].reason not in shown(app)


async def test_every_idea_has_a_key():
    lesson = load("lstm")
    assert len(lesson.suggestions) == 10
    taken: list[object] = []
    async with in_lesson("lstm") as (app, pilot):
        await app.push_screen(SuggestionsScreen(lesson.suggestions, [False] * 10), taken.append)
        await pilot.pause()
        assert " 0 Teach it on even lengths" in shown(app)
        await press(pilot, "0")
    assert taken == [lesson.suggestions[9]]


def shown(app: ToystoryApp) -> str:
    """The suggestions, wherever their lines are broken."""
    options: Any = app.screen.query_one("#suggestions")
    prompts = (str(options.get_option_at_index(i).prompt) for i in range(options.option_count))
    return " ".join(" ".join(prompts).split())
