"""A background run as a checkpoint, and read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from toystory.models.parts.arrays import Parameters
from toystory.training.checkpoints.checkpoint import Checkpoint, by_name, joined
from toystory.training.checkpoints.plain_values import as_plain, from_plain
from toystory.training.checkpoints.run_checkpoint import checkpoint_of_run, run_of_checkpoint
from toystory.training.experiment import Experiment
from toystory.training.run import Run

MOST_BYTES = 200_000_000
"""A background run larger than this is not kept."""
COPIES = 5
"""Of the parameters, in a checkpoint of a training: they, the gradients, and what Adam remembers."""

End = Literal["finished", "diverged"]


@dataclass(frozen=True)
class BackgroundState:
    """What a background run is, where no update is under way.

    Attributes:
        experiments: Of its study.
        runs: Those that have begun.
        rates: Of each run, the learning rates it was given by hand, by the updates made before.
        learning_rate: Given by hand for the next update; None for the experiment's own.
        altered: Whether one was ever given by hand.
        over: How it ended; None where it is paused.
        gradients: Of the last run's last batch, by the names of the parameters; where they are known.
        parameters: Of the last run, copies; only in what was read.
    """

    experiments: tuple[Experiment, ...]
    runs: list[Run]
    rates: list[dict[int, float]]
    learning_rate: float | None
    altered: bool
    over: End | None
    gradients: Parameters = field(default_factory=dict)
    parameters: Parameters = field(default_factory=dict)


def to_checkpoint(state: BackgroundState) -> Checkpoint | None:
    """All that is needed to resume it, or to look at it again; None where that is too much, or nothing."""
    if not state.runs or sum(_size(run) for run in state.runs) > MOST_BYTES:
        return None
    facts: dict[str, Any] = {
        "experiments": [as_plain(experiment) for experiment in state.experiments],
        "rates": state.rates,
        "learning_rate": state.learning_rate,
        "altered": state.altered,
        "over": state.over,
        "runs": len(state.runs),
    }
    parts = {f"run {index}": checkpoint_of_run(run) for index, run in enumerate(state.runs)}
    checkpoint = joined(facts, parts)
    checkpoint.arrays.update({f"gradients/{name}": values for name, values in state.gradients.items()})
    return checkpoint


def state_of(checkpoint: Checkpoint, interrupt: Callable[[], None]) -> BackgroundState:
    """Read what `to_checkpoint` was given.

    Args:
        checkpoint: Of a background run.
        interrupt: What its runs call between pieces of long work.

    Raises:
        ValueError: Something is missing or does not fit.
    """
    try:
        facts = checkpoint.facts
        parts = [checkpoint.part(f"run {index}") for index in range(facts["runs"])]
        runs = [run_of_checkpoint(part, interrupt) for part in parts]
        last = runs[-1]
        of_last = checkpoint if last.finished else parts[-1].part("training")
        return BackgroundState(
            experiments=tuple(from_plain(values) for values in facts["experiments"]),
            runs=runs,
            rates=[{int(update): rate for update, rate in rates.items()} for rates in facts["rates"]],
            learning_rate=facts["learning_rate"],
            altered=facts["altered"],
            over=facts["over"],
            gradients=by_name(of_last.arrays, "gradients"),
            parameters=last.model.parameters if last.finished else by_name(of_last.arrays, "parameters"),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"a background run was not kept whole: {error}") from error


def _size(run: Run) -> int:
    return run.model.size * run.model.dtype.itemsize * (1 if run.finished else COPIES)
