"""Carrying out experiments, here and in other processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.checkpoints import Memory
from toystory.base.errors import RunFailed
from toystory.lessons.gate.experiments import ALL_FOUR_ROWS, ONE_ROW, ONE_UPDATE
from toystory.training.checkpoints.checkpoint import from_bytes
from toystory.training.checkpoints.run_checkpoint import run_of_checkpoint
from toystory.training.experiment import Experiment
from toystory.training.pools import engine, pool
from toystory.training.pools.engine import LocalProcesses
from toystory.training.pools.pool import Failed, Finished, Pool
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import default_jobs, jobs_for, longest_first, nameless, train_all
from toystory.training.run import Run

SMALL = Experiment(
    name="small", model="MLP", columns=12, hidden=(4,), updates=40, batch=16, learning_rate=1e-3,
    evaluate_every=10,
)  # fmt: skip
ENDLESS = replace(SMALL, name="endless", updates=1_000_000_000)


def spawned(workers: int) -> Executor:
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


def runs_of(experiments: Iterable[Experiment], jobs: int) -> dict[Experiment, Run]:
    return {event.experiment: event for event in train_all(experiments, jobs) if isinstance(event, Run)}


def figures(run: Run) -> tuple[object, ...]:
    weights = {name: parameter.tolist() for name, parameter in run.model.parameters.items()}
    return (run.losses.points, run.fresh_accuracies.points, run.fresh_accuracy, run.train_accuracy, weights)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_experiment_is_run_once_whatever_it_is_called(jobs: int) -> None:
    same = replace(SMALL, name="the same under another name")
    other = replace(SMALL, seed=1)
    runs = [e for e in train_all([SMALL, same, other, SMALL], jobs) if isinstance(e, Run)]
    assert {run.experiment for run in runs} == {nameless(SMALL), nameless(other)}
    assert len(runs) == 2
    assert all(run.finished for run in runs)


def test_here_they_come_in_order() -> None:
    experiments = [ONE_UPDATE, ONE_ROW, ALL_FOUR_ROWS]
    assert list(runs_of(experiments, jobs=1)) == [nameless(e) for e in experiments]


def test_those_with_most_work_are_put_in_front() -> None:
    more_rows, in_time = replace(SMALL, batch=64), replace(SMALL, model="RNN", batch=64)
    assert longest_first([ONE_UPDATE, SMALL, more_rows, in_time]) == [in_time, more_rows, SMALL, ONE_UPDATE]


def test_in_processes_the_figures_are_the_same() -> None:
    experiments = [SMALL, replace(SMALL, seed=1, dtype="float64"), replace(SMALL, model="RNN"), ONE_UPDATE]
    here, there = runs_of(experiments, jobs=1), runs_of(experiments, jobs=2)
    assert here.keys() == there.keys()
    for experiment in here:
        assert figures(here[experiment]) == figures(there[experiment])


def test_one_experiment_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LocalProcesses", lambda *_: pytest.fail("a process was made"))
    assert len(runs_of([SMALL, replace(SMALL, name="again")], jobs=8)) == 1
    assert runs_of([], jobs=2) == {}


def test_no_more_processes_than_experiments(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def count(workers: int) -> None:
        asked.append(workers)
        raise MemoryError

    monkeypatch.setattr(engine, "LocalProcesses", count)
    with pytest.raises(MemoryError):
        list(train_all([SMALL, replace(SMALL, seed=1), replace(SMALL, seed=2)], jobs=64))
    assert asked == [3]


def test_live_reports_come_as_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toystory.training.pools.train_all.REPORT_EVERY", 0.0)
    events = list(train_all([SMALL], jobs=1))
    live, run = events[:-1], events[-1]
    assert isinstance(run, Run)
    assert [e.progress.update for e in live if isinstance(e, Report)] == list(range(41))
    assert {e.experiment for e in live} == {nameless(SMALL)}


@pytest.mark.parametrize("jobs", [1, 2])
def test_closing_abandons_what_is_running(jobs: int) -> None:
    before = children()
    events = train_all([ENDLESS, replace(ENDLESS, seed=1)], jobs)
    for _ in range(3):
        assert isinstance(next(events), Report)
    events.close()
    assert list(events) == []
    assert workers(before) == []


def test_a_killed_process_ends_the_run_in_a_sentence() -> None:
    before = children()
    events = train_all([ENDLESS, replace(ENDLESS, seed=1)], jobs=2)
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
        list(train_all([broken, SMALL], jobs=2))


def test_ctrl_c_is_heard_here_while_others_train() -> None:
    before = signal.getsignal(signal.SIGINT)
    events = train_all([ENDLESS, replace(ENDLESS, seed=1)], jobs=2)
    next(events)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    assert signal.getsignal(signal.SIGINT) is before
    events.close()
    assert signal.getsignal(signal.SIGINT) is before


def test_where_no_process_can_be_begun_this_one_trains(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", refuse)
    experiments = [SMALL, replace(SMALL, seed=1)]
    assert list(runs_of(experiments, jobs=2)) == [nameless(e) for e in experiments]
    assert capsys.readouterr().err == "toystory: this system begins no other process: one job at a time\n"


def test_processes_need_no_semaphores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some sandboxes have none: where /dev/shm can't be written to."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("multiprocessing.synchronize.SemLock.__init__", refuse)
    monkeypatch.setattr(
        "toystory.training.pools.train_all._train_here", lambda *_: pytest.fail("it fell back")
    )
    assert len(runs_of([SMALL, replace(SMALL, seed=1)], jobs=2)) == 2


@pytest.mark.parametrize("make", [ThreadPoolExecutor, spawned])
def test_any_executor_comes_to_the_same_figures_and_reports(
    make: Callable[[int], Executor], monkeypatch: pytest.MonkeyPatch
) -> None:
    experiments = [replace(SMALL, updates=400), replace(SMALL, seed=1)]
    here = runs_of(experiments, jobs=1)
    monkeypatch.setattr(pool, "REPORT_EVERY", 0.0)
    with make(2) as executor:
        events = list(train_all(experiments, 2, executor))
    there = {event.experiment: event for event in events if isinstance(event, Run)}
    for experiment in here:
        assert figures(here[experiment]) == figures(there[experiment])
    if make is ThreadPoolExecutor:  # a process of its own knows nothing of the patch
        assert any(isinstance(event, Report) and event.share > 0 for event in events)


@pytest.mark.parametrize("make", [ThreadPoolExecutor, spawned])
def test_closing_cancels_what_any_executor_does(make: Callable[[int], Executor]) -> None:
    with make(1) as executor:
        events = train_all([ENDLESS], 1, executor)
        assert isinstance(next(events), Report)
        events.close()
        assert executor.submit(str, 7).result() == "7"


def test_a_stranger_on_the_socket_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "REPORT_EVERY", 0.0)

    class Visited(ThreadPoolExecutor):
        def submit(self, task: Any, /, *args: Any, **kwargs: Any) -> Any:
            with socket.create_connection(task.__self__._channel._address) as stranger:
                stranger.sendall(b"nonsense")
            return super().submit(task, *args, **kwargs)

    with Visited(1) as executor:
        events = list(train_all([replace(SMALL, updates=2000)], 1, executor))
    assert any(isinstance(event, Report) for event in events)
    assert isinstance(events[-1], Run)


# ---------------------------------------------------------------- checkpoints


def until_under_way(experiment: Experiment, checkpoints: Memory, after: int) -> tuple[list[Report], int]:
    """Train it until more than `after` updates are made, and close the pool. Its reports, and the update of
    its checkpoint."""
    seen: list[Report] = []
    with closing(Pool(LocalProcesses(1), checkpoints)) as engine:
        engine.submit(experiment)
        while not seen or seen[-1].update <= after:
            if isinstance(event := engine.next_event(), Report):
                seen.append(event)
    return seen, run_of_checkpoint(from_bytes(checkpoints.saved[experiment])).updates


def test_a_cancelled_run_comes_back_as_a_checkpoint_and_the_next_goes_on() -> None:
    checkpoints = Memory()
    seen, saved = until_under_way(ENDLESS, checkpoints, after=50)
    assert saved >= seen[-1].update
    again, later = until_under_way(ENDLESS, checkpoints, after=saved + 50)
    assert again[0].update == saved
    assert again[0].resumed == again[0].share > 0
    assert later > saved


@pytest.mark.parametrize("damaged", [b"", b"nonsense"])
def test_a_damaged_checkpoint_is_begun_anew(damaged: bytes) -> None:
    checkpoints = Memory()
    checkpoints.save(SMALL, damaged)
    with closing(Pool(LocalProcesses(1), checkpoints)) as engine:
        engine.submit(SMALL)
        while not isinstance(event := engine.next_event(), Finished):
            assert not isinstance(event, Failed)
    assert event.resumed == 0
    assert event.peak_memory is None or event.peak_memory > 10_000_000
    assert figures(event.run) == figures(runs_of([SMALL], 1)[nameless(SMALL)])


def test_a_killed_process_fails_its_own_task_and_no_other() -> None:
    before = children()
    with closing(Pool(LocalProcesses(2))) as engine:
        for seed in (0, 1):
            engine.submit(replace(ENDLESS, seed=seed))
        seen = set()
        while len(seen) < 2:
            if isinstance(event := engine.next_event(), Report):
                seen.add(event.experiment)
        os.kill(workers(before)[0], signal.SIGKILL)
        while not isinstance(event := engine.next_event(), Failed):
            pass
        assert event.reason == "its process was killed, perhaps for want of memory"
        assert engine.unfinished == 1
        engine.submit(SMALL)
        while not isinstance(event := engine.next_event(), Finished):
            pass
        assert event.run.experiment == SMALL


def test_two_jobs_where_there_are_two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, jobs in ((1, 1), (2, 2), (16, 2), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda processors=processors: processors)
        assert default_jobs() == jobs


def test_no_process_is_begun_for_what_is_done_in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert jobs_for([ONE_UPDATE, ONE_ROW, ALL_FOUR_ROWS]) == 1
    assert jobs_for([ONE_ROW, replace(ONE_ROW, updates=10_000)]) == 2
    assert jobs_for([replace(SMALL, batch=1000)]) == 2
    assert jobs_for([replace(SMALL, model="RNN")]) == 2


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
