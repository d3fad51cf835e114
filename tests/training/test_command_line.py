"""A study made in the app, as a command, and back."""

import argparse
import shlex
from dataclasses import replace

import pytest

from tests.support.app import in_lesson
from tests.support.runs import finished
from tests.support.waiting import wait_for
from toystory.course.catalogue import NAMES, load
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.progress.lesson_progress import LessonProgress
from toystory.training.background import BackgroundRun
from toystory.training.command_line import command_line, read_settings
from toystory.training.experiment import Experiment
from toystory.training.run import experiments_of
from toystory.training.settings import add_settings
from toystory.tui.screens.lesson.screen import LessonScreen
from toystory.tui.settings_form import read, texts_of
from toystory.tui.state.lesson_state import LessonState


def parsed(line: str) -> Experiment:
    """What the command makes of the line."""
    parser = argparse.ArgumentParser()
    add_settings(parser)
    words = shlex.split(line)
    assert words[:2] == ["toystory", "train"]
    return read_settings(parser.parse_args(words[2:]))


def steps(session: BackgroundRun, times: int) -> None:
    for _ in range(times):
        session.step()
    wait_for(lambda: session.idle)


@pytest.fixture
def lesson_state(monkeypatch: pytest.MonkeyPatch):
    """Of the two layers; what is started makes its first pull and waits."""
    monkeypatch.setattr(BackgroundRun, "start", BackgroundRun.step)
    lesson_state = LessonState(load("two-layer"), LessonProgress())
    yield lesson_state
    lesson_state.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_comes_back_from_its_command_line(name: str):
    lesson = load(name)
    of_studies = [e for study in lesson.studies for e in experiments_of(study)]
    for experiment in of_studies + [suggestion.experiment for suggestion in lesson.suggestions]:
        assert replace(parsed(command_line(experiment)), name=experiment.name) == experiment


def test_first_weights_below_zero_are_not_taken_for_an_option():
    experiment = Experiment(
        name="x",
        model="LogisticRegression",
        columns=1,
        start=(-0.5, 0.25),
        rows=8,
        updates=1,
        learning_rate=1.0,
    )
    assert parsed(command_line(experiment)).start == (-0.5, 0.25)


def test_a_study_made_in_the_app_comes_back_from_what_it_copies(lesson_state: LessonState):
    texts = texts_of(FOUR_ROWS) | {"hidden": "2", "seed": "3", "gate": "and", "batch": "2", "clip": "0.5"}
    lesson_state.run_custom(read(texts, FOUR_ROWS).experiment)
    made = lesson_state.session.experiment
    assert made != FOUR_ROWS
    assert replace(parsed(lesson_state.command), name=made.name) == made


def test_twenty_seeds_are_twenty_lines(lesson_state: LessonState):
    lesson_state.run_seeds()
    lines = lesson_state.command.splitlines()
    assert [parsed(line).seed for line in lines] == list(range(20))
    assert len(lines) == 20


def test_a_rate_set_before_the_first_update_is_part_of_the_command(lesson_state: LessonState):
    lesson_state.set_learning_rate(0.5)
    assert parsed(lesson_state.command).learning_rate == 0.5
    steps(lesson_state.session, 3)
    assert parsed(lesson_state.command).learning_rate == 0.5
    assert "#" not in lesson_state.command


def test_a_rate_changed_on_the_way_is_admitted_in_a_comment(lesson_state: LessonState):
    steps(lesson_state.session, 4)
    lesson_state.set_learning_rate(0.5)
    assert "#" not in lesson_state.command, "not made yet"
    steps(lesson_state.session, 1)
    command, comment = lesson_state.command.splitlines()
    assert parsed(command).learning_rate == FOUR_ROWS.learning_rate
    assert comment == "# not the same run: its learning rate was changed on the way, to 0.5 after update 3"


def test_the_command_of_a_rate_set_at_the_start_makes_the_same_run_to_the_last_bit(lesson_state: LessonState):
    lesson_state.set_learning_rate(0.5)
    steps(lesson_state.session, 8)
    again = finished(replace(parsed(lesson_state.command), updates=7))
    assert again.losses.points == lesson_state.session.run.losses.points


async def test_a_key_copies_it_and_says_so():
    async with in_lesson("two-layer", "t", "W") as (app, _):
        assert isinstance(app.screen, LessonScreen)
        assert app.clipboard == app.screen.lesson_state.command
        assert parsed(app.clipboard).hidden == (4,)
        assert [note.title for note in app._notifications] == ["copied: what to type"]
