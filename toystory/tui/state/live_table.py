"""The table as it stands now: what is kept, and what the app is training or has trained."""

from __future__ import annotations

import math
from dataclasses import dataclass

from toystory.compare import status
from toystory.compare.results import Entry
from toystory.render import numbers
from toystory.training.background import BackgroundRun
from toystory.training.checkpoints.result_store import Curve
from toystory.training.experiment import Experiment
from toystory.training.pools.train_all import nameless
from toystory.training.run import Run
from toystory.tui.state.lesson_state import LessonState


@dataclass(frozen=True)
class CellState:
    """What is known of an entry. state: where it is on its way in the app, else empty. figures: a line."""

    entry: Entry
    mark: str
    figures: str
    loss_curve: Curve = ()
    fresh_curve: Curve = ()
    state: str = ""
    good: bool = False


def unaltered_sessions(lesson_state: LessonState) -> dict[Experiment, BackgroundRun]:
    """The sessions of the app that train an experiment as it is written down."""
    return {
        nameless(session.experiment): session
        for session in lesson_state.record.sessions.values()
        if len(session.experiments) == 1 and not session.altered
    }


def cell_state(entry: Entry, sessions: dict[Experiment, BackgroundRun]) -> CellState:
    """The app's own run, where there is one; else what is kept.

    Args:
        entry: Of the table.
        sessions: The background runs of the app, by their experiments.
    """
    if entry.own is not None:
        own = entry.own
        mark = f"{own.reached} of {len(own.seeds)}"
        return CellState(entry, mark, own.line(), own.shown.curve, good=own.reached == len(own.seeds))
    if entry.experiment is None:
        return CellState(entry, entry.why, status.line(entry))
    session = sessions.get(nameless(entry.experiment))
    run = session.run if session else None
    if session is None or run is None or session.state in ("ready", "failed", "stopped"):
        return _stored_cell(entry)
    losses, fresh = tuple(run.losses.points), tuple(run.fresh_accuracies.points)
    if run.finished:
        return CellState(
            entry, _mark(run), _figures(entry, run), losses, fresh, good=run.fresh_accuracy >= 0.99
        )
    share = run.updates / max(entry.experiment.updates, 1)
    name = f"{status.name(entry)}: {session.state}, {run.updates:,} of {entry.experiment.updates:,} updates"
    figures = f"{name}, loss {run.loss:.4f}" if math.isfinite(run.loss) else name
    return CellState(entry, f"{100 * share:.0f} %", figures, losses, fresh, session.state)


def _stored_cell(entry: Entry) -> CellState:
    if entry.result is None:
        return CellState(
            entry,
            "·",
            f"{status.name(entry)}: not run yet; space trains it here, toystory compare trains all",
        )
    mark, good = status.right_on_fresh(entry.result), entry.result.fresh_accuracy >= 0.99
    return CellState(
        entry, mark, status.line(entry), entry.result.loss_curve, entry.result.fresh_curve, good=good
    )


def _mark(run: Run) -> str:
    if run.diverged:
        return "diverged"
    return "a tie" if run.tie else numbers.accuracy(run.fresh_accuracy)


def _figures(entry: Entry, run: Run) -> str:
    if run.diverged and run.progress is not None:
        return f"{status.name(entry)}: {run.progress.message}"
    said = "; ".join(filter(None, (entry.note, entry.how)))
    own = f", {numbers.accuracy(run.train_accuracy)} of its own" if entry.rows else ""
    return (
        f"{status.name(entry)}: {status.on_fresh_rows(_mark(run))}{own}, loss {run.loss:.4f}, "
        f"{run.experiment.parameters:,} parameters, {run.updates:,} update{'' if run.updates == 1 else 's'}"
        f"{f' ({said})' if said else ''}, {numbers.seconds(run.seconds)} in the app"
    )
