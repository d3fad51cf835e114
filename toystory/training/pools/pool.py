"""Training many experiments, several at a time, with reports on the way and checkpoints to go on from.

No experiment knows of another, so how many train at once, and where, changes no figure.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

from toystory.base.interrupts import uninterrupted
from toystory.training.checkpoints.checkpoint import from_bytes, to_bytes
from toystory.training.checkpoints.run_checkpoint import checkpoint_of_run, run_of_checkpoint
from toystory.training.experiment import Experiment
from toystory.training.pools.engine import CannotStart, Channel, Engine
from toystory.training.pools.report import REPORT_EVERY, Report, share_done
from toystory.training.run import Run

CHECKPOINT_EVERY = 10.0
"""Seconds after which an unfinished run is checkpointed, so that no more than these can be lost."""
PATIENCE = 2.0
"""Seconds that a cancelled task is given to come to the end of its update."""


@dataclass(frozen=True)
class Finished:
    """An experiment at its end.

    Attributes:
        run: With its model.
        seconds: Since it was submitted, the start of its process included.
        resumed: The share of its updates that was made at another time.
        peak_memory: The most that the process of its task ever held, in bytes; None where that isn't known.
    """

    run: Run
    seconds: float = 0.0
    resumed: float = 0.0
    peak_memory: int | None = None


@dataclass(frozen=True)
class Failed:
    """An experiment that came to no end, and what was raised."""

    experiment: Experiment
    error: BaseException

    @property
    def reason(self) -> str:
        """Half a sentence."""
        return str(self.error) or "there was not enough memory"


Event = Report | Finished | Failed


class Checkpoints(Protocol):
    """Where the pool keeps unfinished runs, as bytes."""

    def load(self, experiment: Experiment) -> bytes | None:
        """What was last saved of it, or None."""

    def save(self, experiment: Experiment, checkpoint: bytes) -> None:
        """Keep a checkpoint in place of what was saved before.

        Args:
            experiment: Whose run it is.
            checkpoint: As bytes.

        Raises:
            OSError: It can't be written.
        """


class Pool:
    """Trains what is submitted and tells what happens. Close it at the end: what still runs is cancelled."""

    def __init__(self, engine: Engine, checkpoints: Checkpoints | None = None) -> None:
        """Train nothing yet.

        Args:
            engine: Who does the work.
            checkpoints: Where to save unfinished runs, and to resume them from; None for neither.
        """
        self._engine, self._checkpoints = engine, checkpoints
        self._arrived: SimpleQueue[Report | _Saved | Future[_Trained | None]] = SimpleQueue()
        self._channel = engine.open(self._arrived.put)
        self._unfinished: dict[Future[_Trained | None], tuple[Experiment, float]] = {}

    @property
    def unfinished(self) -> int:
        """How many experiments have been submitted and not come to their end."""
        return len(self._unfinished)

    def submit(self, experiment: Experiment) -> None:
        """Have `experiment` trained, from its checkpoint on where there is one."""
        saves = self._checkpoints is not None
        checkpoint = self._checkpoints.load(experiment) if self._checkpoints is not None else None
        task = _Task(experiment, self._channel, checkpoint, saves)
        future = self._engine.submit(task.run)
        self._unfinished[future] = (experiment, time.monotonic())
        future.add_done_callback(self._arrived.put)

    def next_event(self, timeout: float | None = None) -> Event | None:
        """Wait for what happens next.

        Args:
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            The event; None where nothing happened in that time.

        Raises:
            OSError: A checkpoint can't be saved.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            try:
                arrived = self._arrived.get(timeout=left)
            except Empty:
                return None
            if (event := self._event(arrived)) is not None:
                return event

    def close(self) -> None:
        """End all tasks. Where there are checkpoints, each may first come to the end of its update."""
        with uninterrupted():
            try:
                if self._checkpoints is not None:
                    self._engine.cancel()
                    until = time.monotonic() + PATIENCE
                    while self._unfinished and (rest := until - time.monotonic()) > 0:
                        self.next_event(rest)
            finally:
                self._engine.shutdown()

    def _event(self, arrived: Report | _Saved | Future[_Trained | None]) -> Event | None:
        if isinstance(arrived, Report):
            # From another machine the last report may come after the result.
            running = any(experiment == arrived.experiment for experiment, _ in self._unfinished.values())
            return arrived if running else None
        if isinstance(arrived, _Saved):
            if self._checkpoints is not None:
                self._checkpoints.save(arrived.experiment, arrived.checkpoint)
            return None
        experiment, submitted = self._unfinished.pop(arrived)
        if arrived.cancelled():
            return None
        error = arrived.exception()
        if isinstance(error, (BrokenExecutor, CannotStart, MemoryError, ArithmeticError, ValueError)):
            return Failed(experiment, error)
        if (trained := arrived.result()) is None:
            return None
        seconds = time.monotonic() - submitted
        return Finished(trained.run, seconds, trained.resumed, trained.peak_memory)


