"""Fading: an exercise is begun with a line missing, a block, or all but the signatures."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.test_exercise_commands import Capture, run
from tests.lessons.test_exercises import EXERCISES, verdict_here
from toystory.course.exercises.exercise import LABEL, Exercise
from toystory.course.exercises.steps import (
    BLOCK,
    LINE,
    SIGNATURES,
    Step,
    at_step,
    next_step,
    step_in,
    steps_of,
)
from toystory.grading.failures import Source
from toystory.grading.verdict import FIRST_STEP, check
from toystory.progress.store import Store

STEPS = [(exercise, step) for exercise in EXERCISES for step in steps_of(exercise)]
FADING = [(exercise, step) for exercise, step in STEPS if step.number != BLOCK]
UPDATE = next(exercise for exercise in EXERCISES if exercise.key == "gate/update")
MISSING = "...  # TODO: the line that is missing here"


@pytest.mark.parametrize(("exercise", "step"), FADING, ids=[f"{e.key} {s.number}" for e, s in FADING])
def test_a_step_begins_with_something_to_write(exercise: Exercise, step: Step) -> None:
    assert step_in(step.start) == step.number
    assert LABEL.findall(step.start) == [exercise.key]
    wrong = verdict_here(exercise, step.start)
    assert wrong is not None
    assert "can't be worked with" not in wrong.sentence
    written = Counter(exercise.solution.splitlines()) - Counter(step.start.splitlines())
    usual = Counter(exercise.solution.splitlines()) - Counter(exercise.start.splitlines())
    if step.number == LINE:
        on_paper = "def on_paper(" in exercise.solution  # which is to be answered at every step
        assert written.total() == 1 + on_paper
        assert step.start.count("# TODO") == 1 + on_paper
    else:
        assert written > usual, "what was given has to be written too"


def test_most_exercises_fade() -> None:
    numbers = {exercise.key: [step.number for step in steps_of(exercise)] for exercise in EXERCISES}
    asked = [
        exercise.key for exercise in EXERCISES if exercise.bug is None and exercise.kind != "whole model"
    ]
    assert sum(len(numbers[key]) > 1 for key in asked) >= 0.8 * len(asked)
    assert numbers["gate/update"] == [LINE, BLOCK, SIGNATURES]
    assert numbers["gate/sigmoid"] == [BLOCK], "one line is the block"
    assert numbers["gate/bug_hunt"] == [BLOCK]


def test_the_next_step_comes_when_one_passes() -> None:
    line, block, signatures = steps_of(UPDATE)
    assert next_step(UPDATE, line.start) == block
    assert next_step(UPDATE, block.start) == signatures
    assert next_step(UPDATE, signatures.start) is None
    assert at_step(UPDATE, SIGNATURES) is not None


def test_with_a_line_missing_it_passes_and_does_not_count(home: Path, capsys: Capture) -> None:
    code, _, _ = run(capsys, "exercise gate/update --step 1")
    assert code == 0
    file = home / "exercises" / "gate" / "update.py"
    assert file.read_text().count(MISSING) == 1
    code, out, _ = run(capsys, "check gate/update --plain")
    assert "on_paper() returned nothing" in out
    answers = next(line for line in UPDATE.solution.splitlines() if 'return {"dL/da"' in line)
    done = file.read_text().replace(MISSING, "a = sigmoid(x @ w + b)")
    file.write_text(re.sub("    # TODO: return .*", answers, done))
    code, out, _ = run(capsys, "check gate/update --plain")
    assert code == 0
    assert "gate/update: passed" in out
    assert "'toystory exercise gate/update --step 2 --fresh'" in " ".join(out.split())
    assert Store().exercise("gate", "update").state == "begun"
    told = json.loads(run(capsys, "check gate/update --json")[1])["exercises"][0]["notes"]
    assert FIRST_STEP in told
    code, out, _ = run(capsys, "exercise gate/update --step 3 --fresh")
    assert "yours is now update.1.py" in out
    assert "slopes = gradients" not in file.read_text()
    file.write_text(UPDATE.solution)
    assert run(capsys, "check gate/update")[0] == 0
    assert Store().exercise("gate", "update").state == "passed"
    assert check(UPDATE, Source("update.py", UPDATE.solution)).notes == ()


def test_a_step_that_is_not_there_is_told(capsys: Capture) -> None:
    for line, sentence in (
        ("exercise gate/sigmoid --step 1", "gate/sigmoid has no step 1: it begins in one way alone"),
        ("exercise --step 1", "'exercise gate/update --step 1'"),
        ("exercise gate/update --step 1 --hint", "'exercise gate/update --step 1'"),
    ):
        code, _, err = run(capsys, line)
        assert code == 2
        assert sentence in err
