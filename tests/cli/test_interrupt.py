"""Ctrl-C and worse, in the middle of a real run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]
LONG = ["run", "--lesson", "lstm", "--updates", "1e9", "--columns", "10"]
EXPORT = ["export", "lstm", "--to", "html", "--train"]
TRAINING = 0.8
"""Seconds of processor time after which a process has begun to train: importing takes less than half."""
STARTING = 0.1
"""And after which it is in the middle of importing."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


def group(leader: int) -> list[int]:
    """Every process of the group that has not ended."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, IndexError):
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def seconds_used(pid: int) -> float:
    """Of processor time."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_worker(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


class Running:
    """A command in a group of processes of its own, which has begun to train."""

    def __init__(self, *options: str, command: Sequence[str] = LONG) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "toystory", *command, *options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    @property
    def group(self) -> list[int]:
        return group(self.process.pid)

    @property
    def workers(self) -> list[int]:
        return [pid for pid in self.group if is_worker(pid)]

    def wait_until_training(self, jobs: int) -> None:
        def begun() -> bool:
            assert self.process.poll() is None, self.process.communicate()
            training = self.workers if jobs > 1 else [self.process.pid]
            return len(training) == jobs and all(seconds_used(pid) > TRAINING for pid in training)

        wait_for(begun)

    def wait_until_gone(self) -> None:
        wait_for(lambda: not self.group, seconds=20)

    def end(self) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def begin(*options: str, command: Sequence[str] = LONG) -> Running:
        started.append(Running(*options, command=command))
        return started[-1]

    yield begin
    for run in started:
        for pid in run.group:
            os.kill(pid, signal.SIGKILL)
        run.process.communicate()


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_ends_a_run_and_tells_what_was_reached(start: Callable[..., Running], jobs: int) -> None:
    run = start("--jobs", str(jobs))
    run.wait_until_training(jobs)
    os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does
    code, out, err = run.end()
    assert code == 130
    lines = out.splitlines()
    assert lines[:2] == ["interrupted", "on their way were:"]
    assert len(lines) == 2 + jobs
    assert "  rows of 50 bits" in out
    assert " of 1,000,000,000 updates made, loss 0." in out
    assert err.startswith("with your settings")
    assert err.count("\n") == 1
    run.wait_until_gone()


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_with_json_gives_one_object(start: Callable[..., Running], jobs: int) -> None:
    run = start("--jobs", str(jobs), "--json")
    run.wait_until_training(jobs)
    os.killpg(run.process.pid, signal.SIGINT)
    code, out, err = run.end()
    assert (code, err, out.count("\n")) == (130, "", 1)
    told = json.loads(out)
    assert (told["lesson"], told["passed"], told["interrupted"], told["runs"]) == ("lstm", False, True, [])
    assert len(told["reached"]) == jobs
    assert all(reached["updates"] > 0 for reached in told["reached"])
    run.wait_until_gone()


def test_ctrl_c_while_the_processes_are_begun(start: Callable[..., Running]) -> None:
    run = start("--jobs", "2")
    wait_for(lambda: any(seconds_used(pid) >= STARTING for pid in run.workers))
    os.killpg(run.process.pid, signal.SIGINT)
    code, out, err = run.end()
    assert code == 130
    assert out.startswith("interrupted\n")
    assert "Traceback" not in err
    run.wait_until_gone()


@pytest.mark.parametrize(
    ("command", "times", "seconds"),
    [
        pytest.param(command, times, seconds, marks=() if (number + k) % 2 else pytest.mark.slow)
        for number, (command, times) in enumerate([(LONG, 2), (LONG, 3), (EXPORT, 2), (EXPORT, 3)])
        for k, seconds in enumerate([0.0, STARTING, TRAINING])
    ],
)
def test_an_impatient_ctrl_c_is_heard_once(
    start: Callable[..., Running], command: list[str], times: int, seconds: float, tmp_path: Path
) -> None:
    options = ["--jobs", "2"] if command is LONG else ["--out", str(tmp_path / "lstm.html")]
    run = start(*options, command=command)
    wait_for(lambda: any(seconds_used(pid) >= seconds for pid in run.workers))
    for _ in range(times):
        os.killpg(run.process.pid, signal.SIGINT)
    code, out, err = run.end()
    assert code == 130
    assert (out + err).count("interrupted") == 1
    assert "Traceback" not in err
    assert "ignored" not in err
    run.wait_until_gone()
    assert list(tmp_path.iterdir()) == []


def test_sigterm_leaves_nothing(start: Callable[..., Running]) -> None:
    run = start("--jobs", "2", "--json")
    run.wait_until_training(2)
    os.kill(run.process.pid, signal.SIGTERM)
    _, _, err = run.end()
    assert "leaked" not in err
    assert "Traceback" not in err
    run.wait_until_gone()


def test_a_killed_worker_is_one_sentence(start: Callable[..., Running]) -> None:
    run = start("--jobs", "2", "--json")
    run.wait_until_training(2)
    os.kill(run.workers[0], signal.SIGKILL)
    code, out, err = run.end()
    assert (code, out) == (1, "")
    assert err.startswith("toystory: a process that trained was killed, perhaps for want of memory; ")
    assert err.count("\n") == 1
    run.wait_until_gone()


def test_workers_do_not_outlive_a_parent_that_was_killed(start: Callable[..., Running]) -> None:
    run = start("--jobs", "2")
    run.wait_until_training(2)
    os.kill(run.process.pid, signal.SIGKILL)
    run.wait_until_gone()
