"""The whole table: every model at two sizes, as Alex did it, in a fair run and the way that works."""

from __future__ import annotations

from collections.abc import Iterator

from toystory.course.chapter import Chapter
from toystory.course.failures import copies_nothing, stays_a_coin
from toystory.course.lesson import Lesson
from toystory.course.measurements import fresh_accuracy
from toystory.lessons.comparison.cells import ALEX, CELLS, UNFAIR, WORKS, Cell
from toystory.lessons.comparison.derivation import DERIVATION, SYMBOLS
from toystory.lessons.comparison.table import result_table
from toystory.training.claim import Claim, at_least
from toystory.training.control import controls


def lesson(chapter: Chapter) -> Lesson:
    """The chapter with all that is in it."""
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=(),
        studies=(
            *(cell.experiment for cell in CELLS),
            controls(cell.experiment for cell in CELLS if cell.way != WORKS),
        ),
        ends_with=next(c.experiment.name for c in CELLS[::-1] if c.model == "LSTM" and c.way == WORKS),
        answers=tuple(cell.experiment.name for cell in CELLS if cell.way == ALEX),
        claims=tuple(claim for cell in CELLS for claim in _claims(cell)),
        table=result_table,
    )


def _claims(cell: Cell) -> Iterator[Claim]:
    name = cell.experiment.name
    if cell.way == WORKS:
        yield Claim(f"{name}: right on fresh rows of 50 bits", (name,), fresh_accuracy(name), at_least(0.99))
    elif cell.way == ALEX and cell.model in UNFAIR:
        yield copies_nothing(f"{name}: not even one bit is copied", name)
    else:
        yield stays_a_coin(f"{name}: a coin on fresh rows, though its control holds", name)
