"""Arguments of every command out of a grammar: never a traceback, and an exit code that is documented."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toystory.cli import main as cli
from toystory.cli.arguments import ADD_ARGUMENTS
from toystory.cli.main import COMMANDS
from toystory.course.catalogue import NAMES

CODES = {0, 1, 2}
TABLE = "x1,x2,label\n" + "".join(f"{n},{n % 3},{n % 2}\n" for n in range(20))
SENSIBLE = (
    *(
        "gate",
        "gate/sigmoid",
        "mlp",
        "0",
        "1",
        "2",
        "4",
        "0.5",
        "1e-3",
        "1,2",
        "00,11",
        "hidden=2,4",
        "lesson",
    ),
    *("circle", "table.csv", "label", "model.npz", "record.zip", "mine.txt", "mine.py", "out", ".", "bias"),
    *("127.0.0.1", "half-adder", "de"),
)
ODD = (
    *NAMES,
    *("gate/", "..", "nowhere/x", "~nosuch/x", "=--", "--=", "-", "", " ", "--", "-x", "--help", "--version"),
    *("-1", "1e9", "1e400", "nan", "inf", ",", "yes", "²", "١", "x" * 300, "%s", "{}", "\n", "/dev/null"),
    "\udcff",  # a byte that is no UTF-8
)


def actions_of(command: str) -> list[argparse.Action]:
    """What can be asked of it: the program's own parser knows."""
    parser = argparse.ArgumentParser(add_help=False)
    ADD_ARGUMENTS[command](parser)
    return [action for action in parser._actions if action.dest not in HIDDEN]


HIDDEN = {"nursery"}
"""A file descriptor that the server hands to a process of its own."""
ACTIONS = {command: actions_of(command) for command in COMMANDS}
OPTIONS = sorted(
    {name for actions in ACTIONS.values() for action in actions for name in action.option_strings}
)
word = st.one_of(st.sampled_from(ODD), st.text(max_size=6).filter(lambda text: not set("/\x00") & set(text)))


def value_of(action: argparse.Action) -> st.SearchStrategy[str]:
    """One that is taken, or makes sense somewhere, or none."""
    known = tuple(map(str, action.choices or ())) or SENSIBLE
    return st.integers(0, 5).flatmap(lambda odd: word if odd == 0 else st.sampled_from(known))


def said(action: argparse.Action) -> st.SearchStrategy[list[str]]:
    """An option with as many values as it takes, or the values alone of what has no name."""
    least, most = {0: (0, 0), None: (1, 1), "?": (0, 1), "*": (0, 2), "+": (1, 2)}[action.nargs]
    values = st.lists(value_of(action), min_size=least, max_size=most)
    if not action.option_strings:
        return values
    joined = st.builds(lambda value: [f"{action.option_strings[0]}={value}"], value_of(action))
    separate = st.builds(lambda name, more: [name, *more], st.sampled_from(action.option_strings), values)
    return st.one_of(separate, separate, separate, joined)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command, what it needs, some of what it takes, and now and then what it does not."""
    command = draw(st.sampled_from(list(COMMANDS)))
    options = [action for action in ACTIONS[command] if action.option_strings]
    needed = [action for action in ACTIONS[command] if not action.option_strings]
    parts = [draw(said(action)) for action in needed if draw(st.integers(0, 9))]
    parts += [draw(said(action)) for action in draw(st.lists(st.sampled_from(options), max_size=4))]
    if draw(st.integers(0, 3)) == 0:
        parts.append(draw(st.one_of(word, st.sampled_from(OPTIONS)).map(lambda stray: [stray])))
    return [command, *(each for part in draw(st.permutations(parts)) for each in part)]


arguments = st.integers(0, 9).flatmap(
    lambda odd: (
        lines() if odd else st.lists(st.one_of(st.sampled_from(OPTIONS), word), min_size=1, max_size=3)
    )
)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is trained, and no app opens: only what leads up to it is looked at."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    for name, text in (("mine.txt", "mine"), ("mine.py", "x = 1\n"), ("table.csv", TABLE)):
        (tmp_path / name).write_text(text)
    cli.main(["train", "--data", "circle", "--updates", "1", "--out", "model.npz", "--json"])
    cli.main(["exercise", "gate/sigmoid"])
    cli.main(["record", "export", "record.zip"])
    for called in (
        *("run.train_all", "train.train_all", "export.train_all", "train_table._carry_out"),
        *("compare.train_missing", "sweep.train_missing", "check.check_file", "check.Worker", "check._watch"),
        *("grade.grade", "train_file.check", "find_rate.find_rate"),
    ):
        monkeypatch.setattr(f"toystory.cli.commands.{called}", stop)
    monkeypatch.setattr("toystory.cli.serve.server.Server.serve", stop)
    monkeypatch.setattr("toystory.training.pools.cluster.ClusterEngine.__init__", stop)
    monkeypatch.setenv("TERM", "dumb")


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


SETTINGS = settings(database=None, suppress_health_check=list(HealthCheck), max_examples=100)


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
