"""The curves that units send their sums through, and the slopes of them: as points to draw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from toystory.models.parts.activations import ACTIVATIONS
from toystory.models.parts.arrays import FloatArray

WIDTH = 5.0
"""Sums from minus this to this are drawn."""
POINTS = 201


class Curve(NamedTuple):
    """A curve and its slope.

    Attributes:
        name: Of the curve.
        z: The sums, (POINTS,).
        a: What comes out, (POINTS,).
        slope: How steep it is there, da/dz, (POINTS,).
        formula: The slope in signs.
    """

    name: str
    z: FloatArray
    a: FloatArray
    slope: FloatArray
    formula: str


SLOPES = {"sigmoid": "a (1 − a)", "tanh": "1 − a²", "relu": "1 above 0, else 0"}
"""The slope of each curve, by the height `a` that it has there."""
NAMES = tuple(SLOPES)


def curve(name: str) -> Curve:
    """One of NAMES, computed by the very functions that the models use.

    Args:
        name: Of the curve.
    """
    function, derivative = ACTIVATIONS[name]
    z = np.linspace(-WIDTH, WIDTH, POINTS)
    a = function(z)
    return Curve(name, z, a, derivative(a), SLOPES[name])
