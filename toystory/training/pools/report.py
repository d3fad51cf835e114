"""What is told of an experiment on its way."""

from __future__ import annotations

import math
from dataclasses import dataclass

from toystory.training.experiment import Experiment
from toystory.training.loop import Progress
from toystory.training.run import Run

REPORT_EVERY = 0.1
"""Seconds between two reports of a running experiment."""


@dataclass(frozen=True)
class Report:
    """An experiment on its way.

    Attributes:
        experiment: Which one.
        progress: What its training looks like; None before the first loss.
        share: Of its updates that are made, a part of one counted as such.
        resumed: The share that was made at another time.
        seconds: Since its task began.
    """

    experiment: Experiment
    progress: Progress | None = None
    share: float = 0.0
    resumed: float = 0.0
    seconds: float = 0.0

    @property
    def update(self) -> int:
        """Updates made."""
        return self.progress.update if self.progress else 0

    @property
    def loss(self) -> float:
        """Of the last batch; NaN before the first."""
        return self.progress.loss if self.progress else math.nan


def share_done(run: Run, part_of_update: float = 0.0) -> float:
    """Of all updates that the run may make and the last look, what is done.

    Args:
        run: The run.
        part_of_update: Of the update that is under way, the share that is made.
    """
    looks = 0.0 if run.progress is None else run.updates + 1.0
    return min(1.0, (looks + part_of_update) / (run.experiment.updates + 1))
