"""Claims of a memory: taught on rows of at most fifty bits, it is right on rows far longer."""

from __future__ import annotations

from toystory.course.measurements import accuracy_at, fresh_accuracy
from toystory.training.claim import Claim, at_least


def goes_on_and_on(name: str) -> tuple[Claim, ...]:
    """That the experiment `name`, fed with rows of every length up to 50, is right there and far beyond."""
    return (
        Claim(
            "Fed with rows of every length, it is right on fresh rows of 50 bits",
            (name,),
            fresh_accuracy(name),
            at_least(0.999),
        ),
        Claim(
            "… and on rows of 500, ten times longer than any it was trained on",
            (name,),
            accuracy_at(name, columns=500, rows=500),
            at_least(0.99),
        ),
        Claim(
            "… and on rows of 5,000 bits",
            (name,),
            accuracy_at(name, columns=5000, rows=100),
            at_least(0.9),
        ),
    )
