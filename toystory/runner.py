"""Carrying out experiments for the command line: each once, two at a time where there are two processors.

No experiment knows of another, so running two at once changes no figure.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from typing import Any

from lessons.run import Run
from models.experiment import Experiment
from models.training import Progress

REPORT_EVERY = 0.1
"""Seconds between two reports of a running experiment."""


class Abandoned(Exception):
    """The run was told to end."""


@dataclass(frozen=True)
class Live:
    """An experiment on its way. seconds: spent training so far."""

    experiment: Experiment
    progress: Progress
    seconds: float


Events = Generator[Live | Run, None, None]


def nameless(experiment: Experiment) -> Experiment:
    """What makes two experiments the same: all but the name."""
    return replace(experiment, name="")


def default_jobs() -> int:
    """Two, where the machine has two processors."""
    return min(2, os.cpu_count() or 1)


def carry_out(experiments: Iterable[Experiment], jobs: int) -> Events:
    """Run every distinct experiment, in order, `jobs` at a time: live reports, and each Run when it is done.

    Closing the generator abandons what is still running.
    """
    distinct = list(dict.fromkeys(nameless(experiment) for experiment in experiments))
    if jobs < 2 or len(distinct) < 2:
        return _carry_out_here(distinct)
    return _carry_out_in_processes(distinct, jobs)


def _carry_out_here(experiments: list[Experiment]) -> Events:
    for experiment in experiments:
        run = Run(experiment)
        last = 0.0
        for progress in run:
            if (now := time.monotonic()) - last >= REPORT_EVERY:
                last = now
                yield Live(experiment, progress, run.seconds)
        yield run


def _carry_out_in_processes(experiments: list[Experiment], jobs: int) -> Events:
    context = multiprocessing.get_context("spawn")
    reports: SimpleQueue[Live] = context.SimpleQueue()
    stop = context.Event()
    executor = ProcessPoolExecutor(jobs, context, initializer=_begin_worker, initargs=(reports, stop))
    try:
        unfinished: set[Future[Run]] = {executor.submit(_carry_out_there, e) for e in experiments}
        while unfinished:
            done, unfinished = wait(unfinished, timeout=REPORT_EVERY, return_when=FIRST_COMPLETED)
            while not reports.empty():
                yield reports.get()
            for future in done:
                yield future.result()
    finally:
        stop.set()
        executor.shutdown(wait=True, cancel_futures=True)


_worker: dict[str, Any] = {}


def _begin_worker(reports: SimpleQueue[Live], stop: Event) -> None:
    """Ctrl-C reaches every process of the terminal; only the first one decides what to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker.update(reports=reports, stop=stop)


def _carry_out_there(experiment: Experiment) -> Run:
    reports, stop = _worker["reports"], _worker["stop"]

    def abandon_if_told() -> None:
        if stop.is_set():
            raise Abandoned

    run = Run(experiment, abandon_if_told)
    last = 0.0
    for progress in run:
        if (now := time.monotonic()) - last >= REPORT_EVERY:
            last = now
            abandon_if_told()
            reports.put(Live(experiment, progress, run.seconds))
    return run
