"""Keep it simple: the four rows solved, how often, and then fifty columns at Alex's settings."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.course.measurements import fresh_accuracy, rows_right, solved
from toystory.lessons.two_layer.derivation import DERIVATION, SYMBOLS
from toystory.lessons.two_layer.experiments import BARS, FOUR_ROWS, LOADS, SEEDS, SWEEPS
from toystory.lessons.two_layer.suggestions import SUGGESTIONS
from toystory.training.claim import Claim, between, rounds_to


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0),
        suggestions=SUGGESTIONS,
        studies=(FOUR_ROWS, *SWEEPS, *LOADS),
        ends_with=FOUR_ROWS.name,
        answers=tuple(sweep.name for sweep in SWEEPS),
        claims=(
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
            *(
                Claim(
                    f"On {load.name}, it is right on about half of the fresh rows",
                    (load.name,),
                    fresh_accuracy(load.name),
                    between(0.47, 0.53),
                )
                for load in LOADS
            ),
        ),
    )
