"""Experiments and random streams as plain values, to be written as JSON, and back."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from toystory.training.experiment import Experiment


def as_plain(experiment: Experiment) -> dict[str, Any]:
    """Every field by its name; JSON's lists stand for tuples."""
    return asdict(experiment)


def from_plain(values: dict[str, Any]) -> Experiment:
    """The experiment of which `as_plain` told. Raises ValueError where they make none."""
    try:
        return Experiment(**{name: _tuples(value) for name, value in values.items()})
    except TypeError as error:
        raise ValueError(f"these settings make no experiment: {error}") from error


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def finite_or_none(value: float) -> float | None:
    """Return a number as JSON can have it, which knows neither NaN nor infinity."""
    return value if math.isfinite(value) else None
