"""Small models of two units, trained for the purpose: their numbers can be read one by one."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from toystory.course.truth_tables import XOR
from toystory.models.model import Model
from toystory.training.data import truth_table
from toystory.training.experiment import Experiment
from toystory.training.loop import Training
from toystory.training.settings import ModelName

ENOUGH = 0.1
"""At this mean loss on all rows the training ends: later the errors are too small to be read."""
LOOK = 10
"""Updates between two measurements of it."""

_BITS = Experiment(
    name="small RNN of 2 units: parity of at most 5 bits",
    model="RNN",
    columns=5,
    hidden=(2,),
    lengths="one per batch",
    updates=2000,
    batch=32,
    learning_rate=2e-2,
    clip=1.0,
    dtype="float64",
)
_TWO_LAYERS = Experiment(
    name="small net of 2 units: xor of two bits",
    model="TwoLayerNet",
    columns=2,
    hidden=(2,),
    weight_scale=0.5,
    given=XOR,
    updates=1000,
    optimizer="momentum",
    learning_rate=0.3,
    dtype="float64",
)
SMALL: dict[ModelName, Experiment] = {
    "TwoLayerNet": _TWO_LAYERS,
    "AutogradNet": replace(_TWO_LAYERS, model="AutogradNet"),
    "MLP": replace(
        _TWO_LAYERS,
        name="small MLP of 2 and 2 units: xor of two bits",
        model="MLP",
        hidden=(2, 2),
        weight_scale=None,
        updates=1500,
        optimizer="adam",
        learning_rate=1e-2,
        seed=78,
    ),
    "RNN": _BITS,
    "LSTM": replace(
        _BITS,
        name="small LSTM of 2 cells: parity of at most 5 bits",
        model="LSTM",
        learning_rate=3e-2,
        seed=1,
    ),
    "Attention": replace(
        _BITS,
        name="small attention of 2 units: parity of at most 5 bits",
        model="Attention",
        width=2,
        labels="every step",
        learning_rate=3e-2,
        seed=18,
    ),
}
"""By the model; logistic regression has no units to be made fewer. Seeds that are known to learn it."""


def small_of(experiment: Experiment) -> Experiment | None:
    """The small experiment with the model of another one; None where that has no units."""
    return SMALL.get(experiment.model)


@cache
def small_model(experiment: Experiment) -> Model:
    """Train a small model until it is right on all rows and sure enough; the second time it is there already.

    Args:
        experiment: One of `SMALL`. It takes less than a second.
    """
    training = Training(experiment)
    rows = experiment.task.whole_rows(truth_table(experiment.columns))
    for progress in training:
        if progress.update % LOOK == 0 and training.train_step.evaluate(rows)[1] <= ENOUGH:
            break
    return training.model
