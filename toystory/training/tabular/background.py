"""A training on rows of real numbers in a thread of its own, and the controls of whoever watches it.

The thread owns the training while it lives; who watches reads its histories, to which the thread only
appends, and what it publishes whole, in one assignment: `training`, `snapshot`, `error`. The lock guards the
orders.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.training.loop import Progress
from toystory.training.share import SHARE, Spent
from toystory.training.tabular.csv_reader import BadTable
from toystory.training.tabular.dataset import Dataset
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.training import Part, TabularTraining

State = Literal["ready", "running", "paused", "finished", "diverged", "failed", "stopped"]
OVER: frozenset[State] = frozenset({"finished", "diverged", "failed", "stopped"})
SNAPSHOT_INTERVAL = 0.4
"""Seconds between two snapshots while it trains."""
YIELD_EVERY = 0.01
"""Seconds of training after which the thread lets others at the interpreter."""


class _Stop(Exception):
    """The thread shall end."""


@dataclass(frozen=True, eq=False)
class TabularSnapshot:
    """A model as it was between two updates.

    Attributes:
        progress: Of the last update.
        model: A copy; its dropout would draw what comes next in the training.
        parts: How it answers training, validation and test rows; without the test rows before the end.
    """

    progress: Progress
    model: SoftmaxMLP
    parts: tuple[Part, ...]


class TabularBackgroundRun:
    """Trains one experiment in a thread. Made for one training: to begin again, make another.

    Attributes:
        experiment: What is trained.
        training: Once the rows are read; None before.
        snapshot: The last one taken: now and then, at every pause and at the end.
        error: What went wrong, in a sentence; empty where nothing did.
    """

    def __init__(self, experiment: TabularExperiment, data: Dataset | None = None) -> None:
        """Begin nothing yet.

        Args:
            experiment: What to train.
            data: Its data, where they have been read already.
        """
        self.experiment = experiment
        self._data = data
        self.training: TabularTraining | None = None
        self.snapshot: TabularSnapshot | None = None
        self.error = ""
        self.rates: dict[int, float] = {}
        """Learning rates that were given on the way, by the updates made before."""
        self._rate: float | None = None
        self._paused, self._steps, self._ends = False, 0, False
        self._lock = threading.Condition()
        """Guards the three, and is notified when one changes."""
        self._thread: threading.Thread | None = None
        self._over: State | None = None
        self._waiting = False

    @property
    def state(self) -> State:
        """What it is doing, in a word."""
        if self._over:
            return self._over
        if self._thread is None:
            return "ready"
        return "paused" if self._paused else "running"

    @property
    def idle(self) -> bool:
        """Whether nothing happens until someone starts or steps."""
        return self._thread is None or bool(self._over) or (self._waiting and not self._steps)

    @property
    def learning_rate(self) -> float:
        """That of the next update."""
        return self._rate or self.experiment.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        if not (math.isfinite(value) and value > 0):
            raise ValueError("a learning rate is a number above zero, such as 0.01 or 1e6")
        self._rate = value
        if self._over is None:
            self.rates[self._made] = value

    @property
    def command(self) -> str:
        """What to type so that it runs again, as far as a line can say it."""
        later = dict(self.rates)
        first = replace(self.experiment, learning_rate=later.pop(0, self.experiment.learning_rate))
        if not later:
            return first.command
        given = ", ".join(f"{rate!r} after update {update:,}" for update, rate in later.items())
        return f"{first.command}\n# not the same run: its learning rate was changed on the way, to {given}"

    @property
    def _made(self) -> int:
        """Updates made."""
        progress = self.training.progress if self.training else None
        return progress.update if progress else 0

    def start(self) -> None:
        """Begin, or go on after a pause."""
        self._order(paused=False)

    def pause(self) -> None:
        """Wait after the update under way."""
        with self._lock:
            self._paused = True
            self._lock.notify_all()

    def step(self) -> None:
        """Make one update, and then wait."""
        self._order(paused=True, steps=1)

    def stop(self, timeout: float = 2.0) -> None:
        """End the thread and wait until it has ended, `timeout` seconds at most."""
        with self._lock:
            self._ends = True
            self._lock.notify_all()
        if self._thread is None:
            self._over = self._over or "stopped"
        else:
            self._thread.join(timeout)

    def _order(self, paused: bool, steps: int = 0) -> None:
        with self._lock:
            self._paused = paused
            self._steps += steps
            if self._thread is None and not self._over:
                self._thread = threading.Thread(
                    target=self._work, name=f"train {self.experiment.name}", daemon=True
                )
                self._thread.start()
            self._lock.notify_all()

    # The thread

    def _work(self) -> None:
        SHARE.begin()
        try:
            with np.errstate(all="ignore"):
                self._train()
            assert self.training is not None
            self._over = "diverged" if self.training.diverged else "finished"
        except _Stop:
            self._over = "stopped"
        except BadTable as error:
            self.error, self._over = str(error), "failed"
        except Exception as error:  # the watcher is told, and lives on
            self.error, self._over = f"{type(error).__name__}: {error}", "failed"
        finally:
            SHARE.rest()

    def _train(self) -> None:
        training = TabularTraining(self.experiment, self._data, self._interrupt)
        self.training = training
        spent, yielded, taken = Spent(), 0.0, 0.0
        updates = iter(training)
        while True:
            if training.progress is not None:  # the first weights take no turn: a step makes an update
                self._wait_for_turn()
            training.learning_rate = self.learning_rate
            progress = next(updates, None)
            if progress is None:
                return
            now = time.perf_counter()
            if training.over or self._paused or now - taken > SNAPSHOT_INTERVAL:
                self._take_snapshot(training, progress)
                taken = now
            if now - yielded > YIELD_EVERY:
                self._give_way(SHARE.pause_after(spent.take()))
                yielded = time.perf_counter()

    def _give_way(self, pause: float) -> None:
        """Let others at the interpreter, and wait for as long as is due to them; an order ends it."""
        if not pause:
            time.sleep(0)
            return
        with self._lock:
            if not self._ends:
                self._lock.wait(pause)

    def _interrupt(self) -> None:
        if self._ends:
            raise _Stop

    def _wait_for_turn(self) -> None:
        """Return when the next update may be made. Raises _Stop."""
        with self._lock:
            while self._paused and not self._steps and not self._ends:
                self._waiting = True
                SHARE.rest()
                self._lock.wait()
                SHARE.begin()
                self._waiting = False
            self._steps = max(self._steps - 1, 0) if self._paused else self._steps
        self._interrupt()

    def _take_snapshot(self, training: TabularTraining, progress: Progress) -> None:
        if training.diverged:
            return
        model = SoftmaxMLP(**training.model.settings)
        for name, values in training.model.parameters.items():
            model.parameters[name][...] = values
        model.dropout_rng.bit_generator.state = training.model.dropout_rng.bit_generator.state
        parts = training.parts() if training.over else training.parts()[:2]
        self.snapshot = TabularSnapshot(progress, model, tuple(parts))
