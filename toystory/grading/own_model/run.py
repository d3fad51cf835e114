"""A learner's whole model, trained in the background from one seed after another: the app looks on."""

from __future__ import annotations

import threading
from typing import Literal

from toystory.base import files
from toystory.course.exercises.exercise import Exercise, Wrong
from toystory.course.exercises.whole_model import untrained
from toystory.grading.failures import Source
from toystory.grading.own_model.results import SeedResult, joined, keep, summary
from toystory.grading.own_model.training import Moment, OwnTraining
from toystory.grading.own_model.training_grounds import Ground
from toystory.grading.sandbox.process import Cancelled, CantStart
from toystory.grading.verdict import check, clean
from toystory.models.parts.history import History

State = Literal["ready", "running", "paused", "finished", "failed", "stopped"]
UNSEEN = "train asks none of your functions for gradients, so nothing is seen between its start and its end"


class OwnRun:
    """The thread appends to the histories and publishes everything else whole; nobody else writes them.

    Attributes:
        source: The learner's file, as it was when this began.
        exercise: What it is.
        ground: What it is trained on.
        seed: That of now, or the last one.
        losses: Of the seed of now, by update.
        shares: Right on the rows to measure on, by update.
        moment: How the seed of now stands; None before its first weights.
        results: What the seeds that are over came to.
        error: What went wrong, in a sentence; empty where nothing did.
        remark: What else there is to know: what was printed, that nothing was seen.
        state: In a word.
    """

    def __init__(self, source: Source, exercise: Exercise, ground: Ground) -> None:
        """Begin nothing yet."""
        self.source, self.exercise, self.ground = source, exercise, ground
        self.seed = 0
        self.losses, self.shares = History(), History()
        self.moment: Moment | None = None
        self.results: dict[int, SeedResult] = {}
        self.error = self.remark = ""
        self.state: State = "ready"
        self._seeds = 0
        self._cancel = threading.Event()
        self._free = threading.Event()
        self._free.set()
        self._thread: threading.Thread | None = None

    @property
    def reached(self) -> int:
        """How many seeds reached the bar."""
        return sum(result.share >= self.ground.bar for result in self.results.values())

    @property
    def alive(self) -> bool:
        """Whether it trains, or waits in the midst of it."""
        return self.state in ("running", "paused")

    @property
    def wanted(self) -> int:
        """From how many seeds it was asked to train."""
        return self._seeds

    def start(self, seeds: int) -> None:
        """Train from the seeds 0 … seeds − 1, those that are over left out; goes on after a pause."""
        self._seeds = max(self._seeds, seeds)
        self._free.set()
        if self.alive:
            self.state = "running"
            return
        if self.state in ("ready", "finished") and len(self.results) < self._seeds:
            self.state = "running"
            # No daemon: Python waits until the learner's process is gone.
            self._thread = threading.Thread(target=self._work, name="train mine")
            self._thread.start()

    def pause(self) -> None:
        """Let the learner's process wait at its next report, or go on."""
        if self.state == "running":
            self._free.clear()
            self.state = "paused"
        elif self.state == "paused":
            self.start(self._seeds)

    def stop(self, wait: float = 0.0) -> None:
        """End it, and the process with it.

        Args:
            wait: Seconds to stay until its process is gone.
        """
        self._cancel.set()
        self._free.set()
        if self._thread is not None and wait:
            self._thread.join(wait)

    def _work(self) -> None:
        try:
            self._check()
            while (seed := self._next_seed()) is not None:
                self._train(seed)
        except Cancelled:
            self.state = "stopped"
        except (Wrong, CantStart) as error:
            self.error = clean(error.sentence if isinstance(error, Wrong) else str(error))
            self.state = "failed"
        except Exception as error:  # whatever a learner's code does, the app goes on
            self.error = clean(f"the training broke down: {type(error).__name__}: {error}")
            self.state = "failed"
        else:
            self.state = "finished"

    def _next_seed(self) -> int | None:
        """More may be wanted by now than at the beginning."""
        return next((seed for seed in range(self._seeds) if seed not in self.results), None)

    def _check(self) -> None:
        """The file may have changed since it passed. Raises Wrong."""
        if self.results:
            return
        with untrained():
            verdict = check(self.exercise, self.source, self._cancel)
        if not verdict.passed:
            raise Wrong(f"it does not pass as it is now: {verdict.sentence}")

    def _train(self, seed: int) -> None:
        """From one seed to the end. Raises Wrong, Cancelled, CantStart."""
        training = OwnTraining(self.source, self.exercise, self.ground, seed, self._cancel, looking=True)
        losses, shares = History(), History()
        self.seed, self.losses, self.shares, self.moment = seed, losses, shares, None
        for moment in training:
            for update, loss in moment.points:
                losses.add(update, loss)
            shares.add(moment.updates, moment.share)
            self.moment = moment
            while not self._free.wait(0.1):
                pass
            if self._cancel.is_set():
                raise Cancelled
        if self.moment is None:
            return
        result = summary(self.moment, losses)
        self.results = {**self.results, seed: result}
        printed = training.first_printed
        self.remark = f"your code printed, first: {printed}" if printed else UNSEEN if training.unseen else ""
        try:
            keep(joined(self.source, self.ground, seed, result, self.moment.numbers))
        except OSError as error:
            self.remark = f"what it came to can't be kept: {files.reason(error)}"
