"""The backward pass of every model, against slopes measured on its forward pass."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.support.models import shaken
from toystory.models import (
    LSTM,
    MLP,
    RNN,
    GradientCheck,
    LogisticRegression,
    Model,
    TwoLayerNet,
    gradient_check,
)
from toystory.models.gradient_check import measured_gradients
from toystory.models.parts.activations import relu
from toystory.models.parts.arrays import Bits, Cache, Lengths, Parameters
from toystory.training.data import parity, random_bits, running_parity, truth_table

CLOSE = 1e-6
F64: dict[str, Any] = {"seed": 1, "dtype": np.float64}


def rows_of_bits(rows: int, columns: int) -> Bits:
    return random_bits(np.random.default_rng(2), rows, columns)


def lengths_for(rows: int, columns: int) -> Lengths:
    return np.random.default_rng(3).integers(1, columns + 1, size=rows)


def assert_agree(checks: list[GradientCheck]) -> None:
    assert {
        check.name: check.relative_difference for check in checks if check.relative_difference > CLOSE
    } == {}
    assert any(np.any(check.analytic) for check in checks), "all gradients are zero: nothing was checked"


def assert_right_before_and_after_updates(
    model: Model, x: Bits, y: Bits, lengths: Lengths | None = None
) -> None:
    assert [check.name for check in gradient_check(model, x, y, lengths)] == list(model.parameters)
    assert_agree(gradient_check(model, x, y, lengths))
    model.fit(x, y, lengths=lengths, updates=2, batch=None, learning_rate=0.05)
    assert_agree(gradient_check(model, x, y, lengths))


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 5), (6, 1), (7, 4)])
def test_logistic_regression(rows: int, columns: int) -> None:
    x = rows_of_bits(rows, columns)
    assert_right_before_and_after_updates(shaken(LogisticRegression(columns, **F64)), x, parity(x))


@pytest.mark.parametrize(
    ("rows", "columns", "hidden"), [(1, 1, 1), (1, 5, 3), (6, 1, 2), (7, 4, 1), (9, 5, 6)]
)
def test_two_layer_net(rows: int, columns: int, hidden: int) -> None:
    x = rows_of_bits(rows, columns)
    assert_right_before_and_after_updates(shaken(TwoLayerNet(columns, hidden, **F64)), x, parity(x))


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("first_weights", ["gaussian", "he", "signs", "shared signs"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("hidden", [(3,), (4, 3), (4, 3, 3)])
def test_mlp(hidden: tuple[int, ...], activation: str, first_weights: Any, signed: bool) -> None:
    x = rows_of_bits(6, 4)
    model = MLP(
        (4, *hidden, 1),
        activation=activation,
        first_weights=first_weights,
        weight_scale=0.5,
        signed=signed,
        **F64,
    )
    assert_right_before_and_after_updates(shaken(model), x, parity(x))


@pytest.mark.parametrize(
    ("rows", "layer_sizes"), [(1, (1, 1, 1)), (1, (5, 3, 1)), (6, (1, 2, 1)), (7, (4, 1, 1)), (5, (3, 1))]
)
def test_mlp_of_any_shape(rows: int, layer_sizes: tuple[int, ...]) -> None:
    x = rows_of_bits(rows, layer_sizes[0])
    assert_right_before_and_after_updates(shaken(MLP(layer_sizes, activation="tanh", **F64)), x, parity(x))


@pytest.mark.parametrize("mixed_lengths", [False, True])
@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize(
    ("rows", "columns", "hidden"), [(1, 1, 1), (1, 5, 2), (4, 1, 3), (5, 4, 1), (6, 7, 3)]
)
@pytest.mark.parametrize("kind", [RNN, LSTM])
def test_recurrent(
    kind: type[RNN | LSTM], rows: int, columns: int, hidden: int, every_step: bool, mixed_lengths: bool
) -> None:
    x = rows_of_bits(rows, columns)
    lengths = lengths_for(rows, columns) if mixed_lengths else None
    ends = columns - 1 if lengths is None else lengths - 1
    running = running_parity(x)
    y = running if every_step else running[np.arange(rows), ends]
    assert_right_before_and_after_updates(shaken(kind(hidden, **F64)), x, y, lengths)


def test_an_rnn_that_reads_zeros_and_ones() -> None:
    x = rows_of_bits(6, 7)
    assert_right_before_and_after_updates(shaken(RNN(3, signed=False, **F64)), x, parity(x))


@pytest.mark.parametrize("kind", [RNN, LSTM])
def test_what_lies_beyond_a_rows_length_counts_for_nothing(kind: type[RNN | LSTM]) -> None:
    x, lengths = rows_of_bits(6, 7), np.array([1, 2, 3, 4, 5, 6])
    y = running_parity(x)
    model = shaken(kind(3, **F64))
    beyond = np.arange(7) >= lengths[:, None]
    for labels in (y, y[:, 0]):
        other = labels if labels.ndim == 1 else labels ^ beyond
        loss, gradients = model.loss_and_gradients(x, labels, lengths)
        other_loss, other_gradients = model.loss_and_gradients(x ^ beyond, other, lengths)
        assert other_loss == pytest.approx(loss, rel=1e-12)
        for name in gradients:
            np.testing.assert_allclose(other_gradients[name], gradients[name], rtol=1e-9, atol=1e-15)


class ReluDerivativeIsTheActivation(MLP):
    """The first mistake: the derivative is the activation itself where it is positive, instead of 1."""

    def backward(self, cache: Cache, y: Any) -> Parameters:
        self.f_derivative = relu
        return super().backward(cache, y)


def test_a_relu_derivative_that_returns_the_activation_is_caught() -> None:
    x = rows_of_bits(8, 4)
    model = shaken(ReluDerivativeIsTheActivation((4, 5, 1), **F64))
    difference = {check.name: check.relative_difference for check in gradient_check(model, x, parity(x))}
    assert difference["W1"] > 0.01
    assert difference["b1"] > 0.01
    assert difference["W2"] < CLOSE
    assert difference["b2"] < CLOSE


class MemoryCountedTwice(RNN):
    """The second mistake: what comes back from the next step is multiplied by W_hh twice."""

    def backward(self, cache: Cache, y: Any, lengths: Lengths | None = None) -> Parameters:
        gradients = super().backward(cache, y, lengths)
        h, dz, x = cache["h"], cache["dz"], cache["x"]
        W_hh, w_hy = self.parameters["W_hh"], self.parameters["w_hy"]
        ds = np.zeros_like(h)
        for t in reversed(range(len(x))):
            dh = np.outer(dz[t], w_hy) + ds[t + 1] @ W_hh.T @ W_hh.T
            ds[t] = dh * (1 - h[t] ** 2)
        dW_hh = sum(h[t - 1].T @ ds[t] for t in range(len(x)))
        dW_xh = sum(x[t].T @ ds[t] for t in range(len(x)))
        return {**gradients, "W_hh": dW_hh, "W_xh": dW_xh, "b_h": ds.sum(axis=(0, 1))}


def test_a_backward_pass_that_multiplies_by_the_memory_twice_is_caught() -> None:
    x = rows_of_bits(8, 6)
    model = shaken(MemoryCountedTwice(4, **F64))
    difference = {check.name: check.relative_difference for check in gradient_check(model, x, parity(x))}
    for name in ("W_hh", "W_xh", "b_h"):
        assert difference[name] > 0.01
    for name in ("w_hy", "b_y"):
        assert difference[name] < CLOSE


def test_the_twice_counted_memory_is_the_only_mistake_planted() -> None:
    """On one step there is nothing to multiply twice: the same backward pass is then right."""
    x = rows_of_bits(8, 1)
    assert_agree(gradient_check(shaken(MemoryCountedTwice(4, **F64)), x, parity(x)))


def test_checking_leaves_the_model_as_it_was() -> None:
    x = rows_of_bits(5, 3)
    model = shaken(TwoLayerNet(3, 2, **F64))
    before = {name: parameter.copy() for name, parameter in model.parameters.items()}
    gradient_check(model, x, parity(x))
    for name, parameter in model.parameters.items():
        np.testing.assert_array_equal(parameter, before[name])


@pytest.mark.parametrize(
    ("analytic", "measured", "difference"),
    [
        ([0, 0], [0, 0], 0),
        ([3, 4], [3, 4], 0),
        ([3, 4], [-3, -4], 1),
        ([3, 4], [0, 0], 1),
        ([3, 0], [1, 0], 0.5),
    ],
)
def test_the_relative_difference(analytic: list[float], measured: list[float], difference: float) -> None:
    check = GradientCheck("w", np.array(analytic, float), np.array(measured, float))
    assert check.relative_difference == difference


def test_float32_is_too_coarse_to_check() -> None:
    x = rows_of_bits(5, 3)
    with pytest.raises(ValueError, match=r"float32.*float64"):
        measured_gradients(TwoLayerNet(3, 2), x, parity(x))


def small_models(dtype: Any) -> list[Model]:
    mlps = [
        MLP((4, 3, 2, 1), activation=activation, signed=signed, dtype=dtype)
        for activation, signed in product(("relu", "tanh", "sigmoid"), (True, False))
    ]
    kinds = [LogisticRegression(4, dtype=dtype), TwoLayerNet(4, 3, dtype=dtype)]
    return [*kinds, *mlps, RNN(3, dtype=dtype), LSTM(3, dtype=dtype)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_leaves_the_models_dtype(dtype: Any) -> None:
    x = rows_of_bits(6, 4)
    for model in small_models(dtype):
        cache = model.forward(x)
        gradients = model.backward(cache, parity(x))
        real = {name: a.dtype for name, a in cache.items() if a.dtype.kind == "f"}
        assert {"a", "z", "dz" if "dz" in real else "dz1"} <= set(real)
        assert set(real.values()) == {np.dtype(dtype)}, f"{model}: {real}"
        assert {g.dtype for g in gradients.values()} == {np.dtype(dtype)}
        assert {p.dtype for p in model.parameters.values()} == {np.dtype(dtype)}
        assert model.predict_proba(x).dtype == dtype
        assert {n: g.shape for n, g in gradients.items()} == {n: p.shape for n, p in model.parameters.items()}


@pytest.mark.parametrize("kind", [RNN, LSTM])
def test_labels_at_every_step_and_lengths_stay_in_float32(kind: type[RNN | LSTM]) -> None:
    x = rows_of_bits(6, 4)
    model = kind(3)
    cache = model.forward(x)
    gradients = model.backward(cache, running_parity(x), lengths_for(6, 4))
    assert {g.dtype for g in gradients.values()} == {np.dtype(np.float32)}
    assert {a.dtype for a in cache.values() if a.dtype.kind == "f"} == {np.dtype(np.float32)}
    assert cache["y"].dtype == np.float32


def test_float32_is_the_default() -> None:
    for model in (LogisticRegression(2), TwoLayerNet(2, 2), MLP((2, 2, 1)), RNN(2), LSTM(2)):
        assert {p.dtype for p in model.parameters.values()} == {np.dtype(np.float32)}


def test_of_a_large_parameter_only_some_numbers_are_checked_and_always_the_same() -> None:
    model = TwoLayerNet(6, 8, weight_scale=0.5, **F64)
    x = truth_table(6)
    whole = {check.name: check for check in gradient_check(model, x, parity(x))}
    before = {name: values.copy() for name, values in model.parameters.items()}
    some = gradient_check(model, x, parity(x), most=10)
    again = gradient_check(model, x, parity(x), most=10)
    for check, same in zip(some, again, strict=True):
        parameter = model.parameters[check.name]
        assert check.measured.size == min(parameter.size, 10)
        assert check.left_out == parameter.size - check.measured.size
        np.testing.assert_array_equal(check.measured, same.measured)
        assert np.isin(check.analytic, whole[check.name].analytic).all()
        assert check.relative_difference < 1e-6
        np.testing.assert_array_equal(parameter, before[check.name])
