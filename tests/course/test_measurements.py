"""What claims measure, where a run or a model is not as usual."""

from __future__ import annotations

import inspect
import math
from typing import Any

import pytest

from toystory.course.measurements import error_at_first_layer, every_bit_right, furthest_from_xor
from toystory.models import attention, loading, mlp
from toystory.models.attention import Attention
from toystory.models.mlp import MLP
from toystory.training.experiment import Experiment
from toystory.training.run import Run, Runs

ALOUD = Experiment(
    name="aloud",
    model="Attention",
    columns=3,
    hidden=(4,),
    labels="every step",
    updates=3,
    batch=8,
    learning_rate=1e-2,
)
LAYERS = Experiment(
    name="layers", model="MLP", columns=3, hidden=(4,), updates=3, batch=8, learning_rate=1e-2
)


def finished(experiment: Experiment) -> Runs:
    run = Run(experiment)
    for _ in run:
        pass
    return Runs({experiment.name: [run]})


def test_a_run_that_diverged_has_no_bit_right_and_none_wrong() -> None:
    runs = finished(Experiment(**{**vars(ALOUD), "learning_rate": 1e9, "optimizer": "gradient descent"}))
    assert runs.one("aloud").diverged
    assert math.isnan(every_bit_right("aloud", columns=5, rows=10)(runs))


@pytest.mark.parametrize(
    ("module", "ours", "experiment", "measure"),
    [(attention, Attention, ALOUD, furthest_from_xor), (mlp, MLP, LAYERS, error_at_first_layer)],
)
def test_a_notebooks_own_class_is_measured_as_ours(
    module: Any, ours: Any, experiment: Experiment, measure: Any
) -> None:
    """A cell has the model's source, so its class is another one."""
    cell: dict[str, Any] = {"__name__": "cell"}
    exec(inspect.getsource(module), cell)
    expected = measure(experiment.name)(finished(experiment))
    try:
        loading.replace_model(cell[ours.__name__])
        runs = finished(experiment)
        assert type(runs.one(experiment.name).model) is cell[ours.__name__]
        assert measure(experiment.name)(runs) == pytest.approx(expected, rel=1e-3)
    finally:
        loading.replace_model(ours)
    assert type(experiment.build_model()) is ours