# In the worker


@dataclass(frozen=True)
class _Saved:
    """A checkpoint on its way back."""

    experiment: Experiment
    checkpoint: bytes


@dataclass(frozen=True)
class _Trained:
    """What a task comes back with."""

    run: Run
    resumed: float
    peak_memory: int | None


class _Cancelled(BaseException):
    """The task shall end."""


class _Task:
    """Trains an experiment, from its checkpoint on, and reports. It is pickled, and runs in a worker."""

    def __init__(
        self, experiment: Experiment, channel: Channel, checkpoint: bytes | None, saves: bool
    ) -> None:
        self._experiment, self._channel = experiment, channel
        self._checkpoint, self._saves = checkpoint, saves

    def run(self) -> _Trained | None:
        """The finished run; None where the task was cancelled."""
        self._begun = self._reported = self._saved = time.monotonic()
        self._cancelled_at: float | None = None
        self._pieces = self._pieces_a_batch = 0
        self._resumed = 0.0
        rows = self._experiment.batch or self._experiment.rows or len(self._experiment.given)
        try:
            self._run = self._resume() or Run(self._experiment, self._piece_done)
            self._pieces_a_batch = max(1, rows // self._run.model.rows_at_once)
            self._pieces = 0
            if self._run.progress is not None:
                self._resumed = share_done(self._run)
            self._report()
            for _ in self._run:
                self._pieces = 0
                self._report_if_due()
                self._save_if_due()
        except _Cancelled:
            return None
        return _Trained(self._run, self._resumed, peak_memory())

    def _resume(self) -> Run | None:
        """The run of the newest checkpoint, or None where there is none or this code can't go on with it."""
        kept = self._channel.kept()
        checkpoint = kept.checkpoint if isinstance(kept, _Saved) else self._checkpoint
        if checkpoint is None:
            return None
        try:
            run = run_of_checkpoint(from_bytes(checkpoint), self._piece_done)
        except ValueError:
            return None
        return run if run.experiment == self._experiment else None

    def _piece_done(self) -> None:
        """Called between pieces of an update. Raises _Cancelled, where its end would take too long."""
        self._pieces += 1
        if self._is_cancelled() and (not self._saves or self._seconds_cancelled() > PATIENCE / 2):
            raise _Cancelled
        self._report_if_due()

    def _is_cancelled(self) -> bool:
        if self._cancelled_at is None and self._channel.cancelled():
            self._cancelled_at = time.monotonic()
        return self._cancelled_at is not None

    def _seconds_cancelled(self) -> float:
        return 0.0 if self._cancelled_at is None else time.monotonic() - self._cancelled_at

    def _report_if_due(self) -> None:
        begun = self._pieces_a_batch > 0
        if begun and self._cancelled_at is None and time.monotonic() - self._reported >= REPORT_EVERY:
            self._report()

    def _report(self) -> None:
        self._reported = time.monotonic()
        share = share_done(self._run, min(1.0, self._pieces / self._pieces_a_batch))
        seconds = self._reported - self._begun
        self._channel.send(Report(self._experiment, self._run.progress, share, self._resumed, seconds))

    def _save_if_due(self) -> None:
        """Send a checkpoint every now and then, and a last one where the task is cancelled."""
        if self._run.progress is None or self._run.progress.outcome != "running":
            return
        cancelled = self._is_cancelled()
        due = time.monotonic() - self._saved >= CHECKPOINT_EVERY
        if (self._saves and (cancelled or due)) or (self._channel.keeps and due and not cancelled):
            saved = _Saved(self._experiment, to_bytes(checkpoint_of_run(self._run)))
            self._channel.send(saved, keep=True)
            self._saved = time.monotonic()
        if cancelled:
            raise _Cancelled


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
