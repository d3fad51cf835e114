"""The load test, at Alex's settings."""

from __future__ import annotations

from toystory.training.experiment import Experiment


def at_rows(rows: int, updates: int) -> Experiment:
    """Alex's regression on so many rows of fifty bits."""
    return Experiment(
        name=f"{rows:,} rows",
        model="LogisticRegression",
        columns=50,
        rows=rows,
        updates=updates,
        optimizer="gradient descent",
        learning_rate=0.07,
        evaluate_every=max(1, updates // 40),
    )


STUDIES = (at_rows(10_000, 1000), at_rows(100_000, 1000), at_rows(1_000_000, 15))
