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
from toystory.models.parts.batches import Batch
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.experiment import Experiment
from toystory.training.run import experiments_of

LESSONS = ("gate", "regression", "two-layer", "autograd", "mlp", "rnn", "lstm", "attention", "comparison")


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


@pytest.mark.parametrize("changed", [{"lengths": "mixed"}, {"labels": "every step"}])
def test_a_run_that_has_no_script_is_said(changed: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="others have one"):
        training_script(catalogue.load("lstm"), "jax", replace(run_of("lstm"), **changed))


@pytest.mark.parametrize("gate", ["xor", "or", "and", "nand"])
@pytest.mark.parametrize("relevant", [None, (0, 3)])
@pytest.mark.parametrize(
    ("name", "lengths"),
    [("lstm", "one even per batch"), ("lstm", "full"), ("attention", "one per batch"), ("attention", "full")],
)
def test_it_asks_for_what_the_run_asks_for(name: str, lengths: Any, relevant: Any, gate: Any) -> None:
    """A control asks for the first column, and not for the parity."""
    experiment = replace(run_of(name), gate=gate, relevant=relevant, lengths=lengths, columns=7)
    text = training_script(catalogue.load(name), "pytorch", experiment)
    wanted = ("labels", "batches")
    functions = [
        part for part in ast.parse(text).body if isinstance(part, ast.FunctionDef) and part.name in wanted
    ]
    names: dict[str, Any] = {"np": np, "SEED": 0, "COLUMNS": 7}
    exec("from __future__ import annotations\n" + "\n".join(map(ast.unparse, functions)), names)
    seen = set()
    for _, (x, y) in zip(range(60), names["batches"](), strict=False):
        bits = np.pad(x.astype(np.uint8), ((0, 0), (0, 7 - x.shape[1])))
        seen.add(x.shape[1])
        whole = replace(experiment.task, lengths="full").batch(
            np.random.default_rng(0), bits[:, : x.shape[1]]
        )
        assert np.array_equal(whole.y, y)
    assert seen == {"full": {7}, "one even per batch": {2, 4, 6}}.get(lengths, set(range(1, 8)))


@pytest.mark.slow
@pytest.mark.parametrize(("framework", "package"), [("pytorch", "torch"), ("jax", "optax")])
@pytest.mark.parametrize("name", LESSONS)
def test_the_first_update_is_ours(name: str, framework: str, package: str, tmp_path: Path) -> None:
    """In float64, since Adam's first step is the gradient's sign, which rounding would decide next to zero;
    and from weights that put no sum exactly on ReLU's kink."""
    pytest.importorskip(package)
    first_update_agrees(name, framework, replace(run_of(name), dtype="float64", first_weights="he"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("framework", "package"), [("pytorch", "torch"), ("jax", "optax")])
@pytest.mark.parametrize("study", ["the answer at once", "without the factor"])
def test_attentions_other_runs_start_as_ours(
    study: str, framework: str, package: str, tmp_path: Path
) -> None:
    pytest.importorskip(package)
    (experiment,) = experiments_of(catalogue.load("attention").study(study))
    first_update_agrees("attention", framework, replace(experiment, dtype="float64"), tmp_path)


def first_update_agrees(name: str, framework: str, experiment: Experiment, tmp_path: Path) -> None:
    """The first batch's loss and what its update makes of every parameter."""
    script = run_script(training_script(catalogue.load(name), framework, experiment), tmp_path)
    steps = experiment.columns - 3 if experiment.any_length else experiment.columns
    x = np.random.default_rng(1).integers(0, 2, (64, steps), np.uint8)
    y = script.labels(x).astype(np.uint8)
    net, optimizer = script.start()
    loss = script.update(net, optimizer, x, y, 0)
    model = experiment.build_model()
    assert abs(model.loss(x, y) - loss) < 1e-9
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
@pytest.mark.parametrize("name", ["lstm", "attention"])
def test_it_reaches_the_lessons_claim(
    name: str, framework: str, package: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(package)
    text = training_script(catalogue.load(name), framework)
    exec(compile(text, "script", "exec"), {"__name__": "__main__"})
    right = float(capsys.readouterr().out.rpartition("right on ")[2].partition("%")[0])
    assert right >= 99.9


@pytest.mark.slow
def test_a_run_that_ends_in_a_tie_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("optax")
    text = training_script(catalogue.load("gate"), "jax")
    exec(compile(text, "script", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out.endswith("a tie: every answer is one half\n")
