"""The terminal is taken away, a signal comes, the input is no text: the app ends in order, or lives on."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="needs a POSIX terminal")

from tests.support.pseudo_terminal import PseudoTerminal

SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT")


def opened(*arguments: str) -> PseudoTerminal:
    """The app, once it is painted."""
    terminal = PseudoTerminal(*arguments)
    terminal.wait(lambda: b"help " in terminal.written)
    return terminal


def train(terminal: PseudoTerminal) -> None:
    """Start the training of the lesson that is open."""
    terminal.type(b"t ")
    terminal.wait(lambda: b"running" in terminal.written)


def assert_run_is_kept(home: Path, lesson: str) -> None:
    """It can be gone on with."""
    assert list((home / "paused").glob(f"{lesson}.*.npz"))


def test_the_terminal_goes_away_while_it_trains(home: Path) -> None:
    with opened("lstm") as terminal:
        train(terminal)
        terminal.close()
        assert terminal.end() == 128 + signal.SIGHUP
    assert_run_is_kept(home, "lstm")


def test_a_signal_while_it_trains(home: Path) -> None:
    with opened("lstm") as terminal:
        train(terminal)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
        assert terminal.left_on() == []
    assert_run_is_kept(home, "lstm")


def test_a_signal_while_nobody_reads_the_terminal() -> None:
    with opened("lstm") as terminal:
        terminal.type(b"t ")
        # What it draws fills the terminal, then the queue of its writer, and at last it waits for that.
        signal.sigtimedwait([], 3)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.process.wait(30) == 128 + signal.SIGTERM


LONG = ("--updates", "1e9", "--columns", "10", "--jobs")
SMALL = ("--model", "MLP", "--hidden", "4", "--columns", "4", "--batch", "8", "--learning-rate", "1e-3")
COMMANDS = (
    ("gate",),
    ("run", "--lesson", "lstm", *LONG, "1"),
    ("run", "--lesson", "lstm", *LONG, "2"),
    ("train", *SMALL, "--updates", "1e9"),
    ("compare", "--budget", "1000", "--jobs", "1"),
    ("train", "--data", "moons", "--updates", "1e9", "--patience", "1e9"),
    ("sweep", *SMALL[:2], *SMALL[4:], "--updates", "1e9", "--vary", "hidden=4,8", "--jobs", "2", "--again"),
)
"""The app, and what trains on a terminal: each goes on until it is told to end."""


def signal_at_a_random_moment(name: str, seed: int, arguments: tuple[str, ...] = ("gate",)) -> None:
    with PseudoTerminal(*arguments) as terminal:
        terminal.read(random.Random(seed).uniform(0, 3))
        terminal.process.send_signal(getattr(signal, name))
        code = terminal.end()
        # Before anything is switched on, a signal ends it as it ends every program.
        shown = terminal.written[-3000:].decode(errors="replace")
        assert code in (128 + getattr(signal, name), -getattr(signal, name)), shown
        assert terminal.left_on() == []
        assert b"Traceback" not in terminal.written


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_while_it_begins(name: str) -> None:
    signal_at_a_random_moment(name, SIGNALS.index(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", SIGNALS)
@pytest.mark.parametrize(
    "arguments", COMMANDS, ids=["app", "run", "two jobs", "train", "compare", "table", "sweep"]
)
def test_a_signal_at_two_hundred_moments(name: str, arguments: tuple[str, ...]) -> None:
    for seed in range(200):
        signal_at_a_random_moment(name, 1000 + seed, arguments)


def test_input_that_is_not_utf_8_is_no_input() -> None:
    with opened("gate") as terminal:
        # Latin-1 letters, a mouse of the oldest kind, sequences that are none.
        terminal.type(b"\xe9\xff\xfe\x1b[M\xff\xe2\xa1 \x1b[M\xc3\x20\x80\x1b[\x80m\xc3\x28\x1b]\xff\x07")
        terminal.read(0.5)
        terminal.type(b"\x1bq")
        terminal.read(0.5)
        terminal.type(b"q")
        assert terminal.end() == 0
        assert b"Traceback" not in terminal.written


def test_lines_that_nobody_marked_as_pasted_make_no_staircase(home: Path) -> None:
    with opened("gate") as terminal:
        terminal.type(b"ue")
        terminal.wait(lambda: b"TODO" in terminal.written)
        terminal.read(1)
        terminal.type(b"if z:\r        a = 1\r        b = 2\r    c = 3")
        terminal.read(1)
        terminal.type(b"\x1b")
        terminal.read(1)
        terminal.type(b"q")
        assert terminal.end() == 0
    [file] = (home / "exercises" / "gate").glob("*.py")
    assert "    if z:\n        a = 1\n        b = 2\n    c = 3\n" in file.read_text(encoding="utf-8")


def test_quit_before_it_is_painted() -> None:
    with PseudoTerminal("gate") as terminal:
        terminal.wait(lambda: b"\x1b[?1049h" in terminal.written)
        terminal.type(b"q")
        terminal.type(b"q")
        assert terminal.end() == 0
        assert terminal.left_on() == []
