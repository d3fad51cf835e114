"""Gates that learn: the long rows once more, and then rows of every length."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.course.measurements import accuracy_at, fresh_accuracy
from toystory.lessons.lstm.derivation import DERIVATION, SYMBOLS
from toystory.lessons.lstm.experiments import EVERY_LENGTH, LONG_ROWS
from toystory.lessons.lstm.suggestions import SUGGESTIONS
from toystory.training.claim import REPORTED, Claim, at_least, between


def lesson(chapter: Chapter) -> Lesson:
    long, every = (study.name for study in (LONG_ROWS, EVERY_LENGTH))
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0, 1, 1, 0),
        suggestions=SUGGESTIONS,
        studies=(LONG_ROWS, EVERY_LENGTH),
        ends_with=every,
        answers=(long,),
        claims=(
            Claim(
                "Fed with rows of 50 bits only, it is right on about half of the fresh rows",
                (long,),
                fresh_accuracy(long),
                between(0.47, 0.53),
            ),
            Claim(
                "Fed with rows of every length, it is right on fresh rows of 50 bits",
                (every,),
                fresh_accuracy(every),
                at_least(0.999),
            ),
            Claim(
                "… and on rows of 500, ten times longer than any it was trained on",
                (every,),
                accuracy_at(every, columns=500, rows=500),
                at_least(0.99),
            ),
            Claim(
                "On rows of 5,000 bits it is right on this share",
                (every,),
                accuracy_at(every, columns=5000, rows=100),
                REPORTED,
            ),
        ),
    )
