"""The two diets once more, and forget gates that start more and more open."""

from __future__ import annotations

from dataclasses import replace

from toystory.training.experiment import Experiment

LONG_ROWS = Experiment(
    name="rows of 50 bits, forget bias 1",
    model="LSTM",
    columns=50,
    hidden=(16,),
    updates=200,
    batch=128,
    learning_rate=5e-3,
    clip=1.0,
)
"""At twice the rate two of twenty starts with a forget bias of 5 do not copy the first bit in 200 updates."""
OPENER = replace(LONG_ROWS, name="rows of 50 bits, forget bias 3", forget_bias=3.0)
WIDE_OPEN = replace(LONG_ROWS, name="rows of 50 bits, forget bias 5", forget_bias=5.0)
EVERY_LENGTH = replace(
    LONG_ROWS,
    name="rows of every length",
    lengths="one per batch",
    updates=2000,
    learning_rate=1.5e-2,
    stop_at=0.999,
    stop_after=100,
)
THOROUGH = replace(EVERY_LENGTH, name="2,000 updates", learning_rate=1e-2, stop_at=None, stop_after=0)
"""Taught on long after it is right on 50 bits: what its weights can do is asked of this one."""
