"""A lesson's run in another framework starts where ours starts, and goes where ours goes."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.export.test_frameworks import run_script
from toystory.base.errors import BadRequest
from toystory.cli.main import main
from toystory.course import catalogue
from toystory.export.frameworks.first_weights import first_weights_code
from toystory.export.frameworks.read import LAYERS, our_arrays
from toystory.export.frameworks.training import training_script
from toystory.models.batches import Batch
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.experiment import Experiment
from toystory.training.run import experiments_of

LESSONS = ("gate", "regression", "two-layer", "autograd", "mlp", "rnn", "lstm")


def run_of(name: str) -> Experiment:
    """The run that a lesson ends with."""
    lesson = catalogue.load(name)
    return experiments_of(lesson.study(lesson.ends_with))[-1]


@pytest.mark.parametrize("name", LESSONS)
def test_the_first_weights_are_ours(name: str) -> None:
    experiment = run_of(name)
    names: dict[str, Any] = {"np": np}
    exec(first_weights_code(experiment), names)
    for key, parameter in experiment.build_model().parameters.items():
        assert np.array_equal(names["arrays"]()[key], parameter)


@pytest.mark.parametrize("framework", ["pytorch", "jax"])
@pytest.mark.parametrize("name", LESSONS)
def test_it_is_a_whole_program(name: str, framework: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", name, "--in", framework]) == 0
    text = capsys.readouterr().out
    tree = ast.parse(text)
    assert "«" not in text
    assert "Where" in (ast.get_docstring(tree) or "")
    assert max(map(len, text.splitlines())) <= 120


def test_a_model_that_has_no_script_is_said() -> None:
    lesson = catalogue.load("lstm")
    mixed = replace(run_of("lstm"), lengths="mixed")
    with pytest.raises(BadRequest, match="others have"):
        training_script(lesson, "jax", mixed)


@pytest.mark.slow
@pytest.mark.parametrize(("framework", "package"), [("pytorch", "torch"), ("jax", "optax")])
@pytest.mark.parametrize("name", LESSONS)
def test_the_first_update_is_ours(name: str, framework: str, package: str, tmp_path: Path) -> None:
    """In float64, since Adam's first step is the gradient's sign, which rounding would decide next to zero;
    and from weights that put no sum exactly on ReLU's kink."""
    pytest.importorskip(package)
    experiment = replace(run_of(name), dtype="float64", first_weights="he")
    script = run_script(training_script(catalogue.load(name), framework, experiment), tmp_path)
    x = np.random.default_rng(1).integers(0, 2, (64, experiment.columns), np.uint8)
    y = (x.sum(axis=1) % 2).astype(np.uint8)
    net, optimizer = script.start()
    loss = script.update(net, optimizer, x, y, 0)
    model = experiment.build_model()
    step = TrainStep(model, make_optimizer(experiment.optimizer, experiment.learning_rate), experiment.clip)
    assert abs(step.compute_gradients(Batch(x, y))[0] - loss) < 1e-9
    step.apply_gradients()
    if framework == "pytorch":
        state = {key: value.detach().numpy() for key, value in net.state_dict().items()}
        net = our_arrays(state)
    for key, parameter in model.parameters.items():
        found = np.asarray(net.get(key, net.get(LAYERS.get(key, ""))))
        np.testing.assert_allclose(found.reshape(parameter.shape), parameter, rtol=0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("framework", "package"), [("pytorch", "torch"), ("jax", "optax")])
def test_it_reaches_the_lessons_claim(
    framework: str, package: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(package)
    text = training_script(catalogue.load("lstm"), framework)
    exec(compile(text, "script", "exec"), {"__name__": "__main__"})
    right = float(capsys.readouterr().out.rpartition("right on ")[2].partition("%")[0])
    assert right >= 99.9
