"""One step of gradient descent: the question by hand, and what the step changes."""

import math
import re

import numpy as np
import pytest

from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.derivation.one_update import Question, changes, question
from toystory.course.derivation.steps import Values, evaluate
from toystory.models import MLP, RNN, Model
from toystory.training.run import experiments_of


def evaluated(name: str) -> tuple[Model, Values]:
    lesson = catalogue.load(name)
    experiment = experiments_of(lesson.study(lesson.ends_with))[0]
    model = experiment.build_model()
    x = np.random.default_rng(0).integers(0, 2, (1, experiment.columns)).astype(np.uint8)
    return model, evaluate(model, x, experiment.task.whole_rows(x).y, 0.1)


def test_alexs_first_update() -> None:
    lesson = catalogue.load("gate")
    experiment = experiments_of(lesson.studies[0])[0]
    model = experiment.build_model()
    values = evaluate(model, np.array([[1, 1]], np.uint8), np.array([0], np.uint8), 0.07)
    asked = question(model, values, 0.07)
    assert asked.name == "w[0]"
    assert asked.after == pytest.approx(0.054724, abs=5e-7)
    assert asked.line == "w[0] = 0.1 − 0.07·0.6468 = 0.054724"


@pytest.mark.parametrize("layer", [1, 2])
def test_of_a_tower_the_layer_looked_at_is_asked_for(layer: int) -> None:
    model = MLP((2, 4, 3, 1), seed=1, dtype=np.float64)
    values = evaluate(model, np.array([[1, 0]], np.uint8), np.array([1], np.uint8), 0.1)
    asked = question(model, values, 0.1, layer)
    assert asked.name.startswith(f"W{layer}[")
    assert asked.gradient == np.ravel(values[f"dW{layer}"])[np.argmax(np.abs(values[f"dW{layer}"]))]


@pytest.mark.parametrize(
    ("answer", "said"),
    [(0.5, "right"), (0.5049, "right"), (0.506, "not yet"), (0.494, "not yet"), (-0.5, "not yet")],
)
def test_right_is_within_a_hundredth(answer: float, said: str) -> None:
    assert Question("w[0]", 1.0, 5.0, 0.1, 0.5).judge(answer) == said


def test_where_the_step_is_small_the_old_number_is_not_right() -> None:
    asked = Question("w[0]", 0.5, 0.01, 0.01, 0.4999)
    assert asked.judge(0.5) == "not moved"
    assert asked.judge(0.4999) == "right"
    assert "0.5 − 0.01·0.01 = 0.4999" in asked.line


def test_so_many_digits_are_shown_that_one_sees_it_move() -> None:
    asked = Question("w[0]", 0.123456789, 1e-6, 1.0, 0.123455789)
    before, after = asked.line.split(" = ")[1].split(" − ")[0], asked.line.split(" = ")[2]
    assert before != after
    assert Question("w[0]", 0.5, 0.0, 0.1, 0.5).judge(0.5) == "right"


@pytest.mark.parametrize(("clip", "decay"), [(None, 0.0), (0.01, 0.0), (0.01, 0.1), (None, 0.1)])
def test_the_line_by_hand_comes_to_the_number_after_the_step(clip: float | None, decay: float) -> None:
    model = RNN(2, seed=1, dtype=np.float64)
    x, y = np.array([[1, 0, 1]], np.uint8), np.array([0], np.uint8)
    asked = question(model, evaluate(model, x, y, 0.1, clip, decay), 0.1)
    before, step, after = re.split(r" = | − (?=0\.1·)", asked.line.partition(" = ")[2])
    factors = [float(each.strip("()").replace("−", "-")) for each in step.split("·")]
    assert len(factors) == (2 if clip is None else 3)
    expected = float(before.replace("−", "-")) - math.prod(factors)
    assert float(after.replace("−", "-")) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_changes_are_the_step(name: str) -> None:
    model, values = evaluated(name)
    for change in changes(model, values):
        before = model.parameters[change.name].astype(float)
        step = -0.1 * np.asarray(values[f"d{change.name}"], dtype=float)
        assert change.shape == before.shape
        assert change.norm_before == pytest.approx(np.sqrt((before**2).sum()), rel=1e-5)
        assert change.norm_after == pytest.approx(np.sqrt(((before + step) ** 2).sum()), rel=1e-5)
        assert abs(change.largest) == pytest.approx(np.abs(step).max(), rel=1e-2, abs=1e-7)
        assert change.largest == pytest.approx(step[change.place], rel=1e-2, abs=1e-7)
