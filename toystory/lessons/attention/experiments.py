"""One machine, asked at once and thinking aloud, with the factor that keeps it sharp and without."""

from __future__ import annotations

from dataclasses import replace

from toystory.lessons.two_layer.experiments import FOUR_ROWS
from toystory.training.experiment import Experiment

THINKING_ALOUD = Experiment(
    name="thinking aloud",
    model="Attention",
    columns=50,
    hidden=(16,),
    lengths="one per batch",
    labels="every step",
    updates=2000,
    batch=64,
    learning_rate=2e-2,
    clip=1.0,
    stop_at=0.999,
    stop_after=300,
)
AT_ONCE = replace(
    THINKING_ALOUD, name="the answer at once", thinks_aloud=False, labels="end", updates=500, stop_at=None
)
"""A coin from 59 of 60 starts; the control copies a bit after 100 updates. The rate is large, and the answers
to 50 bits wander: after 300 updates 2 of 60 are further from a half than the claim allows, after 400 five."""
NOT_SCALED = replace(THINKING_ALOUD, name="without the factor", scale_scores=False)
GATE = replace(FOUR_ROWS, name="the gate of chapter three")
"""Learnt on the four rows of two bits; its copies are wired, and nothing more is learnt."""
