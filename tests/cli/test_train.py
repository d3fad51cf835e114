"""`toystory train`: any model on any gate, outside the story."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from toystory import models
from toystory.cli import main as cli
from toystory.cli.commands import train as train_command
from toystory.training import loop
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import train_all
from toystory.training.run import Run

AND = [
    "train", "--model", "LogisticRegression", "--columns", "2", "--given", "00,01,10,11", "--gate", "and",
    "--updates", "200", "--learning-rate", "1", "--optimizer", "gradient descent",
]  # fmt: skip


def ask(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_a_line_can_be_an_and_gate(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(AND, capsys)
    assert (code, err) == (0, "")
    assert re.fullmatch(
        r"LogisticRegression: 200 updates in \d\.\d s, loss 0\.\d{4}, "
        r"right on 100\.00 % of its own rows, 100\.00 % of all 4 rows\n",
        out,
    )


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask([*AND, "--json"], capsys)
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["model"], told["rows"], told["updates"]) == ("LogisticRegression", 4, 200)
    assert told["fresh_accuracy"] == 1.0


def test_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "and.npz"
    code, _, err = ask([*AND, "--save", str(file)], capsys)
    assert (code, err.startswith("saved LogisticRegression(columns=2)")) == (0, True)
    assert models.load(file).predict([(0, 0), (0, 1), (1, 0), (1, 1)]).tolist() == [0, 0, 0, 1]


def test_one_that_diverges(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask([*AND, "--learning-rate", "1e30"], capsys)
    assert (code, err) == (1, "")
    assert "diverged at update" in out


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C comes after five updates."""

    def carry(experiments: Any, jobs: int) -> Iterator[Report | Run]:
        for event in train_all(experiments, jobs):
            yield event
            if isinstance(event, Report) and event.progress.update == 5:
                raise KeyboardInterrupt

    monkeypatch.setattr("toystory.training.pools.train_all.REPORT_EVERY", 0.0)
    monkeypatch.setattr(train_command, "train_all", carry)


@pytest.mark.usefixtures("interrupted")
def test_interrupted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask([*AND, "--save", str(tmp_path / "and.npz")], capsys)
    assert (code, err, list(tmp_path.iterdir())) == (130, "", [])
    assert out.startswith(
        "interrupted\non their way were:\n  LogisticRegression: 5 of 200 updates made, loss 0."
    )


@pytest.mark.usefixtures("interrupted")
def test_interrupted_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask([*AND, "--json"], capsys)
    told = json.loads(out)
    assert (code, err, told["interrupted"]) == (130, "", True)
    assert [reached["updates"] for reached in told["reached"]] == [5]


def test_a_changed_source_is_told_before_it_trains(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(loop, "notice", lambda kind: f"{kind.__name__} has been changed")
    code, _, err = ask(AND, capsys)
    assert (code, err) == (0, "toystory: LogisticRegression has been changed\n")
    code, _, err = ask(["run", "--lesson", "gate", "--plain"], capsys)
    assert (code, err.count("LogisticRegression has been changed")) == (0, 1)


def test_find_rate_needs_neither_rate_nor_updates(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [*AND[: AND.index("--updates")], "--optimizer", "gradient descent"]
    code, out, err = ask([*asked, "--find-rate", "--json"], capsys)
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["suggested"] > 0
    assert len(found["rates"]) == len(found["losses"]) == len(found["smoothed"])
    code, out, err = ask([*asked, "--find-rate", "--plain"], capsys)
    assert out == f"{found['verdict']}\n"
    with pytest.raises(SystemExit):
        ask([*asked, "--find-rate", "--out", "m.npz"], capsys)
    assert "keeps no model: leave it out, or --save and --control" in capsys.readouterr().err
