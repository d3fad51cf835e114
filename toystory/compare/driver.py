"""Training what is missing: which experiment comes next, what time allows, and what is kept."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from toystory.compare.estimate import Estimate
from toystory.training.checkpoints.result_store import Result, UnfinishedRuns, result_of, save
from toystory.training.experiment import Experiment
from toystory.training.pools.engine import Engine, LocalProcesses
from toystory.training.pools.pool import Event, Failed, Finished, Pool
from toystory.training.pools.report import Report

SHORT = 5.0
"""Seconds. What takes no longer comes first, in the order of the table; then the longest, since two
processes are then done at about the same time. Where not all fits into the budget, the shortest come first:
so most is finished."""
REFRESH_EVERY = 0.1
"""Seconds after which a reporter may draw anew where nothing has happened."""
RESERVE = 2.0
"""Seconds of the budget that are left for ending."""


class Reporter(Protocol):
    """Is told what happens."""

    def estimating(self) -> None:
        """The pace of every recipe is about to be tried."""

    def refresh(self, work: Work) -> None:
        """Something may have moved; called about ten times a second."""

    def finished(self, work: Work, result: Result) -> None:
        """An experiment is at its end, and kept.

        Args:
            work: All of it.
            result: What came of the experiment.
        """

    def failed(self, work: Work, failure: Failed) -> None:
        """An experiment came to no end.

        Args:
            work: All of it.
            failure: The experiment, and why.
        """


class Work:
    """The experiments to train, and how far each has come.

    Attributes:
        jobs: How many at a time.
        budget: Seconds for all, or None.
        waiting: Those that have not begun.
        asked: How many there were in the beginning.
        under_way: The last report of those that are trained now.
        results: Of those at their end.
        failures: Of those that came to no end.
        estimate: How long each takes.
    """

    def __init__(
        self,
        experiments: Iterable[Experiment],
        *,
        jobs: int,
        budget: float | None = None,
        started: float | None = None,
        in_order: bool = False,
    ) -> None:
        """Begin nothing yet.

        Args:
            experiments: What to train.
            jobs: How many at a time.
            budget: Seconds, or None: what does not fit is left waiting.
            started: From when on they count, a time.monotonic(); None for now.
            in_order: Begin them as they come, and not as is best for the time.
        """
        self.jobs = jobs
        self.budget = budget
        self.waiting = list(experiments)
        self.asked = len(self.waiting)
        self.under_way: dict[Experiment, Report] = {}
        self.results: list[Result] = []
        self.failures: list[Failed] = []
        self.estimate = Estimate(jobs)
        self._started = time.monotonic() if started is None else started
        self._in_order = in_order
        self._spent = 0.0

    @property
    def ended(self) -> int:
        """How many are at their end, one way or the other."""
        return self.asked - len(self.waiting) - len(self.under_way)

    @property
    def seconds(self) -> float:
        """Since it was begun."""
        return time.monotonic() - self._started

    @property
    def left(self) -> float:
        """Seconds until all is done, or the budget is at its end."""
        rest = self._rest
        fitting = [e for e in self.waiting if self.estimate.seconds(e) <= rest]
        return min(self.estimate.left(fitting, self.under_way.values()), rest)

    @property
    def share(self) -> float:
        """Of all the work, as far as can be told."""
        made = self._spent + sum(at.seconds for at in self.under_way.values())
        rest = sum(map(self.estimate.rest, self.under_way.values()))
        rest += sum(map(self.estimate.seconds, self.waiting))
        return made / (made + rest) if made + rest else 1.0

    def begin(self, reporter: Reporter) -> None:
        """Find out how long everything will take."""
        reporter.estimating()
        self.estimate.measure_pace(self.waiting)
        if not self._in_order:
            self.waiting = self._ordered()

    def _ordered(self) -> list[Experiment]:
        seconds = self.estimate.seconds
        if self.estimate.left(self.waiting, ()) > self._rest:
            return sorted(self.waiting, key=seconds)
        short = [e for e in self.waiting if seconds(e) <= SHORT]
        long = [e for e in self.waiting if seconds(e) > SHORT]
        return short + sorted(long, key=seconds, reverse=True)

    def next_experiment(self) -> Experiment | None:
        """The next one that fits into what is left of the budget."""
        rest = self._rest
        for experiment in self.waiting:
            if self.estimate.seconds(experiment) <= rest:
                self.waiting.remove(experiment)
                self.under_way[experiment] = Report(experiment)
                return experiment
        return None

    @property
    def out_of_time(self) -> bool:
        """Whether nothing is left of the budget."""
        return self._rest <= 0

    @property
    def _rest(self) -> float:
        """Seconds that are left of the budget."""
        return math.inf if self.budget is None else self.budget - RESERVE - self.seconds

    def handle(self, event: Event, reporter: Reporter) -> None:
        """Follow what happened; a result is saved at once.

        Args:
            event: From the pool.
            reporter: Is told.

        Raises:
            OSError: A result can't be saved.
        """
        if isinstance(event, Report):
            self.under_way[event.experiment] = event
        elif isinstance(event, Failed):
            del self.under_way[event.experiment]
            self.failures.append(event)
            reporter.failed(self, event)
        else:
            del self.under_way[event.run.experiment]
            result = result_of(event.run, event.peak_memory, datetime.now(UTC).isoformat(timespec="seconds"))
            save(result)
            self.results.append(result)
            self._spent += event.seconds
            self.estimate.learn_from(event)
            reporter.finished(self, result)


def train_missing(work: Work, reporter: Reporter, *, alone: bool, engine: Engine | None = None) -> None:
    """Train until all is done or the budget is at its end.

    KeyboardInterrupt comes through; what is finished is kept by then, and so is a checkpoint of the rest.

    Args:
        work: What is missing.
        reporter: Is told what happens.
        alone: Each experiment in a process of its own, so that its memory can be told from that of others.
        engine: Who trains instead of processes of this machine; of its workers no memory is told.
    """
    if not work.waiting:
        return
    work.begin(reporter)
    tells_memory = engine is None
    engine = engine or LocalProcesses(work.jobs, one_task_each=alone)
    try:
        with closing(Pool(engine, UnfinishedRuns())) as pool:
            while not work.out_of_time:
                while pool.unfinished < work.jobs and (experiment := work.next_experiment()) is not None:
                    pool.submit(experiment)
                if not pool.unfinished:
                    return
                if (event := pool.next_event(REFRESH_EVERY)) is not None:
                    if isinstance(event, Finished) and not tells_memory:
                        event = replace(event, peak_memory=None)
                    work.handle(event, reporter)
                reporter.refresh(work)
    finally:
        work.waiting += list(work.under_way)
        work.under_way.clear()
