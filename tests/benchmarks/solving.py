"""Time to solve: from first weights to 99.9 % on fresh 50-bit rows, with the recipes of the lessons.

PyTorch gets the same recipe, the same first weights and the same rows, and measures as often.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from tests.benchmarks.pairs import Row, row
from tests.benchmarks.peers import module_for, tensors, update_of
from toystory.lessons.lstm.experiments import EVERY_LENGTH as LSTM_RECIPE
from toystory.lessons.mlp.experiments import PLUS_OR_MINUS
from toystory.lessons.rnn.experiments import EVERY_LENGTH as RNN_RECIPE
from toystory.models.parts.optimizers import linear_decay
from toystory.training.data import fresh_batches
from toystory.training.experiment import Experiment
from toystory.training.loop import evaluation_rows, train

PART = "time to solve"
RECIPES: tuple[tuple[Experiment, float, float], ...] = (
    (RNN_RECIPE, 0.999, 4.0),
    (LSTM_RECIPE, 0.999, 3.0),
    (PLUS_OR_MINUS, 0.99, 20.0),
)
"""The recipe, the accuracy that counts as solved, and the seconds it may take."""


def ours(experiment: Experiment) -> tuple[int, float, bool]:
    """Updates, seconds, and whether it was solved."""
    start = time.perf_counter()
    *_, last = train(experiment)
    return last.update, time.perf_counter() - start, last.outcome == "solved"


def pytorch(experiment: Experiment) -> tuple[int, float, bool]:
    """The same of PyTorch."""
    start = time.perf_counter()
    e, model = experiment, experiment.build_model()
    _, batch_rng, evaluation_rng = map(np.random.default_rng, np.random.SeedSequence(e.seed).spawn(3))
    batches = fresh_batches(e.task, batch_rng, e.batch or 1)
    module = module_for(e)
    update = update_of(e, module)
    for number in range(e.updates + 1):
        if number % e.evaluate_every == 0:
            x, y = tensors(e, model, e.task.test_rows(evaluation_rng, evaluation_rows(e)))
            with torch.inference_mode():
                right = (module(x)[:, 0] > 0) == y.bool()
            if float(right.float().mean()) >= (e.stop_at or 1.0):
                return number, time.perf_counter() - start, True
        for group in update.optimizer.param_groups:  # type: ignore[attr-defined]
            group["lr"] = linear_decay(e.learning_rate, e.final_learning_rate, number, e.updates)
        update(*tensors(e, model, next(batches)))
    return e.updates, time.perf_counter() - start, False


def measure(quick: bool) -> Iterator[Row]:
    for recipe, solved, seconds in RECIPES:
        ran: tuple[list[tuple[int, float, bool]], list[tuple[int, float, bool]]] = ([], [])
        for seed in range(1 if quick else 5):
            experiment = replace(recipe, stop_at=solved, seed=seed)
            ran[0].append(ours(experiment))
            ran[1].append(pytorch(experiment))
        took = [[run[1] for run in side] for side in ran]
        what = f"{recipe.model} to {solved:.1%}"
        failed = sum(not run[2] for run in ran[0]), sum(not run[2] for run in ran[1])
        if any(failed):
            what += f" (not solved: {failed[0]} ours, {failed[1]} PyTorch's)"
        yield row(PART, what, "PyTorch", *took, 1.0)
        yield row(PART, what, f"{seconds:g} seconds", took[0], [seconds] * len(took[0]), 1.0)
        made = [[float(run[0]) for run in side] for side in ran]
        yield row(PART, f"{what}, updates", "PyTorch", *made, unit="updates")
