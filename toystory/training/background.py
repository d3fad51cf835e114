"""A background run: one study, trained in a thread of its own, and the controls of whoever watches it.

Three rules say who may touch what:

- The thread owns the runs and their models. While it lives nobody else calls into them; who watches reads
  their histories, to which the thread only appends, and what it publishes whole, in one assignment:
  `snapshot` (what must fit together to the last bit), `checkpoint`, `verdicts`, `error`.
- The lock guards the orders: whoever watches gives them, the thread crosses off what it is about to do. It
  looks at single orders without the lock, which is quick and at worst one update late.
- Nobody waits for the thread but `stop`, and that not for ever.
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

from toystory.models.model import Model
from toystory.models.parts.arrays import Parameters
from toystory.models.parts.optimizers import linear_decay
from toystory.training.checkpoints.background_checkpoint import BackgroundState, state_of, to_checkpoint
from toystory.training.checkpoints.checkpoint import Checkpoint
from toystory.training.claim import Claim, Verdict, judge
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress
from toystory.training.run import Run, Runs, Study, experiments_of
from toystory.training.share import SHARE, Spent

State = Literal["ready", "running", "paused", "measuring", "finished", "diverged", "failed", "stopped"]
OVER: frozenset[State] = frozenset({"finished", "diverged", "failed", "stopped"})

YIELD_EVERY = 0.01
"""Seconds of training after which the thread lets others at the interpreter."""
PATIENCE = 0.7
"""Seconds that an update under way may take when the run is stopped with a checkpoint."""


class _Stop(Exception):
    """The thread shall end, wherever it is."""


@dataclass
class _Orders:
    """What whoever watches wants of the thread.

    Attributes:
        paused: Wait before the next update.
        steps: Updates to make all the same.
        learning_rate: Instead of the experiments' own; None for that.
        speed: Updates a second at most; None for as many as come.
        snapshot: Take a snapshot.
        checkpoint: Take a checkpoint.
        end: Come to the end: between two updates, or now.
    """

    paused: bool = False
    steps: int = 0
    learning_rate: float | None = None
    speed: float | None = None
    snapshot: bool = False
    checkpoint: bool = False
    end: Literal["between updates", "now"] | None = None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A model as it was between two updates.

    Attributes:
        experiment: Of its run.
        update: How many were made.
        loss: Of the last batch.
        learning_rate: Of the update to come.
        parameters: Copies.
        gradients: Of the last batch's loss, clipped and not yet applied; copies.
    """

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


