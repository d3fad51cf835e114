"""The steps after the gradients are what the training does: decay, clip, and the optimiser's first step."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course import catalogue
from toystory.course.derivation.steps import evaluate, work_out
from toystory.course.derivation.update_steps import steps_for
from toystory.models.parts.optimizers import gradient_norm
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.settings import OPTIMIZER_NAMES, OptimizerName

ROW = (1, 0, 1)
CHAPTERS = {"two-layer": "TwoLayerNet", "mlp": "MLP", "rnn": "RNN"}


def on_one_row(
    name: str, optimizer: OptimizerName, clip: float | None = None, decay: float = 0.0
) -> Experiment:
    """One update on one row."""
    return Experiment(
        name="one update",
        model=CHAPTERS[name],  # type: ignore[arg-type]
        columns=3,
        given=(ROW,),
        hidden=(4,),
        updates=1,
        learning_rate=0.1,
        optimizer=optimizer,
        clip=clip,
        weight_decay=decay,
        dtype="float64",
    )


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize(("clip", "decay"), [(None, 0.0), (0.05, 0.0), (None, 0.1), (0.05, 0.1), (99.0, 0.0)])
def test_the_last_step_is_the_update_that_the_training_makes(
    name: str, optimizer: OptimizerName, clip: float | None, decay: float
) -> None:
    experiment = on_one_row(name, optimizer, clip, decay)
    model, x = experiment.build_model(), np.array([ROW], np.uint8)
    steps = steps_for(catalogue.load(name).derivation, experiment)
    y = experiment.task.whole_rows(x).y
    done = work_out(steps, model, x, y, 0.1, clip=clip, weight_decay=decay)
    shown = {each.step.value: each.value for each in done}
    assert ("κ" in shown) == (clip is not None)
    assert any("λ" in value for value in shown) == bool(decay)
    training = Training(experiment)
    for _ in training:
        pass
    last = steps[-1].value
    expected = np.squeeze(training.model.parameters[last.rstrip("′″")])
    np.testing.assert_allclose(shown[last], expected, rtol=1e-9, atol=1e-12)


def test_the_clip_is_the_limit_over_the_length_where_that_is_too_long() -> None:
    experiment = on_one_row("rnn", "adam")
    model, x = experiment.build_model(), np.array([ROW], np.uint8)
    y = experiment.task.whole_rows(x).y
    length = gradient_norm(model.loss_and_gradients(x, y)[1])
    for limit in (length / 3, length * 3):
        values = evaluate(model, x, y, 0.1, clip=limit)
        assert float(values["κ"]) == pytest.approx(min(1, limit / length))
        assert float(values["N"]) == pytest.approx(length)
