"""What a learner's whole model is trained on, what it is measured on, and which of ours stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np

from toystory.course.analysis.counting import PATTERNS_PER_COUNT, rows_by_count
from toystory.course.analysis.surface import MARGIN
from toystory.course.exercises.exercise import Exercise, Value
from toystory.course.truth_tables import XOR
from toystory.lessons.attention.experiments import THINKING_ALOUD as ALOUD
from toystory.lessons.autograd.experiments import MACHINE
from toystory.lessons.lstm.experiments import EVERY_LENGTH as LSTM
from toystory.lessons.rnn.experiments import EVERY_LENGTH as RNN
from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.models.attention import Attention
from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray
from toystory.training.experiment import Experiment

Look = Literal["square", "counting", "bits"]
SIDE = 36
"""Cells of the square, across and upwards."""
TESTED = 1000
"""Fresh rows on which a model of long rows is measured in the end."""
ON_THE_WAY = 200
"""And while it learns, at most."""
WRITTEN = ON_THE_WAY
"""Rows that are written: a model that keeps no keys goes through each once for every bit."""
ROW = (1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1)
"""What is read bit by bit."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Where a whole model is trained.

    Attributes:
        lesson: Of the exercise.
        model: What the big table calls it.
        size: What `first_weights` gets before the seed.
        units: The size in words.
        given: What `train` gets between the parameters and the seed.
        test: Rows to measure it on, (rows, columns).
        labels: What is right for them.
        test_name: What to call them.
        bar: The share of them that has to be right.
        look: What is drawn of it.
        ours: Our own model of that size on the same task.
        aloud: Whether it writes a bit for each that it reads; labels are then (rows, columns).
    """

    lesson: str
    model: str
    size: tuple[int, ...]
    units: str
    given: tuple[Value, ...]
    test: FloatArray
    labels: FloatArray
    test_name: str
    bar: float
    look: Look
    ours: Experiment
    aloud: bool = False

    @property
    def asked(self) -> str:
        """Which function of the learner's answers."""
        return "write" if self.aloud else "probabilities"

    def answers_of(self, model: Model, rows: FloatArray) -> FloatArray:
        """What our own model answers to the same question."""
        if isinstance(model, Attention):
            return model.think_aloud(rows.astype(np.uint8)).astype(float)
        return model.predict_proba(rows)

    @property
    def few(self) -> int:
        """How many of the rows are asked while it learns."""
        return ON_THE_WAY // 10 if self.aloud else ON_THE_WAY

    @property
    def probes(self) -> list[FloatArray]:
        """What is asked for the picture: rows, which may lie between bits, of one length in each array."""
        if self.look == "square":
            return [np.concatenate([np.array(XOR, float), square_points()])]
        if self.look == "counting":
            return [rows_by_count(self.test.shape[1], PATTERNS_PER_COUNT).astype(float)]
        if self.aloud:
            return [np.array([ROW], float)]
        return [np.array([ROW[: n + 1]], float) for n in range(len(ROW))]


def square_points() -> FloatArray:
    """The centres of the cells of the square, row by row from the top, (SIDE², 2)."""
    centres = (np.arange(SIDE) + 0.5) / SIDE * (1 + 2 * MARGIN) - MARGIN
    across, up = np.meshgrid(centres, centres[::-1])
    return np.stack([across.ravel(), up.ravel()], axis=1)


def ground_of(exercise: Exercise) -> Ground | None:
    """Where this whole model is trained; None where it is no whole model."""
    return _ground(exercise.lesson) if exercise.kind == "whole model" and exercise.lesson in GROUNDS else None


@cache
def _ground(lesson: str) -> Ground:
    return GROUNDS[lesson]()


def _regression() -> Ground:
    rows = np.array(XOR, float)
    labels = rows.max(axis=1)
    ours = Experiment(
        name="OR",
        model="LogisticRegression",
        columns=2,
        given=XOR,
        gate="or",
        updates=500,
        optimizer="gradient descent",
        learning_rate=2.0,
        evaluate_every=10,
    )
    name = "the four rows of OR"
    given = (rows, labels)
    return Ground(
        "regression", "regression", (2,), "2 columns", given, rows, labels, name, 1.0, "square", ours
    )


def _two_layer() -> Ground:
    rows = np.array(XOR, float)
    labels, name = rows.sum(axis=1) % 2, "the four rows of XOR"
    given = (rows, labels)
    return Ground(
        "two-layer", "two-layer", (2, 4), "4 units", given, rows, labels, name, 1.0, "square", FOUR_ROWS
    )


def _mlp() -> Ground:
    rows = ((np.arange(256)[:, None] >> np.arange(8)) & 1).astype(float)
    ours = Experiment(
        name="8 bits",
        model="MLP",
        columns=8,
        hidden=(32, 16),
        updates=2500,
        batch=128,
        learning_rate=5e-3,
        stop_at=1.0,
    )
    labels, name = rows.sum(axis=1) % 2, "all 256 rows of 8 bits"
    return Ground(
        "mlp", "MLP", (8, 32, 16), "32 and 16 units", (), rows, labels, name, 0.99, "counting", ours
    )


def _fifty_bits() -> tuple[FloatArray, FloatArray, str]:
    rows = np.random.default_rng((0, TESTED, 50)).integers(0, 2, size=(TESTED, 50)).astype(float)
    return rows, rows.sum(axis=1) % 2, f"{TESTED:,} fresh rows of 50 bits"


def _rnn() -> Ground:
    return Ground("rnn", "RNN", (16,), "16 units", (), *_fifty_bits(), 0.99, "bits", RNN)


def _lstm() -> Ground:
    return Ground("lstm", "LSTM", (16,), "16 cells", (), *_fifty_bits(), 0.99, "bits", LSTM)


def _autograd() -> Ground:
    net = _two_layer()
    return replace(net, lesson="autograd", model="autograd", ours=MACHINE)


def _attention() -> Ground:
    rows = _fifty_bits()[0][:WRITTEN]
    labels, name = np.cumsum(rows, axis=1) % 2, f"{WRITTEN} fresh rows of 50 bits, every written bit"
    size, units = (8, 16), "width 8, 16 units"
    return Ground(
        "attention", "attention", size, units, (), rows, labels, name, 0.99, "bits", ALOUD, aloud=True
    )


GROUNDS: dict[str, Callable[[], Ground]] = {
    "regression": _regression,
    "two-layer": _two_layer,
    "mlp": _mlp,
    "rnn": _rnn,
    "lstm": _lstm,
    "attention": _attention,
    "autograd": _autograd,
}
"""By the lesson of the exercise."""
