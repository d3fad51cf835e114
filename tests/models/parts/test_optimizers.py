"""Optimisers against the same arithmetic done by hand, number by number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from toystory.models.parts.arrays import Parameters
from toystory.models.parts.optimizers import (
    Adam,
    GradientDescent,
    Momentum,
    Optimizer,
    clip_by_norm,
    gradient_norm,
    linear_decay,
)
from toystory.models.train_step import OPTIMIZERS, make_optimizer
from toystory.training.settings import OPTIMIZER_NAMES


def two_updates(optimizer: Optimizer) -> list[float]:
    """Where 1.0 ends after a gradient of 0.5 and one of −2."""
    parameters = {"w": np.array([1.0])}
    reached = []
    for gradient in (0.5, -2.0):
        optimizer.update(parameters, {"w": np.array([gradient])})
        reached.append(float(parameters["w"][0]))
    return reached


def test_gradient_descent() -> None:
    assert two_updates(GradientDescent(0.1)) == pytest.approx([1 - 0.1 * 0.5, 0.95 + 0.1 * 2])


def test_momentum() -> None:
    # velocity: 0.5, and then 0.9 × 0.5 − 2 = −1.55
    assert two_updates(Momentum(0.1)) == pytest.approx([0.95, 0.95 + 0.1 * 1.55])


def test_adam() -> None:
    # The first update is one learning rate long: both averages, corrected, are the gradient itself.
    # The second: m = 0.9 × 0.05 + 0.1 × −2 = −0.155, corrected by 1 − 0.81; s = 0.999 × 0.00025 + 0.001 × 4,
    # corrected by 1 − 0.998001.
    m_hat = -0.155 / 0.19
    s_hat = 0.00424975 / 0.001999
    assert two_updates(Adam(0.1)) == pytest.approx([0.9, 0.9 - 0.1 * m_hat / math.sqrt(s_hat)], rel=1e-7)


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_updates_in_place_and_in_the_parameters_dtype(name: str) -> None:
    weights = np.ones((2, 3), np.float32)
    bias = np.ones(3, np.float32)
    parameters = {"W": weights, "b": bias}
    optimizer = make_optimizer(name, 0.1)
    for _ in range(2):
        optimizer.update(parameters, {"W": np.full((2, 3), 0.5, np.float32), "b": np.ones(3, np.float32)})
    assert parameters["W"] is weights
    assert parameters["b"] is bias
    assert weights.dtype == bias.dtype == np.float32
    assert (weights < 1).all()
    assert (bias < 1).all()
    kept = [a for memory in vars(optimizer).values() if isinstance(memory, dict) for a in memory.values()]
    assert {a.dtype for a in kept} <= {np.dtype(np.float32)}


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_the_gradients_stay_as_they_were(name: str) -> None:
    gradients = {"w": np.array([1.0, -2.0])}
    optimizer = make_optimizer(name, 0.1)
    for _ in range(2):
        optimizer.update({"w": np.zeros(2)}, gradients)
    assert gradients["w"].tolist() == [1, -2]


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_the_learning_rate_may_be_changed_between_updates(name: str) -> None:
    parameters = {"w": np.array([1.0])}
    optimizer = make_optimizer(name, 0.1)
    optimizer.update(parameters, {"w": np.array([1.0])})
    before = parameters["w"].copy()
    optimizer.learning_rate = 0.0
    optimizer.update(parameters, {"w": np.array([1.0])})
    np.testing.assert_array_equal(parameters["w"], before)


def test_every_optimizer_of_an_experiment_can_be_made() -> None:
    assert tuple(OPTIMIZERS) == OPTIMIZER_NAMES


@pytest.mark.parametrize(
    ("name", "rate", "words"), [("sgd", 0.1, "'sgd'.*adam"), ("adam", 0.0, "above zero")]
)
def test_no_such_optimizer(name: str, rate: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make_optimizer(name, rate)


def gradients_of_length_five() -> Parameters:
    return {"W": np.array([[3.0, 0.0]], np.float32), "b": np.array([-4.0], np.float32)}


def test_the_norm_is_that_of_all_gradients_together() -> None:
    assert gradient_norm(gradients_of_length_five()) == 5


def test_clipping_shortens_and_keeps_the_direction() -> None:
    gradients = gradients_of_length_five()
    clip_by_norm(gradients, 5, limit=1)
    np.testing.assert_allclose(gradients["W"], [[0.6, 0]], rtol=1e-6)
    np.testing.assert_allclose(gradients["b"], [-0.8], rtol=1e-6)
    assert gradients["W"].dtype == np.float32


@pytest.mark.parametrize("limit", [5, 6])
def test_short_gradients_are_not_clipped(limit: float) -> None:
    gradients = gradients_of_length_five()
    clip_by_norm(gradients, 5, limit)
    assert gradients["W"].tolist() == [[3, 0]]
    assert gradients["b"].tolist() == [-4]


def test_linear_decay() -> None:
    assert [linear_decay(0.8, 0.5, u, 4) for u in range(6)] == pytest.approx([0.8, 0.7, 0.6, 0.5, 0.4, 0.4])
    assert [linear_decay(0.8, 1.0, u, 4) for u in range(5)] == [0.8] * 5
    assert linear_decay(0.8, 0.5, 0, 0) == 0.8
