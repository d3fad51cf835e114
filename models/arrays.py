"""The array types that every signature in this package uses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]
"""Real numbers: float32 in training, float64 where a gradient is checked."""

Bits = NDArray[np.uint8]
"""Zeros and ones, one byte each."""

Lengths = NDArray[np.intp]
"""How many bits of each row count, (rows,)."""

Cache = dict[str, Any]
"""Every named intermediate value of one forward pass, and, after `backward`, of the backward pass."""

Parameters = dict[str, FloatArray]
"""Arrays by name; gradients have the same names and shapes."""


def column_sums(a: FloatArray) -> FloatArray:
    """Σ over the rows of `a` (rows, units): (units,).

    A product with ones, since NumPy's own sum along the first axis is many times slower on narrow arrays.
    """
    sums: FloatArray = np.ones(len(a), a.dtype) @ a
    return sums
