"""`toystory progress` and `toystory reset`: what is said of the record, and how it is forgotten."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.run_row import RUN as ONE_RUN
from toystory.cli.main import main
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.progress.connection import NAME
from toystory.progress.lesson_progress import CourseProgress
from toystory.progress.rows import VerdictRow
from toystory.progress.store import Store

ROOT = Path(__file__).parents[2]
RUN = replace(ONE_RUN, updates=1, loss=0.5, message="made its one update", seconds=61.0, curves={})


def hold(name: str) -> None:
    """Do everything that a lesson asks for."""
    store, lesson = Store(), catalogue.load(name)
    store.set_prediction(name, lesson.prediction.answer)
    store.opened(name, len(lesson.claims))
    for claim in lesson.claims:
        store.add_session(name, [VerdictRow(claim.text, 1.0, True)])
    for exercise in lesson.chapter.exercise_names:
        store.note_exercise(name, exercise, passed=True)


def test_nothing_is_done_yet(capsys: pytest.CaptureFixture[str]):
    assert main(["progress"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[1] for line in out.splitlines()[:-1]] == [f"{name}:" for name in NAMES]
    assert out.count(": open; no prediction, 0 of") == len(NAMES)
    assert out.endswith("0 of 9 lessons done\n")


def test_a_lesson_holds_when_prediction_claims_and_exercises_are_done(capsys: pytest.CaptureFixture[str]):
    hold("gate")
    Store().add_session("gate", runs=[RUN])
    assert main(["progress", "--plain"]) == 0
    out = capsys.readouterr().out
    assert "1  gate: holds; prediction" in out
    assert ", right, " in out
    assert ", 1 run, last " in out
    assert "1 of 9 lessons done" in out


@pytest.mark.parametrize("missing", ["prediction", "claim", "exercise"])
def test_it_does_not_hold_while_something_is_missing(missing: str):
    hold("gate")
    assert CourseProgress(Store()).record("gate").holds
    store, lesson = Store(), catalogue.load("gate")
    store.forget("gate")
    hold_all_but = {"prediction", "claim", "exercise"} - {missing}
    store.opened("gate", len(lesson.claims))
    if "prediction" in hold_all_but:
        store.set_prediction("gate", 0)
    for number, claim in enumerate(lesson.claims):
        store.add_session("gate", [VerdictRow(claim.text, 1.0, missing != "claim" or number > 0)])
    for number, name in enumerate(lesson.chapter.exercise_names):
        store.note_exercise("gate", name, begun=True, passed=missing != "exercise" or number > 0)
    record = CourseProgress(Store()).record("gate")
    assert not record.holds
    assert record.begun


def test_as_json(capsys: pytest.CaptureFixture[str]):
    hold("comparison")
    store = Store()
    store.add_session("gate", runs=[RUN])
    store.set_prediction("gate", 0)
    store.set_recalled("gate", "Why?", "so")
    store.note_exercise("gate", catalogue.load("gate").chapter.exercise_names[0], hints=2)
    assert main(["progress", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["hold"], [lesson["name"] for lesson in found["lessons"]]) == (1, list(NAMES))
    gate, comparison = found["lessons"][0], found["lessons"][-1]
    assert (gate["prediction"], gate["right"], gate["holds"], gate["seconds"]) == (1, False, False, 61.0)
    assert gate["recalled"] == [{"question": "Why?", "said": "so"}]
    assert gate["runs"][0]["command"] == RUN.command
    assert gate["runs"][0]["fresh_accuracy"] == 0.75
    assert (gate["exercises"][0]["state"], gate["exercises"][0]["hints"]) == ("begun", 2)
    assert comparison["holds"]
    assert [each["state"] for each in comparison["exercises"]] == ["passed"] * 3
    assert all(claim["passed"] for claim in comparison["claims"])


def test_a_damaged_record_is_told_of_on_stderr(home: Path, capsys: pytest.CaptureFixture[str]):
    (home / NAME).write_text("no record")
    assert main(["progress", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["hold"] == 0
    assert "set aside" in err
    assert len(err.splitlines()) == 1


def test_listing_opens_no_record():
    code = (
        "import sys; from toystory.cli.main import main; main(['list']); sys.exit('sqlite3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert done.returncode == 0


def test_reset_deletes_a_lesson_and_no_exercise_file(home: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("gate", "lstm"):
        hold(name)
        (home / "paused").mkdir(exist_ok=True)
        (home / "paused" / f"{name}.0123456789ab.token.npz").write_bytes(b"paused")
    mine = home / "exercises" / "gate" / "sigmoid.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("# my work")
    assert main(["reset", "gate", "--yes"]) == 0
    assert "the files of your exercises are where they were" in capsys.readouterr().out
    assert set(Store().lines()) == {"lstm"}
    assert [path.name[:4] for path in (home / "paused").iterdir()] == ["lstm"]
    assert mine.read_text() == "# my work"
    assert main(["reset", "--yes"]) == 0
    assert Store().lines() == {}
    assert list((home / "paused").iterdir()) == []
    assert mine.read_text() == "# my work"


def test_reset_needs_a_terminal_or_yes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    hold("gate")
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(SystemExit) as ended:
        main(["reset"])
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert "add --yes" in err
    assert len(err.splitlines()) == 1
    assert "gate" in Store().lines()


def test_a_lesson_that_is_none_gets_the_nearest_right_word(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["reset", "lstn", "--yes"])
    assert ended.value.code == 2
    assert "did you mean lstm?" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo terminals")
@pytest.mark.parametrize(("said", "code", "left"), [("y", 0, set()), ("n", 1, {"gate"}), ("", 1, {"gate"})])
def test_reset_asks_on_a_terminal(said: str, code: int, left: set[str]):
    import pexpect

    hold("gate")
    child = pexpect.spawn(sys.executable, ["-m", "toystory", "reset", "gate"], cwd=str(ROOT), timeout=20)
    child.expect_exact("Forget all of the lesson gate? [y/N] ")
    child.sendline(said)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert set(Store().lines()) == left


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo terminals")
def test_on_a_terminal_it_is_a_table():
    import pexpect

    hold("gate")
    child = pexpect.spawn(
        sys.executable, ["-m", "toystory", "progress"], cwd=str(ROOT), timeout=20, dimensions=(40, 100)
    )
    child.expect(pexpect.EOF)
    out = child.before.decode()
    child.close()
    assert child.exitstatus == 0
    assert "Your progress" in out
    assert "1 of 9 lessons done" in out
    assert out.count("●") >= 4


@pytest.mark.skipif(sys.platform == "win32", reason="it has no pseudo terminals")
@pytest.mark.parametrize(("columns", "line"), [(80, " ○  9 comparison  ○ –"), (40, "9  comparison: open;")])
def test_a_lesson_has_its_line_however_narrow(columns: int, line: str, monkeypatch: pytest.MonkeyPatch):
    import pexpect

    monkeypatch.setenv("COLUMNS", str(columns))
    hold("gate")
    child = pexpect.spawn(
        sys.executable, ["-m", "toystory", "progress"], cwd=str(ROOT), timeout=20, dimensions=(40, columns)
    )
    child.expect(pexpect.EOF)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", child.before.decode())
    child.close()
    assert line in plain
