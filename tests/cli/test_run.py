"""`toystory run`, through the command line's own front door."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toystory import models
from toystory.cli import main as cli
from toystory.cli.commands import run as run_command
from toystory.course import catalogue
from toystory.course.catalogue import NAMES
from toystory.course.lesson import Lesson
from toystory.training.control import CONTROLS
from toystory.training.experiment import Experiment
from toystory.training.pools.report import Report
from toystory.training.pools.train_all import train_all
from toystory.training.run import Run, Study, Sweep, experiments_of

GATE_CLAIMS = len(catalogue.load("gate").claims)
ONE = ["run", "--lesson", "gate", "--experiment", "one update"]
QUICK = ["run", "--lesson", "rnn", "--updates", "3", "--columns", "6", "--jobs", "1"]


def ask(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def asked_json(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code, out, err = ask([*arguments, "--json"], capsys)
    assert err == ""
    assert out.count("\n") == 1
    return code, json.loads(out)


# ---------------------------------------------------------------- lessons, light ones


def light(study: Study) -> Study:
    """The same study, done in milliseconds."""
    if isinstance(study, Sweep):
        return Sweep(study.name, tuple(light(e) for e in study.experiments[:2]))  # type: ignore[misc]
    rows = None if study.rows is None else 30
    columns = min(study.columns, 6)
    batch = None if study.batch is None else 10
    narrower = {} if columns == study.columns else {"start": (), "relevant": None}
    return replace(study, updates=2, columns=columns, rows=rows, batch=batch, **narrower)  # type: ignore[arg-type]


@pytest.fixture
def light_lessons(monkeypatch: pytest.MonkeyPatch) -> None:
    """All, with two updates an experiment, and no claims but those about what the lesson ends with."""
    real = catalogue.load

    def load(name: str) -> Lesson:
        lesson = real(name)
        about_the_end = [c for c in lesson.claims if set(c.needs) <= {lesson.ends_with, CONTROLS}]
        claims = tuple(c for c in about_the_end if "5,000" not in c.text)
        return replace(lesson.with_studies(light(s) for s in lesson.studies), claims=claims)

    monkeypatch.setattr(catalogue, "load", load)


@pytest.mark.usefixtures("light_lessons")
def test_all_as_json_is_one_object_with_every_lesson(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked_json(["run", "--all", "--jobs", "1"], capsys)
    assert code == 1
    assert list(told) == ["passed", "lessons"]
    assert told["passed"] is False
    assert [lesson["lesson"] for lesson in told["lessons"]] == list(NAMES)
    for lesson in told["lessons"]:
        study_count = len(catalogue.load(lesson["lesson"]).studies)
        assert len(lesson["runs"]) >= study_count
        assert lesson["claims"]


@pytest.mark.usefixtures("light_lessons")
def test_all_in_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(["run", "--all", "--jobs", "1"], capsys)
    assert (code, err) == (1, "")
    ends = re.findall(r"^(\S+): (?:passed|FAILED), ", out, re.MULTILINE)
    assert ends == list(NAMES)
    assert re.search(rf"\d of {len(NAMES)} lessons FAILED: ", out.splitlines()[-1])


def test_all_passes_when_every_lesson_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "NAMES", ("gate",))
    code, told = asked_json(["run", "--all", "--jobs", "1"], capsys)
    assert (code, told["passed"], len(told["lessons"])) == (0, True, 1)


@pytest.mark.usefixtures("light_lessons")
def test_all_with_settings_of_which_some_lessons_have_none(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(["run", "--all", "--rows", "40", "--columns", "7", "--jobs", "1", "--json"], capsys)
    told = json.loads(out)
    wide = [run for lesson in told["lessons"] for run in lesson["runs"] if run["columns"] == 7]
    assert (code, err) == (1, "")
    assert len(wide) > 10
    assert {run["rows"] for run in wide} == {40}
    assert {run["rows"] for run in told["lessons"][0]["runs"]} == {1, 4}


# ---------------------------------------------------------------- one lesson


def test_the_gate_in_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(["run", "--lesson", "gate", "--jobs", "1"], capsys)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "gate: The first gate (seed 0)"
    assert sum(line.startswith("  PASS ") for line in lines) == GATE_CLAIMS
    assert "0.646799 (asked: = 0.646799)" in out
    held = f"{GATE_CLAIMS} of {GATE_CLAIMS} claims hold"
    assert re.fullmatch(rf"gate: passed, {held}, \d\.\d s of training", lines[-1])
    assert "\x1b" not in out


def test_the_gate_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked_json(["run", "--lesson", "gate", "--jobs", "1"], capsys)
    assert code == 0
    assert (told["lesson"], told["seed"], told["passed"]) == ("gate", 0, True)
    assert [claim["passed"] for claim in told["claims"]] == [True] * GATE_CLAIMS
    assert told["claims"][0]["measured"] == pytest.approx(0.6467993925579857, abs=1e-12)
    assert [run["experiment"] for run in told["runs"]] == [
        "one update",
        "one row",
        "all four rows",
        "control of all four rows: the first column",
    ]
    assert told["runs"][0]["loss"] == [
        [0, pytest.approx(1.040719, abs=5e-7)],
        [1, pytest.approx(0.955, abs=5e-7)],
    ]


def test_json_is_ascii_so_that_no_encoding_can_spoil_it(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ask([*ONE, "--json"], capsys)
    assert out.isascii()
    assert "…" in json.loads(out)["claims"][1]["claim"]


def test_a_claim_that_fails_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask([*ONE, "--learning-rate", "0.08"], capsys)
    assert code == 1
    assert "  FAIL … and with 0.615188" in out
    assert "gate: FAILED, 1 of 3 claims hold" in out
    assert err == "with your settings (learning rate 0.08); the claims are those of the lesson's own\n"


def test_json_says_nothing_on_stderr_of_settings(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked_json([*ONE, "--updates", "2"], capsys)
    assert (code, told["runs"][0]["updates"]) == (1, 2)


def test_seed_reaches_every_experiment_and_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    _, zero = asked_json(QUICK, capsys)
    _, again = asked_json(QUICK, capsys)
    _, seven = asked_json([*QUICK, "--seed", "7"], capsys)
    assert figures(zero) == figures(again) != figures(seven)
    assert (seven["seed"], {run["seed"] for run in seven["runs"]}) == (7, {7})


@pytest.mark.parametrize("wanted", ["4", "rows of every length", "every length", "ROWS-OF-EVERY-LENGTH"])
def test_one_experiment_alone(wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, told = asked_json([*QUICK, "--experiment", wanted], capsys)
    own = [run["experiment"] for run in told["runs"] if not run["experiment"].startswith("control of")]
    assert own == ["rows of every length"]
    assert told["claims"]


def test_settings_in_place_of_the_lessons_own(capsys: pytest.CaptureFixture[str]) -> None:
    settings = [
        "--rows",
        "1_000",
        "--columns",
        "5",
        "--hidden",
        "3",
        "--learning-rate",
        "1e-3",
        "--updates",
        "1e1",
    ]
    code, out, err = ask(["run", "--lesson", "lstm", "--json", "--jobs", "1", *settings], capsys)
    told = json.loads(out)
    assert (code, err) == (1, "")
    for run in told["runs"]:
        assert (run["rows"], run["columns"], run["updates"]) == (1000, 5, 10)


def test_a_run_that_diverges_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--lesson", "mlp", "--experiment", "1", "--learning-rate", "1e6"]
    code, out, err = ask(arguments, capsys)
    assert code == 1
    assert "diverged at update 2 with learning rate 1e+06" in out
    assert "Try a smaller learning rate." in out
    assert "not measured" in out
    assert err.startswith("with your settings (learning rate 1000000.0)")
    code, told = asked_json(arguments, capsys)
    assert (code, told["runs"][0]["diverged"], told["runs"][0]["fresh_accuracy"]) == (1, True, None)


@pytest.mark.parametrize("rate", ["1e6", "1e30", "1e300"])
@pytest.mark.filterwarnings("error")
def test_no_learning_rate_breaks_a_claim(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name, experiment in (
        ("gate", "3"),
        ("mlp", "the dial"),
        ("lstm", "2"),
        ("two-layer", "4 hidden units"),
    ):
        arguments = ["run", "--lesson", name, "--experiment", experiment, "--updates", "4", "--jobs", "1"]
        code, told = asked_json([*arguments, "--learning-rate", rate], capsys)
        assert code == 1
        assert not told["passed"]


@pytest.mark.parametrize(("name", "experiment"), [("gate", "2"), ("mlp", "the dial"), ("rnn", "3")])
def test_no_updates_at_all(name: str, experiment: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--lesson", name, "--experiment", experiment, "--updates", "0", "--jobs", "1"]
    code, told = asked_json(arguments, capsys)
    assert code == 1
    assert {run["updates"] for run in told["runs"]} == {0}


# ---------------------------------------------------------------- --save


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_saved_model_answers_as_the_trained_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ask(["run", "--lesson", "gate", "--experiment", "2", "--save", "gate.npz"], capsys)
    assert code == 0
    assert err == "saved LogisticRegression(columns=2) with 3 parameters to gate.npz\n"
    model = models.load(folder / "gate.npz")
    answers = model.predict_proba([(0, 0), (0, 1), (1, 0), (1, 1)])
    assert [f"{answer:.3f}" for answer in answers] == ["0.870", "0.934", "0.979", "0.990"]
    assert model.score([(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 0]) == 0.5
    assert os.listdir(folder) == ["gate.npz"]


def test_the_score_of_a_saved_model_is_the_reported_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [
        "run",
        "--lesson",
        "lstm",
        "--experiment",
        "every length",
        "--updates",
        "20",
        "--columns",
        "9",
    ]
    code, out, err = ask([*arguments, "--json", "--save", "lstm.npz"], capsys)
    run = next(run for run in json.loads(out)["runs"] if run["experiment"] == "rows of every length")
    experiment = catalogue.load("lstm").study("rows of every length")
    assert isinstance(experiment, Experiment)
    fresh = Run(replace(experiment, columns=9)).fresh_rows()
    assert models.load("lstm.npz").score(*fresh) == run["fresh_accuracy"]
    assert code == 1  # so few updates; it is saved all the same
    assert err.startswith("saved LSTM(hidden=16")


def test_a_file_that_is_there_is_replaced_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "gate.npz"
    file.write_bytes(b"x" * 100_000)
    ask([*ONE, "--save", str(file)], capsys)
    assert file.stat().st_size < 10_000
    assert models.load(file).score([(1, 1)], [1]) == 1.0
    assert os.listdir(folder) == ["gate.npz"]


def test_a_link_stays_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "models").mkdir()
    (folder / "link.npz").symlink_to(folder / "models" / "gate.npz")
    ask([*ONE, "--save", "link.npz"], capsys)
    assert (folder / "link.npz").is_symlink()
    assert models.load(folder / "models" / "gate.npz").parameters.keys() == {"w", "b"}


def test_a_failed_write_leaves_the_old_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "gate.npz"
    file.write_bytes(b"old")

    def full(handle: int) -> None:
        if os.fstat(handle).st_size:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = ask([*ONE, "--save", "gate.npz"], capsys)
    assert code == 1
    assert err == "toystory: can't write gate.npz: no space left on device; the model is lost\n"
    assert file.read_bytes() == b"old"
    assert os.listdir(folder) == ["gate.npz"]


def test_a_model_that_diverged_is_not_saved(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--lesson", "mlp", "--experiment", "1", "--learning-rate", "1e6", "--save", "mlp.npz"]
    code, _, err = ask(arguments, capsys)
    assert code == 1
    assert err.splitlines()[-1] == "toystory: the model diverged, so it was not written to mlp.npz"
    assert os.listdir(folder) == []


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="there are no such devices")
def test_a_device_is_written_to(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*ONE, "--save", os.devnull]) == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    assert cli.main([*ONE, "--json", "--save", "/dev/stdout"]) == 0
    assert "PK" in capfd.readouterr().out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_written_to_and_not_replaced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        ask([*ONE, "--save", "pipe"], capsys)
        (folder / "copy.npz").write_bytes(os.read(reader, 100_000))
    finally:
        os.close(reader)
    assert stat.S_ISFIFO((folder / "pipe").stat().st_mode)
    assert models.load("copy.npz").parameters.keys() == {"w", "b"}


def test_looking_whether_a_file_can_be_written_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        assert os.listdir(folder) == []
        raise MemoryError

    monkeypatch.setattr(run_command, "train_all", fail)
    assert cli.main([*ONE, "--save", "gate.npz"]) == 1
    assert os.listdir(folder) == []


# ---------------------------------------------------------------- the end before the end


def test_too_little_memory_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Huge(Run):
        @property
        def training(self) -> Any:
            raise np._core._exceptions._ArrayMemoryError((10**9, 10**9), np.dtype("float32"))  # type: ignore[attr-defined]

    monkeypatch.setattr("toystory.training.pools.train_all.Run", Huge)
    code, out, err = ask(ONE, capsys)
    assert (code, out) == (1, "")
    assert err == "toystory: not enough memory for that; ask for fewer --rows, --columns or --hidden\n"


def interrupted_after(events: int) -> Any:
    """`train_all`, but Ctrl-C comes after so many events."""

    def carry(experiments: Any, jobs: int, engine: object = None) -> Iterator[Report | Run]:
        for n, event in enumerate(train_all(experiments, jobs=1)):
            if n == events:
                raise KeyboardInterrupt
            yield event

    return carry


@pytest.fixture
def every_update_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toystory.training.pools.train_all.REPORT_EVERY", 0.0)


@pytest.mark.usefixtures("every_update_reported")
def test_interrupted_what_was_reached_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        run_command, "train_all", interrupted_after(3 + 11)
    )  # one update's three, then ten more
    code, out, err = ask(["run", "--lesson", "gate"], capsys)
    assert (code, err) == (130, "")
    lines = out.splitlines()
    assert lines[:2] == ["interrupted", "gate, as far as it came:"]
    assert lines[2].startswith("  one update: 1 update in")
    assert lines[3] == "on their way were:"
    assert re.fullmatch(r"  one row: 10 of 3,500 updates made, loss 0\.\d{4}", lines[4])


@pytest.mark.usefixtures("every_update_reported")
def test_interrupted_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_command, "train_all", interrupted_after(3 + 11))
    code, told = asked_json(["run", "--lesson", "gate"], capsys)
    assert code == 130
    assert (told["lesson"], told["passed"], told["interrupted"]) == ("gate", False, True)
    assert [run["experiment"] for run in told["runs"]] == ["one update"]
    assert [claim["passed"] for claim in told["claims"]] == [True] * 3
    (reached,) = told["reached"]
    assert (reached["experiment"], reached["updates"]) == ("one row", 10)


@pytest.mark.usefixtures("every_update_reported")
def test_interrupted_before_anything_was_reached(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_command, "train_all", interrupted_after(0))
    code, out, err = ask(["run", "--lesson", "gate", "--seed", "3"], capsys)
    assert (code, out, err) == (130, "interrupted\n", "")
    code, told = asked_json(["run", "--lesson", "gate", "--seed", "3"], capsys)
    assert code == 130
    assert told == {
        "lesson": "gate", "seed": 3, "passed": False, "seconds": 0.0, "claims": [], "runs": [],
        "interrupted": True, "reached": [],
    }  # fmt: skip


@pytest.mark.usefixtures("every_update_reported", "light_lessons")
def test_interrupted_between_lessons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = sum(len(experiments_of(study)) for study in catalogue.load("gate").studies)
    events = gate * 4 + 4 + 2  # two updates of each come as three reports and a run
    monkeypatch.setattr(run_command, "train_all", interrupted_after(events))
    code, told = asked_json(["run", "--all"], capsys)
    assert code == 130
    assert (told["passed"], told["interrupted"]) == (False, True)
    assert [lesson["lesson"] for lesson in told["lessons"]][:2] == ["gate", "regression"]
    assert [lesson.get("interrupted") for lesson in told["lessons"]][:2] == [None, True]
    monkeypatch.setattr(run_command, "train_all", interrupted_after(events))
    code, out, _ = ask(["run", "--all"], capsys)
    assert "interrupted; finished before that: gate\n" in out


def test_nothing_is_saved_after_an_interruption(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_command, "train_all", interrupted_after(0))
    code, _, err = ask([*ONE, "--save", "gate.npz"], capsys)
    assert (code, err, os.listdir(folder)) == (130, "", [])


def figures(told: dict[str, Any]) -> str:
    """All of it but the seconds."""
    return re.sub(r'"seconds": [\d.]+', "", json.dumps(told))


def test_one_job_and_two_give_the_same_figures(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "--lesson", "rnn", "--updates", "30", "--columns", "8", "--rows", "200"]
    code, one = asked_json([*arguments, "--jobs", "1"], capsys)
    again, two = asked_json([*arguments, "--jobs", "2"], capsys)
    assert (code, again) == (1, 1)
    assert figures(one) == figures(two)
    assert all(run["loss"] for run in one["runs"])
