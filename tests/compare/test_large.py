"""A million rows of 50 bits, and ten million: what the whole process that trains them holds at most."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace

import pytest

from toystory.lessons.comparison.cells import WORKS, Cell, entries
from toystory.training.experiment import Experiment
from toystory.training.pools.engine import LocalProcesses
from toystory.training.pools.pool import Finished, Pool

MOST = 400_000_000
BITS = 50
"""Bytes of a row, a byte a bit."""


def peaks(experiments: Iterable[Experiment]) -> dict[str, int]:
    """Bytes at most, by model, each in a process of its own, one after the other."""
    found = {}
    with closing(Pool(LocalProcesses(1, one_task_each=True))) as pool:
        for experiment in experiments:
            pool.submit(experiment)
        while pool.unfinished:
            if isinstance(event := pool.next_event(), Finished):
                assert event.peak_memory is not None
                found[event.run.experiment.name] = event.peak_memory
    return found


def large(rows: int) -> dict[str, Experiment]:
    """Every entry of the table with so many rows: one look at all of them, or an update where they come in
    batches."""
    cells = [entry for entry in entries(sizes=(rows,)) if isinstance(entry, Cell) and entry.rows]
    return {
        f"{cell.model}, {cell.way}": replace(
            cell.experiment, name=f"{cell.model}, {cell.way}", updates=1 if cell.experiment.batch else 0
        )
        for cell in cells
    }


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="tells no peak")
def test_a_million_rows_stay_under_400_mb_for_every_model() -> None:
    found = peaks(large(1_000_000).values())
    assert len(found) == 8
    assert max(found.values()) < MOST


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="tells no peak")
def test_ten_million_rows_take_no_more_than_their_bits_in_addition() -> None:
    """All of them at once in one model, a batch at a time in the others: the RNN and the LSTM would need
    minutes to look at all."""
    names = ["regression, as Alex did it", *(f"{model}, {WORKS}" for model in ("MLP", "RNN", "LSTM"))]
    few, many = large(1_000_000), large(10_000_000)
    one = peaks(few[name] for name in names)
    ten = peaks(many[name] for name in names)
    assert ten.keys() == set(names)
    for name in names:
        assert ten[name] - one[name] < 9_000_000 * BITS
        assert ten[name] < MOST
