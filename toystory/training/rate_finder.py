"""A learning-rate finder: one short run in which the rate grows at every update, and what the loss does.

While the rate is too small the loss hardly moves; then it falls; at last the steps are too long and it rises.
Smith, 'Cyclical Learning Rates for Training Neural Networks', WACV 2017, section 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from toystory.training.experiment import Experiment
from toystory.training.loop import Training

LOWEST, HIGHEST, UPDATES = 1e-5, 30.0, 200
"""The rates at both ends, and how many steps lie between them."""
MEMORY = 0.9
"""Of the mean that smooths the losses, how much stays from one update to the next."""
RISEN = 1.5
"""The loss has risen for good where its mean is so many times the lowest so far: the run ends there."""
SAFETY = 0.1
"""The rate to begin with is this share of the one at which the loss was lowest."""


@dataclass(frozen=True)
class RateCurve:
    """Loss against learning rate.

    Attributes:
        rates: Of each update, rising.
        losses: Of the batch of each update, before it is made.
        smoothed: A mean of the losses so far, in which the last ones count most.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]

    @property
    def lowest(self) -> float:
        """The rate at which the smoothed loss is lowest."""
        return self.rates[min(range(len(self.smoothed)), key=self.smoothed.__getitem__)]

    @property
    def suggested(self) -> float:
        """A rate to begin with: a tenth of `lowest`, where the loss still falls fast."""
        return SAFETY * self.lowest


def find_rate(
    experiment: Experiment,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    updates: int = UPDATES,
    interrupt: Callable[[], None] | None = None,
) -> RateCurve:
    """Train from the first weights on, each update at a rate a little higher than the one before.

    Args:
        experiment: What is trained; its own rate, and how that falls, play no part.
        lowest: The first rate, above zero.
        highest: The last rate; the run ends before where the loss has risen for good.
        updates: How many steps there are between them.
        interrupt: Called between pieces of long work; raise from it to abandon the run.

    Raises:
        ValueError: The rates do not rise, or there are too few updates.
    """
    if not 0 < lowest < highest < math.inf or updates < 2:
        raise ValueError(
            f"rates from {lowest:g} to {highest:g} in {updates} updates: they must rise from above zero, in "
            "two updates or more"
        )
    growth = (highest / lowest) ** (1 / (updates - 1))
    whole = replace(
        experiment,
        updates=updates,
        final_learning_rate=1.0,
        stop_at=None,
        patience=None,
        evaluate_every=10**9,
    )
    training = Training(whole, interrupt)
    rates: list[float] = []
    losses: list[float] = []
    smoothed: list[float] = []
    mean = 0.0
    for progress in training:
        rate = lowest * growth**progress.update
        training.learning_rate = rate
        if progress.outcome == "diverged":
            break
        mean = MEMORY * mean + (1 - MEMORY) * progress.loss
        rates.append(rate)
        losses.append(progress.loss)
        smoothed.append(mean / (1 - MEMORY ** len(losses)))
        if smoothed[-1] > RISEN * min(smoothed):
            break
    return RateCurve(tuple(rates), tuple(losses), tuple(smoothed))
