"""What was found is kept: a file for each experiment, under the learner's home.

A file is named after the settings and the arithmetic of the models: with another recipe, or after a change in
`models/`, the experiment is a new one.
"""

from __future__ import annotations

import hashlib
import json
import math
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from toystory.base import files
from toystory.base.paths import home
from toystory.training.checkpoints.arithmetic import arithmetic
from toystory.training.checkpoints.checkpoint import experiment_of, from_bytes
from toystory.training.checkpoints.checkpoint_files import CheckpointFiles
from toystory.training.checkpoints.plain_values import finite_or_none, from_plain
from toystory.training.command_line import command_line
from toystory.training.experiment import Experiment
from toystory.training.run import Run

FORMAT = 2
"""Before it, files were named after the bytes of the models too, and had 24 digits alone for a name."""
OLD_NAME = "[0-9a-f]" * 24
CURVE_POINTS = 200
"""Points of a stored curve, and then the last one."""

Curve = tuple[tuple[int, float], ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What training one experiment came to.

    Attributes:
        experiment: What was trained.
        updates: How many were made.
        loss: Of the last batch.
        train_accuracy: On its own rows; NaN where it has none.
        fresh_accuracy: On rows never seen.
        tie: Whether every answer was so near to one half that the model has not answered.
        diverged: Whether the loss left all bounds.
        message: What ended the run.
        seconds: Spent training.
        memory: The most that the whole process which trained it ever held, Python and NumPy included, in
            bytes; None where the system does not tell.
        loss_curve: Updates with the loss of their batch.
        fresh_curve: Updates with accuracy on rows never seen, as a share.
        trained: When, in UTC.
    """

    experiment: Experiment
    updates: int
    loss: float
    train_accuracy: float
    fresh_accuracy: float
    tie: bool
    diverged: bool
    message: str
    seconds: float
    memory: int | None
    loss_curve: Curve
    fresh_curve: Curve
    trained: str

    @property
    def command(self) -> str:
        """What to type so that it runs again."""
        return command_line(self.experiment)

    @property
    def figures(self) -> tuple[object, ...]:
        """All that the seed decides: equal for two runs of one experiment, however many ran beside it."""
        timeless = replace(self, seconds=0.0, memory=None, trained="")
        return tuple(repr(getattr(timeless, field.name)) for field in fields(timeless))

    def as_json(self) -> dict[str, Any]:
        """Plain values; what is not a finite number is null."""
        return {
            "updates": self.updates,
            "loss": finite_or_none(self.loss),
            "train_accuracy": finite_or_none(self.train_accuracy),
            "fresh_accuracy": finite_or_none(self.fresh_accuracy),
            "tie": self.tie,
            "diverged": self.diverged,
            "message": self.message,
            "seconds": round(self.seconds, 3),
            "memory": self.memory,
            "loss_curve": [[update, loss] for update, loss in self.loss_curve],
            "fresh_curve": [[update, share] for update, share in self.fresh_curve],
            "trained": self.trained,
        }


def result_of(run: Run, memory: int | None, trained: str) -> Result:
    """Sum up a finished run.

    Args:
        run: Finished.
        memory: As in Result: bytes, or None.
        trained: When, in UTC.
    """
    e, fresh = run.experiment, run.fresh_accuracies.points
    return Result(
        experiment=e,
        updates=run.updates,
        loss=run.loss,
        train_accuracy=run.train_accuracy if e.rows or e.given else math.nan,
        fresh_accuracy=run.fresh_accuracy,
        tie=run.tie,
        diverged=run.diverged,
        message=run.progress.message if run.progress else "",
        seconds=run.seconds,
        memory=memory,
        loss_curve=tuple(run.loss_curve(CURVE_POINTS)),
        fresh_curve=tuple(fresh[:: -(-len(fresh) // CURVE_POINTS) or 1]),
        trained=trained,
    )


def save(result: Result) -> None:
    """Write `result`, whole or not at all, and delete the checkpoint of its run. Raises OSError."""
    text = json.dumps(_identity(result.experiment) | {"result": result.as_json()})
    folder().mkdir(parents=True, exist_ok=True)
    files.write(path_of(result.experiment), text)
    UnfinishedRuns().delete(result.experiment)


class UnfinishedRuns:
    """The checkpoints of unfinished runs, beside the results."""

    def load(self, experiment: Experiment) -> bytes | None:
        """What was last saved of it, or None. Raises OSError where it can't be read."""
        adopt_old_files(folder())
        return _checkpoints().load(_name(experiment))

    def save(self, experiment: Experiment, checkpoint: bytes) -> None:
        """Keep a checkpoint in place of what was saved before.

        Args:
            experiment: Whose run it is.
            checkpoint: As bytes.

        Raises:
            OSError: It can't be written.
        """
        _checkpoints().save(_name(experiment), checkpoint)

    def delete(self, experiment: Experiment) -> None:
        """Begin anew the next time."""
        _checkpoints().delete(_name(experiment))


def load(experiment: Experiment, complaints: list[str] | None = None) -> Result | None:
    """What is kept of `experiment`, or None.

    A damaged file is set aside under another name; a sentence about it is added to `complaints`.
    """
    adopt_old_files(folder())
    path = path_of(experiment)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = ""
    try:
        written = json.loads(text)
        if {key: value for key, value in written.items() if key != "result"} != _identity(experiment):
            raise ValueError("it is about something else")
        return _read(experiment, written["result"])
    except (ValueError, TypeError, KeyError, AttributeError):
        aside = path.with_suffix(".damaged")
        path.replace(aside)
        if complaints is not None:
            complaints.append(
                f"{path.name} in {path.parent} was damaged and is now {aside.name}; it counts as not run"
            )
        return None


def path_of(experiment: Experiment) -> Path:
    """The file of `experiment`, whether it is there or not."""
    return folder() / f"{_name(experiment)}.json"


def _name(experiment: Experiment) -> str:
    """What its files are called."""
    identity = json.dumps(_identity(experiment), sort_keys=True)
    return f"{FORMAT}-{hashlib.sha256(identity.encode()).hexdigest()[:24]}"


def _checkpoints() -> CheckpointFiles:
    return CheckpointFiles(folder())


def folder() -> Path:
    """Where everything is kept; it may not exist yet."""
    return home() / "compare"


NEWER_SETTINGS = {
    "bit_scale": None,
    "forget_bias": 1.0,
    "width": 8,
    "thinks_aloud": True,
    "scale_scores": True,
    "weight_decay": 0.0,
    "patience": None,
}
"""Settings that came after the first results were kept, and what they were until then."""


def _identity(experiment: Experiment) -> dict[str, Any]:
    settings = asdict(replace(experiment, name=""))
    for name, usual in NEWER_SETTINGS.items():
        if settings[name] == usual:  # what was kept before there was such a setting is still about this
            del settings[name]
    identity = {"settings": settings, "format": FORMAT, "arithmetic": arithmetic([experiment.model])}
    plain: dict[str, Any] = json.loads(json.dumps(identity))
    return plain


@cache
def adopt_old_files(kept: Path) -> None:
    """Give the files of the format before the names that they have now; what can't be read stays as it is."""
    for path in (*kept.glob(f"{OLD_NAME}.json"), *kept.glob(f"{OLD_NAME}.npz")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            if path.suffix == ".json":
                written = json.loads(path.read_text(encoding="utf-8"))
                experiment = from_plain(written["settings"])
                files.write(
                    path_of(experiment), json.dumps(_identity(experiment) | {"result": written["result"]})
                )
                path.unlink()
            else:
                experiment = experiment_of(from_bytes(path.read_bytes()))
                path.replace(kept / f"{_name(experiment)}.npz")


def _read(experiment: Experiment, values: dict[str, Any]) -> Result:
    """Raises KeyError, TypeError or ValueError where `values` make no result."""
    return Result(
        experiment=experiment,
        updates=int(values["updates"]),
        loss=_nan_for_null(values["loss"]),
        train_accuracy=_nan_for_null(values["train_accuracy"]),
        fresh_accuracy=_nan_for_null(values["fresh_accuracy"]),
        tie=bool(values["tie"]),
        diverged=bool(values["diverged"]),
        message=str(values["message"]),
        seconds=float(values["seconds"]),
        memory=None if values["memory"] is None else int(values["memory"]),
        loss_curve=tuple((int(update), float(loss)) for update, loss in values["loss_curve"]),
        fresh_curve=tuple((int(update), float(share)) for update, share in values["fresh_curve"]),
        trained=str(values["trained"]),
    )


def _nan_for_null(value: float | None) -> float:
    return math.nan if value is None else float(value)
