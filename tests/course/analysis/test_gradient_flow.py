"""Gradients that travel back in time: against nudged memories, and on factors known beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toystory.course.analysis.gradient_flow import GradientFlow, gradient_flow
from toystory.models import LSTM, RNN
from toystory.training.data import parity, random_bits

STEP = 1e-6


def rows_of_bits(rows: int, steps: int) -> Any:
    return random_bits(np.random.default_rng(0), rows, steps)


def loss_from(model: Any, bits: Any, label: int, state: Any) -> float:
    """The loss at the end of a row of which `bits` are still to be read; of the state where none is."""
    if len(bits):
        z = model.forward([bits], state)["z"][-1, 0]
    else:
        z = state[0][0] @ model.parameters["w_hy"] + model.parameters["b_y"][0]
    return float(np.logaddexp(0, z) - label * z)


def measured(model: Any, rows: Any, part: int) -> list[float]:
    """Slow: nudge every unit of one part of the state (0: h, 1: c) after every bit, and read on."""
    norms = np.zeros(rows.shape[1])
    for bits, label in zip(rows, parity(rows), strict=True):
        for t in range(len(bits)):
            state = model.final_state(model.forward([bits[: t + 1]]))
            slopes = []
            for unit in range(model.hidden):
                losses = []
                for nudge in (STEP, -STEP):
                    moved = [s.copy() for s in state]
                    moved[part][:, unit] += nudge
                    losses.append(loss_from(model, bits[t + 1 :], label, tuple(moved)))
                slopes.append((losses[0] - losses[1]) / (2 * STEP))
            norms[len(bits) - 1 - t] += float(np.linalg.norm(slopes)) / len(rows)
    return [float(norm) for norm in norms]


@pytest.mark.parametrize(("rows", "steps", "hidden"), [(3, 6, 4), (1, 1, 1), (2, 3, 1)])
@pytest.mark.parametrize("kind", [RNN, LSTM])
def test_against_nudged_memories(kind: Any, rows: int, steps: int, hidden: int) -> None:
    model, bits = kind(hidden, seed=2, dtype=np.float64), rows_of_bits(rows, steps)
    flow = gradient_flow(model, bits)
    assert flow.distances.tolist() == list(range(steps))
    np.testing.assert_allclose(flow.hidden, measured(model, bits, 0), rtol=1e-5, atol=1e-9)


def test_the_cells_of_an_lstm_against_nudged_cells() -> None:
    """After the last bit a cell is shown already: a nudge to it reaches the answer only through h."""
    model, bits = LSTM(3, seed=2, dtype=np.float64), rows_of_bits(3, 5)
    flow = gradient_flow(model, bits)
    assert flow.cell is not None
    through_cell = measured(model, bits, 1)
    cache = model.forward(bits)
    model.backward(cache, parity(bits))
    for distance in range(1, 5):
        # what goes on in the cell, and what is shown of it at this very bit
        t = 4 - distance
        on = cache["dc"][t + 1] * cache["f"][t + 1]
        assert np.linalg.norm(on, axis=1).sum() == pytest.approx(through_cell[distance], rel=1e-5)
        shown = cache["dh"][t] * cache["o"][t] * (1 - cache["tanh_c"][t] ** 2)
        total = np.linalg.norm(on + shown, axis=1).sum()
        assert flow.cell[distance] == pytest.approx(total, rel=1e-9)


def test_an_rnn_multiplies_by_its_weight_at_every_step() -> None:
    """With bits that hardly speak 1 − h² is 1: what is left is W_hh."""
    for weight in (0.5, 1.0, 1.5):
        model = RNN(1, dtype=np.float64)
        model.parameters["W_hh"][...] = weight
        model.parameters["W_xh"][...] = 1e-20
        model.parameters["w_hy"][...] = 2
        flow = gradient_flow(model, rows_of_bits(4, 30))
        np.testing.assert_allclose(flow.hidden, 0.5 * 2 * weight ** np.arange(30), rtol=1e-9)
        assert flow.per_step == pytest.approx(weight)


def test_a_cell_multiplies_by_its_forget_gate_at_every_step() -> None:
    model = LSTM(2, forget_bias=3, dtype=np.float64)
    model.parameters["W_hh"][...] = 0
    model.parameters["W_xh"][...] = 0
    flow = gradient_flow(model, rows_of_bits(3, 20))
    assert flow.cell is not None
    np.testing.assert_allclose(flow.cell[1:] / flow.cell[:-1], 1 / (1 + np.exp(-3)), rtol=1e-9)
    assert not flow.hidden[1:].any()  # h leads nowhere but to the answer
    assert np.isnan(flow.per_step)


def test_small_first_weights_vanish_in_a_straight_line() -> None:
    """The factor is near the spectral radius of W_hh; after 200 steps even float64 holds little."""
    model = RNN(25, weight_scale=0.01, seed=1)
    flow = gradient_flow(model, rows_of_bits(8, 100))
    radius = float(np.abs(np.linalg.eigvals(model.parameters["W_hh"])).max())
    assert flow.per_step == pytest.approx(radius, rel=0.25)
    assert np.isfinite(flow.log_hidden).all()
    assert flow.hidden[-1] < 1e-100
    slopes = np.diff(flow.log_hidden[10:])
    assert slopes.mean() + 0.5 > slopes.max()
    assert slopes.max() < -0.5


def test_vanishing_exploding_and_kept() -> None:
    bits = rows_of_bits(16, 50)
    small = gradient_flow(RNN(25, weight_scale=0.01), bits)
    rotation = gradient_flow(RNN(25), bits)
    large = gradient_flow(RNN(25, weight_scale=1.0), bits)
    gates = gradient_flow(LSTM(25), bits)
    open_gates = gradient_flow(LSTM(25, forget_bias=3), bits)
    assert small.per_step < 0.1 < rotation.per_step < gates.per_step < open_gates.per_step < 1.05
    assert large.per_step > 1.2
    assert small.cell is None
    assert open_gates.cell is not None
    assert open_gates.cell[-1] > 1e-3 * open_gates.cell[0]


def test_float32_is_measured_as_float64_and_left_alone() -> None:
    single, double = RNN(4, seed=3), RNN(4, seed=3, dtype=np.float64)
    for name, parameter in single.parameters.items():
        double.parameters[name][...] = parameter
    bits = rows_of_bits(5, 12)
    kept = {name: parameter.copy() for name, parameter in single.parameters.items()}
    np.testing.assert_array_equal(gradient_flow(single, bits).hidden, gradient_flow(double, bits).hidden)
    for name, parameter in single.parameters.items():
        np.testing.assert_array_equal(parameter, kept[name])
        assert parameter.dtype == np.float32


def test_no_gradient_has_no_logarithm() -> None:
    flow = GradientFlow(np.arange(4.0), np.array([1.0, 0.01, 0.0, np.nan]), np.array([0.0, 1.0, 10.0, 100.0]))
    np.testing.assert_array_equal(flow.log_hidden, [0, -2, np.nan, np.nan])
    assert flow.log_cell is not None
    np.testing.assert_array_equal(flow.log_cell, [np.nan, 0, 1, 2])
    assert flow.per_step == pytest.approx(0.01)
    assert np.isnan(GradientFlow(np.arange(1.0), np.array([1.0]), None).per_step)
    assert GradientFlow(np.arange(1.0), np.array([1.0]), None).log_cell is None
