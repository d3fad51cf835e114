"""Which arithmetic made figures: what is kept of a training is good for as long as that is the same."""

from __future__ import annotations

from collections.abc import Iterable

from toystory.models.fast_form import fingerprint_of, is_changed
from toystory.models.loading import MODELS

VERSION = 1
"""Raised when an experiment comes to other figures than before, by more than rounding: then paused runs of
before can't go on, and results are not found. Golden figures guard it, see
tests/training/checkpoints/test_arithmetic.py."""


def arithmetic(models: Iterable[str]) -> str:
    """A name for what decides the figures of trainings, rounding apart.

    It has the version of the whole, and where somebody has changed the source of one of the models, what that
    source is now: his figures are not mixed with those of before.

    Args:
        models: Names of the models that are trained.
    """
    kinds = [MODELS[name] for name in sorted(set(models))]
    return " ".join([str(VERSION), *(fingerprint_of(kind) for kind in kinds if is_changed(kind))])
