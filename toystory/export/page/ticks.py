"""Where an axis is marked: steps of 1, 2 or 5 times a power of ten."""

from __future__ import annotations

import math

Tick = tuple[float, str]
"""Where it stands, and what it says."""


def linear_ticks(low: float, high: float, most: int = 6, closest: float = 0.0) -> list[Tick]:
    """Marks at round numbers.

    Args:
        low: Where they may begin, finite.
        high: Where they may end, finite and above `low`.
        most: How many at most.
        closest: How far apart at least.
    """
    rough = max((high - low) / max(most - 1, 1), closest)
    power = math.floor(math.log10(rough))
    step_power, factor = next(
        (power + up, factor)
        for up in (0, 1)
        for factor in (1, 2, 5)
        if factor * 10.0 ** (power + up) >= rough * (1 - 1e-9)
    )
    step = factor * 10.0**step_power
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(n * step, _said(n * step, step_power)) for n in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[Tick]:
    """Powers of ten; with 2 and 5 between them where they are few.

    Args:
        low: Where they may begin, above 0.
        high: Where they may end, above `low`.
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    every = max(1, math.ceil(len(powers) / 7))
    factors = (1, 2, 5) if len(powers) <= 3 else (1,)
    marks = [(f * 10.0**p, _said(f * 10.0**p, p)) for p in powers[::every] for f in factors]
    within = [mark for mark in marks if low * (1 - 1e-9) <= mark[0] <= high * (1 + 1e-9)]
    return within if len(within) > 1 else linear_ticks(low, high)


def _said(value: float, power: int) -> str:
    if value == 0:
        return "0"
    if power < -4 or abs(value) >= 1e7:
        digits, _, exponent = f"{value:.1e}".partition("e")
        return f"{digits.removesuffix('.0')}e{int(exponent)}".replace("-", "−")
    return f"{value:,.{max(0, -power)}f}".replace("-", "−")
