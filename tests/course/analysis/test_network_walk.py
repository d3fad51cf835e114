"""Where in a drawn network a step of a derivation is: at the layer that draws its number."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course import catalogue
from toystory.course.analysis.network import network_of, places_in
from toystory.course.analysis.network_walk import Wave, last_step, layers_in, step_at
from toystory.course.derivation.steps import evaluate
from toystory.course.derivation.update_steps import is_of_the_update
from toystory.models import (
    LSTM,
    MLP,
    RNN,
    Attention,
    AutogradNet,
    LogisticRegression,
    SoftmaxMLP,
    TwoLayerNet,
)
from toystory.models.model import Model
from toystory.training.run import experiments_of

ROW = np.array([1, 0, 1], np.uint8)
MODELS: tuple[Model, ...] = (
    LogisticRegression(3),
    TwoLayerNet(3, 4),
    AutogradNet(3, 4),
    MLP((3, 5, 2, 1)),
    SoftmaxMLP((3, 6, 4)),
    RNN(4),
    LSTM(3),
    Attention(4, 5),
)


def kind(model: Model) -> str:
    return type(model).__name__


@pytest.mark.parametrize("model", MODELS, ids=kind)
def test_a_walk_has_the_layers_that_are_drawn(model: Model) -> None:
    layers = layers_in(model, len(ROW))
    assert layers == len(network_of(model, ROW, 1).layers)
    end = Wave.at(last_step(model, len(ROW)), layers, places_in(model, len(ROW)))
    assert (end.layer, end.place, end.blamed, end.spoken) == (0, 0, 0, layers)


SAYS = {
    "TwoLayerNet": {"h": "hidden", "a": "answer"},
    "AutogradNet": {"h": "hidden", "a": "answer"},
    "MLP": {"a0": "bits", "a1": "layer 1", "a2": "layer 2", "a": "answer"},
    "SoftmaxMLP": {"a0": "columns", "a1": "layer 1", "a": "answer"},
    "Attention": {"p": "look", "r": "head", "u": "vector", "a": "answer"},
}
BLAMED = {
    "LogisticRegression": {"dz": "answer"},
    "TwoLayerNet": {"dh": "hidden", "dz": "answer"},
    "AutogradNet": {"dh": "hidden", "dz": "answer"},
    "MLP": {"da1": "layer 1", "da2": "layer 2", "dz": "answer"},
    "SoftmaxMLP": {"da1": "layer 1", "dz": "answer"},
    "Attention": {"dp": "look", "dr": "head", "du": "vector", "dz": "answer"},
}
"""Values that a layer draws, by the name that stands over it."""


@pytest.mark.parametrize("model", MODELS, ids=kind)
def test_the_wave_is_at_the_layer_that_draws_the_value(model: Model) -> None:
    network = network_of(model, ROW, 1, most=99)
    values = evaluate(model, ROW[None], np.array([1], np.uint8), 0.1)
    for drawn, back in ((SAYS, False), (BLAMED, True)):
        for value, name in drawn.get(kind(model), {}).items():
            wave = Wave.at(step_at(model, value, len(ROW)), len(network.layers), 1)
            layer = network.layers[wave.layer]
            assert layer.name == name
            assert (wave.blamed == wave.layer) is back
            shown = layer.blame if back else layer.says
            found = values[value] if kind(model) != "Attention" else values[value][0, -1]
            np.testing.assert_allclose(shown, np.ravel(found)[: len(shown)], rtol=1e-6)


@pytest.mark.parametrize("model", [RNN(4), LSTM(3)], ids=kind)
@pytest.mark.parametrize("t", range(3))
def test_in_time_it_is_at_the_bit_that_is_looked_at(model: RNN | LSTM, t: int) -> None:
    layers, places = layers_in(model, 3), places_in(model, 3)
    values = evaluate(model, ROW[None], np.array([1], np.uint8), 0.1)
    for value, back in (("h", False), ("dh", True)):
        wave = Wave.at(step_at(model, value, 3, t), layers, places)
        layer = network_of(model, ROW, 1, most=99, most_cells=99, place=wave.place).layers[wave.layer]
        said = values[value][t, 0]
        np.testing.assert_allclose((layer.blame if back else layer.says)[: len(said)], said, rtol=1e-6)
    assert step_at(model, "dW_hh", 3, t) == last_step(model, 3), "the blame of all bits"


@pytest.mark.parametrize("name", catalogue.NAMES)
def test_through_an_update_the_wave_goes_forward_and_back_and_never_turns(name: str) -> None:
    lesson = catalogue.load(name)
    experiment = experiments_of(lesson.study(lesson.ends_with))[0]
    model, bits = experiment.build_model(), lesson.example_row(experiment).shape[1]
    passes = [step for step in lesson.derivation if not is_of_the_update(step)]
    at = [step_at(model, step.value, bits) for step in passes]
    assert at == sorted(at)
    there = last_step(model, bits) // 2
    assert [place > there for place in at] == [step.value.startswith("d") for step in passes]
