"""The end of every model: a logit becomes a loss and the error that goes back, in place."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike


class Answers:
    """Buffers for so many labelled logits: `z` and `y` are filled in, `loss` makes `dz` of them."""

    steps = 1

    def __init__(self, answers: int, dtype: DTypeLike) -> None:
        self.z, self.y, self.dz, self._losses, self._work, self._u, self._zeros = np.zeros(
            (7, answers), dtype
        )
        self._half, self._one = np.array(0.5, dtype), np.array(1, dtype)

    def loss(self) -> float:
        """The mean loss; fills `dz` with (σ(z) − y) / answers.

        L = max(z, 0) − y z + log(1 + e) with e = e^−|z|, as in models/loss.py, and
        σ(z) = ½ ± ½ (1 − e) / (1 + e), with the sign of z.
        The logarithm of u = 1 + e is mended by what u lost in rounding, (e − (u − 1)) / u, so that a small
        loss stays exact: log1p would do the same ten times slower.
        """
        z, y, dz, losses, work, u = self.z, self.y, self.dz, self._losses, self._work, self._u
        np.abs(z, out=losses)
        np.negative(losses, out=losses)
        np.exp(losses, out=losses)  # e
        np.add(losses, self._one, out=u)
        np.subtract(self._one, losses, out=dz)
        np.subtract(u, self._one, out=work)
        losses -= work
        losses /= u
        np.log(u, out=work)
        losses += work
        dz /= u
        np.multiply(y, z, out=u)
        np.maximum(z, self._zeros, out=work)  # an array of zeros: with the number 0 it is five times slower
        work -= u
        losses += work

        dz *= self._half
        np.copysign(dz, z, out=dz)
        dz += self._half
        dz -= y
        dz *= 1 / len(z)
        return float(losses.sum()) / len(z)
