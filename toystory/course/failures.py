"""Claims of failure: what a model does not learn, and whether that says anything."""

from __future__ import annotations

from toystory.course.measurements import fresh_accuracy
from toystory.training.claim import Claim, at_least, at_most, between, worst_control
from toystory.training.control import CONTROLS
from toystory.training.run import LEARNT

COIN = between(0.475, 0.525)
"""As good as a coin: five standard deviations of the mark on 10,000 fresh rows."""


def stays_a_coin(text: str, name: str) -> Claim:
    """That the experiment `name` is right on half of the fresh rows, though its controls hold.

    Args:
        text: The claim.
        name: Of the experiment, whose controls are run with the lesson.

    Returns:
        A claim that fails where the experiment does better, and where a control does not come out.
    """
    return Claim(text, (name, CONTROLS), fresh_accuracy(name), COIN, control=name)


def copies_nothing(text: str, name: str) -> Claim:
    """That a control of the experiment `name` fails: what it does with XOR then shows nothing of XOR.

    Args:
        text: The claim.
        name: Of the experiment, whose controls are run with the lesson.
    """
    return Claim(text, (name, CONTROLS), lambda runs: worst_control(runs, name), at_most(0.9))


def copies_a_column(text: str, name: str) -> Claim:
    """That the controls of the experiment `name` hold: it learns what needs one column.

    Args:
        text: The claim.
        name: Of the experiment, whose controls are run with the lesson.
    """
    return Claim(text, (name, CONTROLS), lambda runs: worst_control(runs, name), at_least(LEARNT))
