"""`fit`: a model in a notebook, without the app."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet
from toystory.training.data import parity, random_bits, running_parity, truth_table

XOR = truth_table(2)
LABELS = parity(XOR)


def test_fit_returns_the_model_itself() -> None:
    model = TwoLayerNet(2, 3)
    assert model.fit(XOR, LABELS, updates=1) is model


def test_two_layers_learn_xor() -> None:
    model = TwoLayerNet(2, 8).fit(XOR, LABELS, updates=1000, optimizer="momentum", learning_rate=0.3)
    assert model.predict(XOR).tolist() == [0, 1, 1, 0]
    assert model.loss(XOR, LABELS) < 0.05


def test_a_line_does_not_learn_xor() -> None:
    model = LogisticRegression(2).fit(XOR, LABELS, updates=500, learning_rate=0.1)
    assert model.loss(XOR, LABELS) == pytest.approx(np.log(2), abs=1e-3)


def test_an_mlp_learns_the_parity_of_six_bits() -> None:
    x = truth_table(6)
    model = MLP((6, 64, 1)).fit(x, parity(x), updates=500, batch=None, learning_rate=1e-2)
    assert model.score(x, parity(x)) == 1.0


@pytest.mark.parametrize("labelled", ["end", "every step"])
def test_an_lstm_learns_short_rows_of_any_length_and_then_reads_long_ones(labelled: str) -> None:
    x = random_bits(np.random.default_rng(0), 512, 6)
    lengths = np.random.default_rng(1).integers(1, 7, size=512)
    running = running_parity(x)
    y = running if labelled == "every step" else running[np.arange(512), lengths - 1]
    model = LSTM(8).fit(x, y, lengths=lengths, updates=500, batch=128, learning_rate=2e-2, clip=1.0)
    assert model.score(x, running[np.arange(512), lengths - 1], lengths) == 1.0
    longer = random_bits(np.random.default_rng(2), 100, 12)
    assert model.score(longer, parity(longer)) == 1.0


def test_lists_and_booleans_are_bits_too() -> None:
    model = TwoLayerNet(2, 3, seed=1).fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], updates=5)
    other = TwoLayerNet(2, 3, seed=1).fit(XOR.astype(bool), LABELS.astype(float), updates=5)
    for name, parameter in model.parameters.items():
        np.testing.assert_array_equal(parameter, other.parameters[name])


@pytest.mark.parametrize("batch", [None, 2])
def test_the_same_seed_gives_the_same_fit(batch: int | None) -> None:
    curves = [
        TwoLayerNet(2, 3).fit(XOR, LABELS, updates=20, batch=batch, seed=7).loss_curve_ for _ in range(2)
    ]
    assert curves[0] == curves[1]


def test_fit_goes_on_from_where_the_model_is() -> None:
    model = TwoLayerNet(2, 3).fit(XOR, LABELS, updates=20)
    reached = model.loss(XOR, LABELS)
    model.fit(XOR, LABELS, updates=20)
    assert model.loss_curve_[0][1] == pytest.approx(reached, rel=1e-6)


def test_lengths_may_be_a_list() -> None:
    x = truth_table(3)[1::2]
    lists = RNN(2).fit(x, [0, 1, 0, 1], lengths=[1, 2, 3, 1], updates=3, batch=2)  # type: ignore[arg-type]
    arrays = RNN(2).fit(x, [0, 1, 0, 1], lengths=np.array([1, 2, 3, 1]), updates=3, batch=2)
    assert lists.loss_curve_ == arrays.loss_curve_


def test_the_loss_curve_starts_before_the_first_update_and_stays_small() -> None:
    fresh, model = TwoLayerNet(2, 3), TwoLayerNet(2, 3)
    curve = model.fit(XOR, LABELS, updates=2500).loss_curve_
    assert curve[0][1] == pytest.approx(fresh.loss(XOR, LABELS), rel=1e-6)
    updates = [update for update, _ in curve]
    assert updates == list(range(0, 2501, 4))
    assert curve[-1][1] == pytest.approx(model.loss(XOR, LABELS), rel=1e-6)


def test_no_updates_leave_the_model_as_it_was() -> None:
    model = TwoLayerNet(2, 3)
    before = {name: parameter.copy() for name, parameter in model.parameters.items()}
    assert [update for update, _ in model.fit(XOR, LABELS, updates=0).loss_curve_] == [0]
    for name, parameter in model.parameters.items():
        np.testing.assert_array_equal(parameter, before[name])


@pytest.mark.filterwarnings("error")
def test_divergence_is_an_arithmetic_error() -> None:
    x = truth_table(4)
    model = MLP((4, 8, 1))
    with pytest.raises(ArithmeticError, match=r"update \d+ with learning rate 1e\+06.*smaller"):
        model.fit(x, parity(x), updates=50, optimizer="gradient descent", learning_rate=1e6)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([[0, 2], [1, 1]], [0, 1], "zeros and ones"),
        ([[0, 0.5], [1, 1]], [0, 1], "zeros and ones"),
        ([[0, np.nan], [1, 1]], [0, 1], "zeros and ones"),
        ([[0, 1], [1, 1]], [0, -1], "zeros and ones"),
        ([[0, 1], [1, 1]], [0, 1, 1], "label for every row"),
        ([[0, 1], [1, 1]], 1, "label for every row"),
        ([[0, 1], [1, 1]], [[0], [1]], "label for each answer"),
        (np.zeros((0, 2)), [], "label for every row"),
        (np.zeros((3, 0)), [0, 0, 0], r"\(rows, columns\)"),
        ([0, 1], [0, 1], r"\(rows, columns\)"),
        ([[0, 1, 1]], [0], "3 columns.*made for 2"),
    ],
)
def test_rows_and_labels_that_do_not_fit_are_refused(x: Any, y: Any, words: str) -> None:
    model = TwoLayerNet(2, 3)
    before = model.parameters["W1"].copy()
    with pytest.raises(ValueError, match=words):
        model.fit(x, y, updates=3)
    np.testing.assert_array_equal(model.parameters["W1"], before)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"optimizer": "sgd"}, "'sgd'"),
        ({"learning_rate": -0.1}, "learning rate is -0.1"),
        ({"learning_rate": np.nan}, "learning rate is nan"),
        ({"clip": 0.0}, "clip is 0.0"),
        ({"batch": 0}, "batch 0"),
        ({"updates": -1}, "updates is -1"),
    ],
)
def test_settings_that_make_no_training_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        TwoLayerNet(2, 3).fit(XOR, LABELS, **settings)


@pytest.mark.parametrize("model", [LogisticRegression(2), TwoLayerNet(2, 3), MLP((2, 3, 1))])
def test_models_of_whole_rows_take_no_lengths(model: Model) -> None:
    lengths = np.array([1, 2, 1, 2])
    for use in (model.fit, model.loss, model.score, model.loss_and_gradients):
        with pytest.raises(ValueError, match="takes no lengths"):
            use(XOR, LABELS, lengths=lengths)
    with pytest.raises(ValueError, match="takes no lengths"):
        model.predict(XOR, lengths)


@pytest.mark.parametrize("lengths", [[1, 2, 1], [0, 1, 2, 2], [1, 2, 3, 1], [[1, 1, 1, 1]]])
@pytest.mark.parametrize("kind", [RNN, LSTM])
def test_wrong_lengths_are_refused(kind: type[RNN | LSTM], lengths: Any) -> None:
    model = kind(2)
    for use in (model.fit, model.loss, model.score, model.loss_and_gradients):
        with pytest.raises(ValueError, match=r"expected 4 numbers, one a row, each from 1 to 2"):
            use(XOR, LABELS, lengths=lengths)
    with pytest.raises(ValueError, match="each from 1 to 2"):
        model.predict(XOR, lengths)
