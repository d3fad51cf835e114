"""Dead, saturated, open and closed, on units set by hand and against slow loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toystory.course.analysis.units import SATURATED, gate_states, layer_states
from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet
from toystory.training.data import random_bits, truth_table

ROWS = truth_table(3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_relu_unit_is_dead_where_no_row_turns_it_on(dtype: Any) -> None:
    model = MLP((3, 4, 2, 1), signed=False, dtype=dtype)
    model.parameters["W1"][...] = 1
    model.parameters["b1"][...] = (0, -2.5, -3, -9)  # on from 1, from 3, from 4, from 10 ones
    model.parameters["W2"][...] = -1
    model.parameters["b2"][...] = (0, 0.5)
    first, second = layer_states(model, ROWS)
    assert first.dead.tolist() == [False, False, True, True]
    assert first.dead_share == 0.5
    assert second.dead.tolist() == [True, False]
    assert (first.name, second.name, first.activation) == ("a1", "a2", "relu")
    assert first.saturated_share == 0


def test_what_is_dead_depends_on_the_rows() -> None:
    model = MLP((3, 1, 1), signed=False)
    model.parameters["W1"][...] = 1
    model.parameters["b1"][...] = -2.5
    assert layer_states(model, ROWS[:7])[0].dead_share == 1
    assert layer_states(model, ROWS[7:])[0].dead_share == 0


@pytest.mark.parametrize(
    ("activation", "weights"),
    [("tanh", (0.0, 1.5, 2.5)), ("sigmoid", (0.0, 3.0, 5.0))],
)
def test_a_unit_is_saturated_where_it_is_at_an_end_on_average(
    activation: str, weights: tuple[float, ...]
) -> None:
    """tanh 1.5 = 0.905 and tanh 2.5 = 0.987; a sigmoid is a tanh of half the sum."""
    model = MLP((1, 3, 1), activation=activation)
    model.parameters["W1"][...] = weights
    (state,) = layer_states(model, truth_table(1))
    assert state.saturated.tolist() == [False, False, True]
    assert state.saturated_share == pytest.approx(1 / 3)
    assert state.dead_share == 0


def test_a_saturated_unit_has_little_slope_left() -> None:
    assert 1 - SATURATED**2 < 0.06


def slow_saturated(states: Any) -> list[bool]:
    """states: (steps, rows, units)."""
    steps, rows, units = states.shape
    means = [
        sum(abs(float(states[t, r, u])) for t in range(steps) for r in range(rows)) / (steps * rows)
        for u in range(units)
    ]
    return [mean > 0.97 for mean in means]


def test_recurrent_units_are_judged_over_all_bits_of_all_rows() -> None:
    rows = random_bits(np.random.default_rng(0), 7, 9)
    rnn = RNN(6, seed=1, dtype=np.float64)
    rnn.parameters["W_xh"][...] *= np.array([0.1, 1, 9, 9, 1, 9])
    (state,) = layer_states(rnn, rows)
    expected = slow_saturated(rnn.forward(rows)["h"][:-1])
    assert any(expected)
    assert not all(expected)
    assert state.saturated.tolist() == expected

    lstm = LSTM(3, seed=1, dtype=np.float64)
    lstm.parameters["b_h"][...] = np.repeat([9, 9, 0, 9], 3)  # writes 1 at every bit, keeps it all
    lstm.parameters["b_h"][0] = -9
    rows = random_bits(np.random.default_rng(0), 2, 12)
    cell = lstm.forward(rows)["tanh_c"][:-1]
    assert slow_saturated(cell) == [False, True, True]
    assert layer_states(lstm, rows)[0].saturated.tolist() == [False, True, True]


def test_logistic_regression_has_no_hidden_layer() -> None:
    models: list[Model] = [LogisticRegression(3), MLP((3, 1))]
    for model in models:
        assert layer_states(model, ROWS) == ()


def test_a_unit_without_a_number_is_neither_dead_nor_saturated() -> None:
    for model in (MLP((3, 2, 1)), MLP((3, 2, 1), activation="tanh"), TwoLayerNet(3, 2)):
        model.parameters["b1"][...] = (np.nan, -99)
        (state,) = layer_states(model, ROWS)
        assert not state.dead[0]
        assert not state.saturated[0]
        assert state.dead[1] != state.saturated[1]


def test_gates_set_by_hand() -> None:
    model = LSTM(2)
    for name in ("W_hh", "W_xh"):
        model.parameters[name][...] = 0
    model.parameters["b_h"][...] = (3, 0, -3, 3, 2, -2, 0, 0)
    i, f, o = gate_states(model, ROWS)
    assert (i.name, i.open.tolist(), i.closed.tolist()) == ("i", [1, 0], [0, 0])
    assert (f.name, f.open.tolist(), f.closed.tolist()) == ("f", [0, 1], [1, 0])
    assert (o.name, o.open.tolist(), o.closed.tolist()) == ("o", [0, 0], [0, 0])  # σ(2) = 0.88
    assert (f.open_share, f.closed_share) == (0.5, 0.5)


def test_gate_shares_against_a_slow_loop() -> None:
    model = LSTM(3, seed=2, dtype=np.float64)
    model.parameters["W_xh"][...] *= 8
    rows = random_bits(np.random.default_rng(0), 5, 6)
    cache = model.forward(rows)
    for state in gate_states(model, rows):
        for unit in range(3):
            values = [cache[state.name][t, r, unit] for t in range(6) for r in range(5)]
            assert state.open[unit] == pytest.approx(sum(v > 0.9 for v in values) / 30)
            assert state.closed[unit] == pytest.approx(sum(v < 0.1 for v in values) / 30)
    assert sum(s.open_share + s.closed_share for s in gate_states(model, rows)) > 0
