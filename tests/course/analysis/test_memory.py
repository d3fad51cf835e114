"""Reading a row, with a recurrent network that is known to tell the parity, and against single steps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toystory.course.analysis.memory import read
from toystory.models import LSTM, RNN


def xor_in_a_loop(dtype: Any = np.float32) -> RNN:
    """Unit 1: at least one of the bit and the parity so far; unit 2: both. The parity is one but not both."""
    model = RNN(2, signed=False, dtype=dtype)
    model.parameters["W_hh"][...] = [[10, 10], [-10, -10]]
    model.parameters["W_xh"][...] = 20
    model.parameters["b_h"][...] = (-10, -30)
    model.parameters["w_hy"][...] = (5, -5)
    model.parameters["b_y"][...] = -5
    return model


@given(st.lists(st.integers(0, 1), min_size=1, max_size=200))
def test_the_two_layer_gate_in_a_loop_reads_any_row(bits: list[int]) -> None:
    reading = read(xor_in_a_loop(), bits)
    assert reading.bits.tolist() == bits
    assert reading.parity.tolist() == [sum(bits[: t + 1]) % 2 for t in range(len(bits))]
    assert reading.right.all()
    before = [0, *reading.parity[:-1].tolist()]
    one = [1 if bit or p else -1 for bit, p in zip(bits, before, strict=True)]
    both = [1 if bit and p else -1 for bit, p in zip(bits, before, strict=True)]
    np.testing.assert_allclose(reading.states, np.stack([one, both], axis=1), atol=1e-6)
    answers = [1 / (1 + math.exp(-5 if p else 5)) for p in reading.parity]
    np.testing.assert_allclose(reading.answers, answers, atol=1e-5)
    assert reading.gates is None


def test_a_wrong_answer_is_not_right() -> None:
    model = xor_in_a_loop()
    model.parameters["b_y"][...] = 50  # says one to everything
    assert read(model, [1, 1, 0, 1, 0]).right.tolist() == [True, False, False, True, True]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("hidden", [1, 3])
def test_an_lstm_step_by_step(hidden: int, dtype: Any) -> None:
    model = LSTM(hidden, seed=1, dtype=dtype)
    model.parameters["b_h"] += 0.2
    bits = [1, 0, 1, 1, 0]
    reading = read(model, bits)
    assert reading.gates is not None
    W_hh, W_xh, b_h = (model.parameters[name].astype(float) for name in ("W_hh", "W_xh", "b_h"))
    h, c = np.zeros(hidden), np.zeros(hidden)
    for t, bit in enumerate(bits):
        s = h @ W_hh + bit * W_xh[0] + b_h
        i, f, o = (1 / (1 + np.exp(-s[k * hidden : (k + 1) * hidden])) for k in range(3))
        g = np.tanh(s[3 * hidden :])
        c = f * c + i * g
        h = o * np.tanh(c)
        for seen, expected in zip(
            (*(getattr(reading.gates, name)[t] for name in "ifog"), reading.gates.cell[t], reading.states[t]),
            (i, f, o, g, c, h),
            strict=True,
        ):
            np.testing.assert_allclose(seen, expected, rtol=1e-5, atol=1e-6)
        answer = model.predict_proba([bits[: t + 1]])[0]
        assert reading.answers[t] == pytest.approx(float(answer), rel=1e-5)


@pytest.mark.parametrize("length", [1, 64, 65, 200])
@pytest.mark.parametrize("model", [RNN(4, seed=1), LSTM(4, seed=1)], ids=["RNN", "LSTM"])
def test_any_length(model: Any, length: int) -> None:
    reading = read(model, np.ones(length, dtype=np.uint8))
    assert reading.states.shape == (length, 4)
    assert {a.shape for a in (reading.bits, reading.parity, reading.answers, reading.right)} == {(length,)}
    if reading.gates:
        assert {getattr(reading.gates, n).shape for n in ("i", "f", "o", "g", "cell")} == {(length, 4)}
    assert reading.answers[-1] == pytest.approx(float(model.predict_proba([[1] * length])[0]), rel=1e-5)


@pytest.mark.parametrize("bits", [[], [2], [0, -1], [[0, 1]], [0.5], ["1"]])
def test_only_bits_can_be_read(bits: Any) -> None:
    with pytest.raises(ValueError, match="zeros and ones"):
        read(RNN(2), bits)


def test_no_answer_is_not_a_right_one() -> None:
    model = xor_in_a_loop()
    model.parameters["b_y"][...] = np.nan
    reading = read(model, [0, 1, 1])
    assert np.isnan(reading.answers).all()
    assert not reading.right.any()
    assert np.isfinite(reading.states).all()
