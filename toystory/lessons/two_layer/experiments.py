"""The four rows, twenty seeds of them, and Alex's load test."""

from __future__ import annotations

from dataclasses import replace

from toystory.course.truth_tables import XOR
from toystory.training.claim import at_least, between
from toystory.training.experiment import Experiment
from toystory.training.run import Sweep, over_seeds, over_setting

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
    """How often so many hidden units solve the four rows.

    Those that do end there; one of 1,760 sat at ½ ln 2 for 2,000 updates before it did.
    """
    recipe = replace(FOUR_ROWS, hidden=(hidden,), updates=3000, stop_at=1.0, evaluate_every=50)
    return over_seeds(f"{SEEDS} seeds, {hidden} hidden units", recipe, SEEDS)


def at_rows(rows: int, updates: int = 1000) -> Experiment:
    """Alex's two-layer network on so many rows of fifty bits.

    Args:
        rows: How many.
        updates: How many; he made 1,000.
    """
    return Experiment(
        name=f"50 columns, {rows:,} rows",
        model="TwoLayerNet",
        columns=50,
        hidden=(10,),
        weight_scale=0.01,
        rows=rows,
        updates=updates,
        optimizer="gradient descent",
        learning_rate=0.07,
        evaluate_every=25,
    )


SWEEPS = tuple(twenty_seeds(hidden) for hidden in (2, 3, 4, 8))
LOADS = (at_rows(10_000), replace(at_rows(100_000), batch=2_000))
"""Of 100,000 rows an update takes 2,000: all of his updates are made, and in less time than of 10,000."""
BARS = {2: between(10, 19, 0), 3: at_least(17, 0), 4: at_least(19, 0), 8: at_least(19, 0)}
"""Of sixty seeds 46, 59, 60 and 60 were seen to solve it."""

OPTIMISERS = over_setting(
    "three optimisers", replace(FOUR_ROWS, hidden=(8,)), "optimizer", ("gradient descent", "momentum", "adam")
)
"""With eight hidden units none of them gets stuck: with four, Adam does from one beginning in fifteen."""
RATES = over_setting("three learning rates", FOUR_ROWS, "learning_rate", (0.003, 0.3, 10.0))
"""Too small, right, too large."""
