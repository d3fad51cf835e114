"""Training what is missing: which experiment comes next, what time allows, and what is kept."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from contextlib import closing
from typing import Protocol

from toystory.compare.estimate import Estimate
from toystory.training.experiment import Experiment
from toystory.training.result_store import Result, keep
from toystory.training.workers import Done, Failed, Under, carry_out

SHORT = 5.0
"""Seconds. What takes no longer comes first, in the order of the table; then the longest, since two
processes are then done at about the same time. Where not all fits into the budget, the shortest come first:
so most is finished."""
RESERVE = 2.0
"""Seconds of the budget that are left for ending."""


class View(Protocol):
    """Is told what happens."""

    def measuring(self) -> None:
        """The pace of every recipe is about to be tried."""

    def look(self, work: Work) -> None:
        """Something may have moved; called about ten times a second."""

    def done(self, work: Work, result: Result) -> None:
        """An experiment is at its end, and kept."""

    def failed(self, work: Work, failure: Failed) -> None:
        """An experiment came to no end."""


class Work:
    """The experiments to train, and how far each has come.

    in_order: begin them as they come, and not as is best for the time. budget: seconds from `started` (a
    time.monotonic()) on, or None: what does not fit is left waiting.
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
        self.jobs = jobs
        self.budget = budget
        self.waiting = list(experiments)
        self.asked = len(self.waiting)
        self.under: dict[Experiment, Under] = {}
        self.finished: list[Result] = []
        self.failures: list[Failed] = []
        self.estimate = Estimate(jobs)
        self._started = time.monotonic() if started is None else started
        self._in_order = in_order
        self._spent = 0.0

    @property
    def seconds(self) -> float:
        """Since it was begun."""
        return time.monotonic() - self._started

    @property
    def left(self) -> float:
        """Seconds until all is done, or the budget is at its end."""
        rest = self._rest
        fitting = [e for e in self.waiting if self.estimate.seconds(e) <= rest]
        return min(self.estimate.left(fitting, self.under.values()), rest)

    @property
    def share(self) -> float:
        """Of all the work, as far as can be told."""
        made = self._spent + sum(at.seconds for at in self.under.values())
        rest = sum(map(self.estimate.rest, self.under.values()))
        rest += sum(map(self.estimate.seconds, self.waiting))
        return made / (made + rest) if made + rest else 1.0

    def begin(self, view: View) -> None:
        """Find out how long everything will take."""
        view.measuring()
        self.estimate.try_out(self.waiting)
        if not self._in_order:
            self.waiting = self._ordered()

    def _ordered(self) -> list[Experiment]:
        seconds = self.estimate.seconds
        if self.estimate.left(self.waiting, ()) > self._rest:
            return sorted(self.waiting, key=seconds)
        short = [e for e in self.waiting if seconds(e) <= SHORT]
        long = [e for e in self.waiting if seconds(e) > SHORT]
        return short + sorted(long, key=seconds, reverse=True)

    def choose(self) -> Experiment | None:
        """The next one that fits into what is left of the budget."""
        rest = self._rest
        for experiment in self.waiting:
            if self.estimate.seconds(experiment) <= rest:
                self.waiting.remove(experiment)
                self.under[experiment] = Under(experiment, 0, None, 0.0, 0.0)
                return experiment
        return None

    @property
    def out_of_time(self) -> bool:
        return self._rest <= 0

    @property
    def _rest(self) -> float:
        """Seconds that are left of the budget."""
        return math.inf if self.budget is None else self.budget - RESERVE - self.seconds

    def take(self, event: Under | Done | Failed, view: View) -> None:
        """Follow what happened; a finished experiment is kept at once. Raises OSError where that fails."""
        if isinstance(event, Under):
            self.under[event.experiment] = event
            return
        experiment = event.result.experiment if isinstance(event, Done) else event.experiment
        del self.under[experiment]
        if isinstance(event, Failed):
            self.failures.append(event)
            view.failed(self, event)
            return
        keep(event.result)
        self.finished.append(event.result)
        self._spent += event.seconds
        self.estimate.happened(event)
        view.done(self, event.result)


def carry_on(work: Work, view: View, *, alone: bool) -> None:
    """Train until all is done or the budget is at its end. KeyboardInterrupt comes through; what is finished
    is kept by then."""
    if not work.waiting:
        return
    work.begin(view)
    try:
        with closing(carry_out(work.choose, work.jobs, alone=alone)) as events:
            for event in events:
                if event is not None:
                    work.take(event, view)
                if work.out_of_time:
                    break
                view.look(work)
    finally:
        work.waiting += list(work.under)
        work.under.clear()
