"""A run put down and brought back: its curves and figures, and its model or the training to go on with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

import numpy as np

from toystory.models.history import History
from toystory.models.model import Model
from toystory.training.checkpoint import (
    Checkpoint,
    experiment_of,
    joined,
    model_arrays,
    restore,
    resume,
    save,
)
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress, Training
from toystory.training.plain_values import as_plain
from toystory.training.run import Run

CURVES = ("losses", "train_accuracies", "fresh_accuracies")
FIGURES = ("seconds", "train_accuracy", "fresh_accuracy", "tie", "finished")


def keep_run(run: Run) -> Checkpoint:
    """All there is to know of a run: take it between two pulls, or when it is finished."""
    facts = {
        "experiment": as_plain(run.experiment),
        "progress": asdict(run.progress) if run.progress else None,
        "figures": {name: getattr(run, name) for name in FIGURES},
        "curves": {name: [getattr(run, name).stride, getattr(run, name).offered] for name in CURVES},
    }
    if run.finished:
        kept = Checkpoint(facts, model_arrays(run.model.parameters))
    else:
        kept = joined(facts, {"training": save(run.training)})
    for name in CURVES:
        kept.arrays[f"curves/{name}"] = np.array(getattr(run, name).points, float).reshape(-1, 2)
    return kept


def run_of(kept: Checkpoint, interrupt: Callable[[], None] | None = None) -> Run:
    """The run as it was; one that is not finished goes on when it is iterated over.

    Its rows are drawn when it goes on, not now. Raises ValueError where something is missing or does not fit.
    """
    try:
        return _run_of(kept, interrupt)
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"a run was not kept whole: {error}") from error


def _run_of(kept: Checkpoint, interrupt: Callable[[], None] | None) -> Run:
    experiment = experiment_of(kept)
    run = Run(experiment, interrupt)
    progress = kept.facts["progress"]
    run.progress = Progress(**progress) if progress else None
    for name, value in kept.facts["figures"].items():
        setattr(run, name, value)
    for name in CURVES:
        points = [(int(update), float(value)) for update, value in kept.arrays[f"curves/{name}"]]
        setattr(run, name, History.of(points, *kept.facts["curves"][name]))
    if run.finished:
        run.interrupt = None
        run.bring_back(model=_model(experiment, kept))
    else:
        training = kept.part("training")
        _model(experiment, training)  # now is the time to find that something does not fit
        run.bring_back(begin=partial(resume, training, interrupt))
    return run


def only_curves(run: Run) -> Run:
    """Of a run long over: its figures and curves, without the model."""
    run.finished = True
    run.bring_back(begin=_no_model)
    return run


def _no_model() -> Training:
    raise LookupError("the model of this run was not kept")


def _model(experiment: Experiment, kept: Checkpoint) -> Model:
    model = experiment.build_model()
    restore(model.parameters, kept.arrays, "parameters")
    return model
