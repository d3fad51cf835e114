"""Trainings that give way to others beside them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from toystory.lessons.gate.experiments import ALL_FOUR_ROWS
from toystory.training.background import BackgroundRun
from toystory.training.share import LONGEST_PAUSE, SHARE, ProcessorShare

SHORT = replace(ALL_FOUR_ROWS, name="short", updates=40)
ENDLESS = replace(ALL_FOUR_ROWS, name="endless", updates=1_000_000_000)


@pytest.fixture
def small_share() -> Iterator[None]:
    SHARE.fraction = 0.05
    yield
    SHARE.fraction = 1.0


def run_to_its_end() -> BackgroundRun:
    run = BackgroundRun(SHORT)
    run.start()
    while run.alive:
        time.sleep(0.001)
    return run


def test_a_pause_is_as_long_as_the_share_says() -> None:
    share = ProcessorShare()
    assert share.pause_after(1.0) == 0
    share.fraction = 0.5
    assert share.pause_after(0.1) == pytest.approx(0.1)
    share.fraction = 0.1
    assert share.pause_after(0.1) == pytest.approx(0.9)
    assert share.pause_after(60.0) == LONGEST_PAUSE


def test_it_tells_when_something_trains_and_when_nothing_does() -> None:
    share, told = ProcessorShare(), list[bool]()
    share.changed = told.append
    for step in (share.begin, share.begin, share.rest, share.rest, share.begin):
        step()
    assert told == [True, False, True]


def test_who_gives_way_learns_the_same(small_share: None) -> None:
    slow = run_to_its_end()
    SHARE.fraction = 1.0
    fast = run_to_its_end()
    assert slow.state == fast.state == "finished"
    assert slow.runs[0].loss == fast.runs[0].loss


def test_who_gives_way_can_be_stopped_and_paused(small_share: None) -> None:
    told = list[bool]()
    SHARE.changed = told.append
    try:
        run = BackgroundRun(ENDLESS)
        run.start()
        run.pause()
        run.start()
        run.stop()
        assert not run.alive
        assert told[0] is True
        assert told[-1] is False
    finally:
        SHARE.changed = lambda _: None
