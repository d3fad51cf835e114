"""A claim: one sentence of the lesson, a measurement, and the bar that it has to reach."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from lessons.run import Runs


@dataclass(frozen=True)
class Bar:
    """Where a measurement has to lie, both ends included. text: the same for a reader."""

    low: float
    high: float
    text: str

    def holds(self, measured: float) -> bool:
        return math.isfinite(measured) and self.low <= measured <= self.high


def at_least(value: float) -> Bar:
    return Bar(value, math.inf, f">= {value:,.12g}")


def at_most(value: float) -> Bar:
    return Bar(-math.inf, value, f"<= {value:,.12g}")


def between(low: float, high: float) -> Bar:
    return Bar(low, high, f"{low:,.12g} to {high:,.12g}")


def rounds_to(value: float, digits: int = 6) -> Bar:
    """Equal to `value` when rounded to so many digits after the point."""
    half = 0.5 * 10**-digits
    return Bar(value - half, value + half, f"= {value:.{digits}f}")


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


def judge(claim: Claim, runs: Runs) -> Verdict:
    """Measure `claim` on the finished `runs` that it needs."""
    return Verdict(claim, float(claim.measure(runs)))
