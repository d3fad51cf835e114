"""What is claimed of rows of real numbers: short trainings, each beside one that shows what it does not do.

They are not the experiments of the screen but the same tasks with few updates, so that they cost a blink. The
seed is that of the chapter's own runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from toystory.lessons.mlp.experiments import TOWERS
from toystory.lessons.mlp.real_numbers import MAJORITY, MOONS, PARITY_DROPOUT, straight
from toystory.training.claim import Claim, at_least, at_most, between
from toystory.training.run import Runs
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.training import TabularTraining

UPDATES, FRESH_ROWS = 200, 2000
LEARNT = 0.75
"""Of the majority, by the network whose failure at parity is to count."""
NOISY = replace(
    MAJORITY, name="200 noisy votes", rows=200, noise=1.0, hidden=(64,), learning_rate=0.03, patience=None
)
"""So few rows, and so much noise, that a network with 64 units learns them by heart."""


class LastWeights(TabularTraining):
    """Ends with the weights that it has then, not with those that were best on the validation rows."""

    def keep_best(self) -> None:
        """Keep the last ones."""


def right_on_fresh_rows(
    experiment: TabularExperiment, seed: int, train: type[TabularTraining] = TabularTraining
) -> float:
    """Train a task for a moment, and ask for rows drawn anew.

    Args:
        experiment: A made task.
        seed: Of everything.
        train: How it is trained.

    Returns:
        The share answered right.
    """
    short = replace(experiment, seed=seed, updates=UPDATES, evaluate_every=40)
    training = train(short)
    for _ in training:
        pass
    fresh = replace(short, rows=FRESH_ROWS, seed=seed + 999).load_data()
    return training.model.score(fresh.x, fresh.y)


def parity_beside_its_control(seed: int) -> float:
    """Parity with dropout; NaN where the same network does not learn the majority."""
    if right_on_fresh_rows(replace(PARITY_DROPOUT, data="majority"), seed) < LEARNT:
        return math.nan
    return right_on_fresh_rows(PARITY_DROPOUT, seed)


def gained_by_decay(seed: int) -> float:
    """What weight decay adds to the accuracy at the noisy majority, all else being equal."""
    with_it, without = (
        right_on_fresh_rows(replace(NOISY, weight_decay=decay), seed, LastWeights) for decay in (0.1, 0.0)
    )
    return with_it - without


def _of_seed(measure: Callable[[int], float]) -> Callable[[Runs], float]:
    def of_runs(runs: Runs) -> float:
        run = runs.one(TOWERS[0].name)
        return math.nan if run.diverged else measure(run.experiment.seed)

    return of_runs


CLAIMS = (
    Claim(
        "Two moons in real numbers: after 200 updates 32 hidden units are right on new rows",
        (TOWERS[0].name,),
        _of_seed(lambda seed: right_on_fresh_rows(MOONS, seed)),
        at_least(0.92, 3),
    ),
    Claim(
        "… and without hidden layers, where borders are straight lines, the same",
        (TOWERS[0].name,),
        _of_seed(lambda seed: right_on_fresh_rows(straight(MOONS), seed)),
        at_most(0.91, 3),
    ),
    Claim(
        "Parity of 20 switches, with dropout (so trained, it learns the majority): right on new rows",
        (TOWERS[0].name,),
        _of_seed(parity_beside_its_control),
        between(0.45, 0.55, 3),
    ),
    Claim(
        "Weight decay helps where there is a rule: at the noisy majority it adds, as a share of new rows",
        (TOWERS[0].name,),
        _of_seed(gained_by_decay),
        at_least(0.005, 3),
    ),
)
