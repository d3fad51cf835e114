"""How much memory rows and training take, as tracemalloc and NumPy count it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.support.memory import peak
from toystory.models import LSTM
from toystory.models.parts.arrays import Bits
from toystory.training.data import random_bits
from toystory.training.experiment import Experiment
from toystory.training.loop import Training, train

KIB = 2**10


def large(rows: int) -> Experiment:
    return Experiment(
        name="large", model="MLP", columns=50, rows=rows, updates=1, learning_rate=0.5,
        hidden=(4, 3), optimizer="gradient descent",
    )  # fmt: skip


def test_a_million_rows_are_kept_as_bytes() -> None:
    bits = Training(large(1_000_000)).bits
    assert bits is not None
    assert bits.dtype == np.uint8
    assert bits.nbytes == 50_000_000
    assert bits.base is None or bits.base.nbytes == bits.nbytes


def test_an_update_with_all_rows_does_not_widen_them_all_at_once() -> None:
    training = Training(large(200_000))
    run = iter(training)
    widened = 200_000 * 50 * np.dtype(np.float32).itemsize
    assert peak(lambda: (next(run), next(run), None)[-1]) < widened / 8


def test_memory_does_not_grow_with_the_updates(base: Experiment) -> None:
    def run(updates: int) -> Callable[[], None]:
        experiment = replace(base, updates=updates, evaluate_every=100)

        def work() -> None:
            for _ in train(experiment):
                pass

        return work

    run(200)()
    assert peak(run(2000)) < peak(run(200)) + 32 * KIB


def test_answering_long_rows_takes_no_more_than_short_ones() -> None:
    model = LSTM(8)
    rng = np.random.default_rng(0)
    short, long = random_bits(rng, 20, 128), random_bits(rng, 20, 2000)

    def answer(rows: Bits) -> Callable[[], None]:
        return lambda: (model.predict_proba(rows), None)[-1]

    assert peak(answer(long)) < 2 * peak(answer(short))
