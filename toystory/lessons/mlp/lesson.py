"""Stacking units: the tower at chance, learning by heart, the width dial, and the gate for fifty switches."""

from __future__ import annotations

import math

import numpy as np

from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.course.measurements import fresh_accuracy, train_accuracy
from toystory.lessons.mlp.derivation import DERIVATION, SYMBOLS
from toystory.lessons.mlp.experiments import BELL_CURVE, DIAL, PLUS_OR_MINUS, TOWERS, WIDE
from toystory.lessons.mlp.suggestions import SUGGESTIONS
from toystory.training.claim import Claim, at_least, between
from toystory.training.run import Runs


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=SUGGESTIONS,
        studies=(*TOWERS, WIDE, DIAL, BELL_CURVE, PLUS_OR_MINUS),
        ends_with=PLUS_OR_MINUS.name,
        answers=(WIDE.name,),
        claims=(
            *(
                Claim(
                    f"Alex's 50-4-3-1, {study.rows:,} rows: right on about half of the fresh rows",
                    (study.name,),
                    fresh_accuracy(study.name),
                    between(0.47, 0.53),
                )
                for study in TOWERS
            ),
            Claim(
                "A wide network learns its own 10,000 rows by heart",
                (WIDE.name,),
                train_accuracy(WIDE.name),
                at_least(0.99),
            ),
            Claim(
                "… and is right on about half of the fresh ones",
                (WIDE.name,),
                fresh_accuracy(WIDE.name),
                between(0.47, 0.53),
            ),
            Claim(
                "With fresh rows for every update, up to 14 columns are learnt: the worst of them reaches",
                (DIAL.name,),
                _worst_of_the_dial,
                at_least(0.99),
            ),
            Claim(
                "… but every turn costs: 14 columns take so many times the updates of 6",
                (DIAL.name,),
                _cost_of_fourteen_over_six,
                at_least(4, 1),
            ),
            Claim(
                "From Gaussian first weights, the network for 50 columns stays at one half",
                (BELL_CURVE.name,),
                fresh_accuracy(BELL_CURVE.name),
                between(0.47, 0.53),
            ),
            Claim(
                "From first weights of ±1/√50, the same network is the gate for 50 switches",
                (PLUS_OR_MINUS.name,),
                fresh_accuracy(PLUS_OR_MINUS.name),
                at_least(0.99),
            ),
        ),
    )


def _worst_of_the_dial(runs: Runs) -> float:
    return float(np.min([run.fresh_accuracy for run in runs.sweep(DIAL.name)]))


def _cost_of_fourteen_over_six(runs: Runs) -> float:
    updates = {run.experiment.columns: run.updates for run in runs.sweep(DIAL.name)}
    return updates[14] / updates[6] if updates[6] else math.nan
