"""The load test: logistic regression on fifty columns, at Alex's settings."""

from __future__ import annotations

from lessons.catalogue import Chapter
from lessons.claim import Claim, between
from lessons.lesson import Lesson
from lessons.measures import fresh_accuracy
from lessons.regression.derivation import DERIVATION, SYMBOLS
from lessons.regression.experiments import STUDIES
from lessons.regression.suggestions import SUGGESTIONS


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=SUGGESTIONS,
        studies=STUDIES,
        ends_with=STUDIES[-1].name,
        answers=tuple(study.name for study in STUDIES),
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
