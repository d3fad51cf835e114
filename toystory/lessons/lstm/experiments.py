"""The two diets once more."""

from __future__ import annotations

from dataclasses import replace

from toystory.training.experiment import Experiment

LONG_ROWS = Experiment(
    name="rows of 50 bits",
    model="LSTM",
    columns=50,
    hidden=(16,),
    updates=1500,
    batch=128,
    learning_rate=1e-2,
    clip=1.0,
)
EVERY_LENGTH = replace(LONG_ROWS, name="rows of every length", lengths="one per batch", updates=2000)
