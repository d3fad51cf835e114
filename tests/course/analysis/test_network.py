"""A network as units and wires: what is drawn is what the model computes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.support.models import shaken
from toystory.course.analysis.network import network_of, places_in
from toystory.models import LSTM, MLP, RNN, Attention, LogisticRegression, SoftmaxMLP, TwoLayerNet
from toystory.models.model import Model
from toystory.models.parts.activations import sigmoid
from toystory.models.recurrent import RecurrentModel

ROW = np.array([1, 0, 1], np.uint8)
WHOLE = {"most": 99, "most_cells": 99}


def models() -> list[Model]:
    made: list[Model] = [
        LogisticRegression(3, dtype=np.float64),
        TwoLayerNet(3, 4, dtype=np.float64),
        MLP((3, 5, 2, 1), dtype=np.float64),
    ]
    return [shaken(model) for model in made]


def all_models() -> list[Model]:
    softmax = SoftmaxMLP((3, 6, 4), dtype=np.float64)
    memories = [RNN(4, dtype=np.float64), LSTM(3, dtype=np.float64)]
    heads = [Attention(4, 5, thinks_aloud=aloud, dtype=np.float64) for aloud in (True, False)]
    return [*models(), *(shaken(model) for model in (softmax, *memories, *heads))]


@pytest.mark.parametrize("most", [3, 99])
@pytest.mark.parametrize("model", all_models(), ids=repr)
def test_layers_weights_and_answer_are_the_models(model: Model, most: int) -> None:
    network = network_of(model, ROW, 1, most=most)
    sizes = [len(layer.says) for layer in network.layers]
    assert [w.shape for w in network.weights] == list(pairwise(sizes))
    for layer in network.layers:
        assert len(layer.blame) == len(layer.says)
        assert len(layer.signs) in (0, len(layer.says))
    np.testing.assert_allclose(network.answers, model.predict_proba(ROW[None]).reshape(-1))


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


def slopes_of_the_start(model: RecurrentModel, which: int) -> list[float]:
    """How the loss at the end changes with what is remembered before the first bit."""
    start = [np.zeros((1, model.hidden)) for _ in model.final_state(model.forward(ROW[None]))]
    slopes = []
    for unit in range(model.hidden):
        losses = []
        for nudge in (1e-6, -1e-6):
            start[which][0, unit] = nudge
            losses.append(-np.log(model.forward(ROW[None], tuple(start))["a"][-1, 0]))
        start[which][0, unit] = 0
        slopes.append((losses[0] - losses[1]) / 2e-6)
    return slopes


def test_a_memory_is_drawn_after_every_bit_and_hears_itself_and_the_bit() -> None:
    model = shaken(RNN(4, dtype=np.float64))
    assert isinstance(model, RNN)
    network = network_of(model, ROW, 1, **WHOLE)
    assert [layer.name for layer in network.layers] == ["start", "bit 1", "bit 2", "bit 3", "answer"]
    assert [layer.says[-1] for layer in network.layers[:3]] == [1, -1, 1]
    for before, after, weights in zip(network.layers, network.layers[1:4], network.weights, strict=False):
        heard = before.says @ weights[:, :4] + model.parameters["b_h"]
        np.testing.assert_allclose(after.says[:4], np.tanh(heard))
    np.testing.assert_allclose(network.layers[0].blame[:4], slopes_of_the_start(model, 0), rtol=1e-5)


def test_a_folded_memory_shows_the_same_units_after_every_bit() -> None:
    network = network_of(RNN(20), np.ones(9, np.uint8), 1)
    whole = network_of(RNN(20), np.ones(9, np.uint8), 1, **WHOLE)
    assert [layer.rest for layer in network.layers] == [14] * 10 + [0]
    places = [
        [whole.layers[t].says.tolist().index(said) for said in network.layers[t].says[:6].tolist()]
        for t in range(1, 10)
    ]
    assert all(of_bit == places[0] for of_bit in places)


def test_a_cell_is_drawn_with_its_gates_at_each_bit() -> None:
    model = shaken(LSTM(3, dtype=np.float64))
    assert isinstance(model, LSTM)
    assert places_in(model, 3) == 3
    b_h, b_y = (model.parameters[name] for name in ("b_h", "b_y"))
    shown, held = np.zeros(3), np.zeros(3)
    for bit in range(3):
        network = network_of(model, ROW, 1, place=bit, **WHOLE)
        before, gates, cell, shows, answer = network.layers
        np.testing.assert_allclose(before.says, [*shown, ROW[bit]])
        kept, i, f, o, g = gates.says.reshape(3, 5).T
        np.testing.assert_allclose(kept, held)
        heard = (before.says @ network.weights[0]).reshape(3, 5)[:, 1:].T + b_h.reshape(4, 3)
        np.testing.assert_allclose([i, f, o], sigmoid(heard[:3]))
        np.testing.assert_allclose(g, np.tanh(heard[3]))
        held = f * held + i * g
        np.testing.assert_allclose(cell.says.reshape(3, 2).T, [held, o])
        np.testing.assert_allclose(shows.says, o * np.tanh(held))
        np.testing.assert_allclose(answer.says, sigmoid(shows.says @ network.weights[3] + b_y))
        shown = shows.says
        # Factors of products are slopes: blame goes back through them as through weights.
        np.testing.assert_allclose(gates.blame, network.weights[1] @ cell.blame)
        outer = cell.blame.reshape(3, 2)[:, 1]
        np.testing.assert_allclose((network.weights[2] @ shows.blame).reshape(3, 2)[:, 1], outer)
    first = network_of(model, ROW, 1, place=0, **WHOLE)
    np.testing.assert_allclose(first.layers[0].blame[:3], slopes_of_the_start(model, 0), rtol=1e-5)
    np.testing.assert_allclose(first.layers[1].blame[::5], slopes_of_the_start(model, 1), rtol=1e-5)
    assert not first.layers[-1].blame.any()


def test_attention_is_drawn_from_its_last_place_by_what_each_token_adds() -> None:
    model = shaken(Attention(4, 5, dtype=np.float64))
    look, head, vector, relu, answer = network_of(model, ROW, 1, **WHOLE).layers
    weights = network_of(model, ROW, 1, **WHOLE).weights
    assert [sign.strip() for sign in look.signs[:4]] == ["1r", "0r", "1r", "sw"]
    assert look.says.sum() == pytest.approx(1)
    np.testing.assert_allclose(head.says, weights[0].sum(axis=0))
    np.testing.assert_allclose(
        relu.says[:-1], np.maximum(vector.says @ weights[2][:, :-1] + model.parameters["b1"], 0)
    )
    assert relu.says[-1] == pytest.approx(vector.says @ weights[2][:, -1])
    rest = model.parameters["b2"] @ model.parameters["w_y"] + model.parameters["b_y"]
    np.testing.assert_allclose(answer.says, sigmoid(relu.says @ weights[3] + rest))
    passed = np.append(relu.blame[:-1] * (relu.says[:-1] > 0), relu.blame[-1])
    np.testing.assert_allclose(vector.blame, weights[2] @ passed)
    np.testing.assert_allclose(head.blame, weights[1] @ vector.blame)


def test_a_wide_layer_keeps_the_units_that_weigh_most() -> None:
    model = MLP((3, 20, 1), dtype=np.float64)
    model.parameters["W1"][:, 7] = 100
    network = network_of(model, ROW, 0)
    assert [len(layer.says) for layer in network.layers] == [3, 7, 1]
    assert [layer.rest for layer in network.layers] == [0, 13, 0]
    assert (network.weights[0] == 100).sum() == 3


@pytest.mark.parametrize("bias", [0.0, -1000.0])
def test_of_a_wide_layer_those_are_drawn_that_send_most_on_and_by_weight_where_all_are_silent(
    bias: float,
) -> None:
    model = SoftmaxMLP((3, 32, 2), dtype=np.float64)
    for name in ("W1", "b1", "W2"):
        model.parameters[name][...] = 0.001
    model.parameters["W1"][:, :16] = -100  # heavy, and silent
    model.parameters["W1"][:, 20] = model.parameters["W2"][20] = 0.5
    model.parameters["b1"] += bias
    hidden = network_of(model, ROW, 0).layers[1]
    assert (len(hidden.says), hidden.rest) == (7, 25)
    assert bool(hidden.says.all()) == (bias == 0)
    assert (hidden.says.max() > 0.9) == (bias == 0)


@pytest.mark.parametrize(
    ("names", "signs"),
    [("aba abc bc", "1 2 3"), ("red blue green", "re bl gr"), ("高い 低い 中", "1 2 3")],
)
def test_classes_are_told_apart_by_two_letters_or_a_number(names: str, signs: str) -> None:
    model = SoftmaxMLP((3, 3), class_names=names.split())
    assert " ".join(network_of(model, ROW, 0).layers[-1].signs).split() == signs.split()
