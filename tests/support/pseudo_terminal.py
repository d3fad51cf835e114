"""A program in a pseudo-terminal that can be closed, resized, read slowly and written to."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
SWITCHES = ("1049", "1000", "1003", "1004", "2004")
"""Modes that a program may leave on: the alternate screen, the mouse, focus, pastes."""


class PseudoTerminal:
    """Runs `python -m toystory` with these arguments; use it as a context, which kills what is left."""

    def __init__(
        self, *arguments: str, term: str = "xterm-256color", size: tuple[int, int] = (120, 36)
    ) -> None:
        self.written = bytearray()
        """All that the program has written."""
        self._master, self._slave = pty.openpty()
        self._closed = False
        self.resize(*size)
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "toystory", *arguments],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=ROOT,
            env={**environment, "TERM": term, "LC_ALL": "C.UTF-8", "TEXTUAL_ANIMATIONS": "none"},
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.close()

    def resize(self, width: int, height: int) -> None:
        """Give the terminal so many columns and lines, and tell the program."""
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        if hasattr(self, "process") and self.process.poll() is None:
            self.process.send_signal(signal.SIGWINCH)

    def type(self, data: bytes) -> None:
        """Type as much as the program takes, reading what it writes meanwhile."""
        while data and self.process.poll() is None:
            writable = select.select([], [self._master], [], 0.05)[1]
            if writable:
                data = data[os.write(self._master, data[:256]) :]
            self.read(0)

    def read(self, seconds: float, most: int = 1 << 20) -> bool:
        """Read what comes within this time, at most so many bytes; False at the end."""
        end = time.monotonic() + seconds
        while True:
            left = max(end - time.monotonic(), 0)
            if not select.select([self._master], [], [], left)[0]:
                return True
            try:
                data = os.read(self._master, min(most, 65536))
            except OSError:
                return False
            self.written += data
            most -= len(data)
            if not data or most <= 0:
                return bool(data)

    def wait(self, condition: Callable[[], object], seconds: float = 60) -> None:
        """Read until the condition holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.written[-2000:].decode(errors="replace")
            assert time.monotonic() < end, self.written[-2000:].decode(errors="replace")
            self.read(0.05)

    def close(self) -> None:
        """Take the terminal away."""
        if not self._closed:
            self._closed = True
            os.close(self._slave)
            os.close(self._master)

    def end(self, seconds: float = 30) -> int:
        """Wait until the program has ended, reading what it writes; its exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, "it lives on"
            if self._closed:
                time.sleep(0.01)
            else:
                self.read(0.02)
        if not self._closed:
            self.read(0.05)
        return int(self.process.returncode)

    def last_words(self) -> str:
        """What the program has written last, also what the system passes on late."""
        if not self._closed:
            self.read(1)
        return self.written[-9000:].decode(errors="replace")

    def left_on(self) -> list[str]:
        """What the program has switched on and not off again."""
        on = [mode for mode in SWITCHES if self._last(mode, "h") > self._last(mode, "l")]
        if self._last("25", "l") > self._last("25", "h"):
            on.append("cursor hidden")
        if not termios.tcgetattr(self._slave)[3] & termios.ECHO:
            on.append("no echo")
        return on

    def _last(self, mode: str, letter: str) -> int:
        return self.written.rfind(f"\x1b[?{mode}{letter}".encode())
