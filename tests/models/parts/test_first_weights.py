"""The weights a model starts from."""

from __future__ import annotations

import numpy as np

from toystory.models import LSTM, MLP, LogisticRegression, TwoLayerNet
from toystory.models.parts.first_weights import gaussian, he, orthogonal, shared_signs, signs


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_gaussian_and_he_have_their_sizes() -> None:
    assert abs(gaussian(rng(), (200, 200), 0.3).std() - 0.3) < 0.01
    assert abs(he(rng(), (200, 200)).std() - np.sqrt(2 / 200)) < 0.002


def test_signs_are_fair_coins_over_the_root_of_the_inputs() -> None:
    weights = signs(rng(), (50, 40))
    np.testing.assert_allclose(np.abs(weights), 50**-0.5)
    assert 0.4 < (weights > 0).mean() < 0.6


def test_shared_signs_count_alike_and_bend_at_different_places() -> None:
    weights, biases = shared_signs(rng(), (50, 256), size=3.0, different=32, levels=3)
    np.testing.assert_allclose(np.abs(weights), 3 * 50**-0.5)
    for row in range(32):
        alike = np.sign(weights[:, row::32])
        assert len({tuple(unit * unit[0]) for unit in alike.T}) == 1, "the same signs, or all turned over"
    assert len(np.unique(np.sign(weights) * np.sign(weights[:1]), axis=1).T) == 32
    assert set(np.round(biases * np.sqrt(50) / 2).astype(int)) == set(range(-3, 4))
    assert shared_signs(rng(), (4, 3))[0].shape == (4, 3), "fewer units than rows of signs"


def test_an_orthogonal_matrix_keeps_lengths() -> None:
    drawn = orthogonal(rng(), 7)
    np.testing.assert_allclose(drawn.T @ drawn, np.eye(7), atol=1e-12)
    assert abs(orthogonal(rng(), 1)).tolist() == [[1]]


def test_the_mlp_uses_what_it_is_told() -> None:
    signed = MLP((16, 8, 4, 1), first_weights="signs").parameters
    np.testing.assert_allclose(np.abs(signed["W1"]), 0.25)
    assert len(np.unique(np.abs(signed["W2"]))) > 2
    shared = MLP((16, 8, 4, 1), first_weights="shared signs").parameters
    np.testing.assert_allclose(np.abs(shared["W1"]), 0.75)
    assert shared["b1"].any()
    assert not shared["b2"].any()
    assert shared["W2"].std() < signed["W2"].std() / 2
    small = MLP((100, 80, 1), first_weights="gaussian", weight_scale=0.02).parameters
    assert abs(small["W1"].std() - 0.02) < 0.002
    assert abs(MLP((100, 80, 1)).parameters["W1"].std() - np.sqrt(2 / 100)) < 0.01


def test_the_seed_decides() -> None:
    for make in (lambda seed: TwoLayerNet(4, 3, seed=seed), lambda seed: LSTM(4, seed=seed)):
        first, again, other = (make(seed).parameters for seed in (0, 0, 1))
        for name in first:
            np.testing.assert_array_equal(first[name], again[name])
        assert any((first[name] != other[name]).any() for name in first)


def test_the_forget_gate_starts_mostly_open() -> None:
    b = LSTM(3).parameters["b_h"]
    assert b.tolist() == [0] * 3 + [1] * 3 + [0] * 6
    assert LSTM(3, forget_bias=-2).parameters["b_h"][3:6].tolist() == [-2] * 3


def test_logistic_regression_starts_where_it_is_told() -> None:
    assert LogisticRegression(2).parameters["w"].tolist() == [0, 0]
    told = LogisticRegression(2, weights=(0.1, 0.5), bias=0.005, dtype=np.float64).parameters
    assert (told["w"].tolist(), told["b"].tolist()) == ([0.1, 0.5], [0.005])
