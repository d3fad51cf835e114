"""A claim: one sentence of the lesson, a measurement, and the bar that it has to reach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from toystory.training.control import controls_of, right
from toystory.training.run import LEARNT, Runs

SMALLEST = 9
"""Digits after the point from which a figure is written with a power of ten."""
MOST_DIGITS = 17
"""From so many on a figure is written with all that it has."""


@dataclass(frozen=True)
class Bar:
    """Where a measurement has to lie, both ends included.

    Attributes:
        low: The least that holds.
        high: The most that holds.
        text: The same for a reader.
        digits: How many after the point a reader is shown of what was measured.
    """

    low: float
    high: float
    text: str
    digits: int = 4

    def holds(self, measured: float) -> bool:
        """Whether a measurement reaches it; NaN never does."""
        return math.isfinite(measured) and self.low <= measured <= self.high

    def shown(self, measured: float) -> str:
        """A measurement with the bar's digits, or with as many more as tell on which side of the bar it lies.

        Args:
            measured: What was measured, not NaN.
        """
        fewest, kind = (self.digits, "f") if self.digits < SMALLEST else (1, "e")
        rounded = (f"{measured:.{digits}{kind}}" for digits in range(fewest, MOST_DIGITS))
        on_its_side = (text for text in rounded if self.holds(float(text)) == self.holds(measured))
        return next(on_its_side, repr(measured))


def at_least(value: float, digits: int = 4) -> Bar:
    """A bar from a value on.

    Args:
        value: The lower end.
        digits: Digits after the point that a reader is shown.
    """
    return Bar(value, math.inf, f">= {value:g}", digits)


def at_most(value: float, digits: int = 4) -> Bar:
    """A bar up to a value.

    Args:
        value: The upper end.
        digits: Digits after the point that a reader is shown.
    """
    return Bar(-math.inf, value, f"<= {value:g}", digits)


def between(low: float, high: float, digits: int = 4) -> Bar:
    """A bar with two ends, both included.

    Args:
        low: The lower end.
        high: The upper end.
        digits: Digits after the point that a reader is shown.
    """
    return Bar(low, high, f"{low:g} to {high:g}", digits)


def rounds_to(value: float, digits: int = 6) -> Bar:
    """A bar for what is equal to a value when rounded.

    Args:
        value: What it should be.
        digits: Digits after the point.
    """
    half = 0.5 * 10**-digits
    return Bar(value - half, value + half, f"= {value:.{digits}f}", digits)


REPORTED = Bar(-math.inf, math.inf, "reported")
"""No bar: the figure is told, whatever it is."""


@dataclass(frozen=True)
class Claim:
    """One sentence of a lesson that can be measured.

    Attributes:
        text: What is claimed.
        needs: The names of the experiments and sweeps that it is measured on.
        measure: Gives the figure, of the finished runs of those.
        bar: Where it has to lie.
        control: For a claim of failure, the experiment whose controls have to hold: else it shows nothing.
    """

    text: str
    needs: tuple[str, ...]
    measure: Callable[[Runs], float]
    bar: Bar
    control: str | None = None


@dataclass(frozen=True)
class Verdict:
    """A claim, measured. control: the worst control of a claim of failure; None where it asks for none."""

    claim: Claim
    measured: float
    control: float | None = None

    @property
    def passed(self) -> bool:
        """Whether the bar is reached, and its control holds where it has one."""
        fair = self.control is None or self.control >= LEARNT
        return fair and self.claim.bar.holds(self.measured)

    @property
    def shown(self) -> str:
        """What was measured, with as many digits as its bar asks for, or more where fewer would mislead."""
        return "not measured" if math.isnan(self.measured) else self.claim.bar.shown(self.measured)


def judge(claim: Claim, runs: Runs) -> Verdict:
    """Measure a claim.

    Args:
        claim: The claim.
        runs: The finished runs that it needs.
    """
    control = None if claim.control is None else worst_control(runs, claim.control)
    return Verdict(claim, float(claim.measure(runs)), control)


def worst_control(runs: Runs, name: str) -> float:
    """Of the controls of the experiment `name`, the accuracy of the one that learnt least.

    Args:
        runs: The lesson's finished runs, its controls among them.
        name: The experiment that the controls belong to.

    Returns:
        A share of fresh rows; a tie counts as one half.

    Raises:
        KeyError: Where a control was not run.
    """
    return min(right(run) for run in runs.of(controls_of(runs.one(name).experiment)))
