"""The learning-rate finder: what it suggests trains, and where it sees nothing it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from toystory.lessons.regression.experiments import at_rows
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.training.loop import train
from toystory.training.rate_finder import find_rate
from toystory.training.settings import OPTIMIZER_NAMES, OptimizerName


def last_loss(rate: float, optimizer: OptimizerName) -> float:
    *_, last = train(replace(FOUR_ROWS, optimizer=optimizer, learning_rate=rate))
    return last.loss


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_the_suggested_rate_trains_and_a_thousandth_of_it_does_not(optimizer: OptimizerName) -> None:
    curve = find_rate(replace(FOUR_ROWS, optimizer=optimizer))
    assert curve.suggested is not None
    assert f"Begin with a tenth: {curve.suggested:g}." in curve.verdict
    assert last_loss(curve.suggested, optimizer) < 0.02
    assert last_loss(curve.suggested / 1000, optimizer) > 0.6


def test_where_the_loss_falls_at_no_rate_nothing_is_suggested() -> None:
    curve = find_rate(at_rows(10_000, 10))
    assert curve.suggested is None
    assert curve.risen
    assert "at no rate" in curve.verdict


def test_the_rates_rise_evenly_and_the_experiments_own_plays_no_part() -> None:
    curve = find_rate(FOUR_ROWS, 1e-3, 1.0, updates=3)
    assert curve.rates == pytest.approx([1e-3, 1e-2, 1e-1, 1.0])
    other = replace(FOUR_ROWS, learning_rate=7.0, final_learning_rate=0.0, updates=1, stop_at=0.1)
    assert find_rate(other, 1e-3, 1.0, updates=3) == curve
    assert curve.smoothed[0] == pytest.approx(curve.losses[0])


@pytest.mark.parametrize(("low", "high", "updates"), [(0.0, 1.0, 10), (1.0, 0.1, 10), (0.1, 1.0, 1)])
def test_rates_that_do_not_rise_are_told(low: float, high: float, updates: int) -> None:
    with pytest.raises(ValueError, match="must rise from above zero"):
        find_rate(FOUR_ROWS, low, high, updates)
