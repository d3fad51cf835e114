"""tanh and σ through one exponential each.

NumPy computes exp of float32 many numbers at a time on every processor, tanh and log1p only on some:
elsewhere they may take several times as long. The error is that of rounding 1: two units in its last place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from toystory.models.parts.arrays import FloatArray


class Exponentials:
    """The functions for one dtype. Their numbers are arrays: a Python number would be made one at every call.

    What overflows becomes infinite and leaves the right limit: call them where NumPy's warnings are off.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self.one, self.two, self.minus_two = (np.array(number, dtype) for number in (1, 2, -2))

    def tanh(self, z: FloatArray, out: FloatArray) -> None:
        """tanh z = 2 / (1 + e^−2z) − 1.

        Args:
            z: Of any shape.
            out: Of the same shape; it may be `z`.
        """
        np.multiply(z, self.minus_two, out=out)
        self.tanh_of_doubled(out)

    def tanh_of_doubled(self, a: FloatArray) -> None:
        """tanh z in place, where −2z stands: where a product made z, its weights may as well make that."""
        np.exp(a, out=a)
        np.add(a, self.one, out=a)
        np.divide(self.two, a, out=a)
        np.subtract(a, self.one, out=a)

    def sigmoid(self, a: FloatArray) -> None:
        """σ(z) = 1 / (1 + e^−z) in place, where z stands."""
        np.negative(a, out=a)
        np.exp(a, out=a)
        np.add(a, self.one, out=a)
        np.divide(self.one, a, out=a)
