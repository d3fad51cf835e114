"""Processes that train: one experiment each at a time, and reports from the middle of the work.

No experiment knows of another, so that how many train at once changes no figure.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from toystory.base.runtime import keep_freed_memory
from toystory.training.experiment import Experiment
from toystory.training.pool import interrupts_held_back
from toystory.training.result_store import Result, put_down, result_of, take_up
from toystory.training.run import Run

REPORT_EVERY = 0.2
"""Seconds between two reports of a running experiment."""
PUT_DOWN_EVERY = 10.0
"""Seconds after which an unfinished run is written down, so that no more than these can be lost."""
PATIENCE = 2.0
"""Seconds that a process is given to end."""
LOOK_EVERY = 0.1
"""Seconds after which the one who waits for events is given an empty one."""


@dataclass(frozen=True)
class Under:
    """An experiment under way. share: of its updates, a part of one counted as such; first: the share that
    was made at another time. loss: None before the first look. seconds: since it was begun or taken up."""

    experiment: Experiment
    update: int
    loss: float | None
    share: float
    seconds: float
    first: float = 0.0


@dataclass(frozen=True)
class Done:
    """An experiment at its end. seconds: since it was begun or taken up, its process and its rows included.
    first: the share of its updates that was made at another time."""

    result: Result
    seconds: float
    first: float


@dataclass(frozen=True)
class Failed:
    """An experiment that came to no end. reason: half a sentence."""

    experiment: Experiment
    reason: str


Event = Under | Done | Failed | None


def carry_out(
    choose: Callable[[], Experiment | None], jobs: int, *, alone: bool
) -> Generator[Event, None, None]:
    """Train what `choose` gives, `jobs` at a time, until it gives nothing and nothing is under way.

    alone: each experiment in a process of its own, so that its memory can be told from that of others.
    Yields None where nothing has happened for a moment. Closing the generator ends what is under way.
    """
    busy: dict[Connection, _Worker] = {}
    idle: list[_Worker] = []
    try:
        while True:
            while len(busy) < jobs and (experiment := choose()) is not None:
                worker = idle.pop() if idle else _Worker()
                worker.begin(experiment)
                busy[worker.connection] = worker
            if not busy:
                return
            ready = wait(list(busy), timeout=LOOK_EVERY)
            if not ready:
                yield None
            for connection in ready:
                worker = busy[connection]  # type: ignore[index]
                event = worker.read()
                if not isinstance(event, Under):
                    del busy[worker.connection]
                    if alone or isinstance(event, Failed):
                        worker.end()
                    else:
                        idle.append(worker)
                yield event
    finally:
        for worker in (*busy.values(), *idle):
            worker.end()


class _Worker:
    """A process of ours, and the line to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs,), daemon=True)
        with interrupts_held_back():
            self._process.start()
        theirs.close()
        self._experiment: Experiment | None = None
        self._begun = self._first = 0.0

    def begin(self, experiment: Experiment) -> None:
        self._experiment, self._begun, self._first = experiment, time.monotonic(), 0.0
        self.connection.send(experiment)

    def read(self) -> Under | Done | Failed:
        """The next thing it has to say."""
        assert self._experiment is not None
        try:
            said = self.connection.recv()
        except (EOFError, OSError):
            return Failed(self._experiment, "its process was killed, perhaps for want of memory")
        seconds = time.monotonic() - self._begun
        if isinstance(said, Result):
            return Done(said, seconds, self._first)
        if isinstance(said, str):
            return Failed(self._experiment, said)
        update, loss, share, taken_up = said
        self._first = share if taken_up else self._first
        return Under(self._experiment, update, loss, share, seconds, self._first)

    def end(self) -> None:
        """Be gone. What it was doing is put down, if it comes to that between two updates soon."""
        self.connection.close()
        self._process.terminate()
        self._process.join(PATIENCE)
        self._process.kill()
        self._process.join()


class _Told(BaseException):
    """This process was told to end."""


def _work(connection: Connection) -> None:
    """Train what comes down the line until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_freed_memory()
    try:
        while True:
            experiment = connection.recv()
            try:
                connection.send(_Training(experiment, connection).result())
            except (MemoryError, ArithmeticError, ValueError) as error:
                connection.send(str(error) or "there was not enough memory")
    except (EOFError, OSError, _Told):
        return


class _Training:
    """Trains an experiment, from where it was put down, and reports."""

    def __init__(self, experiment: Experiment, connection: Connection) -> None:
        self._experiment, self._connection = experiment, connection
        self._told: float | None = None
        """When this process was told to end."""
        self._pieces = 0
        self._reported = self._put_down = time.monotonic()
        signal.signal(signal.SIGTERM, self._be_told)
        self._run = take_up(experiment, self._piece_done) or Run(experiment, self._piece_done)
        rows = experiment.batch or experiment.rows or len(experiment.given)
        self._parts = max(1, rows // self._run.model.rows_at_once)
        """Pieces of one look at a batch."""

    def result(self) -> Result:
        self._report(taken_up=True)
        for progress in self._run:
            self._pieces = 0
            self._report_now_and_then()
            now = time.monotonic()
            told = self._told is not None
            if progress.outcome == "running" and (told or now - self._put_down >= PUT_DOWN_EVERY):
                put_down(self._run)
                self._put_down = now
            if told:
                raise _Told
        result = result_of(self._run, peak_memory(), datetime.now(UTC).isoformat(timespec="seconds"))
        return replace(result, experiment=self._experiment)

    def _be_told(self, *_: object) -> None:
        self._told = time.monotonic()

    def _piece_done(self) -> None:
        """Raises _Told, where the update takes too long to wait for its end."""
        self._pieces += 1
        if self._told is not None and time.monotonic() - self._told > PATIENCE / 2:
            raise _Told
        self._report_now_and_then()

    def _report_now_and_then(self) -> None:
        if self._told is None and time.monotonic() - self._reported >= REPORT_EVERY:
            self._report()

    def _report(self, taken_up: bool = False) -> None:
        self._reported = time.monotonic()
        looks = 0.0 if self._run.progress is None else self._run.updates + 1.0
        share = (looks + min(1.0, self._pieces / self._parts)) / (self._experiment.updates + 1)
        loss = None if self._run.progress is None else self._run.loss
        self._connection.send((self._run.updates, loss, min(share, 1.0), taken_up))


def peak_memory() -> int | None:
    """The most memory that this whole process ever held, in bytes; None where the system does not tell.

    On Linux the peak of the process since it began its program, from /proc: what `getrusage` calls the
    maximum also counts what the parent held when it started us.
    """
    if sys.platform.startswith("linux"):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
