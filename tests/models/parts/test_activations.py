"""Activations and their derivatives: the plain formulas, without their overflows."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.models.parts.activations import ACTIVATIONS, sigmoid
from toystory.models.parts.arrays import FloatArray

Z = np.linspace(-30, 30, 241)
PLAIN = {"relu": Z * (Z > 0), "tanh": np.sinh(Z) / np.cosh(Z), "sigmoid": 1 / (1 + np.exp(-Z))}


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_agrees_with_the_plain_formula(name: str) -> None:
    f, _ = ACTIVATIONS[name]
    np.testing.assert_allclose(f(Z), PLAIN[name], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_derivative_is_the_slope(name: str) -> None:
    f, derivative = ACTIVATIONS[name]
    z = np.array([-3.0, -1.2, -0.1, 0.1, 0.7, 2.5])
    measured = (f(z + 1e-6) - f(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(derivative(f(z)), measured, rtol=1e-7, atol=1e-9)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_never_overflows_and_keeps_its_dtype(name: str, dtype: type) -> None:
    f, derivative = ACTIVATIONS[name]
    z: FloatArray = np.array([-1e4, -100, 0, 100, 1e4], dtype)
    with np.errstate(over="raise", invalid="raise"):
        a, slope = f(z), derivative(f(z))
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()
    assert a.dtype == slope.dtype == dtype


def test_relu_has_no_slope_at_its_kink_and_below() -> None:
    f, derivative = ACTIVATIONS["relu"]
    assert derivative(f(np.array([-1.0, 0.0, 1e-9, 5.0]))).tolist() == [0, 0, 1, 1]


def test_sigmoid_ends_at_exactly_zero_and_one() -> None:
    assert sigmoid(np.array([-1e4, 0, 1e4], np.float32)).tolist() == [0, 0.5, 1]
