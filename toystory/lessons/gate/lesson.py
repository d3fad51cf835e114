"""The first gate: Alex's own figures, and then the question that he had not asked."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.failures import copies_a_column
from toystory.course.lesson import Lesson
from toystory.course.measurements import answer, first_answer, furthest_from_one_half, loss, rows_right
from toystory.lessons.gate.derivation import DERIVATION, SYMBOLS
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS, ONE_ROW, ONE_UPDATE
from toystory.lessons.gate.suggestions import SUGGESTIONS
from toystory.training.claim import Claim, at_most, rounds_to
from toystory.training.control import CONTROLS, controls

UPDATE, ROW, FOUR = (study.name for study in (ONE_UPDATE, ONE_ROW, ALL_FOUR_ROWS))
CLAIMS = (
    Claim(
        "Alex's first gate answers row (1,1) with 0.646799 before its update",
        (UPDATE,),
        first_answer(UPDATE, (1, 1)),
        rounds_to(0.646799),
    ),
    Claim(
        "… and with 0.615188 after one update at learning rate 0.07",
        (UPDATE,),
        answer(UPDATE, (1, 1)),
        rounds_to(0.615188),
    ),
    Claim("That update takes the loss to 0.955000", (UPDATE,), loss(UPDATE), rounds_to(0.955)),
    Claim(
        "His second gate begins with 0.510374 for row (1,0)",
        (ROW,),
        first_answer(ROW, (1, 0)),
        rounds_to(0.510374),
    ),
    Claim(
        "… and after 3,500 updates on that one row it answers 0.978846",
        (ROW,),
        answer(ROW, (1, 0)),
        rounds_to(0.978846),
    ),
    Claim(
        "Asked for the rows it never saw, it answers (0,0) with 0.870",
        (ROW,),
        answer(ROW, (0, 0)),
        rounds_to(0.870, 3),
    ),
    Claim("… (0,1) with 0.934", (ROW,), answer(ROW, (0, 1)), rounds_to(0.934, 3)),
    Claim("… and (1,1) with 0.990", (ROW,), answer(ROW, (1, 1)), rounds_to(0.990, 3)),
    Claim(
        "It says 1 to everything: two rows of four are right",
        (ROW,),
        rows_right(ROW),
        rounds_to(2, 0),
    ),
    Claim(
        "Trained on all four rows, it ends at the loss of a coin, ln 2",
        (FOUR, CONTROLS),
        loss(FOUR),
        rounds_to(0.693147),
        control=FOUR,
    ),
    Claim(
        "… where every answer is a tie: the furthest from one half is off by at most 0.001",
        (FOUR,),
        furthest_from_one_half(FOUR),
        at_most(0.001),
    ),
    copies_a_column("… though the same training, asked for the first switch alone, learns it", FOUR),
)


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 1),
        suggestions=SUGGESTIONS,
        studies=(ONE_UPDATE, ONE_ROW, ALL_FOUR_ROWS, controls((ALL_FOUR_ROWS,))),
        ends_with=ALL_FOUR_ROWS.name,
        answers=(ONE_ROW.name,),
        claims=CLAIMS,
    )
