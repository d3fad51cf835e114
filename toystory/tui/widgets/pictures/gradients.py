"""How much gradient reaches the bits far from the end."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from toystory.course.analysis.gradient_flow import GradientFlow, gradient_flow
from toystory.models.lstm import LSTM
from toystory.models.parts.arrays import Bits
from toystory.models.recurrent import RecurrentModel
from toystory.models.rnn import RNN
from toystory.render.chart import Axes, Series
from toystory.training.data import random_bits
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene, chart

STEPS, ROWS = 50, 8
LEARNT = 0.05
"""A model that is off by no more than this, in the mean, has next to nothing left to learn."""
LEAST = 1e-12
"""Nothing smaller is drawn: to a first weight of usual size it makes no difference any more."""


@lru_cache(maxsize=16)
def untrained(model: str, hidden: int, seed: int) -> GradientFlow:
    """The flow through an RNN or LSTM that has learnt nothing.

    Args:
        model: The model.
        hidden: Units.
        seed: Of its first weights.
    """
    fresh = RNN(hidden, seed=seed) if model == "RNN" else LSTM(hidden, seed=seed)
    return gradient_flow(fresh, _rows())


def draw(scene: Scene, room: Room) -> Drawing:
    """Gradient against distance from the end: this model, and both kinds untrained.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, RecurrentModel)
    hidden, seed = scene.experiment.hidden[0], scene.experiment.seed
    labels = scene.experiment.task.whole_rows(_rows()).y
    now = gradient_flow(model, _rows(), labels)
    curves = [
        _series("untrained RNN", untrained("RNN", hidden, seed), "second"),
        _series("LSTM", untrained("LSTM", hidden, seed), "third"),
        _series("this model", now, "first"),
    ]
    axes = Axes("bits before the end", "gradient", (0.0, STEPS - 1.0), log_y=room.log)
    error = float(np.abs(model.predict_proba(_rows()) - labels).mean())
    return Drawing(chart(curves, axes, room), _caption(scene, now, error))


def _caption(scene: Scene, flow: GradientFlow, error: float) -> str:
    factor, share = flow.per_step, _left(flow)
    if np.isnan(flow.hidden).all():
        return "The gradient is no number any more: the training has diverged."
    if not scene.update:
        return (
            f"Untrained: each step back leaves {factor:.2g} of the gradient, {share} of it reaches the first "
            "of 50 bits."
        )
    if error < LEARNT:
        # Its curve is the steepest of all, and that is no fault: units at their ends let little through.
        return f"It has learnt: little error is left to send back, and each step leaves {factor:.2g} of that."
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
