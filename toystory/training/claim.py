"""A claim: one sentence of the lesson, a measurement, and the bar that it has to reach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from toystory.training.run import Runs


@dataclass(frozen=True)
class Bar:
    """Where a measurement has to lie, both ends included. text: the same for a reader. digits: how many
    after the point a reader is shown of what was measured."""

    low: float
    high: float
    text: str
    digits: int = 4

    def holds(self, measured: float) -> bool:
        return math.isfinite(measured) and self.low <= measured <= self.high


def at_least(value: float, digits: int = 4) -> Bar:
    return Bar(value, math.inf, f">= {value:g}", digits)


def at_most(value: float, digits: int = 4) -> Bar:
    return Bar(-math.inf, value, f"<= {value:g}", digits)


def between(low: float, high: float, digits: int = 4) -> Bar:
    return Bar(low, high, f"{low:g} to {high:g}", digits)


def rounds_to(value: float, digits: int = 6) -> Bar:
    """Equal to `value` when rounded to so many digits after the point."""
    half = 0.5 * 10**-digits
    return Bar(value - half, value + half, f"= {value:.{digits}f}", digits)


REPORTED = Bar(-math.inf, math.inf, "reported")
"""No bar: the figure is told, whatever it is."""


@dataclass(frozen=True)
class Claim:
    """text: what is claimed. needs: the names of the experiments and sweeps that it is measured on."""

    text: str
    needs: tuple[str, ...]
    measure: Callable[[Runs], float]
    bar: Bar


@dataclass(frozen=True)
class Verdict:
    """A claim, measured."""

    claim: Claim
    measured: float

    @property
    def passed(self) -> bool:
        return self.claim.bar.holds(self.measured)

    @property
    def shown(self) -> str:
        """What was measured, with as many digits as its bar asks for."""
        if math.isnan(self.measured):
            return "not measured"
        return f"{self.measured:.{self.claim.bar.digits}f}"


def judge(claim: Claim, runs: Runs) -> Verdict:
    """Measure `claim` on the finished `runs` that it needs."""
    return Verdict(claim, float(claim.measure(runs)))
