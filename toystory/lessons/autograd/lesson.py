"""The machine that derives: the two-layer network made of numbers that remember how they were made."""

from __future__ import annotations

import numpy as np

from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.course.measurements import Measure, rows_right
from toystory.lessons.autograd.derivation import DERIVATION, SYMBOLS
from toystory.lessons.autograd.experiments import BY_HAND, BY_HAND_LOAD, MACHINE, MACHINE_LOAD
from toystory.lessons.autograd.suggestions import SUGGESTIONS
from toystory.models.two_layer import TwoLayerNet
from toystory.training.claim import REPORTED, Claim, at_most, rounds_to
from toystory.training.run import Run, Runs

EXACT = 1e-12
"""Room for the rounding of float64, when the same sums are added up in another order."""
CURVES = 1e-6
"""A loss is printed with six digits."""


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    both = (MACHINE.name, BY_HAND.name)
    loads = (MACHINE_LOAD.name, BY_HAND_LOAD.name)
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0),
        suggestions=SUGGESTIONS,
        studies=(MACHINE, BY_HAND, MACHINE_LOAD, BY_HAND_LOAD),
        ends_with=MACHINE.name,
        answers=both,
        claims=(
            Claim(
                "The machine's gate gets four rows of four right",
                (MACHINE.name,),
                rows_right(MACHINE.name),
                rounds_to(4, 0),
            ),
            Claim(
                "Its gradients are those derived by hand: the greatest difference, first weights and last",
                (MACHINE.name,),
                gradient_difference(MACHINE.name),
                at_most(EXACT, 18),
            ),
            Claim(
                "Both loss curves are one: the greatest difference over the whole training",
                both,
                curve_difference(*both),
                at_most(CURVES, 12),
            ),
            Claim(
                "Under load too the gradients agree: the greatest difference",
                (MACHINE_LOAD.name,),
                gradient_difference(MACHINE_LOAD.name),
                at_most(EXACT, 18),
            ),
            Claim(
                "Under load, one update by the machine takes so many times as long as by hand",
                loads,
                times_as_long(*loads),
                REPORTED,
            ),
        ),
    )


def gradient_difference(name: str) -> Measure:
    """The greatest difference between a gradient of the machine and the one derived by hand.

    Args:
        name: Of an experiment of an `AutogradNet`.

    Returns:
        A measurement over all parameters, with the first weights and with the last ones.
    """

    def measure(runs: Runs) -> float:
        run = runs.one(name)
        first = run.experiment.build_model().parameters
        return max(_difference(run, parameters) for parameters in (first, run.model.parameters))

    return measure


def _difference(run: Run, parameters: dict[str, np.ndarray]) -> float:
    machine = run.experiment.build_model()
    by_hand = TwoLayerNet(run.experiment.columns, run.experiment.hidden[0], dtype=np.float64)
    for name, values in parameters.items():
        machine.parameters[name][...] = by_hand.parameters[name][...] = values
    rows = run.fresh_rows(rows=100)
    _, found = machine.loss_and_gradients(rows.x, rows.y)
    _, expected = by_hand.loss_and_gradients(rows.x, rows.y)
    return max(float(np.abs(found[name] - expected[name]).max()) for name in expected)


def curve_difference(one: str, other: str) -> Measure:
    """The greatest difference between the losses of two runs at the same update.

    Args:
        one: The name of an experiment.
        other: That of another one, of as many updates.
    """

    def measure(runs: Runs) -> float:
        curves = (runs.one(one).losses.points, runs.one(other).losses.points)
        return max(abs(a - b) for (_, a), (_, b) in zip(*curves, strict=True))

    return measure


def times_as_long(one: str, other: str) -> Measure:
    """The seconds that one run took, as a multiple of another's.

    Args:
        one: The name of an experiment.
        other: That of another one, of as many updates.
    """
    return lambda runs: runs.one(one).seconds / runs.one(other).seconds
