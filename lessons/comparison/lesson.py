"""The whole table: every model at two sizes, as Alex did it and the way that works."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lessons.catalogue import Chapter
from lessons.claim import Claim, at_least, between
from lessons.comparison.derivation import DERIVATION, SYMBOLS
from lessons.lesson import Lesson
from lessons.lstm.experiments import EVERY_LENGTH as LSTM_EVERY_LENGTH
from lessons.measures import fresh_accuracy
from lessons.mlp.experiments import PLUS_OR_MINUS, tower
from lessons.regression.experiments import at_rows as regression
from lessons.rnn.experiments import EVERY_LENGTH as RNN_EVERY_LENGTH
from lessons.rnn.experiments import as_alex_did_it as alex_rnn
from lessons.two_layer.experiments import at_rows as two_layer
from models.experiment import Experiment

SIZES = (10_000, 100_000)
CHANCE = between(0.47, 0.53)


@dataclass(frozen=True)
class Cell:
    """One entry of the table. way: 'as Alex did it' or 'the way that works'. rows: None for fresh ones."""

    model: str
    way: str
    rows: int | None
    experiment: Experiment


def alex_lstm(rows: int, updates: int) -> Experiment:
    """Alex left no settings for an LSTM: these are those of his RNN."""
    return replace(alex_rnn(rows, updates), model="LSTM", weight_scale=None, signed=True)


def _cell(model: str, way: str, rows: int | None, experiment: Experiment) -> Cell:
    size = f"{rows:,} rows" if rows else "fresh rows"
    return Cell(model, way, rows, replace(experiment, name=f"{model}, {way}, {size}"))


def _as_alex_did_it(rows: int) -> tuple[Cell, ...]:
    """All five. The recurrent ones make fewer updates than his 1,000, which would take minutes to an hour."""
    way = "as Alex did it"
    few = {10_000: 40, 100_000: 4}[rows]
    return (
        _cell("regression", way, rows, regression(rows, updates=1000)),
        _cell("two-layer", way, rows, two_layer(rows)),
        _cell("MLP", way, rows, tower(rows)),
        _cell("RNN", f"{way} ({few} of his 1,000 updates)", rows, alex_rnn(rows, few)),
        _cell("LSTM", f"{way} ({few // 4} of 1,000 updates)", rows, alex_lstm(rows, few // 4)),
    )


def _the_way_that_works(rows: int) -> tuple[Cell, ...]:
    """Rows of every length, cut from the same fixed set."""
    way = "the way that works"
    return (
        _cell("RNN", way, rows, replace(RNN_EVERY_LENGTH, rows=rows)),
        _cell("LSTM", way, rows, replace(LSTM_EVERY_LENGTH, rows=rows)),
    )


CELLS = (
    *(cell for rows in SIZES for cell in _as_alex_did_it(rows)),
    *(cell for rows in SIZES for cell in _the_way_that_works(rows)),
    _cell("MLP", "the way that works", None, PLUS_OR_MINUS),
)


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0) * 25,
        suggestions=(),
        studies=tuple(cell.experiment for cell in CELLS),
        ends_with=CELLS[-2].experiment.name,
        claims=tuple(_claim(cell) for cell in CELLS),
    )


def _claim(cell: Cell) -> Claim:
    name = cell.experiment.name
    if cell.way.startswith("as Alex did it"):
        return Claim(f"{name}: chance on fresh rows", (name,), fresh_accuracy(name), CHANCE)
    bar = at_least(0.99)
    return Claim(f"{name}: right on fresh rows of 50 bits", (name,), fresh_accuracy(name), bar)
