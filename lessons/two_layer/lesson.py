"""Keep it simple: the four rows solved, how often, and then fifty columns at Alex's settings."""

from __future__ import annotations

from dataclasses import replace

from lessons.catalogue import Chapter
from lessons.claim import Claim, at_least, between, rounds_to
from lessons.lesson import Lesson
from lessons.measures import fresh_accuracy, rows_right, solved
from lessons.run import Sweep, over_seeds
from lessons.tables import XOR
from lessons.two_layer.derivation import DERIVATION, SYMBOLS
from models.experiment import Experiment

FOUR_ROWS = Experiment(
    name="the four rows",
    model="TwoLayerNet",
    columns=2,
    hidden=(4,),
    weight_scale=0.5,
    given=XOR,
    updates=1000,
    optimizer="momentum",
    learning_rate=0.3,
    evaluate_every=10,
)
SEEDS = 20


def twenty_seeds(hidden: int) -> Sweep:
    """How often so many hidden units solve the four rows."""
    recipe = replace(FOUR_ROWS, hidden=(hidden,), updates=5000, stop_at=1.0, evaluate_every=50)
    return over_seeds(f"{SEEDS} seeds, {hidden} hidden units", recipe, SEEDS)


def at_rows(rows: int) -> Experiment:
    """Alex's two-layer network on so many rows of fifty bits."""
    return Experiment(
        name=f"50 columns, {rows:,} rows",
        model="TwoLayerNet",
        columns=50,
        hidden=(10,),
        weight_scale=0.01,
        rows=rows,
        updates=1000,
        optimizer="gradient descent",
        learning_rate=0.07,
        evaluate_every=25,
    )


SWEEPS = tuple(twenty_seeds(hidden) for hidden in (2, 3, 4, 8))
LOADS = (at_rows(10_000), at_rows(100_000))
BARS = {2: between(5, 18, 0), 3: at_least(15, 0), 4: at_least(19, 0), 8: at_least(19, 0)}


def lesson(chapter: Chapter) -> Lesson:
    return Lesson(
        chapter=chapter,
        derivation=DERIVATION,
        symbols=SYMBOLS,
        example=(1, 0),
        studies=(FOUR_ROWS, *SWEEPS, *LOADS),
        ends_with=FOUR_ROWS.name,
        claims=(
            Claim(
                "Four hidden units solve XOR: four rows of four are right",
                (FOUR_ROWS.name,),
                rows_right(FOUR_ROWS.name),
                rounds_to(4, 0),
            ),
            *(
                Claim(
                    f"Of {SEEDS} seeds, so many solve it with {hidden} hidden units",
                    (sweep.name,),
                    solved(sweep.name),
                    bar,
                )
                for (hidden, bar), sweep in zip(BARS.items(), SWEEPS, strict=True)
            ),
            *(
                Claim(
                    f"On {load.name}, it is right on about half of the fresh rows",
                    (load.name,),
                    fresh_accuracy(load.name),
                    between(0.47, 0.53),
                )
                for load in LOADS
            ),
        ),
    )
