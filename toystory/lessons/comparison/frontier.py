"""The frontier: how many bits can each model learn the parity of, given so many updates and no more?

Two edges of one map. All n columns count, n = 2 … 50; or k of 50 columns count, k = 1 … 8, the first ones,
and the rest say nothing. Every model has one recipe, those of the chapters, and a budget of updates, so
that the map is the same on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from toystory.lessons.attention.experiments import THINKING_ALOUD
from toystory.lessons.comparison.cells import MODELS
from toystory.lessons.lstm.experiments import THOROUGH
from toystory.lessons.rnn.experiments import FOUR_THOUSAND
from toystory.training.experiment import Experiment

COLUMNS = tuple(range(2, 51))
COUNTED = tuple(range(1, 9))
WIDEST = 50
COARSE = (2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 25, 30, 40, 50)
"""The columns that are tried first: they show the shape of the frontier, the others its course."""
LEARNT = 0.99
"""Right on this share of the rows drawn after training."""
MARKED = (
    "Learnt: right on 99 % of the rows drawn after training. Of n bits there are 2ⁿ rows: where n is small "
    "they were trained on too; from about 25 on nearly all of them are new."
)
"""How it is judged, for a reader."""

_STOP_AT, _EVALUATE_EVERY = 0.998, 50
RECIPES: dict[str, Experiment] = {
    "regression": Experiment(
        name="regression",
        model="LogisticRegression",
        columns=WIDEST,
        batch=256,
        updates=2000,
        learning_rate=1e-2,
        stop_at=_STOP_AT,
        evaluate_every=_EVALUATE_EVERY,
    ),
    "two-layer": Experiment(
        name="two-layer",
        model="TwoLayerNet",
        columns=WIDEST,
        hidden=(64,),
        weight_scale=0.5,
        batch=256,
        updates=10_000,
        learning_rate=1e-2,
        stop_at=_STOP_AT,
        evaluate_every=_EVALUATE_EVERY,
    ),
    "MLP": Experiment(
        name="MLP",
        model="MLP",
        columns=WIDEST,
        hidden=(128,),
        batch=256,
        updates=10_000,
        learning_rate=3e-3,
        stop_at=_STOP_AT,
        evaluate_every=_EVALUATE_EVERY,
    ),
    "RNN": replace(FOUR_THOUSAND, stop_at=_STOP_AT, evaluate_every=_EVALUATE_EVERY),
    "LSTM": replace(THOROUGH, stop_at=_STOP_AT, evaluate_every=_EVALUATE_EVERY),
    "attention": replace(THINKING_ALOUD, stop_at=_STOP_AT, stop_after=0, evaluate_every=_EVALUATE_EVERY),
}
"""New rows for every update. The MLP starts from Gaussian weights, as its width dial does; the RNN and the
LSTM get rows of every length; attention gets them too, thinks aloud and has a label for every
bit it writes."""


@dataclass(frozen=True)
class Point:
    """One cell of the map: `counted` of `columns` bits count."""

    model: str
    columns: int
    counted: int
    experiment: Experiment


def full_parity(models: tuple[str, ...] = MODELS, columns: tuple[int, ...] = COLUMNS) -> tuple[Point, ...]:
    """Points of the frontier at which all columns count.

    Args:
        models: Their names in the table.
        columns: Bits in a row.
    """
    return tuple(_point(model, n, n) for model in models for n in columns)


def part_of_fifty(models: tuple[str, ...] = MODELS, counted: tuple[int, ...] = COUNTED) -> tuple[Point, ...]:
    """Points of the frontier at which the first few of fifty columns count.

    Args:
        models: Their names in the table.
        counted: How many count.
    """
    return tuple(_point(model, WIDEST, k) for model in models for k in counted)


def _point(model: str, columns: int, counted: int) -> Point:
    relevant = None if counted == columns else tuple(range(counted))
    name = f"{model}, {counted} of {columns} columns count"
    return Point(
        model, columns, counted, replace(RECIPES[model], name=name, columns=columns, relevant=relevant)
    )
