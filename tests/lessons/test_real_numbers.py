"""What the chapter of the MLP says of rows of real numbers: who is good at what, from several seeds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from toystory.lessons.mlp import real_numbers_claims
from toystory.lessons.mlp.real_numbers import (
    CIRCLE,
    MAJORITY,
    MOONS,
    PARITY,
    PARITY_DROPOUT,
    SPIRAL,
    straight,
)
from toystory.lessons.mlp.real_numbers_claims import (
    CLAIMS,
    gained_by_decay,
    parity_beside_its_control,
    right_on_fresh_rows,
)
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.training import TabularTraining


def accuracy_on_test_rows(experiment: TabularExperiment, seeds: int = 5) -> float:
    """On the test rows, the mean over seeds."""
    accuracies = []
    for seed in range(seeds):
        training = TabularTraining(replace(experiment, seed=seed))
        for _ in training:
            pass
        accuracies.append(training.parts()[2].accuracy)
    return float(np.mean(accuracies))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("experiment", "line"), [(MOONS, 0.9), (SPIRAL, 0.6), (CIRCLE, 0.6)], ids=lambda value: str(value)[:30]
)
def test_where_the_border_must_bend_a_straight_line_fails(experiment: TabularExperiment, line: float) -> None:
    assert accuracy_on_test_rows(experiment) >= 0.95
    assert accuracy_on_test_rows(straight(experiment)) <= line


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_what_is_claimed_holds_for_other_seeds(seed: int) -> None:
    right = [right_on_fresh_rows(experiment, seed) for experiment in (MOONS, straight(MOONS))]
    found = [*right, parity_beside_its_control(seed), gained_by_decay(seed)]
    missed = [claim.text for claim, share in zip(CLAIMS, found, strict=True) if not claim.bar.holds(share)]
    assert not missed


def test_parity_counts_only_where_the_network_learns_the_majority(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_numbers_claims, "LEARNT", 1.0)
    assert np.isnan(parity_beside_its_control(0))


@pytest.mark.slow
def test_for_the_noisy_majority_hidden_units_gain_nothing() -> None:
    assert accuracy_on_test_rows(MAJORITY) <= accuracy_on_test_rows(straight(MAJORITY)) + 0.01
    assert accuracy_on_test_rows(straight(MAJORITY)) >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize("parity", [PARITY, PARITY_DROPOUT, replace(PARITY, weight_decay=0.03)])
def test_nothing_helps_for_parity_and_the_same_network_learns_the_majority(parity: TabularExperiment) -> None:
    assert 0.4 <= accuracy_on_test_rows(parity) <= 0.6
    assert accuracy_on_test_rows(replace(parity, data="majority")) >= 0.75


@pytest.mark.slow
def test_against_noise_dropout_helps_a_little_and_weight_decay_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TabularTraining, "keep_best", lambda _: None)  # trained to the end, as it ends
    noisy = replace(MAJORITY, rows=200, noise=1.0, hidden=(64,), updates=1000, patience=None)
    found = []
    for change in ({}, {"dropout": 0.5}, {"weight_decay": 0.03}):
        accuracies = []
        for seed in range(8):
            training = TabularTraining(replace(noisy, seed=seed, **change))  # type: ignore[arg-type]
            for _ in training:
                pass
            fresh = replace(MAJORITY, rows=2000, noise=1.0, seed=999 + seed).load_data()
            accuracies.append(training.model.score(fresh.x, fresh.y))
        found.append(float(np.mean(accuracies)))
    without, dropout, decay = found
    assert 0.005 < dropout - without < 0.05
    assert decay > dropout
