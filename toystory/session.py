"""A session: one study, trained in a thread of its own, and the controls of whoever watches it.

The thread only appends to the bounded records of its runs; who watches looks at them when it likes. What must
fit together to the last bit (parameters, update, loss) is asked for: the thread answers with a Snapshot.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lessons.claim import Claim, Verdict, judge
from lessons.lesson import experiments_of
from lessons.run import Run, Runs, Study
from models.arrays import Parameters
from models.experiment import Experiment
from models.model import Model
from models.optimizers import linear_decay
from models.training import Progress

State = Literal["ready", "running", "paused", "measuring", "finished", "diverged", "failed", "stopped"]
OVER: frozenset[State] = frozenset({"finished", "diverged", "failed", "stopped"})

GIVE_WAY_EVERY = 0.01
"""Seconds of training after which the thread lets others at the interpreter."""


class _Stop(Exception):
    """The thread shall end, wherever it is."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A model as it was between two pulls. The parameters are copies; loss: of the batch it looked at, and
    so are the gradients (clipped, not yet applied)."""

    experiment: Experiment
    update: int
    loss: float
    learning_rate: float
    parameters: Parameters
    gradients: Parameters

    def build_model(self) -> Model:
        """A model of one's own with these parameters."""
        model = self.experiment.build_model()
        for name, values in self.parameters.items():
            model.parameters[name] = values.copy()
        return model


