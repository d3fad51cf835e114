"""Logistic regression on many rows: against PyTorch, against memory, and fitted against scikit-learn."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression as Lbfgs

from tests.benchmarks.pairs import Row, in_turn, row
from tests.benchmarks.peers import module_for, tensors, update_of
from toystory.lessons.regression.experiments import STUDIES
from toystory.models import LogisticRegression
from toystory.models.parts.arrays import frozen
from toystory.models.parts.batches import Batch
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.data import random_bits
from toystory.training.experiment import Experiment

PART = "regression"
READ_BAR = 1.5
CLOSE_TO_BEST = 1.001
"""A fit is as good as another where its loss is at most this times the other's."""
MOST_UPDATES = 1000
COLD = 50_000_000
"""Numbers to read from memory, more than any processor's cache holds."""


def updates(experiment: Experiment, rounds: int) -> Iterator[Row]:
    """One full-batch update. The mathematics reads every row twice: z needs all of it before dw can."""
    rows = experiment.rows or 0
    drawn = random_bits(np.random.default_rng(0), rows, experiment.columns)
    batch = experiment.task.whole_rows(frozen(drawn))
    model = experiment.build_model()
    train_step = TrainStep(model, make_optimizer(experiment.optimizer, experiment.learning_rate), None)
    x, y = tensors(experiment, model, batch)
    update = update_of(experiment, module_for(experiment))

    def ours() -> None:
        train_step.compute_gradients(batch)
        train_step.apply_gradients()

    what = f"{rows:,} × {experiment.columns}"
    yield row(PART, what, "PyTorch", *in_turn(ours, lambda: update(x, y), rounds), 1.2)

    read = reader(2 * x.numel())
    yield row(PART, what, "reading its numbers twice", *in_turn(ours, read, rounds), READ_BAR)


def reader(numbers: int) -> Callable[[], None]:
    """Reads so many float32 from memory, each time others, so that no cache holds them: a dot product of
    numbers with themselves, which does nothing but wait for them."""
    cold = np.ones(COLD, np.float32)
    place = 0

    def read() -> None:
        nonlocal place
        left = numbers
        while left:
            size = min(left, COLD - place)
            part = cold[place : place + size]
            np.dot(part, part)
            place = (place + size) % COLD
            left -= size

    return read


def fits(rows: int, repeats: int) -> Row:
    """To the loss that scikit-learn's lbfgs reaches, on labels that a line can tell: a noisy majority."""
    rng = np.random.default_rng(0)
    x = random_bits(rng, rows, 50)
    weights = rng.standard_normal(50)
    odds = 1 / (1 + np.exp(-(x @ weights - weights.sum() / 2)))
    y = (rng.random(rows) < odds).astype(np.uint8)
    as_numbers = x.astype(np.float32)
    ours: list[float] = []
    peer: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        fitted = Lbfgs(C=np.inf, max_iter=1000).fit(as_numbers, y)
        peer.append(time.perf_counter() - start)
        found = LogisticRegression(50, weights=tuple(fitted.coef_[0]), bias=float(fitted.intercept_[0]))
        loss = found.loss(x, y) * CLOSE_TO_BEST
        start = time.perf_counter()
        _fit_to(loss, Batch(frozen(x.copy()), y))
        ours.append(time.perf_counter() - start)
    return row(PART, f"fit {rows:,} × 50", "scikit-learn lbfgs", ours, peer)


def _fit_to(loss: float, batch: Batch) -> None:
    """Full-batch gradient descent with momentum until all rows cost `loss`."""
    train_step = TrainStep(LogisticRegression(50), make_optimizer("momentum", 1.6), None)
    for _ in range(MOST_UPDATES):
        if train_step.compute_gradients(batch)[0] <= loss:
            return
        train_step.apply_gradients()
    raise ArithmeticError(f"{MOST_UPDATES} updates were not enough")


def measure(quick: bool) -> Iterator[Row]:
    for experiment in STUDIES:
        yield from updates(experiment, 5 if quick else 15)
        yield fits(experiment.rows or 0, 1 if quick else 3)
