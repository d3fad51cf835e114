"""The background run of rows of real numbers: start, pause, step, stop, and what it publishes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.waiting import wait_for
from toystory.training.share import SHARE
from toystory.training.tabular.background import TabularBackgroundRun
from toystory.training.tabular.experiment import TabularExperiment
from toystory.training.tabular.training import TabularTraining

MOONS = TabularExperiment(name="moons", data="moons", rows=100, updates=60, hidden=(8,))


def test_it_comes_to_the_same_end_as_in_the_foreground() -> None:
    run = TabularBackgroundRun(MOONS)
    assert (run.state, run.idle) == ("ready", True)
    run.start()
    wait_for(lambda: run.state == "finished")
    training = TabularTraining(MOONS)
    for _ in training:
        pass
    assert run.snapshot is not None
    np.testing.assert_array_equal(run.snapshot.model.parameters["W1"], training.model.parameters["W1"])
    assert [part.accuracy for part in run.snapshot.parts] == [part.accuracy for part in training.parts()]


def test_it_steps_pauses_and_goes_on() -> None:
    run = TabularBackgroundRun(MOONS)
    for made in range(1, 4):
        run.step()
        wait_for(lambda made=made: run.idle and run.snapshot and run.snapshot.progress.update == made)  # type: ignore[misc]
    assert run.state == "paused"
    assert run.snapshot is not None
    assert [part.name for part in run.snapshot.parts] == ["training", "validation"]
    before = run.snapshot.model.parameters["W1"].copy()
    run.start()
    wait_for(lambda: run.state == "finished")
    assert not np.array_equal(run.snapshot.model.parameters["W1"], before)


def stepped_to(run: TabularBackgroundRun, update: int) -> NDArray[Any]:
    """The first weights after so many updates."""
    while run.snapshot is None or run.snapshot.progress.update < update:
        before = run.snapshot
        run.step()
        wait_for(lambda before=before: run.idle and run.snapshot is not before)  # type: ignore[misc]
    return run.snapshot.model.parameters["W1"].copy()


@pytest.mark.parametrize("rate", [None, 1e-9])
def test_another_learning_rate_holds_from_the_next_update_on(rate: float | None) -> None:
    run = TabularBackgroundRun(MOONS)
    before = stepped_to(run, 1)
    if rate is not None:
        run.learning_rate = rate
    moved = np.abs(stepped_to(run, 2) - before).max()
    run.stop()
    assert (moved < 1e-6) == (rate is not None)
    assert run.command.endswith("to 1e-09 after update 1" if rate else "--updates 60")
    with pytest.raises(ValueError, match="above zero"):
        run.learning_rate = 0


def test_it_can_be_stopped_on_its_way() -> None:
    run = TabularBackgroundRun(MOONS)
    run.step()
    wait_for(lambda: run.idle and run.snapshot)
    run.stop()
    assert run.state == "stopped"
    never = TabularBackgroundRun(MOONS)
    never.stop()
    assert never.state == "stopped"


def test_where_others_train_too_it_waits_for_them_and_an_order_ends_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SHARE, "pause_after", lambda _: 60.0)
    run = TabularBackgroundRun(replace(MOONS, updates=100_000, patience=None))
    run.start()
    wait_for(lambda: run.snapshot)
    run.stop()
    assert run.state == "stopped"


def test_a_file_that_is_no_table_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n")
    run = TabularBackgroundRun(TabularExperiment(name="mine", data=str(path), label="c"))
    run.start()
    wait_for(lambda: run.state == "failed")
    assert "has 0 rows" in run.error
