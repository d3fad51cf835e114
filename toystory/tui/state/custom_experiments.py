"""What a learner makes of a lesson's studies: the same with other settings, or from twenty seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from toystory.training.control import controls_of
from toystory.training.experiment import Experiment
from toystory.training.loop import evaluation_rows
from toystory.training.run import Study, Sweep, experiments_of, over_seeds
from toystory.tui import settings_form as settings

SEEDS = 20
SOLVED_AT = 0.995
"""Accuracy on fresh rows at which a seed has solved it, where there are too many rows to ask for all."""
MOST_CHANGES = 3
"""In a name."""


def custom_experiment(number: int, experiment: Experiment, recipe: Experiment) -> Experiment:
    """The experiment under a name that says what is not as in `recipe`: yours 1: hidden 2, seed 3.

    Args:
        number: Of all custom ones, from 1.
        experiment: The experiment.
        recipe: The lesson's own experiment.
    """
    changed = settings.changes(recipe, experiment)
    more = ["…"] if len(changed) > MOST_CHANGES else []
    said = ", ".join(changed[:MOST_CHANGES] + more) or recipe.name
    return replace(experiment, name=f"yours {number}: {said}")


def twenty_seeds(number: int, experiment: Experiment) -> Sweep:
    """How many of twenty seeds, from this one on, solve it? A run ends as soon as it has.

    Args:
        number: Of all custom ones, from 1.
        experiment: The experiment.
    """
    recipe = replace(experiment, stop_at=1.0 if knows_all_rows(experiment) else SOLVED_AT)
    what = experiment.name.partition(": ")[2] if experiment.name.startswith("yours ") else experiment.name
    return over_seeds(f"yours {number}: {SEEDS} seeds of {what}", recipe, SEEDS)


def knows_all_rows(experiment: Experiment) -> bool:
    """Whether there are so few rows that those measured along the way are all there are: none is fresh."""
    return 1 << experiment.columns <= evaluation_rows(experiment)


def control_of(number: int, study: Study, learning_rate: float) -> Sweep:
    """The controls of a study: can the same settings learn to copy one bit?

    Args:
        number: Of the learner's own studies.
        study: An experiment, or a sweep such as twenty seeds, which has as many controls.
        learning_rate: The one that the study has now.
    """
    what = study.name.partition(": ")[2] if study.name.startswith("yours ") else study.name
    experiments = (replace(e, learning_rate=learning_rate) for e in experiments_of(study))
    made = tuple(control for e in experiments for control in controls_of(e))
    return Sweep(f"yours {number}: control of {what}", made)


def nearest(studies: Sequence[Study], experiment: Experiment) -> Study:
    """The study whose first experiment differs from `experiment` in the fewest settings.

    Args:
        studies: In their order.
        experiment: The experiment.
    """
    return min(studies, key=lambda study: _differences(experiments_of(study)[0], experiment))


def same_settings(a: Experiment, b: Experiment) -> bool:
    """Whether they are the same but for their names.

    Args:
        a: An experiment.
        b: Another one.
    """
    return replace(a, name=b.name) == b


def _differences(a: Experiment, b: Experiment) -> int:
    return sum(getattr(a, f.name) != getattr(b, f.name) for f in fields(Experiment) if f.name != "name")
