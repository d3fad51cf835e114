"""Training many experiments: in this process, or in several (`pools/pool.py`), with reports on the way.

No experiment knows of another, so how many train at once, and where, changes no figure. What several
processes need is imported where there are several: a small run ends before that would be loaded.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from toystory.base.errors import RunFailed
from toystory.base.runtime import keep_freed_memory
from toystory.training.experiment import Experiment
from toystory.training.pools.report import REPORT_EVERY, Report, share_done
from toystory.training.run import Run

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from toystory.training.pools.engine import Engine

SMALL_BATCH, FEW_UPDATES = 1_000, 10_000
"""Bits of a batch, and updates, that are trained in about the time that a process takes to begin."""


def train_all(
    experiments: Iterable[Experiment], jobs: int, engine: Executor | Engine | None = None
) -> Generator[Report | Run, None, None]:
    """Train every distinct experiment: reports of its progress, and each Run when it is at its end.

    Closing the generator cancels what is still running.

    Args:
        experiments: What to train; those that differ in nothing but the name are trained once, without one.
        jobs: How many at a time. With one, or one experiment, this very process trains, in order.
        engine: Who trains instead of processes of this machine.

    Raises:
        RunFailed: Where a process that trains is killed.
    """
    distinct = list(dict.fromkeys(nameless(experiment) for experiment in experiments))
    if engine is None and (jobs < 2 or len(distinct) < 2):
        return _train_here(distinct)
    from toystory.training.pools.engine import LocalProcesses, engine_of

    if engine is not None:
        return _train_in_pool(distinct, engine_of(engine))
    return _train_in_pool(distinct, LocalProcesses(min(jobs, len(distinct))))


def nameless(experiment: Experiment) -> Experiment:
    """What makes two experiments the same: all but the name."""
    return replace(experiment, name="")


def default_jobs() -> int:
    """Two, where the machine has two processors."""
    return min(2, os.cpu_count() or 1)


def jobs_for(experiments: Iterable[Experiment]) -> int:
    """As many as `default_jobs`; one where all is trained before another process would have begun."""
    distinct = set(map(nameless, experiments))
    small = all((e.batch or e.rows or len(e.given)) * e.columns <= SMALL_BATCH for e in distinct)
    soon = (
        small and not any(e.any_length for e in distinct) and sum(e.updates for e in distinct) <= FEW_UPDATES
    )
    return 1 if soon else default_jobs()


def longest_first(experiments: Iterable[Experiment]) -> list[Experiment]:
    """Those that may take longest in front: what is left for the end is short, and no processor waits.

    Told by the multiplications of all updates, roughly; one that may stop early counts in full.
    """

    def most_work(e: Experiment) -> int:
        steps = e.columns if e.any_length else 1
        return e.updates * (e.batch or e.rows or len(e.given)) * e.parameters * steps

    return sorted(experiments, key=most_work, reverse=True)


def _train_here(experiments: Iterable[Experiment]) -> Generator[Report | Run, None, None]:
    keep_freed_memory()
    for experiment in experiments:
        run = Run(experiment)
        begun = last = time.monotonic()
        for progress in run:
            if (now := time.monotonic()) - last >= REPORT_EVERY:
                last = now
                yield Report(experiment, progress, share_done(run), seconds=now - begun)
        yield run


def _train_in_pool(experiments: list[Experiment], engine: Engine) -> Generator[Report | Run, None, None]:
    from concurrent.futures import BrokenExecutor

    from toystory.training.pools.engine import CannotStart
    from toystory.training.pools.pool import Finished, Pool

    pool = Pool(engine)
    waiting = dict.fromkeys(experiments)
    try:
        for experiment in experiments:
            pool.submit(experiment)
        while pool.unfinished:
            event = pool.next_event()
            if isinstance(event, Report):
                if event.progress is not None:
                    yield event
            elif isinstance(event, Finished):
                del waiting[event.run.experiment]
                yield event.run
            elif event is not None:
                if isinstance(event.error, CannotStart):
                    break
                if isinstance(event.error, BrokenExecutor):
                    raise RunFailed(
                        "a process that trained was killed, perhaps for want of memory; "
                        "try --jobs 1, or fewer --rows, --columns or --hidden"
                    ) from event.error
                raise event.error
    finally:
        pool.close()
    if waiting:
        print("toystory: this system begins no other process: one job at a time", file=sys.stderr)
        yield from _train_here(waiting)
