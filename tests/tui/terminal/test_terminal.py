"""The app in a real terminal: train the LSTM, see its loss move, and quit in the middle."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from toystory.course.catalogue import NAMES

pexpect = pytest.importorskip("pexpect", reason="needs a POSIX terminal")
pyte = pytest.importorskip("pyte")

ROOT = Path(__file__).parents[3]
WIDTH, HEIGHT = 80, 24


class Terminal:
    """A program in a terminal whose screen can be read."""

    def __init__(self, *arguments: str) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "toystory", *arguments],
            cwd=str(ROOT),
            env={**environment, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TEXTUAL_ANIMATIONS": "none"},
            dimensions=(HEIGHT, WIDTH),
            timeout=60,
        )
        self.child.delaybeforesend = None
        self.written = b""
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def shown(self) -> str:
        return "\n".join(self._screen.display)

    @property
    def curve(self) -> str:
        """What of the screen is braille."""
        return "".join(c for c in self.shown if "\u2800" <= c <= "\u28ff")

    def wait(self, condition: Callable[[], object], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain; on the screen:\n{self.shown}"
            self._read()

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        self.child.close()
        return int(self.child.exitstatus)

    def _read(self) -> bool:
        try:
            data = self.child.read_nonblocking(65536, timeout=0.1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += data
        # pyte does not know the private sequences that ask for the terminal's abilities.
        self._stream.feed(data.replace(b"\x1b[>", b"\x1b[?").replace(b"\x1b[<", b"\x1b[?"))
        return True


def test_open_train_and_quit_in_the_middle():
    terminal = Terminal()
    try:
        terminal.wait(lambda: "Gates that learn" in terminal.shown)
        terminal.press(str(NAMES.index("lstm") + 1))
        terminal.wait(lambda: "Look inside" in terminal.shown)
        terminal.press("t")
        terminal.wait(lambda: "ready" in terminal.shown)
        terminal.press(3 * "\x1b[B")
        terminal.wait(lambda: "rows of every length" in terminal.shown)
        terminal.press(" ")
        terminal.wait(lambda: terminal.curve)
        first = terminal.curve
        terminal.wait(lambda: terminal.curve != first)
        assert "running" in terminal.shown
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.child.close(force=True)
    last = terminal.written[-2000:]
    assert b"\x1b[?1049l" in last  # back from the alternate screen
    assert b"\x1b[?25h" in last  # the cursor is shown
    assert b"\x1b[?1000l" in last  # the mouse is given back
    assert b"Traceback" not in terminal.written


def test_quit_at_once():
    terminal = Terminal("gate")
    try:
        terminal.wait(lambda: "The first gate" in terminal.shown)
        terminal.press("q")
        assert terminal.end() == 0
    finally:
        terminal.child.close(force=True)
