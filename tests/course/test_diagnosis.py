"""A learner who makes a planted mistake is told which one it is, and nobody is told of one not made."""

from __future__ import annotations

import pytest

from tests.support.some import some
from toystory.course.exercises.diagnosis import first_wrong
from toystory.course.exercises.exercise import Exercise, all_exercises
from toystory.grading.failures import Source
from toystory.grading.verdict import check

EXERCISES = {exercise.key: exercise for exercise in all_exercises()}
BUG_HUNTS = [exercise for exercise in EXERCISES.values() if exercise.bug]


@pytest.mark.parametrize(
    "key", some((key for key in EXERCISES if "whole_model" not in key), tuple(EXERCISES))
)
def test_no_two_mistakes_of_different_words_look_the_same(key: str) -> None:
    exercise = EXERCISES[key]
    words: dict[str, str] = {}
    for mistake in exercise.mistakes:
        wrong = first_wrong(exercise, mistake.made_in(exercise.solution))
        assert wrong is not None
        looks = f"{wrong.sentence} {wrong.expected} {wrong.found} {wrong.given}"
        if mistake.told:
            assert words.setdefault(looks, mistake.told) == mistake.told


def notes(exercise: Exercise, text: str) -> tuple[str, ...]:
    """Beside the verdict, as a learner gets it."""
    return check(exercise, Source(f"{exercise.name}.py", text)).notes


def test_it_stands_beside_the_verdict() -> None:
    exercise = EXERCISES["mlp/backward"]
    mistake = next(each for each in exercise.mistakes if each.new == "da * before")
    assert notes(exercise, mistake.made_in(exercise.solution)) == (mistake.told,)


def test_a_mistake_that_was_not_made_is_not_told() -> None:
    exercise = EXERCISES["mlp/backward"]
    odd = exercise.solution.replace("da * (before > 0)", "da * (before > 0) * 1.7")
    assert odd != exercise.solution
    for text in (exercise.start, exercise.solution, odd):
        assert notes(exercise, text) == ()


@pytest.mark.parametrize("exercise", BUG_HUNTS, ids=[exercise.key for exercise in BUG_HUNTS])
def test_a_bug_hunt_does_not_tell_its_bug(exercise: Exercise) -> None:
    assert notes(exercise, exercise.start) == ()
