"""The end of every model: a logit becomes a loss and the error that goes back, in place."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import DTypeLike

FEW = 8
"""Up to so many answers Python's own numbers are quicker than a call of NumPy for every step."""


class Answers:
    """Buffers for so many labelled logits: `z` and `y` are filled in, `loss` makes `dz` of them."""

    steps = 1

    def __init__(self, answers: int, dtype: DTypeLike) -> None:
        self.z, self.y, self.dz, self._losses, self._work, self._u, self._zeros = np.zeros(
            (7, answers), dtype
        )
        self._half, self._one = np.array(0.5, dtype), np.array(1, dtype)
        self._share = np.array(1 / max(answers, 1), dtype)
        self._few = answers <= FEW

    def loss(self) -> float:
        """The mean loss; fills `dz` with (σ(z) − y) / answers.

        L = max(z, 0) − y z + log(1 + e) with e = e^−|z|, as in models/parts/loss.py, and
        σ(z) = ½ ± ½ (1 − e) / (1 + e), with the sign of z.
        The logarithm of u = 1 + e is mended by what u lost in rounding, (e − (u − 1)) / u, so that a small
        loss stays exact: log1p would do the same ten times slower.
        """
        if self._few:
            return self._loss_of_few()
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
        dz *= self._share
        return float(losses.sum()) / len(z)

    def _loss_of_few(self) -> float:
        """The same, answer by answer."""
        total, answers = 0.0, len(self.z)
        for k, (z, y) in enumerate(zip(self.z.tolist(), self.y.tolist(), strict=True)):
            loss, error = loss_and_error(z, y)
            total += loss
            self.dz[k] = error / answers
        return total / answers


def loss_and_error(z: float, y: float) -> tuple[float, float]:
    """Of one answer the loss, and σ(z) − y: σ(z) is 1 / (1 + e) where z is above 0, else e / (1 + e).

    Args:
        z: The logit.
        y: The label, 0 or 1.
    """
    e = math.exp(-abs(z))
    loss = (z if z > 0 else 0.0) - y * z + math.log1p(e)
    return loss, (1 if z > 0 else e) / (1 + e) - y
