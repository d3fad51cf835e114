"""Training on a Dask cluster: a real scheduler and three workers on this machine, one of which is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.checkpoints import Memory
from toystory.base.errors import RunFailed
from toystory.base.paths import VARIABLE
from toystory.cli import main as cli
from toystory.training.experiment import Experiment
from toystory.training.pools.cluster import ClusterEngine
from toystory.training.pools.pool import Finished, Pool
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import train_all
from toystory.training.run import Run

ROOT = Path(__file__).parents[3]
LONG = Experiment(
    name="long", model="RNN", columns=12, hidden=(8,), updates=6000, batch=64, learning_rate=1e-3,
    evaluate_every=100,
)  # fmt: skip
TABLE = ["compare", "--models", "regression,two-layer", "--rows", "300,200", "--columns", "9", "--json"]
SWEEP = [
    "sweep", "--model", "TwoLayerNet", "--columns", "2", "--batch", "16",
    "--learning-rate", "0.05", "--weight-scale", "1", "--seeds", "3",
]  # fmt: skip
TIMES = ("seconds", "memory", "trained")


class Cluster:
    """A scheduler and its workers, each a process."""

    def __init__(self, folder: Path, workers: int) -> None:
        # Checkpoints come often enough to be there when a worker is killed.
        preload = folder / "often.py"
        preload.write_text("import toystory.training.pools.pool as pool\npool.CHECKPOINT_EVERY = 0.1\n")
        self.file = folder / "scheduler.json"
        self.scheduler = self._begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        deadline = time.monotonic() + 60
        while not self.file.exists():
            assert self.scheduler.poll() is None, "the scheduler did not begin"
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.05)
        self.address: str = json.loads(self.file.read_text())["address"]
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        self.workers = [
            self._begin("worker", *options, "--preload", str(preload), "--name", str(n))
            for n in range(workers)
        ]
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)

    def _begin(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self.file)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            [*command, *options], cwd=self.file.parent, env=environment, stdout=quiet, stderr=quiet
        )

    def kill_busy_worker(self) -> None:
        """Kill one that carries out a task, as soon as there is one."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            while True:
                busy = {at for at, tasks in client.processing().items() if tasks}
                names = [
                    w["name"]
                    for at, w in client.scheduler_info(n_workers=-1)["workers"].items()
                    if at in busy
                ]
                if names:
                    self.workers[int(names[0])].kill()
                    return
                time.sleep(0.01)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    made = Cluster(tmp_path, workers=3)
    try:
        yield made
    finally:
        made.end()


def figures(run: Run) -> tuple[object, ...]:
    weights = {name: parameter.tolist() for name, parameter in run.model.parameters.items()}
    return (run.losses.points, run.fresh_accuracies.points, run.fresh_accuracy, weights)


@pytest.mark.slow
def test_the_run_of_a_killed_worker_goes_on_elsewhere_from_its_checkpoint(cluster: Cluster) -> None:
    checkpoints, seen = Memory(), []
    with closing(Pool(ClusterEngine(cluster.address), checkpoints)) as pool:
        pool.submit(LONG)
        while not checkpoints.saved:
            pool.next_event(0.05)
        cluster.kill_busy_worker()
        finished = []
        while pool.unfinished:
            event = pool.next_event()
            if isinstance(event, Report):
                seen.append(event)
            else:
                finished.append(event)
    (event,) = finished
    assert isinstance(event, Finished)
    assert event.resumed > 0
    assert any(report.resumed > 0 for report in seen)
    (here,) = (event for event in train_all([LONG], 1) if isinstance(event, Run))
    assert figures(event.run) == figures(here)


@pytest.mark.slow
def test_cancelled_runs_come_back_as_checkpoints_and_the_scheduler_has_nothing_left(cluster: Cluster) -> None:
    from distributed import Client

    checkpoints = Memory()
    endless = [replace(LONG, updates=10**8, seed=seed) for seed in range(3)]
    with closing(Pool(ClusterEngine(cluster.address), checkpoints)) as pool:
        for experiment in endless:
            pool.submit(experiment)
        under_way = set()
        while len(under_way) < 3:
            if isinstance(event := pool.next_event(), Report) and event.update:
                under_way.add(event.experiment)
    assert checkpoints.saved.keys() == set(endless)
    with Client(cluster.address, set_as_default=False) as client:
        while any(client.processing().values()):
            time.sleep(0.05)
        assert client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)) == 0


