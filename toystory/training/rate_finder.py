"""A learning-rate finder: one short run in which the rate grows at every update, and what the loss does.

While the rate is too small the loss hardly moves; then it falls; at last the steps are too long and it rises.
Smith, 'Cyclical Learning Rates for Training Neural Networks', WACV 2017, section 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from toystory.training.experiment import Experiment
from toystory.training.loop import Training

LOWEST, HIGHEST, UPDATES = 1e-5, 30.0, 200
"""The rates at both ends, and how many steps lie between them."""
MEMORY = 0.9
"""Of the mean that smooths the losses, how much stays from one update to the next."""
LEAST_FALL = 0.01
"""In nats: less than this is none."""
RISEN = 1.5
"""The loss has risen for good where its mean is so many times the lowest so far: the run ends there."""
MOST_OF_IT = 0.95
"""The share of its whole fall after which the loss counts as low: rates beyond gain little."""
SAFETY = 0.1
"""The rate to begin with is this share of the one at which the loss is low."""
SEEN = 3.0
"""The loss has fallen where it did by more than so many standard errors of the mean."""


@dataclass(frozen=True)
class RateCurve:
    """Loss against learning rate.

    Attributes:
        rates: Of each update, rising.
        losses: Of the batch of each update, before it is made.
        smoothed: A mean of the losses so far, in which the last ones count most.
        risen: Whether the run ended because the loss rose for good.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    risen: bool

    @property
    def low_at(self) -> float:
        """The first rate at which the smoothed loss has made nearly all of its fall."""
        smoothed = np.array(self.smoothed)
        begun, least = self._begun, float(smoothed.min())
        return self.rates[int(np.argmax(smoothed <= least + (1 - MOST_OF_IT) * max(begun - least, 0.0)))]

    @property
    def _begun(self) -> float:
        """The loss at the small rates."""
        return float(np.mean(self.losses[: max(len(self.losses) // 4, 1)]))

    @property
    def falls(self) -> bool:
        """Whether the loss falls anywhere by more than its noise."""
        small = np.array(self.losses[: max(len(self.losses) // 4, 1)])
        error = float(small.std()) * ((1 - MEMORY) / (1 + MEMORY)) ** 0.5
        return bool(self._begun - min(self.smoothed) > max(SEEN * error, LEAST_FALL))

    @property
    def suggested(self) -> float | None:
        """A rate to begin with, to one digit: a tenth of `low_at`. None where the loss does not fall."""
        return float(_one_digit(SAFETY * self.low_at)) if self.falls else None

    @property
    def verdict(self) -> str:
        """What to make of it, in a sentence or two."""
        rises = _one_digit(self.rates[-1])
        if self.suggested is None:
            return (
                "The loss falls at no rate by more than its noise: so few updates show nothing here but "
                f"where it rises for good, at about {rises}. Stay far below that."
            )
        end = f", and at {rises} the run ends" if self.risen else ""
        low = _one_digit(self.low_at)
        return f"The loss is low at a rate of about {low}{end}. Begin with a tenth: {self.suggested:g}."


def _one_digit(rate: float) -> str:
    return f"{float(f'{rate:.0e}'):g}"


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
    growth = (highest / lowest) ** (1 / updates)
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
    mean, risen = 0.0, False
    for progress in training:
        rate = lowest * growth**progress.update
        training.learning_rate = rate
        if progress.outcome == "diverged":
            risen = True
            break
        mean = MEMORY * mean + (1 - MEMORY) * progress.loss
        rates.append(rate)
        losses.append(progress.loss)
        smoothed.append(mean / (1 - MEMORY ** len(losses)))
        if smoothed[-1] > RISEN * min(smoothed):
            risen = True
            break
    return RateCurve(tuple(rates), tuple(losses), tuple(smoothed), risen)
