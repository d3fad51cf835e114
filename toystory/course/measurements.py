"""Measurements that the claims of several chapters make."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from toystory.course.analysis.found_gate import found_gate
from toystory.course.analysis.gradient_noise import gradient_noise
from toystory.course.analysis.signals import signals
from toystory.course.analysis.wired import chain, tree
from toystory.models.attention import Attention
from toystory.models.fast.attention import FastAttention
from toystory.models.fast_form import fast_form
from toystory.models.recurrent import RecurrentModel
from toystory.training.data import parity, random_bits, running_parity
from toystory.training.run import Run, Runs

Measure = Callable[[Runs], float]


def answer(name: str, row: tuple[int, ...]) -> Measure:
    """The probability that the trained model gives a row.

    Args:
        name: Of the experiment.
        row: Bits.
    """
    return lambda runs: float(runs.one(name).answers([row])[0])


def first_answer(name: str, row: tuple[int, ...]) -> Measure:
    """The probability that the model gave a row before any update.

    Args:
        name: Of the experiment.
        row: Bits.
    """
    return lambda runs: float(runs.one(name).experiment.build_model().predict_proba([row])[0])


def loss(name: str) -> Measure:
    """The loss under the final weights, of the last batch."""
    return lambda runs: runs.one(name).loss


def fresh_accuracy(name: str) -> Measure:
    """Accuracy on rows drawn after training."""
    return lambda runs: runs.one(name).fresh_accuracy


def train_accuracy(name: str) -> Measure:
    """Accuracy on the rows trained on."""
    return lambda runs: runs.one(name).train_accuracy


def accuracy_at(name: str, columns: int, rows: int) -> Measure:
    """Accuracy on fresh rows of another length.

    Args:
        name: Of the experiment.
        columns: Bits in a row.
        rows: How many rows are drawn.
    """
    return lambda runs: runs.one(name).accuracy_at(columns, rows)


def every_bit_right(name: str, columns: int, rows: int) -> Measure:
    """The share of rows of which a model that thinks aloud writes every bit right.

    Args:
        name: Of the experiment.
        columns: Bits in a row.
        rows: How many rows are drawn.
    """
    return lambda runs: float(_right_bits(runs.one(name), columns, rows).min(axis=1).mean())


def last_bit_right(name: str, columns: int, rows: int) -> Measure:
    """The share of rows of which a model that thinks aloud writes the last bit right, the answer.

    Args:
        name: Of the experiment.
        columns: Bits in a row.
        rows: How many rows are drawn.
    """
    return lambda runs: float(_right_bits(runs.one(name), columns, rows)[:, -1].mean())


def chain_right(name: str, columns: int, rows: int) -> Measure:
    """The share of rows of which copies of a trained gate, wired in a chain, write every bit right.

    Args:
        name: Of the experiment that trains the gate, on two columns.
        columns: Bits in a row: one copy less.
        rows: How many rows are drawn.
    """

    def measure(runs: Runs) -> float:
        run = runs.one(name)
        x = random_bits(np.random.default_rng([run.experiment.seed, columns]), rows, columns)
        return float((chain(run.model, x) == running_parity(x)).all(axis=1).mean())

    return measure


def tree_right(name: str, columns: int, rows: int) -> Measure:
    """The share of rows that copies of a trained gate, wired as a tree, answer right.

    Args:
        name: Of the experiment that trains the gate, on two columns.
        columns: Bits in a row: one copy less.
        rows: How many rows are drawn.
    """

    def measure(runs: Runs) -> float:
        run = runs.one(name)
        x = random_bits(np.random.default_rng([run.experiment.seed, columns]), rows, columns)
        return float((tree(run.model, x)[-1][:, 0] == parity(x)).mean())

    return measure


def furthest_from_xor(name: str) -> Measure:
    """How far a model that thinks aloud is from XOR of the parity so far and the next bit.

    Args:
        name: Of the experiment.

    Returns:
        A measurement: the greatest difference of the four mean probabilities from 0, 1, 1, 0.
    """

    def measure(runs: Runs) -> float:
        model = runs.one(name).model
        assert isinstance(model, Attention)
        return float(np.abs(found_gate(model).answers - (0, 1, 1, 0)).max())

    return measure


def _right_bits(run: Run, columns: int, rows: int) -> NDArray[np.float64]:
    """1 for every bit that a model writes right, 0 for every other, (rows, columns); NaN if it diverged."""
    x = run.fresh_rows(rows, columns).x
    model, form = run.model, fast_form(run.model)
    if run.diverged or not isinstance(model, Attention):
        return np.full(x.shape, np.nan)
    writer = form if isinstance(form, FastAttention) else model
    right: NDArray[np.float64] = (writer.think_aloud(x) == running_parity(x)).astype(np.float64)
    return right


def rows_right(name: str) -> Measure:
    """How many of all the rows there are it answers right; for a few columns."""

    def measure(runs: Runs) -> float:
        run = runs.one(name)
        return run.accuracy_on_all_rows() * float(2**run.experiment.columns)

    return measure


def furthest_from_one_half(name: str) -> Measure:
    """How far the most certain of all answers is from one half; for a few columns."""

    def measure(runs: Runs) -> float:
        run = runs.one(name)
        rows = run.fresh_rows(rows=2**run.experiment.columns)
        return float(np.abs(run.answers(rows.x) - 0.5).max())

    return measure


def solved(name: str) -> Measure:
    """How many runs of a sweep answer every row there is."""
    return lambda runs: float(runs.solved(name))


def first_gradient_over_last(name: str) -> Measure:
    """How much of the gradient gets back through a row: before any update, at its first bit over at its last.

    Of an LSTM that of the cells, of an RNN that of the memory; a mean over 64 random rows.
    """

    def measure(runs: Runs) -> float:
        experiment = replace(runs.one(name).experiment, dtype="float64")
        model = experiment.build_model()
        assert isinstance(model, RecurrentModel)
        rows = random_bits(np.random.default_rng(0), 64, experiment.columns)
        cache = model.forward(rows)
        model.backward(cache, parity(rows))
        gradients = cache["dc" if "dc" in cache else "dh"][: experiment.columns]  # (steps, rows, hidden)
        lengths = np.sqrt((gradients**2).sum(axis=2)).mean(axis=1)
        return float(lengths[0] / lengths[-1])

    return measure


def error_at_first_layer(name: str) -> Measure:
    """How much of the error gets back to the first layer before any update: log₁₀ of the share.

    A mean over 64 random rows of the experiment's task; of a network that reads a row at once.

    Args:
        name: Of the experiment.
    """

    def measure(runs: Runs) -> float:
        experiment = runs.one(name).experiment
        rows = random_bits(np.random.default_rng(0), 64, experiment.columns)
        first, *_, answer = signals(experiment.build_model(), rows, experiment.task.whole_rows(rows).y)
        return math.log10(max(first.gradient_size / answer.gradient_size, 1e-300))

    return measure


def noise_of_large_over_small_batches(name: str) -> Measure:
    """The noise of the gradient in the largest batches that are measured over that in the smallest.

    At the first weights of a network that reads rows at once; the sizes are those of `gradient_noise`.

    Args:
        name: Of the experiment, or of a sweep whose first one is taken.
    """

    def measure(runs: Runs) -> float:
        experiment = runs.one(name).experiment
        noise = gradient_noise(experiment.build_model(), experiment.task, experiment.seed).noise
        return noise[-1] / noise[0]

    return measure


def last_loss_on_fresh_rows(name: str) -> Measure:
    """The loss on rows never seen, at the last measurement on the way; NaN where it diverged."""

    def measure(runs: Runs) -> float:
        run = runs.one(name)
        points = run.fresh_losses.points
        return points[-1][1] if points and not run.diverged else math.nan

    return measure


def times_fewer_updates(name: str, places: tuple[int, int], below: float) -> Measure:
    """How many times fewer updates one run of a sweep needs than another.

    Args:
        name: Of the sweep.
        places: In the sweep, of the run that needs more and of the one that needs fewer, from 0.
        below: The loss that both have to get under.

    Returns:
        A measurement; NaN where one of them does not.
    """

    def measure(runs: Runs) -> float:
        more, fewer = (updates_until(runs.sweep(name)[place], below) for place in places)
        return more / fewer if fewer else math.nan

    return measure


def longest_over_usual_gradient(name: str) -> Measure:
    """Of a sweep's first run: its longest gradient over the median one, before clipping, as recorded.

    Args:
        name: Of the sweep.
    """

    def measure(runs: Runs) -> float:
        run = runs.sweep(name)[0]
        lengths = [length for _, length in run.gradient_norms.points]
        return max(lengths) / float(np.median(lengths)) if lengths and not run.diverged else math.nan

    return measure


def updates_until(run: Run, below: float) -> float:
    """After how many updates the loss is first below this, NaN where it never is."""
    return next((float(update) for update, loss in run.losses.points if loss < below), math.nan)


def right_at(columns: int, rows: int) -> Callable[[Run], float]:
    """Of a finished run: its accuracy on fresh rows of another length.

    Args:
        columns: Bits of a row.
        rows: How many.
    """
    return lambda run: run.accuracy_at(columns, rows)


def right_when_rounded(bits: int, columns: int, rows: int) -> Callable[[Run], float]:
    """Of a finished run: its accuracy on fresh rows when every weight is rounded to so many bits.

    Args:
        bits: Of a weight, its sign among them: the largest of a parameter's
            numbers is 2^(bits − 1) − 1 steps.
        columns: Bits of a row.
        rows: How many rows are asked.
    """

    def measure(run: Run) -> float:
        whole = {name: values.copy() for name, values in run.model.parameters.items()}
        try:
            for values in run.model.parameters.values():
                if largest := float(np.abs(values).max()):
                    step = largest / (2 ** (bits - 1) - 1)
                    values[...] = np.round(values / step) * step
            return run.accuracy_at(columns, rows)
        finally:
            for name, values in whole.items():
                run.model.parameters[name][...] = values

    return measure
