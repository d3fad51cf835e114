"""Files that were begun when the recurrent chapters had rows last: right ones stay right, and it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.some import some
from toystory.course.exercises.exercise import Exercise, exercises_of
from toystory.course.exercises.rows_last import MARK
from toystory.grading.failures import Source
from toystory.grading.verdict import check

OLD = Path(__file__).parents[1] / "data" / "rows_last"
EXERCISES = [each for lesson in ("rnn", "lstm") for each in exercises_of(lesson) if each.rows_last]


@pytest.mark.parametrize("exercise", EXERCISES, ids=[each.key for each in EXERCISES])
def test_an_old_solution_is_right_still(exercise: Exercise) -> None:
    text = (OLD / f"{exercise.lesson}_{exercise.name}.txt").read_text(encoding="utf-8")
    verdict = check(exercise, Source(f"{exercise.name}.py", text))
    assert verdict.passed, verdict.text()
    assert any("rows came last" in note for note in verdict.notes)


@pytest.mark.parametrize("exercise", EXERCISES, ids=[each.key for each in EXERCISES])
def test_files_of_today_are_asked_as_they_are(exercise: Exercise) -> None:
    assert not MARK.search(exercise.start + exercise.solution)


def test_a_mistake_in_an_old_file_is_told() -> None:
    (exercise,) = (each for each in EXERCISES if each.key == "lstm/step_back")
    text = (OLD / "lstm_step_back.txt").read_text(encoding="utf-8")
    verdict = check(exercise, Source("step_back.py", text.replace(" + dc_kept", "")))
    assert not verdict.passed
    assert any("dc_kept were left out" in note for note in verdict.notes)


RETURNED = ["None", "3", "[]", "{}", "{'W_hh': 1}", "(1, 2)", "np.zeros(0)"]


@pytest.mark.parametrize("returned", some(("None", "{'W_hh': 1}", "np.zeros(0)"), RETURNED))
def test_whatever_an_old_file_returns_gets_a_sentence(returned: str) -> None:
    for exercise in EXERCISES:
        functions = "".join(f"def {name}(*_):\n    return {returned}\n" for name in exercise.rows_last)
        text = f'"""(hidden, rows)"""\nimport numpy as np\n{functions}'
        verdict = check(exercise, Source("odd.py", text))
        assert not verdict.passed
        assert len(verdict.sentence) > 15
