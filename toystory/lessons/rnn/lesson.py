"""Memory: Alex's settings, the diet of long rows, and the diet of every length."""

from __future__ import annotations

import math

from toystory.course.chapter import Chapter
from toystory.course.failures import copies_a_column, copies_nothing, stays_a_coin
from toystory.course.lesson import Lesson
from toystory.course.long_rows import goes_on_and_on
from toystory.course.measurements import (
    Measure,
    first_gradient_over_last,
    fresh_accuracy,
    longest_over_usual_gradient,
)
from toystory.lessons.rnn.derivation import DERIVATION, SYMBOLS
from toystory.lessons.rnn.experiments import ALEX, CLIPS, EVERY_LENGTH, LONG_ROWS, QUIET_BITS
from toystory.lessons.rnn.suggestions import SUGGESTIONS
from toystory.training.claim import Claim, at_least, at_most
from toystory.training.control import CONTROLS, controls, controls_of, right
from toystory.training.run import Runs


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0, 1, 1, 0),
        suggestions=SUGGESTIONS,
        studies=(ALEX, LONG_ROWS, QUIET_BITS, EVERY_LENGTH, CLIPS, controls((ALEX, LONG_ROWS, QUIET_BITS))),
        ends_with=EVERY_LENGTH.name,
        answers=(LONG_ROWS.name, QUIET_BITS.name, EVERY_LENGTH.name),
        claims=_claims(),
    )


def _claims() -> tuple[Claim, ...]:
    alex, long, quiet, every = (study.name for study in (ALEX, LONG_ROWS, QUIET_BITS, EVERY_LENGTH))
    return (
        copies_nothing("At Alex's settings, after 5 updates of 1,000 rows, not even one bit is copied", alex),
        Claim(
            "Fed with rows of 50 bits only, it can learn to copy the last bit",
            (long, CONTROLS),
            lambda runs: _control_of(runs, long, column=-1),
            at_least(0.99),
        ),
        Claim(
            "… and not the first: bits as loud as these drown what came before",
            (long, CONTROLS),
            lambda runs: _control_of(runs, long, column=0),
            at_most(0.9),
        ),
        Claim(
            "Its gradient vanishes on the way back to the first bit: what arrives is 10 to this power",
            (long,),
            _power_of_ten(long),
            at_most(-5, 1),
        ),
        Claim(
            "Where the bits speak quietly much of it arrives: 10 to this power",
            (quiet,),
            _power_of_ten(quiet),
            at_least(-2, 1),
        ),
        copies_a_column("… and it learns to copy the first bit of fifty, and the last", quiet),
        stays_a_coin("… and asked for all fifty, it is right on about half of the fresh rows", quiet),
        *goes_on_and_on(every),
        Claim(
            "With gradients clipped at 1, plain gradient descent learns it too: right on rows of 50 bits",
            (CLIPS.name,),
            fresh_accuracy(CLIPS.name),
            at_least(0.99),
        ),
        Claim(
            "… and its longest gradient, before it was clipped, was so many times the usual one",
            (CLIPS.name,),
            longest_over_usual_gradient(CLIPS.name),
            at_least(5, 0),
        ),
    )


def _control_of(runs: Runs, name: str, column: int) -> float:
    """The mark of the control that asks for one column; counted from the end where it is below zero."""
    experiment = runs.one(name).experiment
    asked = (column % experiment.columns,)
    (control,) = runs.of(control for control in controls_of(experiment) if control.relevant == asked)
    return right(control)


def _power_of_ten(name: str) -> Measure:
    share = first_gradient_over_last(name)
    return lambda runs: math.log10(share(runs))
