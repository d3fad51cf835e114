"""Carrying out experiments for the command line: each once, two at a time where there are two processors.

No experiment knows of another, so running two at once changes no figure.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from typing import Any

from toystory.base.errors import RunFailed
from toystory.base.runtime import keep_freed_memory
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress
from toystory.training.run import Run

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

    Closing the generator abandons what is still running. Raises RunFailed
    where a process that trains is killed.
    """
    distinct = list(dict.fromkeys(nameless(experiment) for experiment in experiments))
    if jobs < 2 or len(distinct) < 2:
        return _carry_out_here(distinct)
    return _carry_out_in_processes(distinct, min(jobs, len(distinct)))


def _carry_out_here(experiments: list[Experiment]) -> Events:
    keep_freed_memory()
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
        with interrupts_held_back():
            unfinished: set[Future[Run]] = {executor.submit(_carry_out_there, e) for e in experiments}
        while unfinished:
            done, unfinished = wait(unfinished, timeout=REPORT_EVERY, return_when=FIRST_COMPLETED)
            while not reports.empty():
                yield reports.get()
            for future in done:
                yield future.result()
    except BrokenProcessPool as error:
        raise RunFailed(
            "a process that trained was killed, perhaps for want of memory; "
            "try --jobs 1, or fewer --rows, --columns or --hidden"
        ) from error
    finally:
        stop.set()
        executor.shutdown(wait=True, cancel_futures=True)


_worker: dict[str, Any] = {}


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Ctrl-C reaches every process of the terminal; only this one decides what to do. The processes begun in
    here are deaf to it from their first moment; this one hears it at the end."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker(reports: SimpleQueue[Live], stop: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_freed_memory()
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _worker.update(reports=reports, stop=stop)


def _end_with_the_parent() -> None:
    """Nobody is left to take the results of a process whose parent was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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
