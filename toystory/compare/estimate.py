"""How long will it take?

Every recipe is tried for a moment on a few rows; what then really happens corrects the rest.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.pools.pool import Finished
from toystory.training.pools.report import Report

TRY_FOR = 0.12
"""Seconds that a recipe is tried for."""
MEASURED_AT_END = 20 / 3
"""Rows answered when a run is at its end, by those that one look at accuracy on the way answers."""
STARTUP = 0.5
"""Seconds until a process of its own has begun."""
BESIDE = 1.25
"""How much longer an experiment takes beside another one, until it is seen: the trial is alone."""
DOUBT = 4.0
"""Seconds' worth of evidence that the trial itself is given against what then happens."""
EARLY_STOP = 0.5
"""Share of its updates that an experiment which may end early is thought to take, until one has."""


@dataclass(frozen=True)
class Pace:
    """How quick a recipe is.

    Attributes:
        update: Seconds of one update.
        rows: In that update.
        look: Seconds of one measurement of accuracy on the way.
    """

    update: float
    rows: int
    look: float

    def seconds(self, experiment: Experiment, updates: float) -> float:
        """How long so many updates will take.

        Args:
            experiment: The recipe.
            updates: How many.
        """
        rows = experiment.batch or experiment.rows or len(experiment.given)
        looks = updates / experiment.evaluate_every + 1 + MEASURED_AT_END
        return STARTUP + (updates + 1) * self.update * rows / self.rows + looks * self.look


class Estimate:
    """Seconds of experiments, those under way among them."""

    def __init__(self, jobs: int) -> None:
        """jobs: how many are under way at a time."""
        self._jobs = jobs
        self._paces: dict[Experiment, dict[int, Pace]] = {}
        self._thought, self._taken = DOUBT, DOUBT * (BESIDE if jobs > 1 else 1.0)
        self._shares: dict[Experiment, dict[tuple[int, int], float]] = {}

    def measure_pace(self, experiments: Iterable[Experiment]) -> None:
        """Measure the pace of every recipe among `experiments`, at its fewest and at its most columns."""
        by_recipe: dict[Experiment, list[Experiment]] = {}
        for experiment in experiments:
            by_recipe.setdefault(_recipe(experiment), []).append(experiment)
        for recipe, alike in by_recipe.items():
            ends = {e.columns: e for e in sorted(alike, key=lambda e: e.columns)}
            for columns in {min(ends), max(ends)}:
                self._paces.setdefault(recipe, {}).setdefault(
                    columns, _pace(replace(recipe, columns=columns))
                )

    def seconds(self, experiment: Experiment) -> float:
        """Of an experiment that has not begun."""
        updates = experiment.updates * self._share(experiment)
        return self._uncorrected(experiment, updates) * self._correction

    def left(self, waiting: Sequence[Experiment], under_way: Iterable[Report]) -> float:
        """Seconds until all is done.

        Args:
            waiting: Experiments that have not begun.
            under_way: Reports of those that have.
        """
        free = sorted(map(self.rest, under_way))
        free = [0.0] * max(0, self._jobs - len(free)) + free
        for experiment in waiting:
            free.sort()
            free[0] += self.seconds(experiment)
        return max(free)

    def rest(self, at: Report) -> float:
        """Seconds until an experiment under way is done."""
        expected = max(self._share(at.experiment), at.share)
        thought = self.seconds(at.experiment) * (1 - at.share / expected)
        made = at.share - at.resumed
        if made <= 0:
            return max(thought - at.seconds, STARTUP)
        ran = at.seconds / made * (expected - at.share)
        trust = min(1.0, 2 * made / (expected - at.resumed))
        return trust * ran + (1 - trust) * thought

    def learn_from(self, finished: Finished) -> None:
        """An experiment has come to its end."""
        experiment, updates = finished.run.experiment, finished.run.updates
        made = max(0.0, updates - finished.resumed * experiment.updates)
        self._thought += self._uncorrected(experiment, made)
        self._taken += finished.seconds
        counted = len(experiment.relevant or range(experiment.columns))
        share = updates / max(experiment.updates, 1)
        self._shares.setdefault(_recipe(experiment), {})[counted, experiment.columns] = share

    @property
    def _correction(self) -> float:
        return self._taken / self._thought

    def _uncorrected(self, experiment: Experiment, updates: float) -> float:
        paces = self._paces[_recipe(experiment)]
        low, high = min(paces), max(paces)
        least, most = (paces[columns].seconds(experiment, updates) for columns in (low, high))
        return least + (most - least) * (experiment.columns - low) / max(high - low, 1)

    def _share(self, experiment: Experiment) -> float:
        """Of its updates that are needed: as many as the nearest of its kind took."""
        if experiment.stop_at is None:
            return 1.0
        seen = self._shares.get(_recipe(experiment), {})
        if not seen:
            return EARLY_STOP
        counted = len(experiment.relevant or range(experiment.columns))
        near = min(seen, key=lambda at: (abs(at[0] - counted) + abs(at[1] - experiment.columns), at))
        return max(seen[near], 0.02)


@cache
def _recipe(experiment: Experiment) -> Experiment:
    """What experiments of the same pace have in common, as it is tried: on a few rows, without end."""
    few = 4 * experiment.build_model().rows_at_once
    return replace(
        experiment,
        name="",
        seed=0,
        columns=1,
        relevant=None,
        rows=few if experiment.given or experiment.rows is not None else None,
        given=(),
        start=(),
        lengths="one per batch" if experiment.lengths == "one even per batch" else experiment.lengths,
        batch=None if experiment.batch is None else min(experiment.batch, few),
        updates=1_000_000,
        evaluate_every=1_000_000,
        stop_at=None,
        learning_rate=1e-3,
        final_learning_rate=1.0,
    )


def _pace(trial: Experiment) -> Pace:
    started = time.perf_counter()
    pulls = iter(Training(trial))
    next(pulls)
    first = time.perf_counter() - started
    updates, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < TRY_FOR or updates < 2:
        next(pulls)
        updates += 1
    return Pace(spent / updates, trial.batch or trial.rows or 1, max(0.0, first - spent / updates))
