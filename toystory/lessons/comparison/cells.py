"""The entries of the result table, an experiment each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from toystory.lessons.attention.experiments import AT_ONCE, THINKING_ALOUD
from toystory.lessons.lstm.experiments import EVERY_LENGTH as LSTM_EVERY_LENGTH
from toystory.lessons.lstm.experiments import WIDE_OPEN
from toystory.lessons.mlp.experiments import PLUS_OR_MINUS, fair_tower, tower
from toystory.lessons.regression.experiments import at_rows as regression
from toystory.lessons.rnn.experiments import EVERY_LENGTH as RNN_EVERY_LENGTH
from toystory.lessons.rnn.experiments import QUIET_BITS
from toystory.lessons.rnn.experiments import as_alex_did_it as alex_rnn
from toystory.lessons.two_layer.experiments import at_rows as two_layer
from toystory.training.experiment import Experiment

MODELS = ("regression", "two-layer", "MLP", "RNN", "LSTM", "attention")
ALEX, FAIR, WORKS = "as Alex did it", "a fair run", "the way that works"
UNFAIR = ("MLP", "RNN", "LSTM")
"""Models that can't copy one bit as Alex trained them: beside his run stands one whose control holds."""
AFTER_HIM = ("attention",)
"""Models that were built after his table: he left no settings for them, nor any that could stand for his."""
WITH_A_FAIR_RUN = (*UNFAIR, *AFTER_HIM)
SIZES = (10_000, 100_000)
"""Rows of the lesson's own table."""
ALL_SIZES = (*SIZES, 1_000_000)
"""Rows of the whole table."""
COLUMNS = 50

ALEX_UPDATES = 1000
LARGE = 1_000_000
"""From so many rows on Alex gave the regression 15 updates."""
AFFORDABLE = {"regression": 10_000_000, "two-layer": 10_000_000, "RNN": 5_000, "LSTM": 1_250}
"""Rows times updates that take a second at most where Alex's 1,000 updates would take minutes to days."""
ROWS_AN_UPDATE = {"regression": 2_000, "two-layer": 2_000, "RNN": 1_000, "LSTM": 250}
"""Rows that an update takes where all of them in all of his updates would be more than `AFFORDABLE`."""


@dataclass(frozen=True)
class Cell:
    """One entry of the table.

    way: ALEX, FAIR or WORKS. note: where his settings were not run in full. rows: None for fresh ones. how:
    what a fair run, or the way that works, changes.
    """

    model: str
    way: str
    rows: int | None
    experiment: Experiment
    note: str = ""
    how: str = ""


@dataclass(frozen=True)
class Gap:
    """An entry that cannot be filled. why: the reason, in a few words."""

    model: str
    way: str
    rows: int | None
    why: str


def alex_lstm(rows: int, updates: int) -> Experiment:
    """Alex left no settings for an LSTM: these are those of his RNN.

    Args:
        rows: Of fifty bits.
        updates: How many.
    """
    return replace(alex_rnn(rows, updates), model="LSTM", weight_scale=None, signed=True)


def as_alex_did_it(model: str, rows: int, full: bool = False) -> Cell:
    """A cell at his settings.

    Args:
        model: Its name in the table; none of `AFTER_HIM`.
        rows: Of fifty bits.
        full: All of his updates, also where they take hours.
    """
    match model:
        case "regression" if rows >= LARGE:
            return _cell(model, ALEX, rows, regression(rows, 15))
        case "regression":
            return _affordable_cell(model, rows, full, regression, "of his 1,000 updates")
        case "two-layer":
            return _affordable_cell(model, rows, full, two_layer, "of his 1,000 updates")
        case "MLP":
            return _cell(model, ALEX, rows, tower(rows))
        case "RNN":
            return _affordable_cell(model, rows, full, alex_rnn, "of his 1,000 updates")
        case _:
            return _affordable_cell(model, rows, full, alex_lstm, "of 1,000 updates", "his RNN's settings")


