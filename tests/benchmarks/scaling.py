"""Does the cost stay what it is? A row of 10,000 to 10,000,000, a step of 50 to 5,000 bits; peak memory."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from tests.benchmarks.pairs import Row, in_turn, row
from toystory.lessons.regression.experiments import STUDIES
from toystory.models import LSTM, RNN, Model
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.data import Task
from toystory.training.loop import Training

PART = "scaling"
FLAT = 1.2
ROWS = (100_000, 1_000_000, 10_000_000)
BITS = (500, 5_000)
ROWS_OF_LONG = 64


def updates_on(rows: int) -> Callable[[], None]:
    """An update of the logistic regression of the lesson with so many rows."""
    training = Training(replace(STUDIES[0], rows=rows, updates=10**6, evaluate_every=10**6))
    pulls = iter(training)
    next(pulls)  # the first one draws the rows and measures
    return lambda: (next(pulls), None)[-1]


def peak_memory() -> float:
    """The most that this process has held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def reading(model: Model, bits: int) -> Callable[[], object]:
    """The model answers rows of so many bits."""
    x = Task(bits).fresh(np.random.default_rng(0), ROWS_OF_LONG).x
    return lambda: model.predict_proba(x)


def learning(model: Model, bits: int) -> Callable[[], object]:
    """The model makes an update on rows of so many bits."""
    batch = Task(bits).fresh(np.random.default_rng(0), ROWS_OF_LONG)
    train_step = TrainStep(model, make_optimizer("adam", 1e-3), 1.0)

    def update() -> None:
        train_step.compute_gradients(batch)
        train_step.apply_gradients()

    return update


def a_part(
    many: Callable[[], object], parts: int, few: Callable[[], object], fewer_parts: int, rounds: int
) -> tuple[list[float], list[float]]:
    """Nanoseconds for one of the many parts and for one of the few, in turn."""
    long, short = in_turn(many, few, rounds)
    return [1e9 * seconds / parts for seconds in long], [1e9 * seconds / fewer_parts for seconds in short]


def measure(quick: bool) -> Iterator[Row]:
    rounds = 3 if quick else 9
    few = updates_on(10_000)
    for rows in ROWS[: 2 if quick else 3]:
        times = a_part(updates_on(rows), rows, few, 10_000, rounds)
        yield row(PART, f"a row of {rows:,}", "a row of 10,000", *times, FLAT, "ns")
        bytes_a_row = peak_memory() * 2**20 / rows
        name = f"peak memory at {rows:,} × 50, bytes a row"
        yield Row(PART, name, "float32 rows", bytes_a_row, 200, bytes_a_row / 200, 0, 0, unit="bytes")
    for model in (RNN(16), LSTM(16)):
        for verb, work in (("answering", reading), ("learning", learning)):
            for bits in BITS[: 1 if quick else 2]:
                times = a_part(work(model, bits), bits, work(model, 50), 50, rounds)
                what = f"{type(model).__name__} {verb}, a step of {bits:,}"
                yield row(PART, what, "a step of 50", *times, FLAT, "ns")
