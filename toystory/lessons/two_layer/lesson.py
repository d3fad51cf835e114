"""Keep it simple: the four rows solved, how often, and then fifty columns at Alex's settings."""

from __future__ import annotations

import math

import numpy as np

from toystory.course.chapter import Chapter
from toystory.course.failures import copies_a_column, stays_a_coin
from toystory.course.lesson import Lesson
from toystory.course.measurements import rows_right, solved, times_fewer_updates
from toystory.course.truth_tables import XOR
from toystory.lessons.two_layer.derivation import DERIVATION, SYMBOLS
from toystory.lessons.two_layer.experiments import BARS, FOUR_ROWS, LOADS, OPTIMISERS, RATES, SEEDS, SWEEPS
from toystory.lessons.two_layer.suggestions import SUGGESTIONS
from toystory.training.claim import Claim, at_least, at_most, rounds_to
from toystory.training.control import controls
from toystory.training.run import Run, Runs


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0),
        suggestions=SUGGESTIONS,
        studies=(FOUR_ROWS, *SWEEPS, *LOADS, OPTIMISERS, RATES, controls(LOADS)),
        ends_with=FOUR_ROWS.name,
        answers=tuple(sweep.name for sweep in SWEEPS),
        claims=CLAIMS,
    )


def _half_a_coin(run: Run) -> bool:
    """Whether two of the four answers are one half and the other two right, at the loss that this has."""
    answers = run.answers(XOR)
    tied = np.abs(answers - 0.5) < 0.01
    right = (answers > 0.5) == np.array([a != b for a, b in XOR])
    return bool(tied.sum() == 2 and right[~tied].all() and abs(run.loss - math.log(2) / 2) <= 0.001)


def _other_failures(runs: Runs) -> float:
    every = [run for sweep in SWEEPS for run in runs.sweep(sweep.name)]
    return float(sum(run.accuracy_on_all_rows() < 1 and not _half_a_coin(run) for run in every))


CLAIMS = (
    Claim(
        "Four hidden units solve XOR: four rows of four are right",
        (FOUR_ROWS.name,),
        rows_right(FOUR_ROWS.name),
        rounds_to(4, 0),
    ),
    *(
        Claim(
            f"Of {SEEDS} seeds, so many solve it with {hidden} hidden units",
            (sweep.name,),
            solved(sweep.name),
            bar,
        )
        for (hidden, bar), sweep in zip(BARS.items(), SWEEPS, strict=True)
    ),
    Claim(
        "Those that fail end at the loss ½ ln 2, two rows right and two tied at one half: all but so many",
        tuple(sweep.name for sweep in SWEEPS),
        _other_failures,
        at_most(1, 0),
    ),
    Claim(
        "Momentum gets the loss of the four rows below 0.1 in so many times fewer updates",
        (OPTIMISERS.name,),
        times_fewer_updates(OPTIMISERS.name, (0, 1), below=0.1),
        at_least(4, 1),
    ),
    Claim(
        "… and Adam in so many times fewer than momentum",
        (OPTIMISERS.name,),
        times_fewer_updates(OPTIMISERS.name, (1, 2), below=0.1),
        at_least(1.2, 1),
    ),
    Claim(
        "At a rate of 0.003 a thousand updates leave the loss as high as",
        (RATES.name,),
        lambda runs: runs.sweep(RATES.name)[0].loss,
        at_least(0.2, 2),
    ),
    Claim(
        "… at 0.3 it comes down to",
        (RATES.name,),
        lambda runs: runs.sweep(RATES.name)[1].loss,
        at_most(0.01, 3),
    ),
    Claim(
        "… and at 10 it ends above a coin's ln 2, at",
        (RATES.name,),
        lambda runs: runs.sweep(RATES.name)[2].loss,
        at_least(1.0, 2),
    ),
    *(
        stays_a_coin(f"On {load.name}, it is right on about half of the fresh rows", load.name)
        for load in LOADS
    ),
    *(
        copies_a_column(
            f"Asked for the first switch alone, the same training on {load.name} learns it", load.name
        )
        for load in LOADS
    ),
)
