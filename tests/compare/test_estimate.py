"""How long it will take: what was measured, and what then happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from toystory.compare import estimate
from toystory.compare.estimate import Estimate, Pace
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress
from toystory.training.pools.pool import Finished
from toystory.training.pools.report import Report
from toystory.training.run import Run

ONE = Experiment(
    name="one", model="MLP", columns=20, hidden=(8,), batch=32, updates=2000, learning_rate=1e-2,
)  # fmt: skip
EARLY = replace(ONE, stop_at=0.99)


def tried(*experiments: Experiment, jobs: int = 1) -> Estimate:
    guess = Estimate(jobs)
    guess.measure_pace(experiments)
    return guess


def progress(experiment: Experiment, updates: int) -> Progress:
    return Progress(updates, experiment.updates, 0.5, 0.01, 0.1)


def finished(experiment: Experiment, seconds: float, updates: int) -> Finished:
    run = Run(experiment)
    run.progress = progress(experiment, updates)
    return Finished(run, seconds)


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of always the same pace."""
    monkeypatch.setattr(
        estimate, "_pace", lambda trial: Pace(update=2e-3, rows=trial.batch or trial.rows, look=0.03)
    )


def test_more_updates_and_more_rows_take_longer() -> None:
    many = replace(ONE, updates=20_000)
    rows = replace(ONE, rows=100_000, batch=None, updates=10)
    million = replace(rows, rows=1_000_000)
    guess = tried(ONE, many, rows, million)
    assert guess.seconds(many) > 5 * (guess.seconds(ONE) - 1)
    assert guess.seconds(many) > guess.seconds(ONE)
    assert guess.seconds(million) > 3 * guess.seconds(rows)


def test_what_happens_corrects_what_is_still_to_come() -> None:
    guess = tried(ONE)
    before = guess.seconds(ONE)
    for _ in range(20):
        guess.learn_from(finished(ONE, 3 * before + 30, ONE.updates))
    assert guess.seconds(ONE) > 2 * before


def test_one_under_way_is_told_by_its_own_pace() -> None:
    guess = tried(ONE)
    half = guess.rest(Report(ONE, progress(ONE, 1000), 0.5, seconds=40.0))
    assert half == pytest.approx(40.0)
    taken_up = guess.rest(Report(ONE, progress(ONE, 1500), 0.75, resumed=0.5, seconds=10.0))
    assert taken_up == pytest.approx(10.0)


def test_two_at_a_time_take_half_the_time_of_what_is_waiting() -> None:
    one, two = tried(ONE, jobs=1), tried(ONE, jobs=2)
    assert one.left([ONE] * 4, ()) == pytest.approx(4 * one.seconds(ONE))
    assert two.left([ONE] * 4, ()) == pytest.approx(2 * two.seconds(ONE))


def test_what_may_end_early_is_thought_to_end_like_its_neighbours() -> None:
    guess = tried(EARLY, replace(EARLY, columns=30))
    before = guess.seconds(EARLY)
    guess.learn_from(finished(replace(EARLY, columns=21), 0.6, 20))
    assert guess.seconds(EARLY) < before
