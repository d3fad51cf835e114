"""The entries of the result table, an experiment each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lessons.lstm.experiments import EVERY_LENGTH as LSTM_EVERY_LENGTH
from lessons.mlp.experiments import PLUS_OR_MINUS, tower
from lessons.regression.experiments import at_rows as regression
from lessons.rnn.experiments import EVERY_LENGTH as RNN_EVERY_LENGTH
from lessons.rnn.experiments import as_alex_did_it as alex_rnn
from lessons.two_layer.experiments import at_rows as two_layer
from models.experiment import Experiment

SIZES = (10_000, 100_000)
ALEX, WORKS = "as Alex did it", "the way that works"


@dataclass(frozen=True)
class Cell:
    """One entry of the table. way: ALEX or WORKS. note: where his settings were not run in full. rows: None
    for fresh ones."""

    model: str
    way: str
    rows: int | None
    experiment: Experiment
    note: str = ""


def alex_lstm(rows: int, updates: int) -> Experiment:
    """Alex left no settings for an LSTM: these are those of his RNN."""
    return replace(alex_rnn(rows, updates), model="LSTM", weight_scale=None, signed=True)


def _cell(model: str, way: str, rows: int | None, experiment: Experiment, note: str = "") -> Cell:
    size = f"{rows:,} rows" if rows else "fresh rows"
    name = f"{model}, {way}{f' ({note})' if note else ''}, {size}"
    return Cell(model, way, rows, replace(experiment, name=name), note)


def _as_alex_did_it(rows: int) -> tuple[Cell, ...]:
    """All five. The recurrent ones make fewer updates than his 1,000, which would take minutes to an hour."""
    few = {10_000: 40, 100_000: 4}[rows]
    return (
        _cell("regression", ALEX, rows, regression(rows, updates=1000)),
        _cell("two-layer", ALEX, rows, two_layer(rows)),
        _cell("MLP", ALEX, rows, tower(rows)),
        _cell("RNN", ALEX, rows, alex_rnn(rows, few), f"{few} of his 1,000 updates"),
        _cell(
            "LSTM", ALEX, rows, alex_lstm(rows, few // 4), f"his RNN's settings, {few // 4} of 1,000 updates"
        ),
    )


def _the_way_that_works(rows: int) -> tuple[Cell, ...]:
    """Rows of every length, cut from the same fixed set."""
    return (
        _cell("RNN", WORKS, rows, replace(RNN_EVERY_LENGTH, rows=rows)),
        _cell("LSTM", WORKS, rows, replace(LSTM_EVERY_LENGTH, rows=rows)),
    )


CELLS = (
    *(cell for rows in SIZES for cell in _as_alex_did_it(rows)),
    *(cell for rows in SIZES for cell in _the_way_that_works(rows)),
    _cell("MLP", WORKS, None, PLUS_OR_MINUS),
)
