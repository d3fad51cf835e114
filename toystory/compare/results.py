"""The two tables of the comparison with what is kept of them; nothing here trains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toystory.grading.own_model.results import OwnResult, mine
from toystory.lessons.comparison.cells import ALL_SIZES, COLUMNS, MODELS, WORKS, Cell, Gap, entries
from toystory.lessons.comparison.frontier import LEARNT, full_parity, part_of_fifty
from toystory.training.checkpoints.result_store import Result, load
from toystory.training.control import controls_of
from toystory.training.experiment import Experiment

MINE = "mine"
"""The way of a row that is about a model which the learner wrote."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place in one of the tables.

    Attributes:
        model: Its name.
        experiment: What is trained for it; None where nothing can be.
        result: What it came to; None where it has not been trained.
    """

    model: str
    experiment: Experiment | None = None
    result: Result | None = None


@dataclass(frozen=True, kw_only=True)
class Entry(Slot):
    """One entry of the table.

    Attributes:
        way: As Alex did it, a fair run, or the way that works.
        rows: To learn from; None for fresh ones in every batch.
        note: Where his settings were not run in full.
        how: What a fair run, or the way that works, changes.
        why: The reason where there is no way that works, and then there is no experiment.
        controls: The same settings with one column that counts, of what is shown to fail.
        own: What the learner's own model came to, where the row is that of one.
    """

    way: str
    rows: int | None
    note: str = ""
    how: str = ""
    why: str = ""
    controls: tuple[Slot, ...] = ()
    own: OwnResult | None = None


@dataclass(frozen=True, kw_only=True)
class FrontierEntry(Slot):
    """One cell of the frontier.

    Attributes:
        columns: Bits in a row.
        counted: How many of them count.
        budget: Updates that the model has.
    """

    columns: int
    counted: int
    budget: int

    @property
    def learnt(self) -> bool | None:
        """Whether it answers rows drawn after training, within its budget of updates; None if not run yet."""
        return None if self.result is None else self.result.fresh_accuracy >= LEARNT


def stored_table(
    models: tuple[str, ...] = MODELS,
    sizes: tuple[int, ...] = ALL_SIZES,
    columns: int = COLUMNS,
    *,
    full: bool = False,
    seed: int = 0,
    complaints: list[str] | None = None,
) -> list[Entry]:
    """The table as it is kept, model by model, way by way, size by size.

    Args:
        models: Their names in the table.
        sizes: Rows.
        columns: Bits in a row.
        full: Only what was run at Alex's settings in full; else that is preferred where it is kept.
        seed: Added to the seeds of the experiments.
        complaints: A damaged file is set aside, and a sentence about it is added here.

    Raises:
        ValueError: A size or the columns make no experiment.
    """
    table = []
    in_full = entries(models, sizes, columns, full=True, seed=seed)
    for cell, whole in zip(entries(models, sizes, columns, full=full, seed=seed), in_full, strict=True):
        if isinstance(cell, Gap):
            table.append(Entry(model=cell.model, way=cell.way, rows=cell.rows, why=cell.why))
        elif isinstance(whole, Cell):
            in_whole = load(whole.experiment, complaints) if whole.experiment != cell.experiment else None
            chosen = whole if in_whole else cell
            table.append(
                Entry(
                    model=cell.model,
                    way=cell.way,
                    rows=cell.rows,
                    note=chosen.note,
                    how=chosen.how,
                    experiment=chosen.experiment,
                    result=in_whole or load(cell.experiment, complaints),
                    controls=_controls(chosen, complaints),
                )
            )
    return table


def with_mine(entries: Sequence[Entry]) -> list[Entry]:
    """The table with a row for each model that the learner wrote, below ours of the same name.

    Args:
        entries: Of the table.
    """
    own = [Entry(model=each.model, way=MINE, rows=None, how=each.units, own=each) for each in mine()]
    table = list(entries)
    for each in own:
        of_model = [place for place, entry in enumerate(table) if entry.model == each.model]
        table.insert(of_model[-1] + 1 if of_model else len(table), each)
    return table


def _controls(cell: Cell, complaints: list[str] | None) -> tuple[Slot, ...]:
    """What is shown to work needs none."""
    experiments = () if cell.way == WORKS else controls_of(cell.experiment)
    return tuple(Slot(model=cell.model, experiment=e, result=load(e, complaints)) for e in experiments)


def stored_frontier(
    models: tuple[str, ...] = MODELS, *, seed: int = 0, complaints: list[str] | None = None
) -> list[FrontierEntry]:
    """The frontier as it is kept: full parity first, then part of fifty columns; model by model.

    Args:
        models: Their names in the table.
        seed: Added to the seeds of the experiments.
        complaints: A damaged file is set aside, and a sentence about it is added here.
    """
    frontier = []
    for point in (*full_parity(models), *part_of_fifty(models)):
        experiment = replace(point.experiment, seed=point.experiment.seed + seed)
        frontier.append(
            FrontierEntry(
                model=point.model,
                experiment=experiment,
                result=load(experiment, complaints),
                columns=point.columns,
                counted=point.counted,
                budget=experiment.updates,
            )
        )
    return frontier
