"""Something to try: an experiment one change away from the lesson's own, and why it ends as it does."""

from __future__ import annotations

from dataclasses import dataclass

from toystory.training.claim import Bar
from toystory.training.experiment import Experiment


@dataclass(frozen=True)
class Suggestion:
    """text: what to try. experiment: with that change made. reason: shown afterwards.

    fresh: where its accuracy on fresh rows ends, so that the reason can be trusted.
    """

    text: str
    experiment: Experiment
    reason: str
    fresh: Bar
