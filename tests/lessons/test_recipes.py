"""The recipes that a lesson leans on, from twenty beginnings each: at least nineteen have to come out.

In `seen`: what was counted on one machine, whose last bits another need not share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.support.runs import finished
from toystory.course import catalogue
from toystory.course.failures import COIN
from toystory.lessons.attention.experiments import AT_ONCE, THINKING_ALOUD
from toystory.lessons.comparison.lesson import CELLS
from toystory.lessons.lstm.experiments import EVERY_LENGTH as LSTM_EVERY_LENGTH
from toystory.lessons.lstm.experiments import WIDE_OPEN
from toystory.lessons.mlp.experiments import (
    BATCHES,
    BELL_CURVE,
    DECAYED,
    DIAL,
    EARLY,
    FAIR_TOWER,
    PLUS_OR_MINUS,
    TOWERS,
    WIDE,
)
from toystory.lessons.rnn.experiments import CLIPS, QUIET_BITS
from toystory.lessons.rnn.experiments import EVERY_LENGTH as RNN_EVERY_LENGTH
from toystory.lessons.two_layer.experiments import FOUR_ROWS, OPTIMISERS, RATES
from toystory.training.control import CONTROLS, controls_of, holds
from toystory.training.data import running_parity
from toystory.training.experiment import Experiment
from toystory.training.run import Run, Runs, experiments_of

SEEDS = 20
ENOUGH = 19


@dataclass(frozen=True)
class Recipe:
    """came_out: whether the finished runs of one seed are as the lesson claims. seen: how many of 20 were."""

    experiments: tuple[Experiment, ...]
    came_out: Callable[[list[Run]], bool]
    seen: int


def solves_every_row(runs: list[Run]) -> bool:
    return all(run.accuracy_on_all_rows() == 1.0 for run in runs)


def is_the_gate(runs: list[Run]) -> bool:
    return all(run.fresh_accuracy >= 0.99 for run in runs)


def knows_its_own_rows_alone(runs: list[Run]) -> bool:
    return all(run.train_accuracy >= 0.99 and 0.47 <= run.fresh_accuracy <= 0.53 for run in runs)


def turns_up_to_fourteen(runs: list[Run]) -> bool:
    updates = {run.experiment.columns: run.updates for run in runs}
    return all(run.accuracy_on_all_rows() >= 0.99 for run in runs) and updates[14] >= 20 * updates[6]


def counts_on_and_on(runs: list[Run]) -> bool:
    return all(run.fresh_accuracy >= 0.999 and run.accuracy_at(columns=500, rows=500) >= 0.99 for run in runs)


def writes_on_and_on(runs: list[Run]) -> bool:
    def every_bit(run: Run, columns: int, rows: int) -> float:
        x = run.fresh_rows(rows, columns).x
        return run.model.score(x, running_parity(x))

    return all(every_bit(run, 50, 2000) >= 0.999 and every_bit(run, 2000, 20) >= 0.99 for run in runs)


def cell(model: str, rows: int) -> tuple[Experiment, ...]:
    return tuple(
        c.experiment for c in CELLS if (c.model, c.rows, c.way) == (model, rows, "the way that works")
    )


def with_controls(experiment: Experiment) -> tuple[Experiment, ...]:
    return (experiment, *controls_of(experiment))


def fails_fairly(runs: list[Run]) -> bool:
    """Of an experiment and its controls: these hold, and it is a coin."""
    failing, *controls = runs
    return all(map(holds, controls)) and COIN.holds(failing.fresh_accuracy)


RECIPES = {
    "mlp: the tower, trained fairly": Recipe(with_controls(FAIR_TOWER), fails_fairly, seen=20),
    "rnn: quiet bits": Recipe(with_controls(QUIET_BITS), fails_fairly, seen=20),
    "lstm: forget bias 5": Recipe(with_controls(WIDE_OPEN), fails_fairly, seen=20),
    "two-layer: four rows, 4 hidden units": Recipe((FOUR_ROWS,), solves_every_row, seen=20),
    "mlp: learning by heart": Recipe((WIDE,), knows_its_own_rows_alone, seen=20),
    "mlp: the dial": Recipe(DIAL.experiments, turns_up_to_fourteen, seen=20),
    "mlp: ±1 first weights": Recipe((PLUS_OR_MINUS,), is_the_gate, seen=20),
    "rnn: every length": Recipe((RNN_EVERY_LENGTH,), counts_on_and_on, seen=20),
    "lstm: every length": Recipe((LSTM_EVERY_LENGTH,), counts_on_and_on, seen=20),
    "attention: asked at once": Recipe(with_controls(AT_ONCE), fails_fairly, seen=20),
    "attention: thinking aloud": Recipe((THINKING_ALOUD,), writes_on_and_on, seen=20),
    "comparison: RNN, 10,000 rows": Recipe(cell("RNN", 10_000), is_the_gate, seen=20),
    "comparison: RNN, 100,000 rows": Recipe(cell("RNN", 100_000), is_the_gate, seen=20),
    "comparison: LSTM, 10,000 rows": Recipe(cell("LSTM", 10_000), is_the_gate, seen=20),
    "comparison: LSTM, 100,000 rows": Recipe(cell("LSTM", 100_000), is_the_gate, seen=20),
}


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_recipe_comes_out_from_nineteen_of_twenty_beginnings(recipe: Recipe) -> None:
    failed = [
        seed
        for seed in range(SEEDS)
        if not recipe.came_out([finished(replace(e, seed=seed)) for e in recipe.experiments])
    ]
    assert SEEDS - len(failed) >= ENOUGH, f"seeds {failed} failed, and {SEEDS - recipe.seen} were seen to"


CLAIMED = {
    ("two-layer", OPTIMISERS.name): SEEDS,
    ("two-layer", RATES.name): SEEDS,
    ("rnn", CLIPS.name): SEEDS,
    ("mlp", TOWERS[0].name): SEEDS,
    ("mlp", FAIR_TOWER.name): SEEDS,
    ("mlp", WIDE.name): SEEDS,
    ("mlp", EARLY.name): SEEDS,
    ("mlp", DECAYED.name): SEEDS,
    ("mlp", BATCHES.name): 5,
}
"""Of a study with an optimiser, a rate, clipping, a start, batches or a cure of overfitting: from how many
beginnings its claims are judged."""


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "study"), CLAIMED)
def test_what_a_study_is_claimed_to_show_it_shows_from_other_beginnings(lesson: str, study: str) -> None:
    chapter = catalogue.load(lesson)
    claims = [claim for claim in chapter.claims if set(claim.needs) <= {study, CONTROLS}]
    assert claims
    (there,) = (one for one in chapter.studies if one.name == study)
    missed: dict[str, list[int]] = {}
    for seed in range(CLAIMED[lesson, study]):
        own = [replace(e, seed=e.seed + seed) for e in experiments_of(there)]
        needs_controls = any(CONTROLS in claim.needs for claim in claims)
        others = [control for e in own for control in controls_of(e)] if needs_controls else []
        runs = Runs({study: list(map(finished, own)), CONTROLS: list(map(finished, others))})
        for claim in claims:
            if not claim.bar.holds(claim.measure(runs)):
                missed.setdefault(claim.text, []).append(seed)
    assert all(20 * len(seeds) <= CLAIMED[lesson, study] for seeds in missed.values()), missed


@pytest.mark.slow
def test_from_a_bell_curve_the_network_stays_at_one_half() -> None:
    """The opposite of a recipe: 1 of 1 seen."""
    assert 0.47 <= finished(BELL_CURVE).fresh_accuracy <= 0.53


def test_every_recipe_is_one_of_the_lessons() -> None:
    assert all(recipe.experiments for recipe in RECIPES.values())
    assert all(recipe.seen >= ENOUGH for recipe in RECIPES.values())
