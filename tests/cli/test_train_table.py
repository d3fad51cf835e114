"""`toystory train --data` and `toystory predict`: rows of real numbers, from a task or a CSV file."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toystory.cli import main as cli
from toystory.cli.commands import train_table
from toystory.models import MLP, SoftmaxMLP, load
from toystory.training.tabular.tasks import make_dataset
from toystory.training.tabular.training import TabularTraining

SHORT = ["--updates", "300", "--hidden", "16"]


def ask(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    out, err = capsys.readouterr()
    assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
    return err


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """The three arms of a spiral, with a note beside every row."""
    data = make_dataset("spiral-3", 240, None, np.random.default_rng(3))
    file = tmp_path / "arms.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["note", "north", "east", "arm"])
        for (north, east), y in zip(data.x.tolist(), data.y.tolist(), strict=True):
            writer.writerow(["x", north * 1000, east, "abc"[y]])
    return file


def test_moons_beside_a_straight_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(["train", "--data", "moons", "--control", *SHORT], capsys)
    assert (code, err) == (0, "")
    right = [float(share) for share in re.findall(r"test rows: right on ([\d.]+) %", out)]
    assert right[0] >= 95 > right[1]
    assert "standardised with mean and spread of the 300 training rows" in out
    assert max(map(len, out.splitlines())) <= 110
    lines = out[out.index("class of the test rows") :].splitlines()
    assert max(map(len, lines)) <= 80
    drawn = [line for line in lines if len(line) == train_table.MAP_WIDTH and not set(line) - set(".+AB")]
    assert len(drawn) == train_table.MAP_HEIGHT
    assert set("".join(drawn)) == set(".+AB")


def test_a_table_is_learnt_saved_and_asked(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, learn = table.with_name("m.npz"), ["--label", "arm", "--without", "note"]
    code, out, err = ask(["train", "--data", str(table), *learn, "--out", str(model), "--json"], capsys)
    told = json.loads(out)
    assert (code, err.startswith("saved SoftmaxMLP((2, 32, 3))")) == (0, True)
    assert (told["columns"], told["classes"], told["rows"]["test"]) == (
        ["north", "east"],
        ["a", "b", "c"],
        48,
    )
    assert told["accuracy"]["test"] > 0.9
    assert told["best_update"] <= told["updates"]
    saved = load(model)
    assert isinstance(saved, SoftmaxMLP)
    assert saved.means.tolist() == told["means"]

    gaps = table.with_name("gaps.csv")
    gaps.write_text(table.read_text() + "x,,1,a\nx,1,1,\n")
    few = ["--updates", "5", "--plain", "--drop-missing"]
    out = ask(["train", "--data", str(gaps), *learn, *few], capsys)[1]
    assert out.startswith("gaps.csv: 240 rows (2 with missing values left out) of 2 numbers; arm: a 80")

    code, out, err = ask(["predict", str(table), "--model", str(model)], capsys)
    assert (code, err) == (0, "toystory: left out, since the model does not know them: note\n")
    assert re.match(r"line 2: [abc] \(\d+\.\d %\)", out)
    (right,) = re.findall(r"right on ([\d.]+) % of 240 rows; arm:", out)
    assert float(right) > 90

    unlabelled = table.with_name("new.csv")
    rows = [line.split(",")[1:3] for line in table.read_text().splitlines()]
    unlabelled.write_text("\n".join(f"{east};{north}" for north, east in rows))
    code, out, err = ask(["predict", str(unlabelled), "--model", str(model), "--json"], capsys)
    other = json.loads(out)
    assert (code, err, "accuracy" in other) == (0, "", False)
    assert sum(other["rows"][0]["probabilities"].values()) == pytest.approx(1)
    answers = "".join(row["answer"] for row in other["rows"])
    labels = "".join(line[-1] for line in table.read_text().splitlines()[1:])
    assert sum(a == b for a, b in zip(answers, labels, strict=True)) / 240 == pytest.approx(
        float(right) / 100, abs=1e-4
    )


def test_one_that_diverges_is_told_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wild = ["train", "--data", "circle", "--learning-rate", "1e30", "--optimizer", "gradient descent"]
    code, out, err = ask([*wild, "--out", str(tmp_path / "m.npz")], capsys)
    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert out.splitlines()[-1].startswith("diverged at update")
    assert out.endswith("Try a smaller learning rate.\n")
    assert "it was not written" in err


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_interrupted(
    more: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = TabularTraining.__iter__

    def until_five(self: TabularTraining) -> Iterator[Any]:
        for progress in whole(self):
            yield progress
            if progress.update == 5:
                raise KeyboardInterrupt

    monkeypatch.setattr(TabularTraining, "__iter__", until_five)
    code, out, err = ask(["train", "--data", "moons", "--out", str(tmp_path / "m.npz"), *more], capsys)
    assert (code, err, list(tmp_path.iterdir())) == (130, "", [])
    assert json.loads(out)["updates"] == 5 if more else out.startswith("interrupted after 5 updates")


WRONG = {
    "train --data monos": "there is no file monos: did you mean moons? the tasks are circle, moons",
    "train --data TABLE": "say with --label which column of TABLE has the classes: note, north, east, arm",
    "train --data TABLE --label arms": "has no column 'arms' for --label: did you mean 'arm'?",
    "train --data TABLE --label arm": "line 2 of TABLE, column note: 'x' is no number: mend it, or leave the "
    "column out with --without note",
    "train --data TABLE.csv --label arm": "there is no file TABLE.csv",
    "train --data moons --label arm": "label, without and drop-missing are for a CSV file: moons is a task",
    "train --data moons --gate and": "--gate is for models of bits",
    "train --data moons --model MLP": "--model is for models of bits",
    "train --data moons --seeds 3": "--file and --seeds are for a model that you wrote",
    "train --data moons --dropout 1": "dropout is 1.0: expected a share, from 0 to below 1",
    "train --data moons --hidden 0 --control": "these settings have none",
    "train --data moons --hidden 4,0": "hidden units are",
    "train --data moons --out no/folder/m.npz": "can't write no/folder/m.npz: there is no folder",
    "train --dropout 0.5": "required: --model, --columns, --updates, --learning-rate",
    "predict TABLE --model nowhere.npz": "there is no model nowhere.npz: `toystory train --data",
    "predict TABLE --model TABLE": "TABLE holds no model saved by this program",
    "predict TABLE --model BITS": "BITS holds a model of bits, MLP",
    "predict TABLE --model .": "can't read .: is a directory",
    "predict HUGE --model MODEL": "line 2 of HUGE: its numbers are too large for what the model learned from",
    "predict TABLE --model NAMELESS": "does not tell its columns and classes",
    "predict TABLE --model OTHER": "lacks the column 'south', which the model reads: did you mean 'north'",
    "predict TABLE": "required: --model",
}  # fmt: skip


@pytest.mark.parametrize(("line", "said"), WRONG.items(), ids=list(WRONG))
def test_wrong_usage_gets_one_line(
    line: str, said: str, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = SoftmaxMLP(
        (2, 2), means=(0, 0), spreads=(1, 1), column_names=("south", "east"), class_names=("a", "b")
    )
    small = SoftmaxMLP(
        (2, 2), means=(0, 0), spreads=(1e-9, 1), column_names=("south", "east"), class_names=("a", "b")
    )
    files = {"TABLE": str(table)}
    models = {"BITS": MLP((2, 1)), "NAMELESS": SoftmaxMLP((2, 2)), "OTHER": other, "MODEL": small}
    files["HUGE"] = str(table.with_name("HUGE"))
    table.with_name("HUGE").write_text("south,east\n1e35,2\n")
    for name, model in models.items():
        files[name] = str(table.with_name(name))
        model.save(files[name])
    for name, path in files.items():
        line, said = line.replace(name, path), said.replace(name, path)
    assert said in refused(line.split(), capsys)
