"""The health of a training: an alarm where it goes badly, none where it goes well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.style import Style

from toystory.course.analysis.health import Watch
from toystory.course.analysis.layers import typical_rows
from toystory.course.derivation.small_model import SMALL
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS
from toystory.training.background import Snapshot
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.tui.screens.sandbox import RECIPES
from toystory.tui.widgets.pictures import HEALTH
from toystory.tui.widgets.pictures.canvas import ColorScale
from toystory.tui.widgets.pictures.scene import Inks, Room, Scene

INK = Style()
ROOM = Room(
    100,
    30,
    ColorScale((0, 0, 255), (0, 0, 0), (255, 255, 0), (255, 255, 255)),
    Inks(*[INK] * 6, chart=dict.fromkeys(("axis", "train", "first", "second", "fourth"), INK)),
)
ALARMS = ("diverged", "too fast", "Sure and wrong", "let little error")
LOOK = 10
LEARNS = {**SMALL, "LogisticRegression": ALL_FOUR_ROWS}


def captions(experiment: Experiment) -> dict[int, str]:
    """What is said after so many updates, looked at every tenth."""
    training, watch = Training(experiment), Watch(typical_rows(experiment.columns, 16))
    history = [watch.look(training.model, 0)]
    said = {}
    for progress in training:
        if progress.update == 1 or progress.update % LOOK == 0:
            gradients = training.train_step.gradients
            history.append(watch.look(training.model, progress.update, gradients))
            copies = {name: values.copy() for name, values in training.model.parameters.items()}
            snapshot = Snapshot(experiment, progress.update, progress.loss, 0.1, copies, gradients)
            scene = Scene(experiment, snapshot, history=tuple(history))
            said[progress.update] = HEALTH.draw(scene, ROOM).caption
    return said


@pytest.mark.parametrize("model", LEARNS)
def test_no_alarm_rings_where_training_goes_well(model: str) -> None:
    said = captions(replace(LEARNS[model], updates=300))
    assert len(said) > 30
    assert {at: text for at, text in said.items() if any(alarm in text for alarm in ALARMS)} == {}


@pytest.mark.parametrize(
    ("model", "times"), [("TwoLayerNet", 30), ("RNN", 1000), ("LSTM", 1000), ("Attention", 100)]
)
def test_one_rings_at_a_learning_rate_far_too_large(model: str, times: float) -> None:
    recipe = RECIPES[model]
    said = captions(replace(recipe, learning_rate=times * recipe.learning_rate, updates=100))
    assert [at for at, text in said.items() if at > 30 and not any(alarm in text for alarm in ALARMS)] == []


def test_dead_units_and_weights_that_are_no_numbers_are_told() -> None:
    experiment = RECIPES["MLP"]
    for bias, told in ((-1000.0, "100 % of the units of a1 are dead"), (np.nan, "It has diverged")):
        parameters = dict(experiment.build_model().parameters)
        parameters["b1"] = np.full_like(parameters["b1"], bias)
        snapshot = Snapshot(experiment, 9, 0.69, 0.1, parameters, {})
        scene = Scene(experiment, snapshot)
        watch = Watch(typical_rows(experiment.columns, 16))
        scene = replace(scene, history=(watch.look(scene.model, 9),))
        assert told in HEALTH.draw(scene, ROOM).caption
