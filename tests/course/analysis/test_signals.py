"""How large the signals are, and the same network from other first weights."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course.analysis.gradient_flow import gradient_flow
from toystory.course.analysis.signals import by_formula, signals
from toystory.course.analysis.starts import SCALES, Start, started
from toystory.models import LSTM, MLP, RNN, AutogradNet, TwoLayerNet
from toystory.training.data import parity, random_bits

ROWS = random_bits(np.random.default_rng(0), 200, 50)
LABELS = parity(ROWS)
WIDE = MLP((50, 300, 200, 300, 1))


def test_he_weights_keep_the_size_of_a_signal_and_the_formula_says_so() -> None:
    found = signals(started(WIDE, Start("He")), ROWS, LABELS)
    told = by_formula(started(WIDE, Start("He")), before=1.0)
    assert [signal.name for signal in found] == ["layer 1", "layer 2", "layer 3", "answer"]
    for signal, size in zip(found[:-1], told[:-1], strict=True):
        assert size == pytest.approx(1.0, rel=0.05)
        assert signal.size == pytest.approx(size, rel=0.15)


def test_of_weights_a_hundredth_as_large_every_layer_leaves_a_hundredth() -> None:
    whole, small = (signals(started(WIDE, Start("He", scale)), ROWS, LABELS) for scale in (1.0, 0.01))
    for layer, (one, other) in enumerate(zip(whole, small, strict=True), start=1):
        assert other.size / one.size == pytest.approx(0.01**layer, rel=1e-9)
    back = [found[0].gradient_size / found[-1].gradient_size for found in (whole, small)]
    assert back[1] / back[0] == pytest.approx(0.01**3, rel=0.01), "three layers of weights on the way back"


def test_the_gradients_are_those_of_the_weights() -> None:
    model = started(MLP((50, 4, 3, 1)), Start())
    first, _, answer = signals(model, ROWS, LABELS)
    cache = model.forward(ROWS)
    gradients = model.backward(cache, LABELS)
    np.testing.assert_allclose(answer.gradients, cache["a"] - LABELS)
    summed = cache["a0"].T @ first.gradients.reshape(200, 4) / 200
    np.testing.assert_allclose(summed, gradients["W1"])


def test_in_a_memory_they_are_the_flow_back_through_time() -> None:
    for model in (RNN(5), LSTM(5)):
        found = signals(model, ROWS[:, :20], parity(ROWS[:, :20]), steps=3)
        assert [signal.name for signal in found] == ["bit 1", "bit 11", "bit 20", "answer"]
        flow = gradient_flow(model, ROWS[:, :20])
        back = flow.hidden if flow.cell is None else flow.cell
        norms = np.linalg.norm(found[0].gradients.reshape(200, 5), axis=1)
        assert norms.mean() == pytest.approx(back[-1])


def test_a_machine_that_derives_has_the_signals_of_the_network_by_hand() -> None:
    machine, by_hand = AutogradNet(3, 4, seed=2), TwoLayerNet(3, 4, seed=2)
    pairs = zip(*(signals(m, ROWS[:5, :3], LABELS[:5]) for m in (machine, by_hand)), strict=True)
    for one, other in pairs:
        np.testing.assert_allclose(one.values, other.values, atol=1e-6)


def test_the_dial_multiplies_weights_and_leaves_biases() -> None:
    own, large = (started(LSTM(4, seed=3), Start("own", scale)).parameters for scale in (1.0, 10.0))
    np.testing.assert_allclose(large["W_hh"], 10 * own["W_hh"])
    np.testing.assert_array_equal(large["b_h"], own["b_h"])
    assert [Start().turned(step).scale for step in (-9, -1, 0, 1, 9)] == [SCALES[0], 0.3, 1, 3, SCALES[-1]]
    assert Start("orthogonal", 3.0).next_kind() == Start("own", 3.0)


def test_orthogonal_weights_stand_at_right_angles_in_every_gate_and_layer() -> None:
    gates = np.split(started(LSTM(4), Start("orthogonal")).parameters["W_hh"], 4, axis=1)
    tower = started(MLP((6, 9, 1)), Start("orthogonal")).parameters
    for square in (*gates, tower["W1"].T):
        np.testing.assert_allclose(square.T @ square, np.eye(square.shape[1]), atol=1e-12)
    assert np.linalg.norm(tower["W2"]) == pytest.approx(1)
