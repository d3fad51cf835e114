"""The load test: logistic regression on fifty columns, at Alex's settings."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.failures import copies_a_column, stays_a_coin
from toystory.course.lesson import Lesson
from toystory.course.measurements import fresh_accuracy
from toystory.lessons.regression.counting import right_by_counting
from toystory.lessons.regression.derivation import DERIVATION, SYMBOLS
from toystory.lessons.regression.experiments import COUNTING, STUDIES
from toystory.lessons.regression.suggestions import SUGGESTIONS
from toystory.training.claim import Claim, between, rounds_to
from toystory.training.control import controls


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=SUGGESTIONS,
        studies=(*STUDIES, COUNTING, controls(STUDIES)),
        ends_with=STUDIES[-1].name,
        answers=tuple(study.name for study in STUDIES),
        claims=(
            *(
                stays_a_coin(
                    f"Trained on {study.name} of 50 bits, it is right on about half of the fresh rows",
                    study.name,
                )
                for study in STUDIES
            ),
            *(
                copies_a_column(
                    f"Asked for the first switch alone, the same training on {study.name} learns it",
                    study.name,
                )
                for study in STUDIES
            ),
            Claim(
                "A line that counts, set by hand, is right on more than half of the fresh rows",
                (COUNTING.name,),
                fresh_accuracy(COUNTING.name),
                between(0.53, 0.58),
            ),
            Claim(
                "… and of all rows of 50 bits on just this share",
                (COUNTING.name,),
                lambda runs: right_by_counting(50),
                rounds_to(0.5561, 4),
            ),
        ),
    )
