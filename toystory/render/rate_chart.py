"""Loss against learning rate as curves of a chart: the powers of ten of the rate stand on the axis."""

from __future__ import annotations

import math

from toystory.render.chart import Axes, Series
from toystory.training.rate_finder import HIGHEST, LOWEST, RateCurve

AXES = Axes("power of ten of the rate", "loss", (math.log10(LOWEST), math.log10(HIGHEST)))


def series_of(curve: RateCurve) -> list[Series]:
    """The loss of each batch, and the smoothed one over it."""
    powers = [math.log10(rate) for rate in curve.rates]
    return [
        Series("each batch", powers, curve.losses, "earlier"),
        Series("smoothed", powers, curve.smoothed, "train"),
    ]
