"""Checkpoints of a training: resumed, it goes on to the same figures as if it had never stopped.

What is kept is what the updates to come depend on: parameters, the gradients of the last batch, what the
optimiser remembers, where the random streams stand, and the last batch. Rows drawn once are not kept: they
come again from the seed.

The figures are the same to the last bit on the same machine with the same NumPy. They are others where the
equations are, so a file says which arithmetic it was written under (`training.arithmetic`).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.models.old_layout import rows_first
from toystory.models.parts.arrays import Parameters, in_one_block
from toystory.models.parts.batches import Batch
from toystory.training.checkpoints.arithmetic import arithmetic
from toystory.training.checkpoints.plain_values import as_plain, from_plain
from toystory.training.data import FixedBatches
from toystory.training.experiment import Experiment
from toystory.training.loop import Best, Progress, Training

FORMAT = 2
"""Before it, files had a note of the bytes of the models in place of the arithmetic, which was version 1."""
_FACTS = "facts"


class OtherArithmetic(ValueError):
    """It was written when the models computed something else."""


@dataclass(frozen=True)
class Checkpoint:
    """facts: values for JSON. arrays: copies, by name."""

    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]]

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays.values())

    def part(self, name: str) -> Checkpoint:
        """One of the checkpoints that `joined` put together."""
        start = f"{name}/"
        arrays = {key.removeprefix(start): a for key, a in self.arrays.items() if key.startswith(start)}
        return Checkpoint(self.facts[name], arrays)


def joined(facts: dict[str, Any], parts: Mapping[str, Checkpoint]) -> Checkpoint:
    """Several checkpoints as one.

    Args:
        facts: Values of the whole.
        parts: Checkpoints by name.
    """
    arrays = {f"{name}/{key}": a for name, part in parts.items() for key, a in part.arrays.items()}
    return Checkpoint(facts | {name: part.facts for name, part in parts.items()}, arrays)


def save(training: Training) -> Checkpoint:
    """All that `training` needs to be resumed; take it between two pulls."""
    optimizer, batches, batch = training.train_step.optimizer, training.batches, training.batch
    orders = batches.orders if isinstance(batches, FixedBatches) else None
    remembered = {name: getattr(optimizer, name) for name in optimizer.remembers}
    facts = {
        "experiment": as_plain(training.experiment),
        "progress": training.progress._asdict() if training.progress else None,
        "learning_rate": training.learning_rate,
        "reached_at": training.reached_at,
        "best": [training.best.update, training.best.loss] if training.best.parameters else None,
        "optimizer": {
            "learning_rate": optimizer.learning_rate,
            **{name: value for name, value in remembered.items() if not isinstance(value, dict)},
        },
        "batch_rng": training.batch_rng.bit_generator.state,
        "evaluation_rng": training.evaluation_rng.bit_generator.state,
        "epoch": [orders.before_epoch, orders.reached] if orders and orders.before_epoch else None,
        "batch": None if _comes_whole(training) else [*batch.x.shape, batch.y.ndim],
    }
    arrays = _named("parameters", training.model.parameters) | _named(
        "gradients", training.train_step.gradients
    )
    arrays |= _named("best", training.best.parameters)
    for name, value in remembered.items():
        if isinstance(value, dict):
            arrays |= _named(name, value)
    if facts["batch"] is not None:
        arrays |= {"batch/x": np.packbits(batch.x, axis=None), "batch/y": np.packbits(batch.y, axis=None)}
        if batch.lengths is not None:
            arrays["batch/lengths"] = batch.lengths.copy()
    return Checkpoint(facts, arrays)


def resume(checkpoint: Checkpoint, interrupt: Callable[[], None] | None = None) -> Training:
    """The training that `save` was called for, as it was.

    Args:
        checkpoint: Of a training.
        interrupt: Called between pieces of long work; raise from it to abandon the run.

    Raises:
        ValueError: Something does not fit.
    """
    facts, arrays = checkpoint.facts, checkpoint.arrays
    training = Training(from_plain(facts["experiment"]), interrupt)
    restore(training.model.parameters, arrays, "parameters")
    training.train_step.gradients = by_name(arrays, "gradients")
    optimizer = training.train_step.optimizer
    optimizer.learning_rate = facts["optimizer"]["learning_rate"]
    for name in optimizer.remembers:
        kept = facts["optimizer"].get(name)
        setattr(optimizer, name, by_name(arrays, name) if kept is None else kept)
    training.learning_rate = facts["learning_rate"]
    training.reached_at = facts.get("reached_at")
    if facts.get("best"):
        update, loss = facts["best"]
        training.best = Best(update, loss, by_name(arrays, "best"))
    training.progress = Progress(**facts["progress"]) if facts["progress"] else None
    if facts["batch"] is not None:
        training.batch = _batch(arrays, *facts["batch"])
    elif training.progress is not None:
        training.batch = next(training.batches)
    batches = training.batches
    if facts["epoch"] is not None and isinstance(batches, FixedBatches) and batches.orders is not None:
        batches.orders.go_to(*facts["epoch"])
    training.batch_rng.bit_generator.state = facts["batch_rng"]
    training.evaluation_rng.bit_generator.state = facts["evaluation_rng"]
    return training


def to_bytes(checkpoint: Checkpoint) -> bytes:
    """Write it as an .npz of arrays and one JSON text, no pickle, with a note of the arithmetic."""
    text = json.dumps(
        {"format": FORMAT, "arithmetic": arithmetic(_models(checkpoint.facts)), _FACTS: checkpoint.facts}
    )
    file = io.BytesIO()
    arrays: dict[str, Any] = {_FACTS: np.array(text), **checkpoint.arrays}
    np.savez(file, **arrays)
    return file.getvalue()


def from_bytes(contents: bytes, any_arithmetic: bool = False) -> Checkpoint:
    """Read what `to_bytes` wrote.

    Args:
        contents: Of a file.
        any_arithmetic: Whether it is not to go on: then it may be of another time.

    Raises:
        OtherArithmetic: It can't go on to the same figures.
        ValueError: It is none, or damaged.
    """
    try:
        with np.load(io.BytesIO(contents), allow_pickle=False) as file:
            arrays = dict(file)
        described = json.loads(str(arrays.pop(_FACTS)))
        facts = described[_FACTS]
        written = "1" if described["format"] == 1 else described["arithmetic"]
        same = described["format"] in (1, FORMAT) and written == arithmetic(_models(facts))
    except Exception as error:  # whatever zip, NumPy and JSON raise at a foreign or damaged file
        raise ValueError("it holds nothing that this program kept") from error
    if not (same or any_arithmetic):
        raise OtherArithmetic("it was written when the models computed something else")
    return Checkpoint(facts, arrays)


def _models(facts: dict[str, Any]) -> list[str]:
    """The models that are trained in a checkpoint: of one experiment, or of several."""
    return [values["model"] for values in (facts.get("experiments") or [facts["experiment"]])]


def restore(parameters: Parameters, arrays: Mapping[str, NDArray[Any]], name: str) -> None:
    """Fill parameters with what was kept.

    Args:
        parameters: Arrays by name, filled in place.
        arrays: Of a checkpoint.
        name: Under which they were kept.

    Raises:
        ValueError: They do not fit.
    """
    kept = by_name(arrays, name)
    if kept.keys() != parameters.keys():
        raise ValueError("its parameters are not those of the model")
    for key, parameter in parameters.items():
        if kept[key].shape != parameter.shape or kept[key].dtype != parameter.dtype:
            raise ValueError(f"{key} has another shape or dtype than in the model")
        parameter[...] = kept[key]


def model_arrays(parameters: Parameters) -> dict[str, NDArray[Any]]:
    """Copies of `parameters`, as `restore` finds them under "parameters"."""
    return _named("parameters", parameters)


def experiment_of(checkpoint: Checkpoint) -> Experiment:
    """What is trained. Raises ValueError."""
    return from_plain(checkpoint.facts["experiment"])


def _comes_whole(training: Training) -> bool:
    """Whether the last batch needs no keeping: there is none, or it is all rows as they are."""
    whole = isinstance(training.batches, FixedBatches) and training.batches.orders is None
    return training.progress is None or (whole and training.experiment.lengths == "full")


def _named(name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{name}/{key}": array.copy() for key, array in arrays.items()}


def by_name(arrays: Mapping[str, NDArray[Any]], name: str) -> dict[str, NDArray[Any]]:
    """Copies of arrays that were kept, in one block as an optimiser likes them.

    Args:
        arrays: Of a checkpoint.
        name: Under which they were kept.
    """
    found = {
        key.removeprefix(f"{name}/"): array for key, array in arrays.items() if key.startswith(f"{name}/")
    }
    return in_one_block(rows_first(found)) if found else {}


def _batch(arrays: Mapping[str, NDArray[Any]], rows: int, columns: int, dimensions: int) -> Batch:
    x = np.unpackbits(arrays["batch/x"], count=rows * columns).reshape(rows, columns)
    labels = rows * (columns if dimensions == 2 else 1)
    y = np.unpackbits(arrays["batch/y"], count=labels)
    return Batch(x, y.reshape(rows, columns) if dimensions == 2 else y, arrays.get("batch/lengths"))
