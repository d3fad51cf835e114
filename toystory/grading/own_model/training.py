"""Trains a learner's whole model: its own `train`, in a process of its own, looked at on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from toystory.course.exercises.checks import expect_array
from toystory.course.exercises.exercise import Exercise, Value, Wrong
from toystory.course.exercises.whole_model import share_right
from toystory.grading.failures import Source, read_call, stopped_early
from toystory.grading.own_model.training_grounds import Ground
from toystory.grading.sandbox import wire
from toystory.grading.sandbox.process import LearnerProcess
from toystory.grading.sandbox.watched_training import reported_points
from toystory.grading.verdict import STOPPED_EARLY, LearnerCode, clean
from toystory.models.parts.arrays import FloatArray

PRINTED = 60
"""Signs of what the code prints that are told."""


@dataclass(frozen=True, eq=False)
class Moment:
    """How a training stands.

    Attributes:
        updates: Made so far.
        seconds: That they took.
        points: (update, loss) pairs since the last moment.
        share: Of the rows to measure on, the part answered right.
        looks: The answers to the probes of the ground; empty where nobody looks.
        numbers: How many numbers are trained.
        over: Whether it is the last moment.
    """

    updates: int
    seconds: float
    points: tuple[tuple[int, float], ...]
    share: float
    looks: tuple[FloatArray, ...] = ()
    numbers: int = 0
    over: bool = False


@dataclass(eq=False)
class OwnTraining:
    """Iterate over it, once: whoever pulls decides the pace, and the training waits in between.

    Attributes:
        source: The learner's file.
        exercise: What it is.
        ground: What it is trained on.
        seed: Of its first weights and of its training.
        cancel: Set it, from any thread, to end the training.
        looking: Whether the probes of the ground are asked at every moment.
        printed: What the code has printed, the first of it.
        unseen: Whether `train` never asked a function that stands for an update, so that nothing was seen.
    """

    source: Source
    exercise: Exercise
    ground: Ground
    seed: int = 0
    cancel: threading.Event | None = None
    looking: bool = False
    printed: str = ""
    unseen: bool = False
    _seconds: float = field(default=0.0, repr=False)

    def __iter__(self) -> Iterator[Moment]:
        """Train.

        Raises:
            Wrong: In a sentence, when the code comes to no end or answers with nonsense.
            process.Cancelled: `cancel` was set.
            process.CantStart: There is nothing to run it in.
        """
        process = LearnerProcess(self.cancel, self.exercise.seconds)
        code = LearnerCode(process, self.source)
        try:
            with process:
                code.load()
                first = code("first_weights", *self.ground.size, self.seed)
                yield self._moment(code, first, {"updates": 0}, self.ground.few)
                arguments = (first, *self.ground.given, self.seed)
                message, value = self._ask(lambda: process.train(arguments))
                while "report" in message:
                    yield self._moment(code, value, message, self.ground.few)
                    message, value = self._ask(process.go_on)
                p = read_call(message, value, self.source, "train", arguments)
                if not isinstance(p, dict):
                    raise Wrong(f"train(p, …, {self.seed}) should return the parameters, a dict", None, p)
                self.unseen = not message.get("updates")
                yield self._moment(code, p, message, len(self.ground.test), over=True)
        finally:
            self.printed = clean(process.output)

    @property
    def first_printed(self) -> str:
        """The beginning of what the code printed, in one line; empty where it printed nothing."""
        lines = self.printed.strip().splitlines()
        return lines[0][:PRINTED] if lines else ""

    def _ask(self, ask: Callable[[], tuple[wire.Message, Any]]) -> tuple[wire.Message, Any]:
        """The next report; the time that it took is training."""
        began = time.perf_counter()
        try:
            return ask()
        except STOPPED_EARLY as error:
            raise stopped_early(error, self.source, "train") from None
        finally:
            self._seconds += time.perf_counter() - began

    def _answers(self, code: LearnerCode, p: Value, rows: FloatArray) -> FloatArray:
        asked = self.ground.asked
        shape = rows.shape if self.ground.aloud else (len(rows),)
        return expect_array(code(asked, p, rows), shape, f"{asked}(p, x)")

    def _moment(
        self, code: LearnerCode, p: Value, message: wire.Message, rows: int, over: bool = False
    ) -> Moment:
        """Measure the model of now.

        Args:
            code: To ask it.
            p: Its parameters.
            message: With the updates made, and new points of the loss.
            rows: To measure on, at most.
            over: Whether it is the last time.
        """
        test, labels = self.ground.test[:rows], self.ground.labels[:rows]
        answers = self._answers(code, p, test)
        looks: tuple[FloatArray, ...] = ()
        if self.looking:
            looks = tuple(self._answers(code, p, x).ravel() for x in self.ground.probes)
        updates = message.get("updates")
        return Moment(
            updates=updates if isinstance(updates, int) else 0,
            seconds=self._seconds,
            points=tuple(reported_points(message)),
            share=share_right(answers, labels),
            looks=looks,
            numbers=sum(int(np.size(value)) for value in p.values()) if isinstance(p, dict) else 0,
            over=over,
        )
