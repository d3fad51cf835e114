"""The load test: logistic regression on fifty columns, at Alex's settings."""

from __future__ import annotations

from lessons.catalogue import Chapter
from lessons.claim import Claim, between
from lessons.lesson import Lesson
from lessons.measures import fresh_accuracy
from lessons.regression.derivation import DERIVATION, SYMBOLS
from models.experiment import Experiment


def at_rows(rows: int, updates: int) -> Experiment:
    """Alex's regression on so many rows of fifty bits."""
    return Experiment(
        name=f"{rows:,} rows",
        model="LogisticRegression",
        columns=50,
        rows=rows,
        updates=updates,
        optimizer="gradient descent",
        learning_rate=0.07,
        evaluate_every=max(1, updates // 40),
    )


STUDIES = (at_rows(10_000, 1000), at_rows(100_000, 1000), at_rows(1_000_000, 15))


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        studies=STUDIES,
        ends_with=STUDIES[-1].name,
        claims=tuple(
            Claim(
                f"Trained on {study.name} of 50 bits, it is right on about half of the fresh rows",
                (study.name,),
                fresh_accuracy(study.name),
                between(0.47, 0.53),
            )
            for study in STUDIES
        ),
    )