class Session:
    """Trains `study`, an experiment or the experiments of a sweep in turn, and then judges the claims that
    need it. Made for one training: to begin again, make another.

    earlier: finished runs of other studies that a claim may need as well. learning_rate: instead of the
    experiments' own. speed: updates a second at most, None for as many as come.
    """

    def __init__(
        self,
        study: Study,
        claims: Sequence[Claim] = (),
        earlier: Mapping[str, list[Run]] | None = None,
        *,
        learning_rate: float | None = None,
        speed: float | None = None,
    ) -> None:
        self.study = study
        self.experiments = experiments_of(study)
        self.runs: list[Run] = []
        """The runs so far, the last one perhaps still going on."""
        self.rates: list[dict[int, float]] = []
        """Of each run, the learning rates that it was given on its way, by the updates made before."""
        self.verdicts: list[Verdict] = []
        self.error = ""
        """What went wrong in the thread, in a sentence; empty where nothing did."""
        self.snapshot: Snapshot | None = None
        """The last one taken. One is taken at every pause, at the end, and when asked for."""
        self.altered = learning_rate is not None
        """Whether the learning rate was changed: the claims are about the recipe as it stands."""
        self._claims = tuple(claims)
        self._earlier = dict(earlier or {})
        self._over: State | None = None
        self._measuring = self._paused = self._stopping = self._wanted = self._waiting = False
        self._steps = 0
        self._learning_rate = learning_rate
        self._speed = speed
        self._due = 0.0
        self._given_way = 0.0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    # What it is doing

    @property
    def state(self) -> State:
        if self._over:
            return self._over
        if self._thread is None:
            return "ready"
        if self._measuring:
            return "measuring"
        return "paused" if self._paused else "running"

    @property
    def idle(self) -> bool:
        """Whether nothing happens until someone starts, steps or asks."""
        return (
            self._thread is None or bool(self._over) or (self._waiting and self._paused and not self._steps)
        )

    @property
    def run(self) -> Run | None:
        """The run of now, or the last one."""
        return self.runs[-1] if self.runs else None

    @property
    def experiment(self) -> Experiment:
        """The experiment of now, the last one, or the one to come."""
        return self.runs[-1].experiment if self.runs else self.experiments[0]

    @property
    def message(self) -> str:
        """What ended it, in a sentence."""
        if self.error:
            return self.error
        run = self.run
        return run.progress.message if run and run.progress else ""

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None and self._thread.is_alive()

    # Controls

    def start(self) -> None:
        """Begin, or go on after a pause."""
        with self._changed:
            self._paused = False
            self._begin()

    def pause(self) -> None:
        with self._changed:
            self._paused = self._wanted = True
            self._changed.notify_all()

    def step(self) -> None:
        """Pull once, and then wait."""
        with self._changed:
            self._paused = True
            self._steps += 1
            self._begin()

    def stop(self, timeout: float = 2.0) -> None:
        """End the thread, in the middle of whatever it does, and wait until it has ended."""
        with self._changed:
            self._stopping = True
            if self._thread is None:
                self._over = self._over or "stopped"
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout)

    def ask_snapshot(self) -> None:
        """Have `snapshot` renewed after the next pull; at once while it waits."""
        with self._changed:
            self._wanted = True
            self._changed.notify_all()

    @property
    def learning_rate(self) -> float:
        """That of the next update, before any decay."""
        return self._learning_rate or self.experiment.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"learning rate is {value}: expected a number above zero")
        with self._changed:
            self._learning_rate = value
            self.altered = True
            self._wanted = True
            self._changed.notify_all()

    @property
    def speed(self) -> float | None:
        """Updates a second at most; None for as many as come."""
        return self._speed

    @speed.setter
    def speed(self, value: float | None) -> None:
        with self._changed:
            self._speed = value
            self._due = 0.0
            self._changed.notify_all()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=f"train {self.study.name}", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    # The thread

    def _work(self) -> None:
        try:
            with np.errstate(all="ignore"):
                for experiment in self.experiments:
                    self._train(experiment)
                self._judge()
            self._over = "diverged" if any(run.diverged for run in self.runs) else "finished"
        except _Stop:
            self._over = "stopped"
        except Exception as error:  # the watcher is told, and lives on
            self.error = f"{type(error).__name__}: {error}"
            self._over = "failed"

    def _train(self, experiment: Experiment) -> None:
        self._wait_for_turn()
        run = Run(experiment, self._interrupt)
        pulls = iter(run)
        rates: dict[int, float] = {}
        self.rates.append(rates)
        self.runs.append(run)
        while True:
            rate = self._learning_rate
            if rate is not None and rate != run.training.learning_rate:
                run.training.learning_rate = rates[run.updates] = rate
            progress = next(pulls, None)
            self._measuring = False
            if progress is None:
                break
            if progress.outcome != "running":
                self._measuring = True  # this is what the next pull does
                self._take_snapshot(progress)
            elif self._paused or self._wanted:
                self._take_snapshot(progress)
            if progress.outcome == "running":
                self._wait_for_turn()

    def _judge(self) -> None:
        """Measure the claims that can be measured now."""
        runs = {**self._earlier, self.study.name: self.runs}
        claims = [c for c in self._claims if self.study.name in c.needs and set(c.needs) <= set(runs)]
        if self.altered:
            return
        self._measuring = True
        for claim in claims:
            self._interrupt()
            for run in (run for name in claim.needs for run in runs[name]):
                run.model.interrupt = self._interrupt  # theirs may belong to a session that was stopped
            self.verdicts.append(judge(claim, Runs(runs)))

    def _interrupt(self) -> None:
        if self._stopping:
            raise _Stop

    def _wait_for_turn(self) -> None:
        """Return when the next pull may be made. Raises _Stop."""
        self._interrupt()
        if not (self._paused or self._speed):
            now = time.perf_counter()
            if now - self._given_way > GIVE_WAY_EVERY:
                time.sleep(0)
                self._given_way = now
            return
        with self._changed:
            while True:
                self._interrupt()
                if self._wanted and self.run and self.run.progress:
                    self._take_snapshot(self.run.progress)
                if self._paused and self._steps:
                    self._steps -= 1
                    break
                late = time.perf_counter() - self._due
                if not self._paused and (self._speed is None or late >= 0):
                    if self._speed:
                        # What was missed is not made up for: a pause would end in a rush.
                        self._due += 1 / self._speed + max(0.0, late - 0.1)
                    break
                self._waiting = True
                self._changed.wait(None if self._paused else -late)
                self._waiting = False

    def _take_snapshot(self, progress: Progress) -> None:
        self._wanted = False
        training = self.runs[-1].training
        e = training.experiment
        rate = linear_decay(self.learning_rate, e.final_learning_rate, progress.update, e.updates)
        copies = {name: values.copy() for name, values in training.model.parameters.items()}
        gradients = {name: values.copy() for name, values in training.descent.gradients.items()}
        self.snapshot = Snapshot(e, progress.update, progress.loss, rate, copies, gradients)
