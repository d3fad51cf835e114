"""The exercises prove themselves: what a learner is given fails, the solution passes, mistakes are caught.

The learner's file and the solution are checked as in the program, in a process of their own; the many planted
mistakes, which are ours, in this one.
"""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toystory.course.catalogue import NAMES
from toystory.course.exercises.exercise import LABEL, Exercise, Mistake, Wrong, all_exercises, exercises_of
from toystory.grading.failures import Source, read_call, read_load
from toystory.grading.sandbox import wire
from toystory.grading.sandbox.audit import Audit
from toystory.grading.sandbox.learner_process import Answers
from toystory.grading.verdict import check

EXERCISES = all_exercises()
MISTAKES = [(e, mistake) for e in EXERCISES if e.kind != "whole model" for mistake in e.mistakes]
"""But for whole models: tests/lessons/test_whole_models.py makes theirs, and reads what is said of each."""
TABLE = "comparison"
"""The last chapter: it has no model of its own, and exercises about all of them."""
ODD = (
    None,
    "text",
    3,
    2.5,
    True,
    [],
    {},
    (),
    [1.0],
    (1.0, 2.0, 3.0),
    {"a": 1},
    np.zeros(0),
    np.zeros((7, 5)),
)

one = pytest.mark.parametrize("exercise", EXERCISES, ids=[each.key for each in EXERCISES])
LONG = 60
"""Seconds of a check that is not for every day."""
in_time = pytest.mark.parametrize(
    "exercise",
    [pytest.param(each, marks=pytest.mark.slow) if each.seconds > LONG else each for each in EXERCISES],
    ids=[each.key for each in EXERCISES],
)


class Here:
    """The functions of a text that is our own, called in this process as the learner's are in theirs."""

    def __init__(self, exercise: Exercise, text: str) -> None:
        self._source = Source(f"{exercise.name}.py", text)
        self._answers = Answers(self._source.name, Audit())
        message, _ = _over_the_wire(self._answers.load(text))
        read_load(message, self._source)

    def __call__(self, function: str, /, *arguments: Any) -> Any:
        _, sent = _over_the_wire(wire.pack({}, list(arguments)))
        message, value = _over_the_wire(self._answers.call(function, sent))
        return read_call(message, value, self._source, function, arguments)


def _over_the_wire(frame: bytes) -> tuple[wire.Message, Any]:
    read = wire.read(io.BytesIO(frame))
    assert read is not None
    return read


def verdict_here(exercise: Exercise, text: str) -> Wrong | None:
    """What the check says first; None where it passes."""
    try:
        exercise.check(Here(exercise, text))
    except Wrong as wrong:
        return wrong
    return None


@one
def test_the_untouched_file_fails_and_says_how(exercise: Exercise) -> None:
    verdict = check(exercise, Source(f"{exercise.name}.py", exercise.start))
    assert not verdict.passed
    assert len(verdict.sentence) > 15
    assert "can't be worked with" not in verdict.sentence
    if exercise.kind == "bug hunt":
        assert not verdict.trace, f"a bug hunt begins with code that runs: {verdict.text()}"


@in_time
def test_the_solution_passes(exercise: Exercise) -> None:
    verdict = check(exercise, Source(f"{exercise.name}.py", exercise.solution))
    assert verdict.passed, verdict.text()
    assert not verdict.output, "a solution prints nothing, and warns of nothing"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=[f"{e.key}: {m.about}" for e, m in MISTAKES])
def test_a_mistake_is_caught(exercise: Exercise, mistake: Mistake) -> None:
    wrong = verdict_here(exercise, mistake.made_in(exercise.solution))
    assert wrong is not None, f"the check of {exercise.key} lets it pass: {mistake.about}"


@one
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_whatever_comes_back_gets_a_sentence(exercise: Exercise, odd: Any) -> None:
    with pytest.raises(Wrong):
        exercise.check(lambda function, /, *arguments: odd)


@one
def test_it_has_all_that_an_exercise_has(exercise: Exercise) -> None:
    assert len(exercise.hints) == 3
    assert all(hint.strip() for hint in exercise.hints)
    assert len(set(exercise.hints)) == 3
    assert exercise.title
    assert len(exercise.task) > 100
    assert len(exercise.explanation) > 100
    assert len(exercise.mistakes) >= 3
    assert len({mistake.about for mistake in exercise.mistakes}) == len(exercise.mistakes)


@one
def test_the_learners_file_is_plain_and_tells_which_exercise_it_is(exercise: Exercise) -> None:
    for text in (exercise.start, exercise.solution):
        assert LABEL.findall(text) == [exercise.key]
        assert "lessons" not in text.partition('"""\n')[2]
        assert "# ---" not in text
    assert ("# TODO" in exercise.start) == (exercise.bug is None)
    assert "TODO" not in exercise.solution


@one
def test_what_is_planted_in_a_bug_hunt_is_not_told(exercise: Exercise) -> None:
    assert (exercise.kind == "bug hunt") == (exercise.bug is not None)
    if exercise.bug is not None:
        assert exercise.bug.about not in exercise.start + exercise.task


def share_of_its_solution(hunt: Exercise, other: Exercise) -> float:
    """How much of what is to be written in the other stands in the bug hunt, line for line."""
    given = {line.strip() for line in other.start.splitlines()}
    written = [line.strip() for line in other.solution.splitlines()]
    written = [line for line in written if len(line) > 14 and line not in given]
    shown = {line.strip() for line in hunt.start.splitlines()}
    return sum(line in shown for line in written) / max(len(written), 1)


def test_a_bug_hunt_with_a_solution_in_it_comes_after_that_one() -> None:
    for hunt in (each for each in EXERCISES if each.bug is not None):
        beside = {each.name: each for each in exercises_of(hunt.lesson) if each.bug is None}
        shows = [each.name for each in beside.values() if share_of_its_solution(hunt, each) >= 0.5]
        assert not shows or hunt.after in shows, hunt.key
        assert not hunt.after or beside[hunt.after].order < hunt.order
    with_a_solution = next(each for each in EXERCISES if each.key == "two-layer/bug_hunt")
    assert with_a_solution.after == "backward"


@pytest.mark.parametrize("lesson", NAMES)
def test_a_lesson_has_a_few_and_a_bug_hunt(lesson: str) -> None:
    exercises = exercises_of(lesson)
    kinds = [exercise.kind for exercise in exercises]
    if lesson == TABLE:
        assert kinds == ["derivation", "heart", "extension"]
        return
    assert 3 <= len(exercises) <= 10  # as many as there are digits to choose them by
    hunts, whole = kinds.count("bug hunt"), kinds.count("whole model")
    assert 1 <= hunts <= 3
    assert kinds[-hunts - whole :] == ["bug hunt"] * hunts + ["whole model"] * whole
    assert whole <= 1
    assert kinds[0] == "derivation"
    assert set(kinds) - {"whole model"} == {"derivation", "heart", "extension", "bug hunt"}
    assert len({exercise.order for exercise in exercises}) == len(exercises)


def test_tasks_are_there_where_python_drops_docstrings() -> None:
    program = (
        "from toystory.course.exercises.exercise import all_exercises\n"
        "print([(each.key, each.title, each.task) for each in all_exercises()])\n"
    )
    root = Path(__file__).parents[2]
    told = subprocess.check_output(
        [sys.executable, "-OO", "-c", program], cwd=root, text=True, encoding="utf-8"
    )
    assert told.rstrip() == repr([(each.key, each.title, each.task) for each in all_exercises()])