def _affordable_cell(
    model: str, rows: int, full: bool, alex: Callable[[int, int], Experiment], of: str, *said: str
) -> Cell:
    """His settings, with as many updates and rows as take a second at most; where full, all of them."""
    if full:
        return _cell(model, ALEX, rows, alex(rows, ALEX_UPDATES), ", ".join(said))
    in_full = rows * ALEX_UPDATES <= AFFORDABLE[model]
    taken = rows if in_full else min(rows, ROWS_AN_UPDATE[model])
    updates = min(ALEX_UPDATES, AFFORDABLE[model] // taken)
    experiment = alex(rows, updates)
    notes = [*said, "" if updates == ALEX_UPDATES else f"{updates} {of}"]
    if taken < rows:
        experiment = replace(experiment, batch=taken)
        notes.append(f"{taken:,} rows an update")
    return _cell(model, ALEX, rows, experiment, ", ".join(filter(None, notes)))


def the_way_that_works(model: str, rows: int | None) -> Cell | Gap:
    """A cell at settings that work, cut from the same fixed set.

    Args:
        model: Its name in the table.
        rows: Of fifty bits; None for fresh ones, which the MLP alone is given.
    """
    match model:
        case "regression":
            return Gap(model, WORKS, rows, "none: a line can count, 55.6 %, and no more")
        case "two-layer":
            return Gap(model, WORKS, rows, "none found for tanh")
        case "MLP":
            recipe, how = PLUS_OR_MINUS, "±1 first weights"
        case "RNN":
            # With the 16 units of its chapter, three starts of eighty had not learnt after 8,000 updates.
            recipe, how = replace(RNN_EVERY_LENGTH, hidden=(25,)), "rows of every length, his 25 units"
        case "LSTM":
            recipe, how = LSTM_EVERY_LENGTH, "rows of every length"
        case _:
            recipe, how = THINKING_ALOUD, "thinks aloud: a label for every bit it writes"
    # It stops at the mark: how far it goes beyond 50 bits, the chapters ask.
    return replace(_cell(model, WORKS, rows, replace(recipe, rows=rows, stop_after=0)), how=how)


def a_fair_run(model: str, rows: int | None) -> Cell:
    """XOR at settings with which a model of `WITH_A_FAIR_RUN` does learn to copy a bit.

    Args:
        model: Its name in the table.
        rows: Of fifty bits; None for fresh ones.
    """
    match model:
        case "MLP":
            assert rows is not None
            recipe, how = fair_tower(rows), "first weights × 10, ±1 bits, 600 updates"
        case "RNN":
            recipe, how = QUIET_BITS, "orthogonal start, quiet bits, Adam"
        case "LSTM":
            recipe, how = WIDE_OPEN, "forget bias 5, Adam"
        case _:
            recipe, how = AT_ONCE, "asked for the answer at once"
    return replace(_cell(model, FAIR, rows, replace(recipe, rows=rows)), how=how)


def entries(
    models: tuple[str, ...] = MODELS,
    sizes: tuple[int, ...] = ALL_SIZES,
    columns: int = COLUMNS,
    *,
    full: bool = False,
    seed: int = 0,
) -> tuple[Cell | Gap, ...]:
    """The whole table, model by model.

    As Alex did it where he did, a fair run where his is none, and the way that works, size by size; the MLP
    on fresh rows last of its own.

    Args:
        models: Their names in the table.
        sizes: Rows.
        columns: Bits in a row.
        full: All of Alex's updates.
        seed: Added to the seeds of the experiments.

    Raises:
        ValueError: A size or the columns make no experiment.
    """
    table: list[Cell | Gap] = []
    for model in models:
        table += [as_alex_did_it(model, rows, full) for rows in sizes if model not in AFTER_HIM]
        table += [a_fair_run(model, rows) for rows in sizes if model in WITH_A_FAIR_RUN]
        table += [the_way_that_works(model, rows) for rows in sizes]
        if model == "MLP":
            table.append(the_way_that_works(model, None))
    return tuple(_changed(entry, columns, seed) if isinstance(entry, Cell) else entry for entry in table)


def _changed(cell: Cell, columns: int, seed: int) -> Cell:
    experiment = replace(cell.experiment, columns=columns, seed=cell.experiment.seed + seed)
    return replace(cell, experiment=experiment)


def _cell(model: str, way: str, rows: int | None, experiment: Experiment, note: str = "") -> Cell:
    size = f"{rows:,} rows" if rows else "fresh rows"
    name = f"{model}, {way}{f' ({note})' if note else ''}, {size}"
    return Cell(model, way, rows, replace(experiment, name=name), note)


def _lesson_cells() -> tuple[Cell, ...]:
    alex = [as_alex_did_it(model, rows) for rows in SIZES for model in MODELS if model not in AFTER_HIM]
    works = [the_way_that_works(model, rows) for rows in SIZES for model in ("attention", "RNN", "LSTM")]
    fair = [a_fair_run("MLP", SIZES[0]), *(a_fair_run(model, None) for model in ("RNN", "LSTM", "attention"))]
    fresh = the_way_that_works("MLP", None)
    return tuple(cell for cell in (*alex, *fair, *works, fresh) if isinstance(cell, Cell))


CELLS = _lesson_cells()
"""Those that the lesson trains: the ones that take seconds. The fair runs are those of the chapters."""
