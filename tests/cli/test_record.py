"""`toystory record` and `toystory progress --of`: from machine to machine, and a class at once."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_progress import RUN
from toystory.base.paths import VARIABLE, WHOLE_MODELS
from toystory.cli.main import main
from toystory.course import catalogue
from toystory.course.exercises.exercise import exercises_of
from toystory.grading.exercise_files import begin, exercises_folder, remember_folder
from toystory.grading.failures import Source
from toystory.grading.own_model import results as own_results
from toystory.grading.own_model.results import SeedResult, joined, keep
from toystory.grading.own_model.training_grounds import GROUNDS
from toystory.progress.connection import NAME
from toystory.progress.rows import CustomStudyRow, FinishedRun, VerdictRow
from toystory.progress.store import Store

SIGMOID = next(exercise for exercise in exercises_of("gate") if exercise.name == "sigmoid")
Capture = pytest.CaptureFixture[str]


def own_study(name: str) -> list[dict[str, Any]]:
    """The experiments of a study that a learner made."""
    return [RUN.experiment | {"name": name}]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The home of another machine."""
    return tmp_path / "other"


def at(home: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Be at the machine with this home."""
    monkeypatch.setenv(VARIABLE, str(home))
    return Store()


def set_time(home: Path, table: str, column: str, time: str) -> None:
    with sqlite3.connect(home / NAME) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ?", (time,))


def carry(source: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From one machine to another."""
    at(source, monkeypatch)
    assert main(["record", "export", str(tmp_path / "carried.zip"), "--force"]) == 0
    at(target, monkeypatch)
    assert main(["record", "import", str(tmp_path / "carried.zip")]) == 0


def test_an_empty_machine_gets_all_there_is(
    home: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    store = Store()
    store.set_prediction("gate", 2)
    store.set_at("gate", "Train", "one row")
    store.set_recalled("gate", "Why?", "Because.")
    store.add_own("gate", CustomStudyRow("mine", "one row", None, own_study("mine"), False))
    kept = FinishedRun("one row", False, "a1", b"kept")
    store.add_session("gate", [VerdictRow("a claim", 1.0, True)], [RUN], kept)
    store.note_exercise("gate", "sigmoid", passed=True, hints=2)
    begin(SIGMOID).path.write_text("mine", encoding="utf-8")
    (home / "paused").mkdir()
    (home / "paused" / "gate.0123456789ab.token.npz").write_bytes(b"paused")
    assert main(["progress", "--json"]) == 0
    before = json.loads(capsys.readouterr().out)

    carry(home, other, tmp_path, monkeypatch)
    capsys.readouterr()
    assert main(["progress", "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert after["lessons"] == before["lessons"]
    assert (other / "exercises" / "gate" / "sigmoid.py").read_text(encoding="utf-8") == "mine"
    assert (other / "paused" / "gate.0123456789ab.token.npz").read_bytes() == b"paused"
    there = Store()
    assert there.sessions("gate") == [kept]
    assert [own.name for own in there.own("gate")] == ["mine"]

    assert main(["record", "import", str(tmp_path / "carried.zip")]) == 0
    assert "nothing that was not here already" in capsys.readouterr().out


def test_two_machines_merge_and_what_is_newer_counts(
    home: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = "2026-03-01T10:00:00+01:00", "2026-03-01T10:30:00+02:00"
    # By the clock on the wall the second is later; it is half an hour earlier.
    here = at(home, monkeypatch)
    here.set_prediction("gate", 1)
    here.set_recalled("gate", "Why?", "here")
    here.add_session("gate", [VerdictRow("c", 0.5, True)], [replace(RUN, session="here", at=early)])
    here.note_exercise("gate", "sigmoid", hints=3)
    here.add_own("gate", CustomStudyRow("mine", "one row", None, own_study("here"), False))
    there = at(other, monkeypatch)
    there.set_prediction("gate", 2)
    there.set_recalled("gate", "Why?", "there")
    there.add_session("gate", [VerdictRow("c", 0.1, False)], [replace(RUN, session="there", at=late)])
    there.note_exercise("gate", "sigmoid", passed=True)
    there.add_own("gate", CustomStudyRow("mine", "one row", None, own_study("there"), False))
    for machine, time in ((home, early), (other, late)):
        set_time(machine, "lesson", "predicted", time)
        set_time(machine, "recall", "at", time)
        set_time(machine, "verdict", "at", time)
        set_time(machine, "exercise", "at", time)

    carry(home, other, tmp_path, monkeypatch)
    carry(other, home, tmp_path, monkeypatch)
    for machine in (home, other):
        store = at(machine, monkeypatch)
        line = store.line("gate")
        assert line.prediction == 1
        assert line.recalled == {"Why?": "here"}
        assert line.verdicts == {"c": (0.5, True)}
        assert [run.session for run in store.runs("gate")] == ["there", "here"], "by the time of their ends"
        state = store.exercise("gate", "sigmoid")
        assert (state.state, state.hints) == ("passed", 3)
        assert sorted(own.experiments[0]["name"] for own in store.own("gate")) == ["here", "there"]


@pytest.mark.parametrize("newer", ["here", "there"])
def test_of_two_exercise_files_the_older_is_set_aside(
    newer: str, home: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for machine, text in ((home, "here"), (other, "there")):
        at(machine, monkeypatch)
        path = begin(SIGMOID).path
        path.write_text(text, encoding="utf-8")
        time = 2_000_000_000 if text == newer else 1_500_000_000
        os.utime(path, (time, time))
    for _ in range(2):
        carry(home, other, tmp_path, monkeypatch)
    folder = other / "exercises" / "gate"
    older = "here" if newer == "there" else "there"
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert found == {"sigmoid.py": newer, "sigmoid.1.py": older}


def test_what_ones_own_models_came_to_goes_along(
    home: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store().set_prediction("gate", 1)
    old, new = SeedResult(10, 0.1, 0.6, 0.5), SeedResult(20, 0.2, 0.1, 1.0)
    at(other, monkeypatch)
    keep(joined(Source("net.py", "first"), GROUNDS["two-layer"](), 0, old, 17))
    os.utime(other / WHOLE_MODELS / "two-layer.json", (1, 1))
    at(home, monkeypatch)
    keep(joined(Source("net.py", "second"), GROUNDS["two-layer"](), 0, new, 17))
    carry(home, other, tmp_path, monkeypatch)
    (mine,) = own_results.mine()
    assert mine.seeds == {0: new}
    assert [path.name for path in (other / WHOLE_MODELS).iterdir()] == ["two-layer.json"]


def test_the_folder_of_another_machine_is_no_longer_asked_for(
    home: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_folder(tmp_path / "elsewhere")
    begin(SIGMOID)
    carry(home, other, tmp_path, monkeypatch)
    assert exercises_folder() == other / "exercises"
    assert (other / "exercises" / "gate" / "sigmoid.py").exists()
    # Copied by hand, it names a folder that is not here.
    (other / "exercises-folder.txt").write_text("/home/mia/homework\n", encoding="utf-8")
    assert exercises_folder() == other / "exercises"
    at(home, monkeypatch)
    remember_folder(home / "inside")
    assert (home / "exercises-folder.txt").read_text(encoding="utf-8") == "inside\n"
    assert exercises_folder() == home / "inside"


def test_a_file_that_leads_elsewhere_is_not_followed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as packed:
        packed.writestr("about.json", "{}")
        for name in (
            "../evil.py",
            "exercises/../../evil.py",
            "/evil.py",
            "exercises/gate/../evil.py",
            "keys.toml",
        ):
            packed.writestr(name, "evil")
    assert main(["record", "import", str(bad)]) == 0
    assert not list(tmp_path.rglob("evil.py"))
    assert not list(home.parent.rglob("evil.py"))
    assert not (home / "keys.toml").exists()


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (b"hello", "is no record that 'toystory record export' wrote"),
        (b"PK\x03\x04broken", "is no record"),
        (b"SQLite format 3\0" + b"x" * 100, "can't be read"),
    ],
)
def test_what_is_no_record_gets_a_sentence(
    contents: bytes, sentence: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "mia.zip"
    file.write_bytes(contents)
    for line in (["record", "import", str(file)], ["progress", "--of", str(file)]):
        with pytest.raises(SystemExit):
            main(line)
        assert sentence in capsys.readouterr().err


def test_a_record_that_computes_is_refused(home: Path, tmp_path: Path, capsys: Capture) -> None:
    Store().set_prediction("gate", 1)
    with sqlite3.connect(home / NAME) as connection:
        connection.execute("DROP TABLE recall")
        connection.execute("CREATE VIEW recall AS SELECT 1 AS lesson, 2 AS question, 3 AS said, 4 AS at")
    with pytest.raises(SystemExit):
        main(["progress", "--of", str(home)])
    assert "none that toystory wrote" in capsys.readouterr().err


def test_nothing_to_export_is_said(tmp_path: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["record", "export", str(tmp_path / "mia.zip")])
    assert "nothing to export yet" in capsys.readouterr().err
    assert not (tmp_path / "mia.zip").exists()


def test_a_class_as_lines_csv_and_json(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    gate = catalogue.load("gate")
    files = []
    for name, right in (("mia", True), ("=ole", False)):
        store = at(tmp_path / name, monkeypatch)
        store.set_prediction("gate", gate.prediction.answer if right else 0)
        store.add_session("gate", runs=[RUN])
        store.note_exercise("gate", "sigmoid", passed=right)
        files.append(str(tmp_path / f"{name}.zip"))
        assert main(["record", "export", files[-1]]) == 0
    at(home, monkeypatch)
    capsys.readouterr()
    assert main(["progress", "--of", *files]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("mia: 0 of 9 chapters, 1 of ")
    assert "1 of 1 predictions right" in first
    assert "0 of 1 predictions right" in second
    assert "1 runs, 61 s of training" in first
    assert main(["progress", "--of", *files, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["name"] for row in rows] == ["mia", "'=ole"]
    assert (rows[0]["right"], rows[0]["exercises"], rows[0]["gate"], rows[0]["lstm"]) == (
        "1",
        "1",
        "begun",
        "open",
    )
    assert main(["progress", "--of", *files, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["students"]
    assert [student["seconds"] for student in told] == [61.0, 61.0]
    assert told[0]["lessons"][0]["exercises"]

    # A folder that holds a record, as `serve` keeps one a visitor, and a file that is none.
    (tmp_path / "none.zip").write_text("none", encoding="utf-8")
    assert main(["progress", "--of", str(tmp_path / "mia"), str(tmp_path / "none.zip")]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("mia: 0 of 9")
    assert "none.zip is no record" in err
    assert not (home / NAME).exists()
