"""Processes that train: what they report, and what they leave behind when they are told to end."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace

from toystory.training import result_store as store
from toystory.training.experiment import Experiment
from toystory.training.result_store import result_of
from toystory.training.run import Run
from toystory.training.workers import Done, Under, carry_out

LONG = Experiment(
    name="long", model="MLP", columns=20, hidden=(64,), batch=256, updates=1_000_000, learning_rate=1e-3
)
SHORT = replace(LONG, name="short", updates=30)


def nothing() -> None:
    """Nobody wants the work abandoned."""


def until_under_way(experiment: Experiment, after: int) -> tuple[list[Under], int]:
    """Train it until more than `after` updates are made, and end it then. Its reports, and the update that it
    was put down at."""
    waiting, seen = [experiment], []
    with closing(carry_out(lambda: waiting.pop() if waiting else None, 1, alone=True)) as events:
        for event in events:
            if isinstance(event, Under):
                seen.append(event)
                if event.update > after:
                    break
    run = store.take_up(experiment, nothing)
    assert run is not None
    return seen, run.updates


def test_a_process_that_is_told_to_end_puts_down_what_it_does_and_the_next_goes_on() -> None:
    seen, put_down = until_under_way(LONG, after=50)
    assert put_down >= seen[-1].update
    again, later = until_under_way(LONG, after=put_down + 50)
    assert again[0].update == put_down
    assert again[0].first == again[0].share > 0
    assert later > put_down


def test_a_process_of_its_own_comes_to_the_figures_of_this_one() -> None:
    waiting = [SHORT]
    events = list(carry_out(lambda: waiting.pop() if waiting else None, 1, alone=True))
    (done,) = [event for event in events if isinstance(event, Done)]
    run = Run(SHORT)
    for _ in run:
        pass
    assert done.result.figures == result_of(run, None, "").figures
    assert done.result.memory is None or done.result.memory > 10_000_000


def test_no_process_is_left() -> None:
    from multiprocessing import active_children

    until_under_way(LONG, after=0)
    assert [child.pid for child in active_children() if child.pid != os.getpid()] == []
