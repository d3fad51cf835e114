"""The commands in a terminal, a small one of the tests' own."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.pseudo_terminal import PseudoTerminal
from toystory.course import catalogue

pexpect = pytest.importorskip("pexpect", reason="needs a POSIX terminal")

ROOT = Path(__file__).parents[2]
CODES = re.compile(r"\x1b(?:\[[\d;?]*[A-Za-z]|[()][A-Z0-9])")


CLAIMS = len(catalogue.load("gate").claims)
TRAIN = ["--model", "MLP", "--hidden", "4", "--columns", "4", "--batch", "8"]
TRAIN += ["--learning-rate", "1e-3", "--updates", "1e9"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Starts toystory in a terminal of 100 × 40."""
    children = []

    def start(*arguments: str, dimensions: tuple[int, int] = (40, 100), **changes: str) -> Any:
        kept = {
            k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES", "LESS", "PAGER")
        }
        child = pexpect.spawn(
            sys.executable,
            ["-m", "toystory", *arguments],
            cwd=str(ROOT),
            env={**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **changes},
            dimensions=dimensions,
            encoding="utf-8",
            codec_errors="replace",
            timeout=60,
        )
        child.logfile_read = io.StringIO()
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


def to_the_end(child: Any) -> tuple[int, str]:
    """Exit code, and all that was written."""
    child.expect(pexpect.EOF)
    text: str = child.logfile_read.getvalue()
    child.close()
    return child.exitstatus, text


def test_run_shows_a_bar_and_then_curve_panels_and_verdicts(terminal: Any) -> None:
    child = terminal("run", "--lesson", "gate", "--jobs", "1")
    child.expect("━")
    code, text = to_the_end(child)
    assert code == 0
    assert "\x1b[" in text
    shown = CODES.sub("", text)
    assert "1 The first gate" in shown
    assert "one row: 3,500 updates in" in shown
    assert "training loss, all four rows" in shown
    assert re.search("[\u2801-\u28ff]{5}", shown), "no curve"
    assert "a coin: ln 2" in shown
    for title in ("╭─ 1 the sum", "╭─ 2 the answer", "╭─ 3 the loss"):
        assert title in shown
    assert "models/logistic_regression.py:" in shown
    assert shown.count("✓") == CLAIMS
    assert f"gate: passed, {CLAIMS} of {CLAIMS} claims hold" in shown
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is still hidden"


def test_plain_on_a_terminal_has_no_escape_codes(terminal: Any) -> None:
    code, text = to_the_end(terminal("run", "--lesson", "gate", "--plain", "--jobs", "1"))
    assert code == 0
    assert "\x1b" not in text
    assert text.count("  PASS ") == CLAIMS


@pytest.mark.parametrize("arguments", [("list",), ("show", "gate", "--plain"), ("run", "--help")])
def test_what_is_only_words_has_no_escape_codes(terminal: Any, arguments: tuple[str, ...]) -> None:
    code, text = to_the_end(terminal(*arguments, PAGER="cat"))
    assert code == 0
    assert "\x1b" not in text


def test_json_on_a_terminal_is_json_alone(terminal: Any) -> None:
    code, text = to_the_end(terminal("run", "--lesson", "gate", "--json", "--jobs", "1"))
    assert code == 0
    assert text.startswith('{"lesson": "gate"')
    assert "\x1b" not in text


def test_show_goes_through_the_pager_in_colour(terminal: Any) -> None:
    code, text = to_the_end(terminal("show", "gate", PAGER="cat"))
    assert code == 0
    assert "\x1b[" in text
    shown = CODES.sub("", text)
    assert "The first gate" in shown
    assert "╭─ 7 the update" in shown


def test_a_terminal_without_our_signs_gets_plain_lines(terminal: Any) -> None:
    arguments = ("run", "--lesson", "gate", "--experiment", "1")
    code, text = to_the_end(terminal(*arguments, PYTHONIOENCODING="ascii"))
    assert code == 0
    assert "\x1b" not in text
    assert "PASS ... and with 0.615188" in text


def test_without_colour_there_are_still_curve_and_boxes(terminal: Any) -> None:
    code, text = to_the_end(terminal("run", "--lesson", "gate", "--jobs", "1", NO_COLOR="1"))
    assert code == 0
    assert not re.search(r"\x1b\[(?:\d+;)*[34]\d[;m]", text), "a colour"
    assert "╭─ 1 the sum" in CODES.sub("", text)


