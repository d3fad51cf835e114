"""One update after another: the part of training that every run shares, whatever its data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from models.arrays import Parameters
from models.bits import Batch
from models.optimizers import Adam, GradientDescent, Momentum, Optimizer, clip_by_norm, gradient_norm

if TYPE_CHECKING:
    from models.model import Model

DIVERGED_ABOVE = 1e4
"""A mean loss beyond this has left the road for good: a coin toss costs 0.69."""

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient descent": GradientDescent,
    "momentum": Momentum,
    "adam": Adam,
}


def make_optimizer(name: str, learning_rate: float) -> Optimizer:
    """An optimiser by its name. Raises ValueError where there is none, or learning rate ≤ 0."""
    if name not in OPTIMIZERS:
        raise ValueError(f"optimizer is {name!r}: expected one of {', '.join(OPTIMIZERS)}")
    if not learning_rate > 0:
        raise ValueError(f"learning rate is {learning_rate}: expected a number above zero")
    return OPTIMIZERS[name](learning_rate)


class Descent:
    """A model on its way down: `look` at a batch, `apply` the update that follows from it.

    Looking comes first, so that loss and gradients belong to the weights that the model has in between.
    clip: the longest gradient let through, above zero, None for any.
    """

    def __init__(self, model: Model, optimizer: Optimizer, clip: float | None) -> None:
        if clip is not None and not clip > 0:
            raise ValueError(f"clip is {clip}: expected a number above zero")
        self.model, self.optimizer, self.clip = model, optimizer, clip
        self.gradients: Parameters = {}
        """Of the last look, clipped, not yet applied."""

    def look(self, batch: Batch) -> tuple[float, float]:
        """The loss of `batch`, and the norm of its gradients before clipping."""
        with np.errstate(all="ignore"):
            loss, self.gradients = batch_loss_and_gradients(self.model, batch)
            norm = gradient_norm(self.gradients)
            if self.clip is not None:
                clip_by_norm(self.gradients, norm, self.clip)
        return loss, norm

    def apply(self) -> None:
        """Make the update."""
        with np.errstate(all="ignore"):
            self.optimizer.update(self.model.parameters, self.gradients)

    def divergence(self, update: int, loss: float, norm: float) -> str:
        """What went wrong and what to do, in two sentences; empty where nothing did."""
        if math.isfinite(loss) and math.isfinite(norm) and loss < DIVERGED_ABOVE:
            return ""
        what = f"the gradient's norm is {norm:.3g}" if loss < DIVERGED_ABOVE else f"the loss is {loss:.3g}"
        return (
            f"diverged at update {update:,} with learning rate {self.optimizer.learning_rate:g}: {what}. "
            "Try a smaller learning rate."
        )


def batch_loss_and_gradients(model: Model, batch: Batch) -> tuple[float, Parameters]:
    """As `model.loss_and_gradients`, in pieces that fit the processor's cache, summed by share of labels."""
    if len(batch.x) <= model.rows_at_once:
        return model.loss_and_gradients(*batch)
    loss = 0.0
    gradients = {name: np.zeros_like(p) for name, p in model.parameters.items()}
    for part in batch.parts(model.rows_at_once):
        model.interrupt()
        share = part.labelled / batch.labelled
        part_loss, part_gradients = model.loss_and_gradients(*part)
        loss += share * part_loss
        for name, gradient in part_gradients.items():
            gradients[name] += share * gradient
    return loss, gradients
