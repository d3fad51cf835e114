"""Memory: Alex's settings, the diet of long rows, and the diet of every length."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.course.measurements import accuracy_at, fresh_accuracy
from toystory.lessons.rnn.derivation import DERIVATION, SYMBOLS
from toystory.lessons.rnn.experiments import ALEX, EVERY_LENGTH, LONG_ROWS
from toystory.lessons.rnn.suggestions import SUGGESTIONS
from toystory.training.claim import REPORTED, Claim, at_least, between


def lesson(chapter: Chapter) -> Lesson:
    alex, long, every = (study.name for study in (ALEX, LONG_ROWS, EVERY_LENGTH))
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0, 1, 1, 0),
        suggestions=SUGGESTIONS,
        studies=(ALEX, LONG_ROWS, EVERY_LENGTH),
        ends_with=every,
        answers=(long, every),
        claims=(
            Claim(
                "At Alex's settings it is right on about half of the fresh rows",
                (alex,),
                fresh_accuracy(alex),
                between(0.47, 0.53),
            ),
            Claim(
                "Fed with rows of 50 bits only, it stays there",
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
