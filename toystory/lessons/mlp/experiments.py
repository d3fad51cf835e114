"""The tower, learning by heart, the width dial and the gate for fifty switches."""

from __future__ import annotations

from dataclasses import replace

from toystory.training.experiment import Experiment
from toystory.training.run import over_columns, over_setting


def tower(rows: int) -> Experiment:
    """Alex's 50-4-3-1 on so many rows."""
    return Experiment(
        name=f"the tower, {rows:,} rows",
        model="MLP",
        columns=50,
        hidden=(4, 3),
        first_weights="gaussian",
        weight_scale=0.01,
        signed=False,
        rows=rows,
        updates=30,
        optimizer="gradient descent",
        learning_rate=0.5,
        evaluate_every=1,
    )


TOWERS = (tower(10_000), tower(100_000), replace(tower(1_000_000), batch=100_000))


def fair_tower(rows: int) -> Experiment:
    """Alex's tower where its control holds: first weights ten times as large, bits −1 and +1, more updates.

    Rate, layers and optimiser are his. An update takes at most 10,000 of the rows: all sizes cost alike.
    """
    return replace(
        tower(rows),
        name=f"the tower, trained fairly, {rows:,} rows",
        weight_scale=0.1,
        signed=True,
        batch=10_000,
        updates=600,
        evaluate_every=20,
    )


FAIR_TOWER = fair_tower(10_000)

WIDE = Experiment(
    name="learning by heart",
    model="MLP",
    columns=50,
    hidden=(512,),
    rows=10_000,
    updates=1000,
    batch=512,
    learning_rate=6e-3,
)

EARLY = replace(WIDE, name="by heart, stopped early", patience=150)
"""It ends where the loss on validation rows has not fallen for 150 updates, and keeps the best weights."""
DECAYED = replace(WIDE, name="by heart, with weight decay", weight_decay=0.01)

DIAL_COLUMNS = (2, 4, 6, 8, 10, 12, 14)
DIAL = over_columns(
    "the dial",
    Experiment(
        name="the dial",
        model="MLP",
        columns=2,
        hidden=(96,),
        updates=30_000,
        batch=256,
        learning_rate=5e-3,
        stop_at=1.0,
    ),
    DIAL_COLUMNS,
)

PLUS_OR_MINUS = Experiment(
    name="±1 first weights",
    model="MLP",
    columns=50,
    hidden=(256,),
    first_weights="shared signs",
    updates=1750,
    batch=512,
    learning_rate=1e-2,
    final_learning_rate=1 / 50,
    evaluate_every=50,
)
SIGNS_ALONE = replace(
    PLUS_OR_MINUS,
    name="±1 first weights, every unit its own",
    first_weights="signs",
    updates=24_000,
    learning_rate=9e-3,
    evaluate_every=100,
)
"""As it was first found: 256 different rows of signs, no biases. A narrow road, over ten times as long."""
BATCHES = over_setting("batches of 16, 128 and 512", PLUS_OR_MINUS, "batch", (16, 128, 512))
BELL_CURVE = replace(PLUS_OR_MINUS, name="Gaussian first weights", first_weights="he")
