"""Binary cross-entropy from the logit."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.models.parts.arrays import FloatArray
from toystory.models.parts.loss import binary_cross_entropy


def test_agrees_with_the_plain_formula() -> None:
    z = np.linspace(-15, 15, 121)
    a = 1 / (1 + np.exp(-z))
    for y in (np.zeros_like(z), np.ones_like(z)):
        plain = -(y * np.log(a) + (1 - y) * np.log(1 - a))
        np.testing.assert_allclose(binary_cross_entropy(z, y), plain, rtol=1e-8)


def test_a_coin_toss_costs_ln_2() -> None:
    np.testing.assert_allclose(binary_cross_entropy(np.zeros(2), np.array([0.0, 1.0])), np.log(2), rtol=1e-15)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_never_overflows(dtype: type) -> None:
    z: FloatArray = np.array([-1e4, -1e4, 1e4, 1e4], dtype)
    y: FloatArray = np.array([0, 1, 0, 1], dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        losses = binary_cross_entropy(z, y)
    assert losses.tolist() == [0, 1e4, 1e4, 0]
    assert losses.dtype == dtype


def test_keeps_the_shape() -> None:
    assert binary_cross_entropy(np.zeros((3, 2)), np.ones((3, 2))).shape == (3, 2)
