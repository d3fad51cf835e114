"""`toystory grade`, as it is typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.grading.test_recognise import BY_KEY, unlabelled
from toystory.cli.main import main
from toystory.course.exercises.exercise import exercises_of
from toystory.progress.store import Store

SIGMOID = next(exercise for exercise in exercises_of("gate") if exercise.name == "sigmoid")


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    """One right, one wrong under a label that is not its own, a file of nobody knows what."""
    folder = tmp_path / "homework"
    files = {
        "mia/gate/sigmoid.py": SIGMOID.solution,
        "=ole/sigmoid.py": SIGMOID.start.replace("gate/sigmoid", "gate/loss") + "\nx = 1\n",
        "zoe/thoughts.py": "x = 1\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_table_in_every_form(homework: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", str(homework), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["passed"] is False
    rows = {row["student"]: row for row in told["rows"]}
    assert rows["mia"]["passed"]
    assert rows["mia"]["file"] == "mia/gate/sigmoid.py"
    assert rows["mia"]["seconds"] > 0
    assert not rows["=ole"]["passed"]
    assert "returned nothing" in rows["=ole"]["fault"]
    assert "its label says gate/loss" in rows["=ole"]["note"]
    assert rows["zoe"]["exercise"] is None
    assert "its name says none" in rows["zoe"]["fault"]
    assert {each["student"]: each["passed"] for each in told["students"]} == {"mia": 1, "=ole": 0, "zoe": 0}

    assert main(["grade", str(homework), "--csv"]) == 1
    read = {row["student"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert (read["mia"]["passed"], read["mia"]["exercise"]) == ("yes", "gate/sigmoid")
    assert "'=ole" in read, "no cell is a formula"

    assert main(["grade", str(homework), "--html"]) == 1
    page = capsys.readouterr().out
    assert page.startswith("<!DOCTYPE html>")
    assert "mia/gate/sigmoid.py" in page
    assert "<script" not in page

    assert main(["grade", str(homework), "--plain"]) == 1
    out = capsys.readouterr().out
    assert "mia: 1 of 1" in out
    assert "3 students, 1 of 3 right" in out

    assert not (home / "record.sqlite3").exists()
    assert list(home.iterdir()) == []


def test_what_was_set_is_what_counts(homework: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", str(homework), "--as", "gate/sigmoid", "--as", "gate/loss", "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["rows"]
    missing = {(row["student"], row["exercise"]) for row in rows if not row["file"]}
    assert len(missing) == 4
    assert main(["grade", str(homework / "mia"), "--as", "gate/sigmoid"]) == 0


def test_whole_models_without_a_name_are_known_by_what_they_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net = unlabelled(BY_KEY["regression/whole_model"])
    kill = "import os\nos.kill(os.getppid(), 9)\n"
    for student, text in {
        "mia": net,
        "ole": net.replace("def gradients(", "def slopes("),
        "zoe": net.replace("import numpy", f"{kill}import numpy"),
    }.items():
        (tmp_path / student).mkdir()
        (tmp_path / student / "my_net.py").write_text(text, encoding="utf-8")
    assert main(["grade", str(tmp_path), "--json"]) == 1
    mia, ole, zoe = json.loads(capsys.readouterr().out)["rows"]
    assert (mia["exercise"], mia["passed"]) == ("regression/whole_model", True)
    assert mia["note"] == "by what it offers it is judged as regression/whole_model"
    assert (ole["exercise"], "but no gradients" in ole["fault"]) == (None, True)
    assert (zoe["exercise"], zoe["passed"]) == (None, False)
    assert zoe["fault"]
    assert main(["grade", str(tmp_path / "mia"), "--as", "gate", "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["rows"]
    (mia,) = [row for row in rows if row["file"]]
    assert mia["fault"] == "by what it offers it is regression/whole_model, which was not set"


def test_the_teachers_own_record_and_folder_stay(
    homework: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(homework / "mia" / "gate" / "sigmoid.py")]) == 0
    assert Store().exercise("gate", "sigmoid").state == "new"
    assert main(["exercise", "gate/sigmoid", "--out", str(tmp_path / "handout")]) == 0
    assert (tmp_path / "handout" / "gate" / "sigmoid.py").read_text(encoding="utf-8") == SIGMOID.start
    assert Store().exercise("gate", "sigmoid").state == "new"
    assert not (home / "exercises-folder.txt").exists()


def test_check_judges_what_was_set(homework: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ole = homework / "=ole" / "sigmoid.py"
    assert main(["check", str(ole), "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)["exercises"]
    assert row["name"] == "sigmoid"
    assert "its label says gate/loss" in row["notes"][0]
    thoughts = homework / "zoe" / "thoughts.py"
    thoughts.write_text(SIGMOID.solution.replace("gate/sigmoid", "gate/loss"), encoding="utf-8")
    assert main(["check", str(thoughts), "--as", "gate/sigmoid"]) == 0
    assert "it is judged as gate/sigmoid" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("grade nowhere", "there is no folder or file nowhere"),
        ("grade . --csv --json", "one at a time"),
        ("grade . --as gaet", "did you mean gate?"),
        ("grade .", "nothing was handed in"),
        ("check --as gate/sigmoid", "--as goes with files"),
        ("exercise --out there", "writes a lesson's exercises there"),
    ],
)
def test_wrong_usage_gets_a_sentence(
    line: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(line.split())
    assert caught.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("format", ["notebook", "markdown", "html"])
def test_a_lesson_without_its_solutions(format: str, tmp_path: Path) -> None:
    out = tmp_path / "gate"
    assert main(["export", "gate", "--to", format, "--out", str(out), "--without-solutions"]) == 0
    text = out.read_text(encoding="utf-8")
    assert "Solutions" not in text
    assert "very end" not in text
    assert "Your turn" in text
    assert SIGMOID.explanation.split(".")[0] not in text
