"""Something to try: an experiment one change away from the lesson's own, and why it ends as it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from toystory.training.claim import Bar
from toystory.training.experiment import Experiment
from toystory.training.run import Run

SEEDS = 5


def right_on_fresh_rows(run: Run) -> float:
    """Its accuracy on fresh rows."""
    return run.fresh_accuracy


def last_loss(run: Run) -> float:
    """The loss of its last batch."""
    return run.loss


@dataclass(frozen=True)
class Suggestion:
    """What to try, and what comes of it.

    Attributes:
        text: What to try.
        experiment: With that change made.
        reason: Why it ends so; shown afterwards.
        bar: Where it ends, so that the reason can be trusted.
        measure: What `bar` is about.
        at_least: Of the `SEEDS` seeds from the experiment's own on, so many end there.
    """

    text: str
    experiment: Experiment
    reason: str
    bar: Bar
    measure: Callable[[Run], float] = right_on_fresh_rows
    at_least: int = SEEDS

    def came_out(self, run: Run) -> bool:
        """Whether a finished run ended as it is said."""
        return self.bar.holds(self.measure(run))
