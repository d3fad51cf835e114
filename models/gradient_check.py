"""Is the backward pass right? Ask the forward pass, which knows nothing of it.

A gradient is a slope, and a slope can be measured: move one parameter a little up and a little down, and
see how the loss changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.arrays import FloatArray, Lengths, Parameters
from models.model import Model

STEP = 1e-6


@dataclass(frozen=True)
class GradientCheck:
    """One parameter array: what `backward` says, what central differences measure, how far apart.

    relative_difference: ‖analytic − measured‖ / (‖analytic‖ + ‖measured‖), 0 where both are zero.
    """

    name: str
    analytic: FloatArray
    measured: FloatArray

    @property
    def relative_difference(self) -> float:
        scale = float(np.linalg.norm(self.analytic) + np.linalg.norm(self.measured))
        return float(np.linalg.norm(self.analytic - self.measured)) / scale if scale else 0.0


def measured_gradients(
    model: Model, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None, step: float = STEP
) -> Parameters:
    """Central differences, [L(θ + step) − L(θ − step)] / (2 step), for every number of every parameter."""
    if model.dtype != np.float64:
        raise ValueError(f"the model computes in {model.dtype}: a gradient check needs dtype=np.float64")
    measured = {}
    for name, parameter in model.parameters.items():
        slopes = np.zeros_like(parameter)
        for index in np.ndindex(parameter.shape):
            kept = parameter[index]
            losses = []
            for moved in (kept + step, kept - step):
                parameter[index] = moved
                losses.append(model.loss(x, y, lengths))
            parameter[index] = kept
            slopes[index] = (losses[0] - losses[1]) / (2 * step)
        measured[name] = slopes
    return measured


def gradient_check(
    model: Model, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None, step: float = STEP
) -> list[GradientCheck]:
    """Compare `backward` with central differences, parameter by parameter.

    A right backward pass agrees to a relative 1e-6 or better in float64. Raises ValueError in float32.
    """
    measured = measured_gradients(model, x, y, lengths, step)
    _, gradients = model.loss_and_gradients(x, y, lengths)
    return [GradientCheck(name, gradients[name], measured[name]) for name in model.parameters]
