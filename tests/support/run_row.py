"""A run as the record keeps it."""

from __future__ import annotations

from toystory.progress.rows import RunRow

RUN = RunRow(
    session="a1",
    study="one update",
    place=0,
    of=1,
    altered=False,
    experiment={"name": "one update", "model": "LogisticRegression", "seed": 0},
    rates={},
    updates=40,
    loss=0.25,
    train_accuracy=1.0,
    fresh_accuracy=0.75,
    tie=False,
    outcome="done",
    message="made all 40 updates",
    seconds=1.5,
    at="2026-03-09T14:05:11+01:00",
    command="toystory train --model LogisticRegression",
    curves={"losses": [(0, 0.7), (40, 0.25)]},
)
