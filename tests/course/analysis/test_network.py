"""A network as units and wires: what is drawn is what the model computes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from toystory.course.analysis.network import can_be_drawn, kept_units, network_of
from toystory.models import LSTM, MLP, LogisticRegression, TwoLayerNet
from toystory.models.model import Model

ROW = np.array([1, 0, 1], np.uint8)


def models() -> list[Model]:
    made: list[Model] = [
        LogisticRegression(3, dtype=np.float64),
        TwoLayerNet(3, 4, dtype=np.float64),
        MLP((3, 5, 2, 1), dtype=np.float64),
    ]
    rng = np.random.default_rng(0)
    for model in made:
        for parameter in model.parameters.values():
            parameter += 0.5 * rng.standard_normal(parameter.shape)
    return made


@pytest.mark.parametrize("model", models(), ids=lambda model: type(model).__name__)
def test_layers_weights_and_answer_are_the_models(model: Model) -> None:
    network = network_of(model, ROW, 1)
    sizes = [len(layer.says) for layer in network.layers]
    assert [w.shape for w in network.weights] == list(pairwise(sizes))
    assert network.layers[-1].says[0] == pytest.approx(float(model.predict_proba(ROW[None])[0]))


@pytest.mark.parametrize("model", models(), ids=lambda model: type(model).__name__)
def test_the_blame_is_the_slope_of_the_loss(model: Model) -> None:
    """That of the first layer's biases is what the first sums are blamed for: through W it is the bits'."""
    network = network_of(model, ROW, 1)
    name = "b" if "b" in model.parameters else "b1"
    bias, sums = model.parameters[name], np.zeros(model.parameters[name].shape)
    for unit in range(bias.size):
        losses = []
        for nudge in (1e-6, -1e-6):
            bias[unit] += nudge
            losses.append(float(model.loss(ROW[None], np.array([1], np.uint8))))
            bias[unit] -= nudge
        sums[unit] = (losses[0] - losses[1]) / 2e-6
    np.testing.assert_allclose(network.layers[0].blame, network.weights[0] @ sums, rtol=1e-5, atol=1e-8)


def test_a_wide_layer_keeps_the_units_that_weigh_most() -> None:
    model = MLP((3, 20, 1), dtype=np.float64)
    model.parameters["W1"][:, 7] = 100
    kept = kept_units(network_of(model, ROW, 0), 8)
    assert [len(units) for units in kept] == [3, 7, 1]
    assert 7 in kept[1]


def test_only_what_reads_a_row_at_once_is_drawn() -> None:
    assert can_be_drawn(MLP)
    assert not can_be_drawn(LSTM)