class BackgroundRun:
    """Trains a study in a thread, and then measures the claims that need it.

    Made for one training: to begin again, make another.

    Attributes:
        study: An experiment, or a sweep of experiments that are trained in turn.
        experiments: Those of the study.
        runs: The runs so far, the last one perhaps still going on.
        rates: Of each run, the learning rates that it was given on its way, by the updates made before.
        verdicts: Of the claims that could be measured.
        error: What went wrong in the thread, in a sentence; empty where nothing did.
        snapshot: The last one taken: at every pause, at the end, and when asked for.
        altered: Whether the learning rate was changed: the claims are about the recipe as it stands.
        checkpoint: What to resume another time: of the last pause, or when it was asked for or stopped.
        token: Its name among all background runs there ever were.
        began: When, in seconds since 1970.
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
        """Begin nothing yet.

        Args:
            study: What to train.
            claims: Those of the lesson.
            earlier: Finished runs of other studies that a claim may need as well, by their studies' names.
            learning_rate: Instead of the experiments' own.
            speed: Updates a second at most; None for as many as come.
        """
        self.study = study
        self.experiments = experiments_of(study)
        self.runs: list[Run] = []
        self.rates: list[dict[int, float]] = []
        self.verdicts: list[Verdict] = []
        self.error = ""
        self.snapshot: Snapshot | None = None
        self.altered = learning_rate is not None
        self.checkpoint: Checkpoint | None = None
        self.token = uuid4().hex
        self.began = time.time()
        self._claims = tuple(claims)
        self._earlier = dict(earlier or {})

        self._orders = _Orders(learning_rate=learning_rate, speed=speed)
        self._lock = threading.Condition()
        """Guards the orders, and is notified when there is a new one."""
        self._thread: threading.Thread | None = None

        # What the thread says of itself.
        self._over: State | None = None
        self._measuring = self._waiting = False
        # What it alone looks at.
        self._between_updates = True
        self._checkpointed_at: object = None
        self._next_update_at = self._yielded_at = 0.0
        self._spent = Spent()
        self._paced_by: float | None = None

    # What it is doing

    @property
    def state(self) -> State:
        """In a word."""
        if self._over:
            return self._over
        if self._thread is None:
            return "paused" if self.runs else "ready"
        if self._measuring:
            return "measuring"
        return "paused" if self._orders.paused else "running"

    @property
    def idle(self) -> bool:
        """Whether nothing happens until someone starts, steps or asks."""
        waits = self._waiting and self._orders.paused and not self._orders.steps
        return self._thread is None or bool(self._over) or waits

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

    # Orders

    def start(self) -> None:
        """Begin, or go on after a pause."""
        self._order(begin=True, paused=False)

    def pause(self) -> None:
        """Wait after the update under way, and take a snapshot then."""
        self._order(paused=True, snapshot=True)

    def step(self) -> None:
        """Make one update, and then wait."""
        with self._lock:
            self._orders.steps += 1
            self._order(begin=True, paused=True)

    def stop(self, timeout: float = 2.0) -> None:
        """End the thread, in the middle of whatever it does, and wait until it has ended.

        Args:
            timeout: Seconds to wait at most.
        """
        self._order(end="now")
        if self._thread is None:
            self._over = self._over or "stopped"
        else:
            self._thread.join(timeout)

    def stop_with_checkpoint(self) -> None:
        """End the thread between two updates, so that `checkpoint` is what to go on with.

        Where that takes too long, it ends in the middle of whatever it does.
        """
        self._order(end="between updates")
        if self._thread is not None:
            self._thread.join(PATIENCE)
            self.stop()

    def request_checkpoint(self) -> None:
        """Have `checkpoint` renewed after the next update."""
        self._order(checkpoint=True)

    def request_snapshot(self) -> None:
        """Have `snapshot` renewed after the next update; at once while it waits."""
        self._order(snapshot=True)

    @property
    def learning_rate(self) -> float:
        """That of the next update, before any decay."""
        return self._orders.learning_rate or self.experiment.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"learning rate is {value}: expected a number above zero")
        self.altered = True
        self._order(learning_rate=value, snapshot=True)

    @property
    def speed(self) -> float | None:
        """Updates a second at most; None for as many as come."""
        return self._orders.speed

    @speed.setter
    def speed(self, value: float | None) -> None:
        self._order(speed=value)

    def _order(self, begin: bool = False, **orders: object) -> None:
        """Give orders, to a thread that is begun for them where there is none and `begin` says so."""
        with self._lock:
            for name, value in orders.items():
                setattr(self._orders, name, value)
            if begin and self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name=f"train {self.study.name}", daemon=True
                )
                self._thread.start()
            self._lock.notify_all()

    # Before the thread and after it

    def resume(self, checkpoint: Checkpoint) -> None:
        """Be what `checkpoint` was taken of, before the thread begins: paused, or over.

        Raises:
            ValueError: It was of other experiments, or does not fit.
        """
        state = state_of(checkpoint, self._interrupt)
        if state.experiments != self.experiments:
            raise ValueError("it is of other settings than the study has now")
        self.runs, self.rates, self._over = state.runs, state.rates, state.over
        self._orders.learning_rate, self.altered = state.learning_rate, state.altered
        run = self.runs[-1]
        rate = self._decayed(run.experiment, run.updates)
        self.snapshot = Snapshot(
            run.experiment, run.updates, run.loss, rate, state.parameters, state.gradients
        )
        self.checkpoint, self._checkpointed_at = None if self._over else checkpoint, self._position()

    def final_checkpoint(self) -> Checkpoint | None:
        """Take one of a run that is over: to be looked at again; None where that is too much, or nothing."""
        return to_checkpoint(self._as_state())

    def _as_state(self) -> BackgroundState:
        """Itself, to be kept. Take it where no update is under way."""
        runs = [run for run in self.runs if run.progress]
        over = self._over if self._over in ("finished", "diverged") else None
        snapshot = self.snapshot if over else None
        of_last = snapshot is not None and runs and snapshot.experiment == runs[-1].experiment
        return BackgroundState(
            experiments=self.experiments,
            runs=runs,
            rates=self.rates[: len(runs)],
            learning_rate=self.learning_rate if self.altered else None,
            altered=self.altered,
            over=over,
            gradients=snapshot.gradients if snapshot is not None and of_last else {},
        )

    # The thread

    def _work(self) -> None:
        self._spent = Spent()
        SHARE.begin()
        try:
            self._train_and_measure()
        finally:
            SHARE.rest()

    def _train_and_measure(self) -> None:
        try:
            with np.errstate(all="ignore"):
                for index in range(len(self.experiments)):
                    if index == len(self.runs) or not self.runs[index].finished:
                        self._train(index)
                self._measure_claims()
            self._over = "diverged" if any(run.diverged for run in self.runs) else "finished"
        except _Stop:
            self._take_checkpoint()
            self._over = "stopped"
        except Exception as error:  # the watcher is told, and lives on
            self.error = f"{type(error).__name__}: {error}"
            self._over = "failed"

    def _train(self, index: int) -> None:
        self._wait_for_turn()
        if index == len(self.runs):
            self.rates.append({})
            self.runs.append(Run(self.experiments[index], self._interrupt))
        run, rates = self.runs[index], self.rates[index]
        updates = iter(run)
        while True:
            rate = self._orders.learning_rate
            if rate is not None and rate != run.training.learning_rate:
                run.training.learning_rate = rates[run.updates] = rate
            self._between_updates = False
            progress = next(updates, None)
            self._between_updates = True
            self._measuring = False
            if progress is None:
                break
            if progress.outcome != "running":
                self._measuring = True  # this is what comes next
                self._take_snapshot(progress)
            elif self._orders.paused or self._orders.snapshot:
                self._take_snapshot(progress)
            if progress.outcome == "running":
                self._wait_for_turn()

    def _measure_claims(self) -> None:
        """Measure the claims that can be measured now."""
        if self.altered:
            return
        runs = {**self._earlier, self.study.name: self.runs}
        self._measuring = True
        for claim in self._claims:
            if self.study.name not in claim.needs or not set(claim.needs) <= set(runs):
                continue
            self._interrupt()
            for run in (run for name in claim.needs for run in runs[name]):
                run.model.interrupt = self._interrupt  # theirs may be that of one that was stopped
            self.verdicts.append(judge(claim, Runs(runs)))

    def _interrupt(self) -> None:
        # What measures can be begun anew at any time, for it changes nothing.
        if self._orders.end == "now" or (self._orders.end and self._measuring):
            raise _Stop
        if SHARE.fraction < 1 and threading.current_thread() is self._thread:
            self._give_way()

    def _wait_for_turn(self) -> None:
        """Return when the next update may be made. Raises _Stop."""
        if self._orders.end:
            raise _Stop
        if self._orders.checkpoint:
            self._take_checkpoint()
        if self._orders.paused or self._orders.speed:
            self._wait_for_order()
        elif (now := time.perf_counter()) - self._yielded_at > YIELD_EVERY:
            time.sleep(0)
            self._yielded_at = now
            if SHARE.fraction < 1:
                self._give_way()

    def _give_way(self) -> None:
        """Wait for as long as is due to others; an order ends it."""
        if pause := SHARE.pause_after(self._spent.take()):
            with self._lock:
                if not self._orders.end:
                    self._lock.wait(pause)

    def _wait_for_order(self) -> None:
        """Wait while it is paused, or too fast. Raises _Stop."""
        orders = self._orders
        with self._lock:
            while True:
                if orders.end:
                    raise _Stop
                if orders.snapshot and self.run and self.run.progress and not self.run.finished:
                    self._take_snapshot(self.run.progress)
                if orders.paused and orders.steps:
                    orders.steps -= 1
                    return
                if orders.speed != self._paced_by:
                    self._paced_by, self._next_update_at = orders.speed, 0.0
                late = time.perf_counter() - self._next_update_at
                if not orders.paused and (orders.speed is None or late >= 0):
                    if orders.speed:
                        # What was missed is not made up for: a pause would end in a rush.
                        self._next_update_at += 1 / orders.speed + max(0.0, late - 0.1)
                    return
                paused = orders.paused
                if paused:
                    self._take_checkpoint()
                    SHARE.rest()
                self._waiting = True
                self._lock.wait(None if paused else -late)
                self._waiting = False
                if paused:
                    SHARE.begin()

    def _take_checkpoint(self) -> None:
        self._orders.checkpoint = False
        at_rest = self._between_updates or not (self.run and self.run.progress)
        if at_rest and (position := self._position()) != self._checkpointed_at:
            self._checkpointed_at = position
            self.checkpoint = to_checkpoint(self._as_state())

    def _position(self) -> object:
        """What differs where there is something new to keep."""
        run = self.run
        return (len(self.runs), run and run.progress, run and run.finished, self._orders.learning_rate)

    def _take_snapshot(self, progress: Progress) -> None:
        self._orders.snapshot = False
        training = self.runs[-1].training
        copies = {name: values.copy() for name, values in training.model.parameters.items()}
        gradients = {name: values.copy() for name, values in training.train_step.gradients.items()}
        rate = self._decayed(training.experiment, progress.update)
        self.snapshot = Snapshot(training.experiment, progress.update, progress.loss, rate, copies, gradients)

    def _decayed(self, experiment: Experiment, update: int) -> float:
        """The learning rate after so many updates."""
        return linear_decay(self.learning_rate, experiment.final_learning_rate, update, experiment.updates)
