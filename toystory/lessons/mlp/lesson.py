"""Stacking units: the tower at chance, learning by heart, the width dial, and the gate for fifty switches."""

from __future__ import annotations

import math

import numpy as np

from toystory.course.chapter import Chapter
from toystory.course.failures import copies_a_column, copies_nothing, stays_a_coin
from toystory.course.lesson import Lesson
from toystory.course.measurements import (
    error_at_first_layer,
    fresh_accuracy,
    last_loss_on_fresh_rows,
    noise_of_large_over_small_batches,
    train_accuracy,
)
from toystory.lessons.mlp.derivation import DERIVATION, SYMBOLS
from toystory.lessons.mlp.elimination import found_by_elimination
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
from toystory.lessons.mlp.real_numbers_claims import CLAIMS as REAL_NUMBERS
from toystory.lessons.mlp.suggestions import SUGGESTIONS
from toystory.training.claim import Claim, at_least, at_most, between
from toystory.training.control import controls
from toystory.training.run import Runs


def _worst_of_the_dial(runs: Runs) -> float:
    return float(np.min([run.accuracy_on_all_rows() for run in runs.sweep(DIAL.name)]))


def _cost_of_fourteen_over_six(runs: Runs) -> float:
    updates = {run.experiment.columns: run.updates for run in runs.sweep(DIAL.name)}
    return updates[14] / updates[6] if updates[6] else math.nan


CLAIMS = (
    *(
        copies_nothing(
            f"Alex's 50-4-3-1, {study.rows:,} rows, 30 updates: not even one switch is copied",
            study.name,
        )
        for study in TOWERS
    ),
    Claim(
        "From such first weights hardly any error gets down to the first floor: 10 to this power",
        (TOWERS[0].name,),
        error_at_first_layer(TOWERS[0].name),
        at_most(-3.5, 1),
    ),
    Claim(
        "… and from ten times larger ones about a hundred times as much: 10 to this power",
        (FAIR_TOWER.name,),
        error_at_first_layer(FAIR_TOWER.name),
        at_least(-3, 1),
    ),
    copies_a_column("Trained fairly, the same tower copies one switch: right on fresh rows", FAIR_TOWER.name),
    stays_a_coin("… and asked for all fifty, it is right on about half of the fresh rows", FAIR_TOWER.name),
    Claim(
        "A wide network learns its own 10,000 rows by heart",
        (WIDE.name,),
        train_accuracy(WIDE.name),
        at_least(0.99),
    ),
    stays_a_coin("… and is right on about half of the fresh ones", WIDE.name),
    Claim(
        "… where its loss does not stay at a coin's ln 2: it climbs to",
        (WIDE.name,),
        last_loss_on_fresh_rows(WIDE.name),
        at_least(1.0, 2),
    ),
    stays_a_coin(
        "Stopped early, when the loss on validation rows falls no more, it is right on half of fresh ones",
        EARLY.name,
    ),
    stays_a_coin("With weight decay it is right on about half of the fresh ones too", DECAYED.name),
    Claim(
        "… and no longer learns its own by heart: right on",
        (DECAYED.name,),
        train_accuracy(DECAYED.name),
        at_most(0.75),
    ),
    Claim(
        "… but it is not so sure of wrong answers any more: the loss on rows never seen ends at",
        (DECAYED.name,),
        last_loss_on_fresh_rows(DECAYED.name),
        at_most(0.8, 2),
    ),
    Claim(
        "Up to 14 columns are learnt: of all the rows there are, the worst network is right on",
        (DIAL.name,),
        _worst_of_the_dial,
        at_least(0.99),
    ),
    Claim(
        "… but it costs: 14 columns take so many times the updates of 6",
        (DIAL.name,),
        _cost_of_fourteen_over_six,
        at_least(20, 1),
    ),
    stays_a_coin(
        "From Gaussian first weights, the network for 50 columns is right on half of the fresh rows",
        BELL_CURVE.name,
    ),
    Claim(
        "From first weights of ±3/√50, the same network is the gate for 50 switches",
        (PLUS_OR_MINUS.name,),
        fresh_accuracy(PLUS_OR_MINUS.name),
        at_least(0.99),
    ),
    Claim(
        "The gradient's noise in batches of 256 over that in batches of 16, before training: a quarter",
        (BATCHES.name,),
        noise_of_large_over_small_batches(BATCHES.name),
        between(0.2, 0.3, 2),
    ),
    copies_a_column("In batches of 16 the same recipe copies one switch", BATCHES.name),
    stays_a_coin("… and is right on half of the fresh rows for all fifty", BATCHES.name),
    Claim(
        "… while in batches of 128 it is right on",
        (BATCHES.name,),
        lambda runs: runs.sweep(BATCHES.name)[1].fresh_accuracy,
        between(0.85, 0.99),
    ),
    *REAL_NUMBERS,
    Claim(
        "No network at all: elimination finds the fifty columns from 60 rows, in so many of 50 draws",
        (TOWERS[0].name,),
        lambda runs: found_by_elimination(50, 60, draws=50, seed=runs.one(TOWERS[0].name).experiment.seed),
        at_least(45, 0),
    ),
)


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=SUGGESTIONS,
        studies=(
            *TOWERS,
            FAIR_TOWER,
            WIDE,
            DIAL,
            BELL_CURVE,
            PLUS_OR_MINUS,
            BATCHES,
            EARLY,
            DECAYED,
            controls((*TOWERS, FAIR_TOWER, WIDE, BELL_CURVE, BATCHES, EARLY, DECAYED)),
        ),
        ends_with=PLUS_OR_MINUS.name,
        answers=(WIDE.name,),
        claims=CLAIMS,
    )