def test_bytes_that_are_no_text_are_an_answer_like_others(terminal: Any) -> None:
    child = terminal("reset", "gate", PYTHONIOENCODING="utf-8:strict")
    child.expect_exact("[y/N]")
    os.write(child.child_fd, b"\xe9\n")
    code, text = to_the_end(child)
    assert code == 1
    assert "nothing was deleted" in text


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_on_the_keyboard(terminal: Any, jobs: str) -> None:
    arguments = ("run", "--lesson", "lstm", "--updates", "1e9", "--columns", "10", "--jobs", jobs)
    child = terminal(*arguments)
    child.expect(r"loss 0\.\d{4}")
    child.sendcontrol("c")
    code, text = to_the_end(child)
    assert code == 130
    shown = CODES.sub("", text)
    assert "interrupted" in shown
    assert re.search(r"rows of (50 bits|every length).*: [\d,]+ of 1,000,000,000 updates made, loss", shown)
    assert "Traceback" not in shown
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is still hidden"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("SIGTERM", ("run", "--lesson", "lstm", "--updates", "1e9", "--columns", "10", "--jobs", "1")),
        ("SIGHUP", ("run", "--lesson", "lstm", "--updates", "1e9", "--columns", "10", "--jobs", "2")),
        ("SIGQUIT", ("train", *TRAIN)),
        ("SIGTERM", ("compare", "--budget", "1000", "--jobs", "1")),
    ],
    ids=["run", "two jobs", "train", "compare"],
)
def test_after_a_signal_the_cursor_is_back(terminal: Any, arguments: tuple[str, ...], name: str) -> None:
    number = getattr(signal, name)
    child = terminal(*arguments)
    child.expect(re.escape("\x1b[?25l"))
    child.kill(number)
    code, text = to_the_end(child)
    assert code == 128 + number
    assert "Traceback" not in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is still hidden"


@pytest.mark.parametrize(
    ("pager", "less", "coloured"),
    [("cat", None, True), ("less", "X", True), ("no-such-pager", None, True), ("tail -n 9999", None, False)],
)
def test_every_pager_shows_the_lesson(terminal: Any, pager: str, less: str | None, coloured: bool) -> None:
    if pager == "less" and not shutil.which("less"):
        pytest.skip("there is no less")
    child = terminal("show", "gate", PAGER=pager, **({"LESS": less} if less else {}))
    if pager == "less":
        child.send("G")
        child.expect("Sources")
        child.send("q")
    code, text = to_the_end(child)
    assert code == 0
    assert "Sources" in CODES.sub("", text)
    assert "ESC[" not in text
    assert ("\x1b[1m" in text) == coloured


@pytest.mark.parametrize(("columns", "by_variable"), [(0, False), (1, True)])
def test_at_every_width_something_can_be_read(terminal: Any, columns: int, by_variable: bool) -> None:
    folder = Path(os.environ["TOYSTORY_HOME"])
    for arguments in (
        ("show", "gate"),
        ("exercise",),
        ("exercise", "gate/sigmoid"),
        ("check", "gate/sigmoid"),
        ("run", "--lesson", "gate", "--experiment", "1"),
        ("progress",),
        ("list",),
        ("compare", "--help"),
    ):
        if by_variable:
            child = terminal(*arguments, PAGER="cat", COLUMNS=f"{columns}")
        else:
            child = terminal(*arguments, PAGER="cat", dimensions=(columns, columns))
        code, text = to_the_end(child)
        assert code in (0, 1), text
        assert "Traceback" not in text
        shown = CODES.sub("", text)
        assert len(re.findall(r"\w{3}", shown)) > 5, (arguments, shown)
    assert (folder / "exercises" / "gate" / "sigmoid.py").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--lesson", "lstm", "--updates", "1e9", "--columns", "10", "--jobs", "2"),
        ("train", "--data", "moons", "--updates", "1e9", "--patience", "1e9"),
    ],
    ids=["run", "train on real numbers"],
)
def test_a_terminal_that_goes_away_ends_what_trains_there_without_a_signal_too(
    arguments: tuple[str, ...],
) -> None:
    with PseudoTerminal(*arguments) as terminal:  # which controls nothing: no SIGHUP comes
        terminal.wait(lambda: terminal.written)
        terminal.close()
        # It hears of it by itself, or a moment before by what it could not write.
        assert terminal.end() in (1, 128 + signal.SIGHUP)
