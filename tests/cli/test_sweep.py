"""`toystory sweep`: values, figures, going on, and what is said of a wrong request."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import pytest

from toystory.cli import main as cli
from toystory.compare.sweep import stored_sweep
from toystory.training.pools.train_all import train_all
from toystory.training.run import Run

XOR = [
    "sweep", "--model", "TwoLayerNet", "--columns", "2", "--batch", "16", "--weight-scale", "1",
    "--updates", "300", "--evaluate-every", "10", "--seeds", "3", "--jobs", "1",
]  # fmt: skip
VARIED = ["--vary", "hidden=1,4", "--vary", "learning-rate=0.001,0.1"]


@pytest.fixture(autouse=True)
def _short_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toystory.compare.estimate.TRY_FOR", 0.005)


def swept(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert cli.main([*XOR, *VARIED, "--json", *options]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as end:
        cli.main(list(words))
    assert end.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_every_combination_is_trained_from_every_seed_once_and_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = swept(capsys)
    assert answer["complete"]
    assert answer["trained_now"] == 12
    values = [cell["values"] for cell in answer["cells"]]
    assert values == [{"hidden": [h], "learning_rate": r} for h in (1, 4) for r in (0.001, 0.1)]
    for cell in answer["cells"]:
        assert [run["seed"] for run in cell["runs"]] == [0, 1, 2]
        assert cell["trained"] == 3
        solved = [run for run in cell["runs"] if run["fresh_accuracy"] >= 0.99 and not run["tie"]]
        assert cell["solved"] == len(solved)
        assert cell["share_low"] < cell["share"] + 1e-9
        assert cell["share"] < cell["share_high"] + 1e-9
    assert answer["cells"][0]["solved"] == 0  # one unit can't
    assert answer["cells"][0]["median_updates"] is None
    assert answer["cells"][3]["solved"] == 3
    again = swept(capsys)
    assert again["trained_now"] == 0
    assert again["cells"] == answer["cells"]
    more = swept(capsys, "--seeds", "4")
    assert more["trained_now"] == 4
    assert more["cells"][3]["runs"][:3] == answer["cells"][3]["runs"]


def test_the_csv_has_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    answer = swept(capsys)
    assert cli.main([*XOR, *VARIED, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["hidden"], row["learning_rate"]) for row in rows] == [
        ("1", "0.001"), ("1", "0.1"), ("4", "0.001"), ("4", "0.1"),
    ]  # fmt: skip
    for row, cell in zip(rows, answer["cells"], strict=True):
        assert int(row["solved"]) == cell["solved"]
        assert float(row["share"]) == cell["share"]
        assert row["median_updates"] == (
            "" if cell["median_updates"] is None else f"{cell['median_updates']:g}"
        )


def test_the_picture_is_readable_without_colours(capsys: pytest.CaptureFixture[str]) -> None:
    swept(capsys)
    assert cli.main([*XOR, *VARIED, "--picture"]) == 0
    drawn = capsys.readouterr().out
    assert "hidden units" in drawn
    assert "0/3" in drawn
    assert "██ 3/3" in drawn
    assert cli.main([*XOR, "--learning-rate", "0.1", "--vary", "hidden=1,4", "--picture"]) == 0
    bars = capsys.readouterr().out.splitlines()[-2:]
    assert bars[0].startswith("hidden 1  ░░░░")
    assert bars[1].startswith("hidden 4  ████")


def test_a_cell_s_figures_are_those_of_its_runs() -> None:
    settings = {"model": "MLP", "columns": 3, "batch": 8, "updates": 40, "learning_rate": 0.03}
    (cell,) = stored_sweep(settings, {"hidden": ((8, 4),)}, seeds=2, bar=0.99)
    assert math.isnan(cell.share)
    assert cell.interval == (0.0, 1.0)
    assert [e.stop_at for e in cell.experiments] == [pytest.approx(0.998)] * 2
    runs = [run for run in train_all(cell.experiments, 1) if isinstance(run, Run)]
    assert len(runs) == 2
    assert {run.experiment.hidden for run in runs} == {(8, 4)}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--vary", "hiden=1"], "'hiden' is no setting to vary: did you mean hidden?"),
        (["--vary", "hidden=two"], "'two' is not a whole number"),
        (["--vary", "hidden="], "'hidden=' names no values"),
        (["--vary", "hidden"], "'hidden' names no values"),
        (["--vary", "hidden=0"], "expected a whole number from 1 to 100,000"),
        (["--vary", "seed=1,2"], "--seed and --seeds say which seeds"),
        (["--vary", "gate=xorr"], "'xorr' is no gate: choose from xor, and, or, nand"),
        (["--vary", "hidden=1", "--hidden", "2"], "--hidden is given and varied"),
        (["--vary", "hidden=1", "--vary", "hidden=2"], "--vary hidden is given twice"),
        (["--vary", "hidden=1,2/3"], "one hidden layer: give one number of hidden units (where hidden 1,2)"),
        (["--vary", "hidden=1", "--seeds", "0"], "'0' is too few"),
        (["--vary", "hidden=1", "--seeds", "1e6"], "1,000,000 runs are too many"),
        (["--vary", "hidden=1", "--solved-at", "0.3"], "'0.3' is no such share"),
        ([], "the following arguments are required: --vary"),
    ],
)
def test_a_wrong_request_gets_one_sentence(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in complaint(capsys, *XOR, "--learning-rate", "0.1", *options)


def test_what_is_required_may_be_varied_but_not_missing(capsys: pytest.CaptureFixture[str]) -> None:
    said = complaint(capsys, *XOR, "--vary", "hidden=1")
    assert "--learning-rate is missing: give it, or vary it" in said
