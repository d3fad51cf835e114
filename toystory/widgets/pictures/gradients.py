"""How much gradient reaches the bits far from the end."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from lessons.inside.gradient_flow import GradientFlow, gradient_flow
from models.arrays import Bits
from models.bits import random_bits
from models.lstm import LSTM
from models.recurrent import RecurrentModel
from models.rnn import RNN
from toystory.chart import Axes, Series
from toystory.widgets.pictures.scene import Drawing, Room, Scene, chart

STEPS, ROWS = 50, 8
LEAST = 1e-12
"""Nothing smaller is drawn: to a first weight of usual size it makes no difference any more."""


@lru_cache(maxsize=16)
def untrained(model: str, hidden: int, seed: int) -> GradientFlow:
    """The flow through an RNN or LSTM that has learnt nothing."""
    fresh = RNN(hidden, seed=seed) if model == "RNN" else LSTM(hidden, seed=seed)
    return gradient_flow(fresh, _rows())


def draw(scene: Scene, room: Room) -> Drawing:
    """Gradient against distance from the end: this model, and both kinds untrained."""
    model = scene.model
    assert isinstance(model, RecurrentModel)
    hidden, seed = scene.experiment.hidden[0], scene.experiment.seed
    now = gradient_flow(model, _rows())
    curves = [
        _series("RNN, untrained", untrained("RNN", hidden, seed), "second"),
        _series("LSTM, untrained", untrained("LSTM", hidden, seed), "third"),
        _series("this model", now, "first"),
    ]
    axes = Axes("bits before the end", "gradient", (0.0, STEPS - 1.0), log_y=room.log)
    return Drawing(chart(curves, axes, room), _caption(scene, now))


def _caption(scene: Scene, flow: GradientFlow) -> str:
    factor, share = flow.per_step, _left(flow)
    if np.isnan(flow.hidden).all():
        return "The gradient is no number any more: the training has diverged."
    if not scene.update:
        return (
            f"Untrained: each step back leaves {factor:.2g} of the gradient, {share} of it reaches the first "
            "of 50 bits; that is why long rows are hard to learn."
        )
    if factor < 0.98:
        return (
            f"Each step back leaves {factor:.2g} of the gradient: {share} of it reaches the first of 50 bits."
        )
    return f"Each step back multiplies the gradient by {factor:.3g}: the first of 50 bits is still heard."


def _left(flow: GradientFlow) -> str:
    end, start = flow.hidden[0], flow.hidden[-1]
    share = start / end if end else np.nan
    return f"{share:.2g}" if share >= 1e-3 else "next to nothing" if share > 0 else "nothing"


def _series(label: str, flow: GradientFlow, role: str) -> Series:
    heights = [float(g) if g > LEAST else None for g in flow.hidden]
    return Series(label, flow.distances.tolist(), heights, role)


@lru_cache(maxsize=1)
def _rows() -> Bits:
    return random_bits(np.random.default_rng(0), ROWS, STEPS)
