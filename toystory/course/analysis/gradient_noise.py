"""How noisy the gradient of a batch is: other rows would have given another one.

A batch's gradient is a mean over its rows. Means of B independent rows scatter around the gradient of all
rows by 1/√B: four times the rows, half the noise. McCandlish, Kaplan & Amodei, 'An Empirical Model of
Large-Batch Training', arXiv 1812.06162, for the size at which noise and gradient are alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from toystory.models.attention import Attention
from toystory.models.fast_form import fast_form
from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray
from toystory.models.recurrent import RecurrentModel
from toystory.models.train_step import batch_loss_and_gradients
from toystory.training.data import Task

SMALLEST, GROUPS, LEAST_GROUPS = 16, 128, 8
"""Rows of the smallest batch; how many are drawn; of how many at least the scatter is taken."""
GROUPS_IN_TIME, MOST_BITS = 32, 100
"""Batches drawn for a model that reads rows bit by bit, which takes longer, and bits of its rows at most."""
MOST_NUMBERS = 4_000_000
"""Held at once: of a large model fewer batches are drawn."""


@dataclass(frozen=True)
class GradientNoise:
    """Noise against batch size.

    Attributes:
        batches: Sizes, in rows.
        noise: √ of the mean squared distance of such a batch's gradient from that of all rows, all parameters
            as one vector; one for each size.
        gradient: The norm of the gradient itself: what is left of it when the noise is taken off.
    """

    batches: tuple[int, ...]
    noise: tuple[float, ...]
    gradient: float

    def by_formula(self, rows: int) -> float:
        """The noise of a batch of so many rows, from that of the smallest by 1/√rows."""
        return float(self.noise[0] * np.sqrt(self.batches[0] / rows))

    @property
    def balance(self) -> float:
        """The rows of a batch whose noise is as large as the gradient; NaN where no gradient is seen."""
        if not self.gradient:
            return float("nan")
        return float(self.batches[0] * (self.noise[0] / self.gradient) ** 2)


def gradient_noise(model: Model, task: Task, seed: int = 0) -> GradientNoise:
    """Measure the scatter of gradients over batches that are drawn now; the model is not changed.

    Args:
        model: At any moment of its training.
        task: How rows are labelled. Where a batch has one length, all batches get the full one: the means of
            batches of several lengths are no gradient of a larger batch.
        seed: Of the rows.
    """
    rng, form = np.random.default_rng(seed), fast_form(model)
    groups, least = GROUPS, LEAST_GROUPS
    if isinstance(model, RecurrentModel | Attention):
        # Seen to leave too much to chance with fewer of them.
        groups, least = GROUPS_IN_TIME, 2 * LEAST_GROUPS
        task = replace(task, columns=min(task.columns, MOST_BITS))
    if task.lengths != "mixed":
        task = replace(task, lengths="full")
    while groups > least and groups * model.size > MOST_NUMBERS:
        groups //= 2
    gradients = np.zeros((groups, model.size))
    with np.errstate(all="ignore"):
        for group in gradients:
            _, found = batch_loss_and_gradients(model, task.fresh(rng, SMALLEST), form)
            group[:] = np.concatenate([values.ravel() for values in found.values()])
        batches, noise = [], []
        while len(gradients) >= least:
            batches.append(SMALLEST * groups // len(gradients))
            noise.append(_scatter(gradients) ** 0.5)
            gradients = (gradients[0::2] + gradients[1::2]) / 2
        mean = gradients.mean(axis=0)
        # The mean of all of them has a rest of the noise in it, which would pass for a gradient.
        rest = noise[0] ** 2 / groups
        return GradientNoise(
            tuple(batches), tuple(noise), float(np.sqrt(max(float(mean @ mean) - rest, 0.0)))
        )


def _scatter(gradients: FloatArray) -> float:
    """The mean squared distance from their mean, a sample's: (batches, numbers)."""
    apart = gradients - gradients.mean(axis=0)
    return float((apart * apart).sum() / (len(gradients) - 1))
