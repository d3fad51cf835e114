"""Every equation with numbers in it says what the model computed."""

import math
import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.support.studies import DERIVED
from toystory.course import catalogue
from toystory.course.derivation.shared_lines import BARS, BLOCKS, WIDEST, slope_picture
from toystory.course.derivation.steps import evaluate, work_out
from toystory.course.derivation.update_steps import steps_for
from toystory.course.derivation.worked import Now, dot, factor, number, plus
from toystory.models.mlp import MLP
from toystory.models.parts.activations import ACTIVATIONS
from toystory.render.derivation_panel import derivation_text
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.run import experiments_of

SIGNS = {"·": "*", "−": "-", "²": "**2", "σ": "sigmoid"}
FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "ln": math.log,
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
    layers = range(1, len(experiment.hidden) + 1) if experiment.model == "MLP" else [1]
    times = range(columns) if experiment.recurrent else [-1]
    units = {0, min(experiment.hidden, default=1) - 1}
    for t, unit, layer in product(times, units, layers):
        steps = steps_for(lesson.derivation, experiment, layer)
        worked = work_out(
            steps,
            training.model,
            x,
            y,
            experiment.learning_rate,
            t=t,
            unit=unit,
            layer=layer,
            clip=experiment.clip,
            weight_decay=experiment.weight_decay,
        )
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


@pytest.mark.parametrize("y", [0, 1])
def test_the_links_of_the_chain_are_the_slopes_and_multiply_to_the_error(y: int) -> None:
    lesson = catalogue.load("gate")
    model = experiments_of(lesson.study(lesson.ends_with))[0].build_model()
    steps = work_out(lesson.derivation, model, np.array([[1, 0]], np.uint8), np.array([y], np.uint8), 0.1)
    (done,) = (done for done in steps if done.step.value == "dz")
    links = dict(line.split(" = ", 1) for line in done.worked.below if line.startswith("d"))
    assert list(links) == ["dL/da", "da/dz", "dL/dz"]
    for line in links.values():
        expression, result = line.rsplit(" = ", 1)
        assert read_back(expression) == pytest.approx(read_back(result), rel=2e-3)
    z = float(model.forward(np.array([[1, 0]]))["z"][0])

    def cost(a: float) -> float:
        return -(y * math.log(a) + (1 - y) * math.log(1 - a))

    a, nudge = 1 / (1 + math.exp(-z)), 1e-6
    measured = (cost(a + nudge) - cost(a - nudge)) / (2 * nudge)
    assert read_back(links["dL/da"].rsplit(" = ", 1)[1]) == pytest.approx(measured, rel=1e-3)
    assert read_back(links["dL/dz"].rsplit(" = ", 1)[1]) == pytest.approx(done.worked.result, rel=1e-3)


@pytest.mark.parametrize(("curve", "z"), [("sigmoid", 0.0), ("tanh", -2.0), ("relu", 3.0), ("tanh", 40.0)])
def test_the_mark_of_a_slope_stands_below_its_bar(curve: str, z: float) -> None:
    function, derivative = ACTIVATIONS[curve]
    a = float(function(np.array([z]))[0])
    bars, mark = slope_picture(curve, z, a)
    at = mark.index("▲")
    place = max(min(z, WIDEST), -WIDEST)
    steepest = float(derivative(function(np.linspace(-WIDEST, WIDEST, BARS))).max())
    here = float(derivative(function(np.array([place])))[0])
    assert BLOCKS.index(bars[at]) == round(here / steepest * (len(BLOCKS) - 1))


def test_an_equation_fits_the_model_that_is_shown() -> None:
    lesson = catalogue.load("mlp")
    for signed, equation in ((True, ""), (False, "a⁰ = x")):
        model = MLP((4, 3, 1), signed=signed)
        steps = work_out(
            lesson.derivation, model, np.array([[1, 0, 1, 0]], np.uint8), np.ones(1, np.uint8), 0.1
        )
        assert steps[0].worked.equation == equation
        text = derivation_text(1, steps[0].step, steps[0].value, steps[0].worked)
        assert ("As −1 and +1" in text, "as they are, 0 and 1" in text) == (signed, not signed)
