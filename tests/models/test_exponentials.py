"""tanh, σ and the loss through exponentials: as exact as rounding lets them be, right where they overflow."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.models.fast.exponentials import Exponentials
from toystory.models.fast.loss import FEW, Answers

LEVELS = np.concatenate(
    [np.linspace(-30, 30, 4001), [0.0, 1e-8, -1e-4, 100, -100, 1e4, -1e4, np.inf, -np.inf]]
)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tanh_and_sigmoid_are_right_to_the_last_places_of_one(dtype: type) -> None:
    z = LEVELS.astype(dtype)
    exact = z.astype(np.float64)
    close = 2 * np.finfo(dtype).eps
    by = Exponentials(dtype)
    a = np.empty_like(z)
    with np.errstate(all="ignore"):
        by.tanh(z, a)
        np.testing.assert_allclose(a, np.tanh(exact), rtol=0, atol=close)
        by.tanh(z, z)
        np.testing.assert_array_equal(z, a)
        a[...] = exact
        by.sigmoid(a)
        np.testing.assert_allclose(a, 0.5 * np.tanh(0.5 * exact) + 0.5, rtol=0, atol=close)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("answers", [1, FEW, 2 * FEW])
def test_the_loss_is_exact_however_sure_the_answer(dtype: type, label: int, answers: int) -> None:
    eps = float(np.finfo(dtype).eps)
    for z in (0.0, 1e-3, -0.7, 5.0, -20.0, 60.0, -60.0, 1e3, -1e3):
        made = Answers(answers, dtype)
        made.z[...], made.y[...] = z, label
        exact = (max(z, 0.0) - label * z) + np.log1p(np.exp(-abs(z)))
        with np.errstate(all="ignore"):
            assert made.loss() == pytest.approx(exact, rel=4 * eps, abs=1e-30)
        error = (0.5 * np.tanh(z / 2) + 0.5 - label) / answers
        assert made.dz == pytest.approx(np.full(answers, error), abs=eps)


@pytest.mark.parametrize("answers", [1, 2 * FEW])
@pytest.mark.parametrize("z", [np.nan, np.inf, -np.inf])
def test_the_loss_of_what_is_not_finite_is_not_finite(answers: int, z: float) -> None:
    made = Answers(answers, np.float32)
    made.z[...] = z
    made.y[...] = z > 0
    with np.errstate(all="ignore"):
        assert not np.isfinite(made.loss())
