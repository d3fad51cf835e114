"""`toystory exercise` and `toystory check`, as they are typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toystory.cli.commands import exercise as exercise_command
from toystory.cli.main import main
from toystory.course.exercises.exercise import all_exercises, exercises_of
from toystory.grading.sandbox.process import CantStart
from toystory.progress.store import Store

Capture = pytest.CaptureFixture[str]
SIGMOID = next(exercise for exercise in exercises_of("gate") if exercise.name == "sigmoid")


def run(capsys: Capture, line: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command line."""
    try:
        code = main(line.split())
    except SystemExit as error:
        code = int(str(error.code))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def sigmoid(home: Path, capsys: Capture) -> Path:
    """The learner's file of gate/sigmoid, begun."""
    assert run(capsys, "exercise gate/sigmoid")[0] == 0
    return home / "exercises" / "gate" / "sigmoid.py"


def test_a_lesson_is_written_and_never_over_work(home: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "exercise gate")
    folder = home / "exercises" / "gate"
    assert code == 0
    assert sorted(file.stem for file in folder.iterdir()) == sorted(
        e.name for e in exercises_of("gate") if not e.after
    )
    assert str(folder / "sigmoid.py") in out
    (folder / "sigmoid.py").write_text("mine")
    code, out, _ = run(capsys, "exercise gate")
    assert code == 0
    assert f"{folder / 'sigmoid.py'}: was there already, and is left as it is" in out
    assert (folder / "sigmoid.py").read_text() == "mine"
    code, out, _ = run(capsys, "exercise gate/sigmoid --fresh")
    assert "yours is now sigmoid.1.py" in out
    assert (folder / "sigmoid.1.py").read_text() == "mine"


def test_the_list_tells_how_far_one_is(sigmoid: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "exercise --plain")
    assert code == 0
    assert all(exercise.key in out for exercise in all_exercises())
    assert [line for line in out.splitlines() if "(begun)" in line and "gate/sigmoid" in line]
    listed = json.loads(run(capsys, "exercise --json")[1])["exercises"]
    begun = [(row["name"], row["state"], row["file"]) for row in listed if row["state"] != "new"]
    assert begun == [("sigmoid", "begun", str(sigmoid))]


def test_a_folder_of_ones_own(tmp_path: Path, capsys: Capture) -> None:
    assert run(capsys, f"exercise gate/sigmoid --folder {tmp_path / 'mine'}")[0] == 0
    file = tmp_path / "mine" / "gate" / "sigmoid.py"
    file.write_text(SIGMOID.solution)
    assert run(capsys, "check gate/sigmoid")[0] == 0
    assert run(capsys, f"check gate/sigmoid --folder {tmp_path}")[0] == 1


def test_a_check_from_begun_to_right(sigmoid: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "check gate/sigmoid --plain")
    assert code == 1
    assert out.startswith("gate/sigmoid: not yet\n  sigmoid(z) returned nothing")
    sigmoid.write_text(SIGMOID.solution)
    code, out, _ = run(capsys, f"check {sigmoid} --plain")
    assert (code, out) == (0, "gate/sigmoid: passed\n")
    assert Store().exercise("gate", "sigmoid").state == "passed"
    sigmoid.write_text(SIGMOID.start)
    assert run(capsys, "check")[0] == 1
    assert Store().exercise("gate", "sigmoid").state == "passed"


def test_a_copy_elsewhere_is_known(tmp_path: Path, capsys: Capture) -> None:
    copy = tmp_path / "homework-7.py"
    copy.write_text(SIGMOID.solution)
    assert run(capsys, f"check {copy}")[0] == 0


def test_a_lesson_that_is_not_begun_is_not_passed(sigmoid: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "check gate")
    assert code == 1
    assert "'toystory exercise gate/loss' writes it" in out
    assert f"0 of {len(exercises_of('gate'))} are right" in out


def test_one_object_for_a_grader(sigmoid: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "check --json gate/sigmoid")
    told = json.loads(out)
    assert (code, told["passed"]) == (1, False)
    (row,) = told["exercises"]
    assert (row["lesson"], row["name"], row["file"]) == ("gate", "sigmoid", str(sigmoid))
    assert not row["passed"]
    assert "returned nothing" in row["sentence"]
    sigmoid.write_text(SIGMOID.solution)
    code, out, _ = run(capsys, "check --json")
    assert (code, json.loads(out)["passed"]) == (0, True)


def test_hints_come_one_at_a_time(capsys: Capture) -> None:
    for shown in (1, 2, 3, 3):
        code, out, _ = run(capsys, "exercise gate/sigmoid --hint --plain")
        assert code == 0
        assert [hint in out for hint in SIGMOID.hints] == [number < shown for number in range(3)]


