"""The whole table: every model at two sizes, as Alex did it and the way that works."""

from __future__ import annotations

from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.course.measurements import fresh_accuracy
from toystory.lessons.comparison.cells import ALEX, CELLS, Cell
from toystory.lessons.comparison.derivation import DERIVATION, SYMBOLS
from toystory.lessons.comparison.table import result_table
from toystory.training.claim import Claim, at_least, between

CHANCE = between(0.47, 0.53)


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=(),
        studies=tuple(cell.experiment for cell in CELLS),
        ends_with=CELLS[-2].experiment.name,
        answers=tuple(cell.experiment.name for cell in CELLS if cell.way == ALEX),
        claims=tuple(_claim(cell) for cell in CELLS),
        table=result_table,
    )


def _claim(cell: Cell) -> Claim:
    name = cell.experiment.name
    if cell.way == ALEX:
        return Claim(f"{name}: chance on fresh rows", (name,), fresh_accuracy(name), CHANCE)
    bar = at_least(0.99)
    return Claim(f"{name}: right on fresh rows of 50 bits", (name,), fresh_accuracy(name), bar)
