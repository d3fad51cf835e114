"""The load test, at Alex's settings."""

from __future__ import annotations

from dataclasses import replace

from toystory.training.experiment import Experiment


def at_rows(rows: int, updates: int) -> Experiment:
    """Alex's regression on so many rows of fifty bits.

    Args:
        rows: How many.
        updates: How many.
    """
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


STUDIES = (at_rows(10_000, 1000), replace(at_rows(100_000, 1000), batch=2_000), at_rows(1_000_000, 15))
"""Of 100,000 rows an update takes 2,000, so that his thousand updates take no longer than those of 10,000."""


def counting_line(columns: int) -> Experiment:
    """A line that nobody trained: it counts the ones, and says 1 from half of them on."""
    return Experiment(
        name=f"a line set by hand: it counts {columns} bits",
        model="LogisticRegression",
        columns=columns,
        start=(*(1.0,) * columns, -(columns - 1) / 2),
        batch=1,
        updates=0,
        optimizer="gradient descent",
        learning_rate=0.07,
    )


COUNTING = counting_line(50)
