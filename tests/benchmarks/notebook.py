"""Against the style of a course notebook, at Alex's settings: his rows, his networks, his updates.

Whole runs: rows are drawn and labelled, all updates made with the cost of each, and the accuracy taken as
often as the lesson takes it. Where all of his updates would take minutes, fewer of them are timed alone.

Below each stands what its products and exponentials alone would take, at the best speed that NumPy reaches
here on arrays that suit it: no arrangement of the same arithmetic is faster, and where that is above the bar,
the bar is out of reach.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tests.benchmarks import notebook_style as style
from tests.benchmarks.pairs import Row, in_turn, row
from toystory.lessons.mlp.experiments import TOWERS
from toystory.lessons.regression.experiments import STUDIES
from toystory.lessons.rnn.experiments import as_alex_did_it
from toystory.lessons.two_layer.experiments import LOADS
from toystory.models.parts.batches import Batch
from toystory.models.parts.packed_bits import draw_rows
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.data import Task
from toystory.training.experiment import Experiment

PART = "notebook style"
TWENTY_TIMES, TEN_TIMES = 1 / 20, 1 / 10
ROWS = 100_000


@dataclass(frozen=True)
class Case:
    """One of Alex's runs. updates: how many of his are timed, on rows that are there; None for all of
    them, rows and labels too."""

    experiment: Experiment
    updates: int | None
    bar: float = TWENTY_TIMES

    @property
    def name(self) -> str:
        e = self.experiment
        units = "-".join(map(str, (e.columns, *e.hidden, 1)))
        what = f"{e.updates:,} updates, whole" if self.updates is None else f"{self.updates} updates"
        return f"{e.model} {units}, {e.rows:,}, {what}"

    def run(self, learn: Callable[..., object], made: Callable[[int, int], tuple[object, ...]]) -> float:
        """Seconds. made: draws rows. learn: learns them."""
        e = self.experiment
        rows = made(e.rows or 0, e.columns) if self.updates is not None else ()
        start = time.perf_counter()
        learn(replace(e, updates=self.updates or e.updates), *(rows or made(e.rows or 0, e.columns)))
        return time.perf_counter() - start


CASES = (
    Case(STUDIES[0], None),
    Case(replace(STUDIES[1], batch=None), 20),
    Case(LOADS[0], None),
    Case(replace(LOADS[1], batch=None), 10),
    Case(TOWERS[0], None),
    Case(TOWERS[1], None),
    Case(as_alex_did_it(10_000, 1000), 5, TEN_TIMES),
)
SQUARE = 1024
"""Rows and columns of the product that NumPy is fastest at."""
IN_CACHE = 4096
"""Numbers in an array that stays near the processor."""
QUICK = (1, 4, 6)
"""Which of them give a first impression."""


@dataclass(frozen=True)
class Speeds:
    """Seconds for one multiplication with its sum, one exponential (or tanh, or logarithm)."""

    product: float
    exponential: float

    @classmethod
    def measured(cls) -> Speeds:
        square = np.random.default_rng(0).random((SQUARE, SQUARE), np.float32)
        line = np.random.default_rng(0).random(IN_CACHE, np.float32)
        product, exponential = in_turn(lambda: square @ square, lambda: np.tanh(line, out=line), rounds=5)
        return cls(min(product) / SQUARE**3, min(exponential) / IN_CACHE)


def least_seconds(case: Case, speeds: Speeds) -> float:
    """For the products of the way forward and back, the bends, and the loss, of all rows and updates."""
    e = case.experiment
    rows, updates = e.rows or 0, case.updates or e.updates
    if e.recurrent:
        units = e.hidden[0]
        forward, back = e.columns * units * (units + 1), 2 * e.columns * units * (units + 1)
        bends = e.columns * units
    else:
        sizes = (e.columns, *e.hidden, 1)
        forward = sum(a * b for a, b in pairwise(sizes))
        back = 2 * forward - sizes[0] * sizes[1]  # nobody asks for the gradient of the rows themselves
        bends = sum(e.hidden) if e.model == "TwoLayerNet" else 0
    answer = 3  # e^−|z|, log(1 + …), σ(z)
    looks, measurements = updates, -(-updates // e.evaluate_every)
    products = looks * (forward + back) + measurements * forward
    exponentials = looks * (bends + answer) + measurements * (bends + 1)
    return rows * (products * speeds.product + exponentials * speeds.exponential)


def our_rows(rows: int, columns: int) -> tuple[Batch]:
    return (Task(columns).whole_rows(draw_rows(np.random.default_rng(0), rows, columns)),)


def ours(experiment: Experiment, batch: Batch) -> list[float]:
    """The costs."""
    optimizer = make_optimizer(experiment.optimizer, experiment.learning_rate)
    train_step = TrainStep(experiment.build_model(), optimizer, None)
    losses = []
    for update in range(experiment.updates):
        losses.append(train_step.compute_gradients(batch)[0])
        train_step.apply_gradients()
        if update % experiment.evaluate_every == 0:
            train_step.evaluate(batch)
    return losses


def notebook(e: Experiment, X: style.Array, Y: style.Array) -> list[float]:
    """The same in the other style."""
    if e.model == "LogisticRegression":
        return style.regression(X, Y, e.updates, e.learning_rate, e.evaluate_every)
    if e.model == "RNN":
        return style.recurrent(X, Y, e.hidden[0], e.updates, e.learning_rate, e.evaluate_every)
    bend = "tanh" if e.model == "TwoLayerNet" else "relu"
    return style.network(X, Y, (e.columns, *e.hidden, 1), bend, e.updates, e.learning_rate, e.evaluate_every)


def measure(quick: bool) -> Iterator[Row]:
    rounds = 1 if quick else 3
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for side, draw in enumerate((our_rows, style.make_rows)):
            start = time.perf_counter()
            draw(ROWS, 50)
            times[side].append(time.perf_counter() - start)
    yield row(PART, f"rows and labels, {ROWS:,} × 50", "notebook", *times, TWENTY_TIMES)
    speeds = Speeds.measured()
    for number, case in enumerate(CASES):
        if quick and number not in QUICK:
            continue
        pairs = [(case.run(ours, our_rows), case.run(notebook, style.make_rows)) for _ in range(rounds)]
        mine, theirs = zip(*pairs, strict=True)
        yield row(PART, case.name, "notebook", mine, theirs, case.bar)
        yield row(PART, "  its arithmetic alone", "notebook", [least_seconds(case, speeds)] * rounds, theirs)
