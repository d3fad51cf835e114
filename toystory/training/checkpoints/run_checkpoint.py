"""A run as a checkpoint and back: its curves and figures, and its model or the training to go on with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from toystory.models.model import Model
from toystory.models.parts.history import History
from toystory.training.checkpoints.checkpoint import (
    Checkpoint,
    experiment_of,
    joined,
    model_arrays,
    restore,
    resume,
    save,
)
from toystory.training.checkpoints.plain_values import as_plain
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress, Training
from toystory.training.run import CURVES, Run

FIGURES = ("seconds", "train_accuracy", "fresh_accuracy", "tie", "finished")


def checkpoint_of_run(run: Run) -> Checkpoint:
    """Take all there is to know of a run, between two updates or when it is finished."""
    facts = {
        "experiment": as_plain(run.experiment),
        "progress": run.progress._asdict() if run.progress else None,
        "figures": {name: getattr(run, name) for name in FIGURES},
        "curves": {name: [getattr(run, name).stride, getattr(run, name).offered] for name in CURVES},
    }
    if run.finished:
        checkpoint = Checkpoint(facts, model_arrays(run.model.parameters))
    else:
        checkpoint = joined(facts, {"training": save(run.training)})
    for name in CURVES:
        checkpoint.arrays[f"curves/{name}"] = np.array(getattr(run, name).points, float).reshape(-1, 2)
    return checkpoint


def run_of_checkpoint(checkpoint: Checkpoint, interrupt: Callable[[], None] | None = None) -> Run:
    """Make the run that a checkpoint was taken of; iterated over it goes on, unless it is finished.

    Args:
        checkpoint: Of `checkpoint_of_run`. Its rows to learn from are drawn when the run goes on.
        interrupt: Called between pieces of long work; what it raises ends the run.

    Raises:
        ValueError: Something is missing or does not fit.
    """
    try:
        return _run_of(checkpoint, interrupt)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"a run was not kept whole: {error}") from error


def _run_of(checkpoint: Checkpoint, interrupt: Callable[[], None] | None) -> Run:
    experiment = experiment_of(checkpoint)
    run = Run(experiment, interrupt)
    progress = checkpoint.facts["progress"]
    run.progress = Progress(**progress) if progress else None
    for name, value in checkpoint.facts["figures"].items():
        setattr(run, name, value)
    for name in checkpoint.facts["curves"]:  # one of before may have fewer
        points = [(int(update), float(value)) for update, value in checkpoint.arrays[f"curves/{name}"]]
        setattr(run, name, History.of(points, *checkpoint.facts["curves"][name]))
    if run.finished:
        run.interrupt = None
        run.restore(model=_model(experiment, checkpoint))
    else:
        training = checkpoint.part("training")
        _model(experiment, training)  # now is the time to find that something does not fit
        run.restore(begin=partial(resume, training, interrupt))
    return run


def without_model(run: Run) -> Run:
    """Say of a run long over that there are its figures and curves alone; `run.model` raises LookupError."""
    run.finished = True
    run.restore(begin=_no_model)
    return run


def _no_model() -> Training:
    raise LookupError("the model of this run was not kept")


def _model(experiment: Experiment, checkpoint: Checkpoint) -> Model:
    model = experiment.build_model()
    restore(model.parameters, checkpoint.arrays, "parameters")
    return model
