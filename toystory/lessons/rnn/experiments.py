"""Alex's settings, the two diets, and long rows where the controls hold."""

from __future__ import annotations

from dataclasses import replace

from toystory.training.experiment import Experiment
from toystory.training.run import over_setting


def as_alex_did_it(rows: int, updates: int) -> Experiment:
    """Alex's network and learning rate on so many rows at once; he made 1,000 updates.

    Args:
        rows: Of fifty bits.
        updates: How many.
    """
    return Experiment(
        name=f"as Alex did it, {rows:,} rows, {updates} of his 1,000 updates",
        model="RNN",
        columns=50,
        hidden=(25,),
        weight_scale=0.01,
        signed=False,
        rows=rows,
        updates=updates,
        optimizer="gradient descent",
        learning_rate=0.07,
        evaluate_every=max(5, updates // 10),
    )


ALEX = replace(as_alex_did_it(10_000, updates=5), batch=1_000)
LONG_ROWS = Experiment(
    name="rows of 50 bits",
    model="RNN",
    columns=50,
    hidden=(16,),
    updates=300,
    batch=128,
    learning_rate=7e-3,
    clip=1.0,
)
QUIET_BITS = replace(LONG_ROWS, name="rows of 50 bits that speak quietly", bit_scale=0.1)
"""The same, with first weights from the bits a tenth as large: later bits do not drown the first."""
EVERY_LENGTH = replace(
    LONG_ROWS,
    name="rows of every length",
    lengths="one per batch",
    updates=8000,
    learning_rate=5e-3,
    stop_at=0.999,
    stop_after=300,
)
CLIPS = over_setting(
    "plain descent, clipped or not",
    replace(EVERY_LENGTH, updates=4000, optimizer="gradient descent", learning_rate=0.5, stop_after=0),
    "clip",
    (1.0, None),
)
FOUR_THOUSAND = replace(
    EVERY_LENGTH, name="4,000 updates", updates=4000, learning_rate=7e-3, stop_at=None, stop_after=0
)
"""The recipe of which one thing at a time is changed: all make the same updates, learnt or not."""
