"""The load test: logistic regression on fifty columns, at Alex's settings."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.failures import stays_a_coin
from toystory.course.lesson import Lesson
from toystory.lessons.regression.derivation import DERIVATION, SYMBOLS
from toystory.lessons.regression.experiments import STUDIES
from toystory.lessons.regression.suggestions import SUGGESTIONS
from toystory.training.control import controls


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=SUGGESTIONS,
        studies=(*STUDIES, controls(STUDIES)),
        ends_with=STUDIES[-1].name,
        answers=tuple(study.name for study in STUDIES),
        claims=tuple(
            stays_a_coin(
                f"Trained on {study.name} of 50 bits, it is right on about half of the fresh rows", study.name
            )
            for study in STUDIES
        ),
    )
