"""Every equation with numbers in it says what the model computed."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from tests.support.studies import DERIVED
from toystory.course import catalogue
from toystory.course.derivation.steps import evaluate, work_out
from toystory.course.derivation.worked import Now, dot, factor, number, plus
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.run import experiments_of

SIGNS = {"·": "*", "−": "-", "²": "**2", "σ": "sigmoid"}
FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "log": math.log,
    "exp": math.exp,
    "max": max,
}


def read_back(expression: str) -> float:
    """What a worked line comes to, computed from nothing but its text."""
    text = re.sub(r"\(\d+ more: ([^)]*)\)", r"(\1)", expression)
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS))


def short(experiment: Experiment) -> Experiment:
    rows = None if experiment.rows is None else min(experiment.rows, 200)
    return replace(experiment, updates=min(experiment.updates, 3), rows=rows)


@pytest.mark.parametrize(("name", "study"), DERIVED)
def test_every_worked_line_comes_to_the_models_own_number(name: str, study: str) -> None:
    lesson = catalogue.load(name)
    experiment = short(experiments_of(lesson.study(study))[-1])
    training = Training(experiment)
    for _ in training:
        pass
    columns = 5 if experiment.any_length else experiment.columns
    x = np.random.default_rng(3).integers(0, 2, (1, columns)).astype(np.uint8)
    y = experiment.task.whole_rows(x).y
    for t in range(columns) if experiment.recurrent else [-1]:
        for unit in {0, min(experiment.hidden, default=1) - 1}:
            worked = work_out(lesson.derivation, training.model, x, y, experiment.learning_rate, t, unit)
            assert worked
            for done in worked:
                is_half_away = 0.5 if "½" in done.worked.left else 0.0
                # Five digits a term: the difference of two nearly equal numbers keeps fewer.
                close = pytest.approx(done.worked.result, rel=2e-3, abs=3e-5 if is_half_away else 1e-9)
                assert read_back(done.worked.expression) == close, done.worked
                held = [float(v) for v in np.ravel(done.value)]
                assert any(math.isclose(done.worked.result + is_half_away, v) for v in held), done.worked
                assert number(done.worked.result, 6) in str(done.worked)


def test_a_planted_mistake_is_seen() -> None:
    lesson = catalogue.load("gate")
    model = experiments_of(lesson.studies[0])[0].build_model()
    values = evaluate(model, np.array([[1, 1]], np.uint8), np.array([0], np.uint8), 0.07)
    values["z"] = values["z"] + 0.1
    line = lesson.derivation[0].worked(Now(model, values, 0.07))
    assert read_back(line.expression) != pytest.approx(line.result, rel=2e-3)


def test_numbers_are_written_so_that_they_can_be_read_back() -> None:
    assert number(-0.0) == "0"
    assert number(1.0) == "1"
    assert number(-0.3) == "−0.3"
    assert number(0.646799, digits=6) == "0.646799"
    assert factor(-0.3) == "(−0.3)"
    assert plus(-0.3) == " − 0.3"
    assert number(1.5e-7) == "1.5000e−07"
    assert dot([1, 0], [0.25, -2]) == "1·0.25 + 0·(−2)"
    assert dot(np.ones(50), np.arange(50)).endswith("(47 more: 1222)")
