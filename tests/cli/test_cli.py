"""Wrong usage: one line on stderr that says what was wrong, nothing on stdout, exit code 2."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import toystory
from toystory.base.errors import BadProse, RunFailed
from toystory.cli import main as cli
from toystory.cli.commands import list as listing
from toystory.cli.commands import run as run_command
from toystory.course.catalogue import NAMES

RUN = "run --lesson rnn"

WRONG = {
    # what is asked                              what is said
    "frobnicate": "no command or lesson is called 'frobnicate'",
    "lstn": "no command or lesson is called 'lstn': did you mean lstm",
    "lits": "did you mean list",
    "shwo": "did you mean show",
    "gate show": "did you mean 'toystory show gate' or 'toystory run --lesson gate'",
    "lstm --json": "'toystory lstm' opens the app there and takes nothing more",
    "--jsn": "takes no '--jsn'",
    "list lstm": "'toystory list' takes no 'lstm'",
    "list --jso": "did you mean --json",
    "--foo gate": "'toystory' takes no '--foo': 'toystory gate' opens the app there",
    "--langage de gate": "'toystory' takes no '--langage': did you mean --language?",
    "--sede 3 run --lesson gate": "'toystory' takes no '--sede': 'toystory run --help' shows",
    "--foo bar": "'toystory' takes no '--foo': 'toystory --help' shows what can be asked",
    "--json list": "'toystory list' takes no '--json'",
    "show": "LESSON",
    "show lstn": "no lesson is called 'lstn': did you mean lstm",
    "show quux": f"the lessons are {', '.join(NAMES)}",
    "show lstm extra": "takes no 'extra'",
    "show lstm --plian": "did you mean --plain",
    "run": "--lesson LESSON, or --all",
    "run lstm": "did you mean --lesson lstm",
    "run --lesson": "--lesson: expected one argument",
    "run --lesson=": "no lesson is called ''",
    "run --lesson lstn": "did you mean lstm",
    "run --lesson two_layer": "did you mean two-layer",
    "run --all --lesson gate": "not allowed with argument",
    "run --all --experiment 1": "--experiment and --save need one lesson",
    "run --all --save x.npz": "--experiment and --save need one lesson",
    "run --lesson gate --row 5": "did you mean --rows",
    f"{RUN} --rows 0": "rows is 0: expected a whole number from 1",
    f"{RUN} --rows 1e12": "rows is 1,000,000,000,000: expected a whole number from 1 to 100,000,000",
    f"{RUN} --rows many": "--rows: 'many' is not a whole number",
    f"{RUN} --rows 2.5": "--rows: '2.5' is not a whole number",
    f"{RUN} --rows {'9' * 5000}": "is not a whole number",
    f"{RUN} --columns -3": "columns is -3: expected a whole number from 1",
    f"{RUN} --columns nan": "--columns: 'nan' is not a whole number",
    f"{RUN} --columns inf": "--columns: 'inf' is not a whole number",
    f"{RUN} --columns ''": 'is not a whole number',
    f"{RUN} --rows 100000000 --columns 1000": "too many: expected at most 10,000,000,000 bits",
    f"{RUN} --hidden 4,3": "RNN has one hidden layer",
    f"{RUN} --hidden 4,": "'' is not a whole number",
    f"{RUN} --hidden 100000": "RNN would hold",
    f"{RUN} --learning-rate 0": "learning rate is 0.0: expected a number above zero",
    f"{RUN} --learning-rate -1": "learning rate is -1.0",
    f"{RUN} --learning-rate nan": "learning rate is nan",
    f"{RUN} --learning-rate inf": "learning rate is inf",
    f"{RUN} --learning-rate fast": "--learning-rate: 'fast' is not a number",
    f"{RUN} --updates -1": "updates is -1",
    f"{RUN} --seed -1": "seed is -1: expected a whole number from 0",
    f"{RUN} --seed 1e30": "seed is 1,000,000",
    f"{RUN} --jobs 0": "--jobs: '0' is out of range: expected 1 to 64",
    f"{RUN} --jobs 65": "expected 1 to 64",
    f"{RUN} --jobs two": "'two' is not a whole number",
    f"{RUN} --experiment 44": "no experiment called '44': it has 1 'as Alex did it",
    f"{RUN} --experiment 0": "no experiment called '0'",
    f"{RUN} --experiment ''": "no experiment called",
    f"{RUN} --experiment rows": "'rows' fits more than one experiment",
    f"{RUN} --experiment 'evry length'": "did you mean 'rows of every length'",
    "run --lesson gate --rows 5": "--rows fits no experiment that is to be run",
    "run --lesson gate --columns 5": "--columns fits no experiment",
    "run --lesson gate --hidden 4": "--hidden fits no experiment that is to be run: logistic regression",
    "run --all --columns 0": "columns is 0",
    "run --lesson gate --save no/folder/x.npz": "can't write no/folder/x.npz: there is no folder no/folder",
    "run --lesson gate --save .": "can't write .: is a folder",
    "--lesson gate": "did you mean 'toystory gate', which opens the app, or 'toystory run --lesson gate'?",
    "--lesson=gate": "or 'toystory run --lesson gate'?",
    "--lesson": "did you mean 'toystory LESSON'",
    "help": "did you mean --help?",
    "l": "no command or lesson is called 'l': 'toystory --help'",
    "train": "required: --model, --columns, --updates, --learning-rate; or, in place of them, --data",
    "train --model GRU --columns 2 --updates 1 --learning-rate 1": "'GRU' is none of its choices: choose",
    "train --model ltsm": "'ltsm' is none of its choices: did you mean LSTM? choose from LogisticRegression,",
    "train --model lstm": "required: --columns, --updates",
    "new lsson foo": "'lsson' is none of its choices: did you mean lesson?",
    "record exprt x.zip": "'exprt' is none of its choices: did you mean export? choose from export, import",
    "export gate --to htm": "'htm' is none of its choices: did you mean html?",
    "exercise gate --step 4": "4 is none of its choices: choose from 1, 2, 3",
    "train --model MLP --columns 2 --updates 1 --learning-rate 1": "fresh rows for every update need a batch",
    "train --model MLP --columns 2 --updates 1 --learning-rate 1 --given 0x": "not a list of rows of bits",
}  # fmt: skip


@pytest.mark.parametrize(("line", "said"), WRONG.items(), ids=[line[:60] for line in WRONG])
def test_wrong_usage_gets_one_line(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(shlex.split(line))
    out, err = capsys.readouterr()
    assert caught.value.code == 2
    assert out == ""
    assert err.startswith("toystory: ")
    assert err.count("\n") == 1
    assert said in err
    assert len(err) < 500


@pytest.mark.parametrize("word", ["a\nb", "a\x1b[31mb", "\udcff", "x" * 10_000, "--a\nb", "-\n"])
def test_strange_words_get_one_line_too(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    for line in ([word], ["list", word], ["show", word], ["run", "--lesson", word], ["run", word]):
        with pytest.raises(SystemExit) as caught:
            cli.main(line)
        out, err = capsys.readouterr()
        assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
        assert "\x1b" not in err
        assert len(err) < 500


def test_nothing_is_trained_before_a_wrong_file_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run_command, "train_all", lambda *_: pytest.fail("it was trained"))
    with pytest.raises(SystemExit) as caught:
        cli.main(["run", "--lesson", "gate", "--save", str(tmp_path)])
    assert caught.value.code == 2


def test_help_names_every_command_lesson_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    for word in (*cli.COMMANDS, "--version", "exit codes: 0 every claim holds, 1 a claim or a run failed, 2"):
        assert word in out


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: toystory {command}" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"toystory {toystory.__version__}\n"


def test_the_examples_of_help_are_understood() -> None:
    examples = re.findall(r"^  toystory ?(.*?)(?:   .*| > .*)?$", cli.EXAMPLES, re.MULTILINE)
    assert len(examples) >= 8
    for example in examples:
        cli._parse([word.strip('"') for word in re.findall(r'"[^"]*"|\S+', example)])


# ---------------------------------------------------------------- what goes wrong later

LATER = {
    "memory": (MemoryError(), 1, "not enough memory for that; ask for fewer --rows, --columns or --hidden"),
    "interrupt": (KeyboardInterrupt(), 130, "interrupted"),
    "worker": (RunFailed("a process that trained was killed"), 1, "a process that trained was killed"),
    "disk": (OSError(28, "No space left on device"), 1, "can't read or write: No space left on device"),
    "prose": (BadProse("gate/story.md: expected a title"), 1, "gate/story.md: expected a title"),
    "missing file": (FileNotFoundError(2, "not there", "a.md"), 1, "can't read or write a.md: not there"),
}  # fmt: skip


@pytest.mark.parametrize(("error", "code", "said"), LATER.values(), ids=LATER)
def test_what_goes_wrong_later_gets_one_line(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(listing, "chapters", fail)
    monkeypatch.setattr(cli, "_silence_stdout", lambda: None)
    assert cli.main(["list"]) == code
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"toystory: {said}\n")


def test_a_mistake_of_our_own_is_not_taken_for_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr(run_command, "train_all", fail)
    with pytest.raises(ValueError, match="broadcast"):
        cli.main(["run", "--lesson", "gate", "--plain"])


def test_a_terminal_that_cannot_draw_is_told_what_needs_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    with pytest.raises(SystemExit, match="2"):
        cli.main([])
    error = capsys.readouterr().err
    assert "toystory show LESSON --plain" in error
    assert "toystory run" in error
