"""The record of a curve that never grows beyond its bound."""

from __future__ import annotations

import pytest

from toystory.models.parts.history import History


def recorded(updates: int, limit: int) -> list[tuple[int, float]]:
    history = History(limit)
    for update in range(updates):
        history.add(update, update / 2)
    return history.points


@pytest.mark.parametrize("limit", [1, 2, 7, 10, 1000])
@pytest.mark.parametrize("updates", [0, 1, 7, 11, 999, 1001, 12345])
def test_bounded_evenly_spaced_and_whole(updates: int, limit: int) -> None:
    points = recorded(updates, limit)
    kept = [update for update, _ in points]
    assert len(points) <= limit
    assert all(value == update / 2 for update, value in points)
    if updates:
        assert kept[0] == 0
    if len(kept) > 1:
        stride = kept[1]
        assert kept == list(range(0, updates, stride)), "evenly spaced to the very end"
        assert len(kept) >= min(updates, (limit + 1) // 2), "thinned no more than it had to be"


def test_short_runs_are_kept_whole() -> None:
    assert recorded(10, limit=10) == [(update, update / 2) for update in range(10)]
