"""What may reach a picture: numbers, or NaN where there is none."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toystory.models.parts.arrays import FloatArray

Mask = NDArray[np.bool_]
"""True or false, one a unit, row or cell."""


def drawable(values: FloatArray) -> FloatArray:
    """`values` with NaN in the place of ±∞, of the same shape and dtype."""
    kept: FloatArray = np.where(np.isfinite(values), values, values.dtype.type(np.nan))
    return kept


def number(value: float) -> float:
    """`value` as a float, NaN if it is ±∞."""
    return float(value) if math.isfinite(value) else math.nan


def extent(values: FloatArray) -> float:
    """The greatest distance from 0 among the finite `values`; 0 where there is none."""
    finite = np.isfinite(values)
    return float(np.abs(values[finite]).max(initial=0))


def norm(values: FloatArray) -> float:
    """√Σ v² over all `values`, summed in float64; NaN where it is not finite."""
    with np.errstate(all="ignore"):
        return number(float(np.linalg.norm(values.astype(np.float64).ravel())))
