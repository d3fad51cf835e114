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
from uuid import uuid4

import numpy as np

from toystory.models.arrays import Parameters
from toystory.models.model import Model
from toystory.models.optimizers import linear_decay
from toystory.training.background_checkpoint import keep_session, read_kept
from toystory.training.checkpoint import Checkpoint
from toystory.training.claim import Claim, Verdict, judge
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress
from toystory.training.run import Run, Runs, Study, experiments_of

State = Literal["ready", "running", "paused", "measuring", "finished", "diverged", "failed", "stopped"]
OVER: frozenset[State] = frozenset({"finished", "diverged", "failed", "stopped"})

GIVE_WAY_EVERY = 0.01
"""Seconds of training after which the thread lets others at the interpreter."""
PATIENCE = 0.7
"""Seconds that an update under way may take when the session is put down."""


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
        self.kept: Checkpoint | None = None
        """What to go on with at another time: of the last pause, or when it was asked for or put down."""
        self.token = uuid4().hex
        """Its name among all sessions there ever were."""
        self.began = time.time()
        self._claims = tuple(claims)
        self._earlier = dict(earlier or {})
        self._over: State | None = None
        self._measuring = self._paused = self._stopping = self._wanted = self._waiting = False
        self._leaving = self._to_keep = False
        self._kept_at: object = None
        self._whole = True
        """Whether the run of now stands between two updates."""
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
            return "paused" if self.runs else "ready"
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

    def put_down(self) -> None:
        """End the thread between two updates, so that `kept` is what to go on with; where that takes too
        long, in the middle of whatever it does."""
        with self._changed:
            self._leaving = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE)
            self.stop()

    def ask_to_keep(self) -> None:
        """Have `kept` renewed after the next pull."""
        self._to_keep = True

    def bring_back(self, kept: Checkpoint) -> None:
        """Be the session that was kept, before its thread begins: paused, or over. Raises ValueError where it
        was one of other experiments, or does not fit."""
        parts = read_kept(kept, self._interrupt)
        if parts.experiments != self.experiments:
            raise ValueError("it is of other settings than the study has now")
        self.runs, self.rates, self._over = parts.runs, parts.rates, parts.over
        self._learning_rate, self.altered = parts.learning_rate, parts.altered
        e, last = self.runs[-1].experiment, parts.last
        rate = linear_decay(self.learning_rate, e.final_learning_rate, last.update, e.updates)
        self.snapshot = Snapshot(e, last.update, last.loss, rate, last.parameters, last.gradients)
        self.kept, self._kept_at = None if self._over else kept, self._at()

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
                for place in range(len(self.experiments)):
                    if place == len(self.runs) or not self.runs[place].finished:
                        self._train(place)
                self._judge()
            self._over = "diverged" if any(run.diverged for run in self.runs) else "finished"
        except _Stop:
            self._keep()
            self._over = "stopped"
        except Exception as error:  # the watcher is told, and lives on
            self.error = f"{type(error).__name__}: {error}"
            self._over = "failed"

    def _train(self, place: int) -> None:
        self._wait_for_turn()
        if place == len(self.runs):
            self.rates.append({})
            self.runs.append(Run(self.experiments[place], self._interrupt))
        run, rates = self.runs[place], self.rates[place]
        pulls = iter(run)
        while True:
            rate = self._learning_rate
            if rate is not None and rate != run.training.learning_rate:
                run.training.learning_rate = rates[run.updates] = rate
            self._whole = False
            progress = next(pulls, None)
            self._whole = True
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
        # What measures can be begun anew at any time, for it changes nothing.
        if self._stopping or (self._leaving and self._measuring):
            raise _Stop

    def _wait_for_turn(self) -> None:
        """Return when the next pull may be made. Raises _Stop."""
        self._interrupt()
        if self._leaving:
            raise _Stop
        if self._to_keep:
            self._keep()
        if not (self._paused or self._speed):
            now = time.perf_counter()
            if now - self._given_way > GIVE_WAY_EVERY:
                time.sleep(0)
                self._given_way = now
            return
        with self._changed:
            while True:
                self._interrupt()
                if self._leaving:
                    raise _Stop
                if self._wanted and self.run and self.run.progress and not self.run.finished:
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
                if self._paused:
                    self._keep()
                self._waiting = True
                self._changed.wait(None if self._paused else -late)
                self._waiting = False

    def _keep(self) -> None:
        self._to_keep = False
        if self._at() != self._kept_at and (self._whole or not (self.run and self.run.progress)):
            self._kept_at, self.kept = self._at(), keep_session(self)

    def _at(self) -> object:
        """Changes when there is something new to keep."""
        run = self.run
        return (len(self.runs), run and run.progress, run and run.finished, self._learning_rate)

    def _take_snapshot(self, progress: Progress) -> None:
        self._wanted = False
        training = self.runs[-1].training
        e = training.experiment
        rate = linear_decay(self.learning_rate, e.final_learning_rate, progress.update, e.updates)
        copies = {name: values.copy() for name, values in training.model.parameters.items()}
        gradients = {name: values.copy() for name, values in training.descent.gradients.items()}
        self.snapshot = Snapshot(e, progress.update, progress.loss, rate, copies, gradients)