def test_the_solution_is_asked_for_twice(sigmoid: Path, capsys: Capture) -> None:
    code, out, err = run(capsys, "exercise gate/sigmoid --solution")
    assert (code, out) == (2, "")
    assert "has not passed yet: add --yes" in err
    code, out, _ = run(capsys, "exercise gate/sigmoid --solution --yes --plain")
    assert code == 0
    assert SIGMOID.solution in out
    assert SIGMOID.explanation in out


def test_the_solution_comes_to_who_insists(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(exercise_command, "_insists", lambda exercise: False)
    assert run(capsys, "exercise gate/sigmoid --solution") == (1, "", "")
    monkeypatch.setattr(exercise_command, "_insists", lambda exercise: True)
    assert run(capsys, "exercise gate/sigmoid --solution")[0] == 0


def test_after_success_the_solution_is_there(sigmoid: Path, capsys: Capture) -> None:
    sigmoid.write_text(SIGMOID.solution)
    assert run(capsys, "check gate/sigmoid")[0] == 0
    code, out, _ = run(capsys, "exercise gate/sigmoid --solution --json")
    assert code == 0
    assert json.loads(out)["solution"] == SIGMOID.solution


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("exercise gaet", "did you mean gate"),
        ("exercise gate/sigmod", "did you mean sigmoid"),
        ("exercise --hint", "say which exercise"),
        ("exercise gate --hint", "say of which exercise: gate/"),
        ("exercise gate/sigmoid --hint --solution", "one at a time"),
        ("exercise gate/sigmoid --hint --fresh", "--fresh begins an exercise anew"),
        ("exercise gate --yes", "--yes goes with --solution"),
        ("exercise gate --folder pyproject.toml", "is no folder"),
        ("exercise gate --frehs", "did you mean --fresh"),
        ("check", "'toystory exercise gate' writes the first"),
        ("check no.py", "there is no file no.py"),
        ("check pyproject.toml", "which exercise is pyproject.toml"),
        ("check gaet", "did you mean gate"),
        ("check gate --folder nowhere", "there is no folder nowhere"),
        ("check gate --json --watch", "ask for one of them"),
    ],
)
def test_wrong_usage_gets_one_sentence(line: str, sentence: str, capsys: Capture) -> None:
    code, out, err = run(capsys, line)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals of POSIX")
def test_watching_checks_at_each_save_until_it_is_interrupted(sigmoid: Path) -> None:
    watching = subprocess.Popen(
        [sys.executable, "-m", "toystory", "check", "gate/sigmoid", "--watch", "--plain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert watching.stdout is not None
    try:
        assert watching.stdout.readline() == "gate/sigmoid: not yet\n"
        sigmoid.write_text(SIGMOID.solution)
        until = time.monotonic() + 30
        while watching.stdout.readline() != "gate/sigmoid: passed\n":
            assert time.monotonic() < until
        watching.send_signal(signal.SIGINT)
        _, err = watching.communicate(timeout=30)
    finally:
        watching.kill()
    assert watching.returncode == 130
    assert err == "toystory: interrupted\n"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_where_nothing_can_be_checked_that_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """Exit code 1 would mean that the code is wrong."""
    assert main(["exercise", "gate/sigmoid"]) == 0
    capsys.readouterr()

    def refuse(*_: object) -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    def refuse_apart(*_: object) -> None:
        raise CantStart("no temporary folder can be made")

    monkeypatch.setattr("tempfile.gettempdir", refuse)
    monkeypatch.setattr("toystory.grading.homework.worker.Worker.check", refuse_apart)
    assert main(["check", "gate/sigmoid", *options]) == 2
    out, err = capsys.readouterr()
    assert err.startswith("toystory: the check broke down: no temporary folder can be made")
    assert err.count("\n") == 1
    if options:
        told = json.loads(out)
        assert (told["passed"], told["exercises"]) == (None, [])
        assert told["error"] in err
    else:
        assert out == ""


def test_a_bug_hunt_comes_after_the_exercise_whose_solution_it_shows(home: Path, capsys: Capture) -> None:
    code, out, err = run(capsys, "exercise gate")
    assert code == 0
    assert "bug_hunt.py" not in out
    assert "gate/bug_hunt comes once gate/update passes" in err
    assert run(capsys, "exercise gate/bug_hunt")[0] == 0, "asked for alone, it is written"
    Store().note_exercise("two-layer", "backward", begun=True, passed=True)
    assert "bug_hunt.py" in run(capsys, "exercise two-layer")[1]
