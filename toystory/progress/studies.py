"""What is remembered of a lesson's studies beside their runs: those of the learner, and what ran before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it is imported where nothing heavy may be
    from toystory.course.suggestion import Suggestion
    from toystory.training.run import Run, Study

MOST_PAST = 8
"""How many runs are remembered for comparison."""


@dataclass(frozen=True)
class CustomStudy:
    """A study that the learner made.

    Attributes:
        study: What is trained.
        recipe: The name of the lesson's study that it came from.
        suggestion: The one it was, if it was one.
    """

    study: Study
    recipe: str
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class PastRun:
    """A run that is over, and what to call it."""

    name: str
    run: Run


def name_of_past(study: str, rate: float | None) -> str:
    """What to call a run that is over.

    Args:
        study: Its name.
        rate: The learning rate, where it was not that of the study.
    """
    return study if rate is None else f"{study} at rate {rate:g}"
