"""Gates that learn: the long rows once more, and then rows of every length."""

from __future__ import annotations

import math
from functools import partial

from toystory.course.chapter import Chapter
from toystory.course.failures import copies_a_column, stays_a_coin
from toystory.course.lesson import Lesson
from toystory.course.long_rows import goes_on_and_on
from toystory.course.measurements import first_gradient_over_last
from toystory.lessons.lstm.derivation import DERIVATION, SYMBOLS
from toystory.lessons.lstm.experiments import EVERY_LENGTH, LONG_ROWS, OPENER, WIDE_OPEN
from toystory.lessons.lstm.suggestions import SUGGESTIONS
from toystory.training.claim import REPORTED, Claim, at_least, rounds_to, worst_control
from toystory.training.control import CONTROLS, controls
from toystory.training.run import Runs


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    long, wide, every = (study.name for study in (LONG_ROWS, WIDE_OPEN, EVERY_LENGTH))
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0, 1, 1, 0),
        suggestions=SUGGESTIONS,
        studies=(LONG_ROWS, OPENER, WIDE_OPEN, EVERY_LENGTH, controls((LONG_ROWS, OPENER, WIDE_OPEN))),
        ends_with=every,
        answers=(long, wide),
        claims=(
            *(
                Claim(
                    f"A forget bias of {study.forget_bias:g} leaves this share of a cell after 50 steps",
                    (study.name,),
                    partial(_left_of_a_cell, study.name),
                    rounds_to(share, digits),
                )
                for study, share, digits in (
                    (LONG_ROWS, 1.58e-7, 9),
                    (OPENER, 0.0881, 4),
                    (WIDE_OPEN, 0.7148, 4),
                )
            ),
            Claim(
                "With a forget bias of 5 the gradient arrives: so many times as large as it set out",
                (wide,),
                first_gradient_over_last(wide),
                at_least(0.9, 2),
            ),
            copies_a_column("… and it learns to copy the first bit of fifty, and the last", wide),
            stays_a_coin("… and asked for all fifty, it is right on about half of the fresh rows", wide),
            Claim(
                "With a forget bias of 1 some starts learn to copy the first bit; this one, on fresh rows",
                (long, CONTROLS),
                lambda runs: worst_control(runs, long),
                REPORTED,
            ),
            *goes_on_and_on(every),
        ),
    )


def _left_of_a_cell(name: str, runs: Runs) -> float:
    """σ(forget bias)⁵⁰: what is left after fifty steps where the forget gate hears its bias alone."""
    experiment = runs.one(name).experiment
    return float((1 / (1 + math.exp(-experiment.forget_bias))) ** experiment.columns)
