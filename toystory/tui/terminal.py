"""The terminal that the app runs in: it may be slow, send what is no text, or be gone at any moment.

Textual's driver waits for its terminal without end, and dies of input that is not UTF-8. This one drops what
nobody will read, ends the app when the terminal is gone or a signal asks for it, and leaves nothing switched
on. POSIX alone: Windows has another driver, and no such signals.
"""

from __future__ import annotations

import os
import select
import signal
import termios
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import IO, Any, ClassVar, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from toystory.tui.painted import Painted

CHUNK = 512
"""Bytes that a terminal which takes any takes at once."""
POLL = 0.1
"""Seconds between two looks whether anybody still waits for the output or the input."""
PATIENCE = 3.0
"""Seconds that the app has to end by itself when it is told to."""
LAST_WORDS = 1.0
"""Seconds in which a slow terminal has to take what switches everything off."""
MOST_TYPED = 64
"""Characters that may come at once and be typed all the same."""
ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT") if hasattr(signal, name)
)
RESTORE = (
    "\x18\x1b\\"  # whatever was broken off in the middle
    "\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l"  # synchronised output, pastes, line wrap, sizes told in band
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # the mouse
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"  # keyboard, alternate screen, cursor, focus, colours
)
"""What switches off all that a driver of Textual's may have switched on."""


class TerminalFile:
    """What Textual's thread writes to: it never raises, and waits only while somebody wants the output."""

    def __init__(self, fileno: int, lost: Callable[[], None]) -> None:
        """lost: called once, from the thread that writes, when the terminal is gone."""
        self._fileno = fileno
        self._lost = lost
        self.dropping = False
        """Whether nothing is written any more."""

    def fileno(self) -> int:
        """The terminal's."""
        return self._fileno

    def flush(self) -> None:
        """Nothing is held back here."""

    def write(self, text: str) -> None:
        """Write it, piece by piece; drop the rest as soon as nothing shall be written any more."""
        if not self._write(text.encode(errors="replace"), lambda: not self.dropping) and not self.dropping:
            self.dropping = True
            self._lost()

    def write_last(self, text: str) -> None:
        """Write it though all else is dropped, for as long as a slow terminal may take."""
        end = time.monotonic() + LAST_WORDS
        self._write(text.encode(), lambda: time.monotonic() < end)

    def _write(self, data: bytes, wanted: Callable[[], bool]) -> bool:
        """Whether all of it was written while it was wanted."""
        try:
            while data and wanted():
                if select.select([], [self._fileno], [], POLL)[1]:
                    with suppress(BlockingIOError):
                        data = data[os.write(self._fileno, data[:CHUNK]) :]
        except OSError:
            return False
        return not data


class TerminalDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, for terminals as they are."""

    active: ClassVar[TerminalDriver | None] = None
    """The one that has switched its terminal on."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._terminal = TerminalFile(cast(IO[str], self._file).fileno(), self.lose)
        self._file = cast(IO[str], self._terminal)  # type: ignore[assignment]
        self._closed = threading.Event()
        self._ending = False
        self.painted = Painted()
        """What stands there by now."""

    # Beginning and end

    def start_application_mode(self) -> None:
        TerminalDriver.active = self
        self.painted.forget()
        self._closed.clear()
        self._terminal.dropping = False
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        # What waits to be written is about to be wiped away: a slow terminal need not take it first.
        self._terminal.dropping = True
        super().stop_application_mode()

    def close(self) -> None:
        super().close()
        self._terminal.write_last(RESTORE)
        self._closed.set()

    def lose(self) -> None:
        """The terminal is gone: end the app as if it had been hung up."""
        self.end(128 + signal.SIGHUP)

    def end(self, code: int) -> None:
        """End the app, keeping what the learner did; from any thread, and also out of a signal's handler.

        Args:
            code: What the app returns.
        """
        self._terminal.dropping = True
        if self._ending:
            return
        self._ending = True
        with suppress(RuntimeError):  # its loop is closed: it has ended
            self._loop.call_soon_threadsafe(self._exit, code)
        threading.Thread(target=self._end_anyway, args=(code,), daemon=True).start()

    def _exit(self, code: int) -> None:
        if self._app.return_code is None:
            self._app.exit(return_code=code)

    def _end_anyway(self, code: int) -> None:
        """An app that does not get round to ending is ended from outside, with what it knows written down."""
        if self._closed.wait(PATIENCE):
            return
        with suppress(Exception):
            cast(Any, self._app).save_all()
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        self._terminal.write_last(RESTORE)
        os._exit(code)

    # Input

    def _is_pasted(self, text: str) -> bool:
        """Whether it came at once, though no terminal has marked it as pasted.

        That is more than anybody types, or lines for an editor, where each would bring its own indentation.
        """
        if not text.replace("\r", "").replace("\t", "").isprintable():
            return False
        return len(text) > MOST_TYPED or ("\r" in text[:-1] and self._is_editing())

    def _is_editing(self) -> bool:
        from textual.widgets import TextArea  # with all that parses languages: the first picture comes before

        return isinstance(self._app.focused, TextArea)

    def run_input_thread(self) -> None:
        """Wait for input and pass it on; bytes that are no UTF-8 are no input."""
        decode = getincrementaldecoder("utf-8")("ignore").decode
        parser = XTermParser(self._debug)
        while not self.exit_event.is_set():
            text = ""
            if select.select([self.fileno], [], [], POLL)[0]:
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self.lose()
                    return
                text = decode(data)
            try:
                if self._is_pasted(text):
                    self.process_message(events.Paste(text.replace("\r", "\n")))
                    continue
                for event in (*(parser.feed(text) if text else ()), *parser.tick()):
                    self.process_message(event)
            except Exception:  # a sequence that nobody knows: what comes after it is understood again
                parser = XTermParser(self._debug)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """While this lasts, a signal that ends programs ends the app in order, whatever it is doing."""

    def end(number: int, frame: FrameType | None) -> None:
        driver = TerminalDriver.active
        if driver is None:  # nothing is switched on yet
            raise SystemExit(128 + number)
        driver.end(128 + number)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        TerminalDriver.active = None
