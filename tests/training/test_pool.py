"""Carrying out experiments, here and in other processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from toystory.base.errors import RunFailed
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS, ONE_ROW, ONE_UPDATE
from toystory.training import pool as runner
from toystory.training.experiment import Experiment
from toystory.training.pool import Live, carry_out, default_jobs, nameless
from toystory.training.run import Run

SMALL = Experiment(
    name="small", model="MLP", columns=12, hidden=(4,), updates=40, batch=16, learning_rate=1e-3,
    evaluate_every=10,
)  # fmt: skip
ENDLESS = replace(SMALL, name="endless", updates=1_000_000_000)


def runs_of(experiments: Iterable[Experiment], jobs: int) -> dict[Experiment, Run]:
    return {event.experiment: event for event in carry_out(experiments, jobs) if isinstance(event, Run)}


def figures(run: Run) -> tuple[object, ...]:
    weights = {name: parameter.tolist() for name, parameter in run.model.parameters.items()}
    return (run.losses.points, run.fresh_accuracies.points, run.fresh_accuracy, run.train_accuracy, weights)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_experiment_is_run_once_whatever_it_is_called(jobs: int) -> None:
    same = replace(SMALL, name="the same under another name")
    other = replace(SMALL, seed=1)
    runs = [e for e in carry_out([SMALL, same, other, SMALL], jobs) if isinstance(e, Run)]
    assert {run.experiment for run in runs} == {nameless(SMALL), nameless(other)}
    assert len(runs) == 2
    assert all(run.finished for run in runs)


def test_here_they_come_in_order() -> None:
    experiments = [ONE_UPDATE, ONE_ROW, ALL_FOUR_ROWS]
    assert list(runs_of(experiments, jobs=1)) == [nameless(e) for e in experiments]


def test_in_processes_the_figures_are_the_same() -> None:
    experiments = [SMALL, replace(SMALL, seed=1, dtype="float64"), replace(SMALL, model="RNN"), ONE_UPDATE]
    here, there = runs_of(experiments, jobs=1), runs_of(experiments, jobs=2)
    assert here.keys() == there.keys()
    for experiment in here:
        assert figures(here[experiment]) == figures(there[experiment])


def test_one_experiment_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "ProcessPoolExecutor", lambda *_: pytest.fail("a process was made"))
    assert len(runs_of([SMALL, replace(SMALL, name="again")], jobs=8)) == 1
    assert runs_of([], jobs=2) == {}


def test_no_more_processes_than_experiments(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def count(workers: int, *_: object, **__: object) -> None:
        asked.append(workers)
        raise MemoryError

    monkeypatch.setattr(runner, "ProcessPoolExecutor", count)
    with pytest.raises(MemoryError):
        list(carry_out([SMALL, replace(SMALL, seed=1), replace(SMALL, seed=2)], jobs=64))
    assert asked == [3]


def test_live_reports_come_as_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "REPORT_EVERY", 0.0)
    events = list(carry_out([SMALL], jobs=1))
    live, run = events[:-1], events[-1]
    assert isinstance(run, Run)
    assert [e.progress.update for e in live if isinstance(e, Live)] == list(range(41))
    assert {e.experiment for e in live} == {nameless(SMALL)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_closing_abandons_what_is_running(jobs: int) -> None:
    before = children()
    events = carry_out([ENDLESS, replace(ENDLESS, seed=1)], jobs)
    for _ in range(3):
        assert isinstance(next(events), Live)
    events.close()
    assert list(events) == []
    assert workers(before) == []


def test_a_killed_process_ends_the_run_in_a_sentence() -> None:
    before = children()
    events = carry_out([ENDLESS, replace(ENDLESS, seed=1)], jobs=2)
    next(events)
    os.kill(workers(before)[0], signal.SIGKILL)
    with pytest.raises(
        RunFailed, match="a process that trained was killed, perhaps for want of memory; try --jobs 1"
    ):
        for _ in events:
            pass
    assert workers(before) == []


def test_an_error_in_a_process_comes_here(monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(broken := replace(SMALL, seed=5), "learning_rate", -1.0)
    with pytest.raises(ValueError, match="learning rate is -1"):
        list(carry_out([broken, SMALL], jobs=2))


def test_ctrl_c_is_heard_again_after_the_processes_are_begun() -> None:
    events = carry_out([SMALL, replace(SMALL, seed=1)], jobs=2)
    next(events)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    events.close()


def test_two_jobs_where_there_are_two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, jobs in ((1, 1), (2, 2), (16, 2), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda processors=processors: processors)
        assert default_jobs() == jobs


def children() -> set[int]:
    """The processes that this one has begun."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    if not tasks.exists():
        pytest.skip("there is no /proc to look for processes in")
    found: set[int] = set()
    for task in tasks.iterdir():
        with suppress(FileNotFoundError):  # a thread may end meanwhile
            found.update(map(int, (task / "children").read_text().split()))
    return found


def workers(before: set[int]) -> list[int]:
    """Those begun since that train: not the one that multiprocessing keeps for itself."""
    return [
        pid
        for pid in sorted(children() - before)
        if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
