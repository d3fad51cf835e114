"""A session as it is kept, on the shelf or in the record, and read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from toystory.models.arrays import Parameters
from toystory.training.checkpoint import Checkpoint, by_name, joined
from toystory.training.experiment import Experiment
from toystory.training.plain_values import as_plain, from_plain
from toystory.training.run import Run
from toystory.training.run_checkpoint import keep_run, run_of

if TYPE_CHECKING:
    from toystory.training.background import Session

MOST_BYTES = 200_000_000
"""A session larger than this is not kept."""
COPIES = 5
"""Of the parameters, in a kept training: they, the gradients, and what Adam remembers."""

End = Literal["finished", "diverged"]


@dataclass(frozen=True)
class Last:
    """The model of the last run as it was kept. loss, gradients: of the batch that it looked at."""

    update: int
    loss: float
    parameters: Parameters
    gradients: Parameters


@dataclass(frozen=True)
class Kept:
    """What a session was. over: how it ended, None where it was paused."""

    experiments: tuple[Experiment, ...]
    runs: list[Run]
    rates: list[dict[int, float]]
    learning_rate: float | None
    altered: bool
    over: End | None
    last: Last


def keep_session(session: Session) -> Checkpoint | None:
    """All that the session needs to go on, or to be looked at again; None where that is too much, or nothing.

    Take it where no update is under way.
    """
    runs = [run for run in session.runs if run.progress]
    if not runs or sum(_size(run) for run in runs) > MOST_BYTES:
        return None
    over = session.state if session.state in ("finished", "diverged") else None
    snapshot = session.snapshot if over else None
    facts: dict[str, Any] = {
        "experiments": [as_plain(experiment) for experiment in session.experiments],
        "rates": session.rates[: len(runs)],
        "learning_rate": session.learning_rate if session.altered else None,
        "altered": session.altered,
        "over": over,
        "runs": len(runs),
    }
    parts = {f"run {place}": keep_run(run) for place, run in enumerate(runs)}
    gradients = snapshot.gradients if snapshot and snapshot.experiment == runs[-1].experiment else {}
    kept = joined(facts, parts)
    kept.arrays.update({f"gradients/{name}": values for name, values in gradients.items()})
    return kept


def read_kept(kept: Checkpoint, interrupt: Callable[[], None]) -> Kept:
    """The session that was kept. interrupt: what its runs call between pieces of long work.

    Raises ValueError where something is missing or does not fit.
    """
    try:
        return _read(kept, interrupt)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"a session was not kept whole: {error}") from error


def _read(kept: Checkpoint, interrupt: Callable[[], None]) -> Kept:
    facts = kept.facts
    parts = [kept.part(f"run {place}") for place in range(facts["runs"])]
    runs = [run_of(part, interrupt) for part in parts]
    last = runs[-1]
    of_last = kept if last.finished else parts[-1].part("training")
    parameters = last.model.parameters if last.finished else by_name(of_last.arrays, "parameters")
    return Kept(
        tuple(from_plain(values) for values in facts["experiments"]),
        runs,
        [{int(update): rate for update, rate in rates.items()} for rates in facts["rates"]],
        facts["learning_rate"],
        facts["altered"],
        facts["over"],
        Last(last.updates, last.loss, parameters, by_name(of_last.arrays, "gradients")),
    )


def _size(run: Run) -> int:
    return run.model.size * run.model.dtype.itemsize * (1 if run.finished else COPIES)