@pytest.mark.slow
def test_a_table_is_the_same_cell_by_cell_though_a_worker_is_killed(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("toystory.compare.estimate.TRY_FOR", 0.005)
    answers = []
    for folder, options in (("here", []), ("there", ["--scheduler", cluster.address])):
        monkeypatch.setenv(VARIABLE, str(tmp_path / folder))
        killer = threading.Thread(target=cluster.kill_busy_worker)
        if options:
            killer.start()
        assert cli.main([*TABLE, *options]) == 0
        answers.append(json.loads(capsys.readouterr().out))
        if options:
            killer.join()
    here, there = answers
    assert there["complete"]
    assert not there["failed"]
    assert there["trained_now"] == here["trained_now"] > 4
    assert timeless(there["table"]) == timeless(here["table"])
    assert sum(process.poll() is not None for process in cluster.workers) == 1


@pytest.mark.slow
def test_a_sweep_and_a_lesson_come_to_the_same_there(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        [*SWEEP, "--updates", "400", "--vary", "hidden=1,2,4", "--json"],
        ["run", "--lesson", "gate", "--json"],
    ):
        answers = []
        for folder, options in (("here", []), ("there", ["--scheduler", cluster.address])):
            monkeypatch.setenv(VARIABLE, str(tmp_path / folder))
            code = cli.main([*command, *options])
            answers.append((code, timeless(json.loads(capsys.readouterr().out))))
        assert answers[0] == answers[1]


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_on_a_cluster_of_this_machine() -> None:
    pytest.importorskip("distributed")
    command = [sys.executable, "-m", "toystory", *SWEEP, "--vary", "updates=300,100000000", "--plain"]
    command += ["--scheduler", "local", "--vary", "hidden=1", "--jobs", "2"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        kept = Path(os.environ[VARIABLE]) / "compare"
        deadline = time.monotonic() + 60
        while len(list(kept.glob("*.json"))) < 2:  # the third waits behind two that do not end
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.05)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "runs are kept; the same command goes on from there" in told
    assert "Traceback" not in told
    assert list(kept.glob("*.npz"))


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_told_in_a_sentence(cluster: Cluster) -> None:
    events = train_all([replace(LONG, updates=10**8)], 1, ClusterEngine(cluster.address))
    assert isinstance(next(events), Report)
    cluster.scheduler.kill()
    with pytest.raises(RunFailed, match="is gone; what is finished is kept"):
        for _ in events:
            pass


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1:1", "does not answer"),
        ("nonsense", "no address of a scheduler"),
        ("smoke://127.0.0.1:1", "no address of a scheduler"),
    ],
)
def test_an_address_where_nobody_is_gets_a_sentence(
    address: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("toystory.training.pools.cluster.CONNECT_WITHIN", 0.2)
    try:
        code = cli.main([*SWEEP, "--updates", "9", "--vary", "hidden=1", "--scheduler", address])
    except SystemExit as end:
        code = int(str(end.code))
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert code == (1 if "answer" in told else 2)


def test_without_dask_one_sentence_names_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("toystory.training.pools.cluster.find_spec", lambda name: None)
    with pytest.raises(SystemExit) as end:
        cli.main([*SWEEP, "--updates", "9", "--vary", "hidden=1", "--scheduler", "local"])
    assert end.value.code == 2
    assert capsys.readouterr().err == ("toystory: a cluster needs Dask: pip install 'toystory[cluster]'\n")


def timeless(value: Any) -> Any:
    """Without what depends on how busy a machine is."""
    if isinstance(value, dict):
        return {
            name: timeless(part)
            for name, part in value.items()
            if name not in TIMES and name != "median_seconds"
        }
    return [timeless(part) for part in value] if isinstance(value, list) else value
