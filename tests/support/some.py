"""Lessons, or other choices, of which the everyday tests take some and `pytest -m slow` the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest


def some(everyday: Iterable[str], of: Sequence[str]) -> list[object]:
    """All of them as parameters of a test, those that are not for every day marked slow."""
    chosen = set(everyday)
    assert chosen <= set(of)
    return [name if name in chosen else pytest.param(name, marks=pytest.mark.slow) for name in of]


def some_lessons() -> list[object]:
    """A network that reads a row at once, one that reads in time, and the last lesson, which has no model of
    its own."""
    from toystory.course.catalogue import NAMES

    return some(("two-layer", "lstm", "comparison"), NAMES)
