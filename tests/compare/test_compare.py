"""`toystory compare` from end to end, on tables small enough to be trained in a moment."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from toystory.cli import main as cli
from toystory.compare.results import stored_table
from toystory.training.checkpoints import result_store as store
from toystory.training.pools.engine import _Process

ROOT = Path(__file__).parents[2]
SMALL = ["compare", "--models", "regression,two-layer", "--rows", "40,20", "--columns", "5"]
TIMES = ("seconds", "memory", "trained")


@pytest.fixture(autouse=True)
def _short_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toystory.compare.estimate.TRY_FOR", 0.005)


def compared(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert cli.main([*SMALL, "--json", *options]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def figures(answer: dict[str, Any]) -> list[Any]:
    """All that does not depend on how busy the machine is."""
    results = [entry["result"] for entry in answer["table"]]
    return [r and {name: value for name, value in r.items() if name not in TIMES} for r in results]


def test_every_cell_holds_its_curve_and_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    answer = compared(capsys)
    assert answer["complete"]
    assert not answer["interrupted"]
    assert answer["trained_now"] == 8  # and their controls
    places = [(entry["model"], entry["way"], entry["rows"]) for entry in answer["table"]]
    assert places[:4] == [
        ("regression", "as Alex did it", 20),
        ("regression", "as Alex did it", 40),
        ("regression", "the way that works", 20),
        ("regression", "the way that works", 40),
    ]
    for entry in answer["table"]:
        result = entry["result"]
        if entry["why"]:
            assert result is None
            continue
        (control,) = entry["control"]
        assert control["column"] == 0
        assert "--relevant 0" in control["result"]["command"]
        assert result["updates"] == 1000
        assert result["loss_curve"][-1] == [1000, result["loss"]]
        assert 0.5 <= result["train_accuracy"] <= 1
        assert 0 <= result["fresh_accuracy"] <= 1
        assert 10e6 < result["memory"] < 400e6 or sys.platform == "win32"
        assert f"--rows {entry['rows']}" in result["command"]


def test_a_second_call_trains_nothing_and_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = compared(capsys), compared(capsys)
    assert second["trained_now"] == 0
    assert second["table"] == first["table"]


@pytest.mark.slow
def test_again_trains_anew(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = compared(capsys), compared(capsys, "--again")
    assert second["trained_now"] == 4
    assert figures(second) == figures(first)


def test_one_or_two_at_a_time_give_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = compared(capsys, "--jobs", "1"), compared(capsys, "--again", "--jobs", "2")
    assert figures(one) == figures(two)
    assert figures(compared(capsys, "--seed", "1")) != figures(one)


def test_plain_lines_can_be_read_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*SMALL, "--plain"]) == 0
    out = capsys.readouterr().out
    assert "regression, as Alex did it, 20 rows: right on" in out
    assert "regression, the way that works, 20 rows: none: a line can count, 55.6 %, and no more" in out
    assert "(control holds: " in out or "(control FAILS, so it says nothing of XOR: " in out
    assert "(1 of 8; about" in out
    assert not set(out) & set("█▇▁━╭│\x1b")


def test_what_does_not_fit_into_the_budget_is_left_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*SMALL, "--budget", "2.1", "--plain"]) == 0
    out, err = capsys.readouterr()
    assert out.count("not run yet") == 4
    assert "none fits into 2.1 s" in err
    assert "--budget" in err


def test_the_budget_leaves_only_what_does_not_fit(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = {e.experiment for e in stored_table(("two-layer",), (40,), 5)}

    def seconds(self: object, experiment: object) -> float:
        return 1e6 if experiment in long else 0.1

    monkeypatch.setattr("toystory.compare.estimate.Estimate.seconds", seconds)
    assert cli.main([*SMALL, "--json"]) == 0
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert not answer["complete"]
    assert answer["trained_now"] == 7
    unfilled = [(e["model"], e["rows"]) for e in answer["table"] if not e["why"] and not e["result"]]
    assert unfilled == [("two-layer", 40)]
    assert "1 cell did not fit into 300 s; 7 cells are kept" in err


def test_a_damaged_file_costs_one_cell_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    first = compared(capsys)
    path = next(iter(sorted(store.folder().glob("*.json"))))
    path.write_text("{")
    assert cli.main([*SMALL, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["trained_now"] == 1
    assert figures(json.loads(out)) == figures(first)
    assert "damaged" in err
    assert path.with_suffix(".damaged").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--models", "lstn"], "'lstn' is no model of the table: did you mean lstm? choose from regression"),
        (["--rows", "0"], "rows is 0: expected a whole number from 1"),
        (["--rows", "many"], "'many' is not a whole number"),
        (["--columns", "0"], "columns is 0: expected a whole number from 1"),
        (["--budget", "-1"], "expected seconds, more than zero"),
        (["--budget", "nan"], "expected seconds, more than zero"),
        (["--jobs", "0"], "out of range: expected 1 to 64"),
        (["--frontier", "--rows", "10"], "leave out --rows"),
        (["--frontier", "--full"], "leave out --full"),
        (["--rowz", "10"], "did you mean --rows"),
    ],
)
def test_wrong_usage_gets_one_line(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit:
        cli.main(["compare", *options])
    out, err = capsys.readouterr()
    assert exit.value.code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert said in err


def test_an_interruption_keeps_what_is_done_and_the_next_call_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The first cell takes a moment, the second minutes."""
    options = ["--models", "regression,lstm", "--rows", "3000", "--full", "--jobs", "1", "--plain"]
    with subprocess.Popen(
        [sys.executable, "-m", "toystory", "compare", *options],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "regression, as Alex did it, 3,000 rows" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.search(r"interrupted: (1 cell is|2 cells are) kept; the same command goes on from there", err)
    assert "Traceback" not in err
    assert cli.main(["compare", "--models", "regression", "--rows", "3000", "--json", "--full"]) == 0
    assert json.loads(capsys.readouterr().out)["trained_now"] <= 1  # its control


def test_a_process_that_is_killed_fails_one_cell_and_no_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = _Process.call

    def kill_the_second(self: _Process, function: Any, *rest: Any) -> Any:
        experiment = function.__self__._experiment
        if experiment.name.startswith("two-layer") and experiment.rows == 20:
            self.kill()
        return call(self, function, *rest)

    monkeypatch.setattr(_Process, "call", kill_the_second)
    assert cli.main([*SMALL, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["trained_now"] == 7
    (failed,) = answer["failed"]
    assert "two-layer" in failed["experiment"]
    assert "killed" in failed["reason"]
