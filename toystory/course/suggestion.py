"""Something to try: an experiment one change away from the lesson's own, and why it ends as it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toystory.training.claim import Bar
from toystory.training.experiment import Experiment
from toystory.training.run import Run

Ending = Literal["fresh accuracy", "loss"]
SEEDS = 5


@dataclass(frozen=True)
class Suggestion:
    """What to try, and what comes of it.

    Attributes:
        text: What to try.
        experiment: With that change made.
        reason: Why it ends so; shown afterwards.
        bar: Where it ends, so that the reason can be trusted.
        of: What `bar` is about.
        at_least: Of the `SEEDS` seeds from the experiment's own on, so many end there.
    """

    text: str
    experiment: Experiment
    reason: str
    bar: Bar
    of: Ending = "fresh accuracy"
    at_least: int = SEEDS

    def came_out(self, run: Run) -> bool:
        """Whether a finished run ended as it is said."""
        return self.bar.holds(run.loss if self.of == "loss" else run.fresh_accuracy)
