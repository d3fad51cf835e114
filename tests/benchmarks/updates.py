"""One update of every model: at its lesson's sizes, and at twice and eight times the units and rows."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tests.benchmarks.pairs import Row, in_turn, row
from tests.benchmarks.peers import module_for, tensors, update_of
from toystory.lessons.attention.experiments import THINKING_ALOUD
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS, ONE_ROW
from toystory.lessons.lstm.experiments import LONG_ROWS as LSTM_ROWS
from toystory.lessons.mlp.experiments import DIAL, PLUS_OR_MINUS, TOWERS, WIDE
from toystory.lessons.regression.experiments import STUDIES
from toystory.lessons.rnn.experiments import ALEX
from toystory.lessons.rnn.experiments import LONG_ROWS as RNN_ROWS
from toystory.lessons.two_layer.experiments import FOUR_ROWS, LOADS
from toystory.models.parts.arrays import frozen
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.experiment import Experiment

LESSONS = (
    ONE_ROW,
    ALL_FOUR_ROWS,
    FOUR_ROWS,
    *(replace(all_at_once, batch=None) for all_at_once in (*STUDIES, *LOADS, *TOWERS)),
    WIDE,
    DIAL.experiments[0],
    DIAL.experiments[-1],
    PLUS_OR_MINUS,
    replace(ALEX, batch=None),
    RNN_ROWS,
    LSTM_ROWS,
    replace(THINKING_ALOUD, lengths="full"),
)
LESSON_BAR, MEAN_BAR, LARGER_BAR = 0.85, 0.6, 1.2
LARGEST = 40_000_000
"""Bits × hidden units a larger size may have: above that one update takes seconds."""


def rows_of(experiment: Experiment) -> int:
    """Rows an update."""
    return experiment.batch or experiment.rows or len(experiment.given)


def larger(experiment: Experiment, times: int) -> Experiment:
    """So many times the hidden units and rows."""
    rows = rows_of(experiment) * times
    return replace(
        experiment,
        given=(),
        start=(),
        rows=None,
        batch=rows,
        dtype="float32",
        hidden=tuple(times * units for units in experiment.hidden),
    )


def cases(quick: bool) -> Iterator[tuple[Experiment, int, bool]]:
    """Experiments, how many times their lesson's size they are, and whether every update has all rows."""
    for experiment in LESSONS:
        same_rows = experiment.batch is None
        yield replace(larger(experiment, 1), hidden=experiment.hidden), 1, same_rows
        for times in () if quick else (2, 8):
            bigger = larger(experiment, times)
            if rows_of(bigger) * (bigger.columns + sum(bigger.hidden)) * 3 <= LARGEST or times == 2:
                yield bigger, times, same_rows


def one_update(experiment: Experiment, times: int, same_rows: bool, threads: int, rounds: int) -> Row:
    """Both on the same rows, from the same weights. same_rows: whether every update has them in training."""
    rng = np.random.default_rng(0)
    batch = experiment.task.fresh(rng, rows_of(experiment))
    if same_rows:
        frozen(batch.x)
    model = experiment.build_model()
    optimizer = make_optimizer(experiment.optimizer, experiment.learning_rate)
    train_step = TrainStep(model, optimizer, experiment.clip)
    x, y = tensors(experiment, model, batch)
    update = update_of(experiment, module_for(experiment))

    def ours() -> None:
        train_step.compute_gradients(batch)
        train_step.apply_gradients()

    name = f"{experiment.model} {'-'.join(map(str, (experiment.columns, *experiment.hidden)))}"
    what = f"{name}, {rows_of(experiment):,} rows" + (f" (×{times})" if times > 1 else "")
    bar = LESSON_BAR if times == 1 else LARGER_BAR
    return row(part(threads), what, "PyTorch", *in_turn(ours, lambda: update(x, y), rounds), bar)


def part(threads: int) -> str:
    return f"update, {threads} thread{'s' if threads > 1 else ''}"


def measure(threads: int, quick: bool) -> Iterator[Row]:
    """A row for each size, and the geometric mean of those of the lessons."""
    lesson_ratios = []
    for experiment, times, same_rows in cases(quick):
        measured = one_update(experiment, times, same_rows, threads, 5 if quick else 15)
        if times == 1:
            lesson_ratios.append(measured.ratio)
        yield measured
    mean = math.exp(statistics.fmean(map(math.log, lesson_ratios)))
    low, high = min(lesson_ratios), max(lesson_ratios)
    yield Row(part(threads), "geometric mean, lessons", "PyTorch", mean, 1.0, mean, low, high, MEAN_BAR, "×")
