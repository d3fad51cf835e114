"""Arguments of every command out of a grammar: never a traceback, and an exit code that is documented."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toystory.cli import main as cli
from toystory.cli.main import COMMANDS
from toystory.course.catalogue import NAMES

CODES = {0, 1, 2}
OPTIONS = (
    *("--lesson", "--all", "--experiment", "--seed", "--rows", "--columns", "--hidden", "--learning-rate"),
    *("--updates", "--json", "--plain", "--save", "--jobs", "--model", "--batch", "--gate", "--start"),
    *("--given", "--relevant", "--signed", "--clip", "--stop-at", "--frontier", "--models", "--budget"),
    *("--full", "--again", "--folder", "--fresh", "--hint", "--solution", "--yes", "--to", "--out"),
    *("--force", "--help", "--version", "--host", "--port", "--", "-x", "--ascii", "--in", "--from"),
)
WORDS = (
    *NAMES,
    *("gate/sigmoid", "gate/", ".", "..", "nowhere/x", "mine.txt", "~nosuch/x", "=--", "--=", "-", "", " "),
    *("0", "1", "-1", "2", "1e9", "1e400", "nan", "inf", "0.5", "1,2", ",", "00,11", "yes", "²", "١"),
    *("MLP", "LSTM", "LogisticRegression", "notebook", "html", "markdown", "x" * 300, "%s", "{}", "\n"),
    "\udcff",  # a byte that is no UTF-8
)
word = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=6).filter(lambda text: not set("/\x00") & set(text))
)
option = st.one_of(
    st.sampled_from(OPTIONS), st.builds(lambda name, value: f"{name}={value}", st.sampled_from(OPTIONS), word)
)
commands = st.sampled_from([name for name in COMMANDS if name != "serve"])
arguments = st.one_of(
    st.builds(lambda name, rest: [name, *rest], commands, st.lists(st.one_of(option, word), max_size=5)),
    st.lists(st.one_of(option, word), min_size=1, max_size=3),
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is trained, and no app opens: only what leads up to it is looked at."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for command in ("run", "train", "export"):
        monkeypatch.setattr(f"toystory.cli.commands.{command}.train_all", stop)
    monkeypatch.setattr("toystory.cli.commands.compare.train_missing", stop)
    monkeypatch.setattr("toystory.cli.commands.check.check_file", stop)
    monkeypatch.setattr("toystory.cli.commands.check.Worker", stop)
    monkeypatch.setattr("toystory.cli.commands.grade.grade", stop)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")


def check(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = cli.main(words)
    except SystemExit as end:
        code = 0 if end.code is None else end.code
    out, err = capsys.readouterr()
    assert code in CODES | {130}, (words, code)
    assert "Traceback" not in out + err
    if code == 2:
        assert err.startswith("toystory: "), (words, err)
        assert err.count("\n") == 1, (words, err)


SETTINGS = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), max_examples=100
)


@pytest.mark.usefixtures("quick")
@SETTINGS
@given(words=arguments)
def test_whatever_is_typed_ends_well(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    check(words, capsys)


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
@settings(SETTINGS, max_examples=2000)
@given(words=arguments)
def test_whatever_is_typed_ends_well_at_length(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    check(words, capsys)


@pytest.mark.skipif(os.name == "nt", reason="a folder in use can't be removed there")
@pytest.mark.parametrize(
    "words", [["list"], ["progress", "--plain"], ["exercise"], ["run", "--lesson", "gate"]]
)
@pytest.mark.usefixtures("quick")
def test_in_a_folder_that_was_removed_commands_work(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    check(words, capsys)
