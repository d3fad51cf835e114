"""Signals that end a program, Ctrl-C among them: what was reached is told, and the cursor comes back."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""Those that this system has are heard; SIGBREAK is Ctrl-Break on Windows."""
PATIENCE = 10.0
"""Seconds for telling what was reached; whoever needs longer hangs."""
SHOW_CURSOR = b"\x1b[?25h"


class Ended(KeyboardInterrupt):
    """The program was asked to end, by another signal than Ctrl-C."""


def answer_or_end(answer: Callable[[], int], outlives_terminal: bool = False) -> int:
    """The exit code of `answer`; 128 and the signal's number, as shells count it, where a signal ended it.

    A signal comes at any moment, also while a bar is being drawn: what goes wrong after it is its doing, and
    nobody is told. A second one that is not Ctrl-C ends the program at once.

    Args:
        answer: Does what was asked for.
        outlives_terminal: Whether it goes on where its terminal goes away and no signal says so.
    """
    with _as_interruptions(outlives_terminal) as received:
        try:
            code = answer()
        except BaseException:
            if not received:
                raise
            code = 1
            with suppress(OSError):
                print("toystory: interrupted", file=sys.stderr)
    if not received:
        return code
    _show_cursor()
    return 128 + received[0]


@contextmanager
def _as_interruptions(outlives_terminal: bool) -> Iterator[list[int]]:
    """Raise KeyboardInterrupt in the block where a signal comes that ends a program; yields their numbers."""
    received: list[int] = []
    watch = threading.Timer(PATIENCE, _give_up, [received])
    watch.daemon = True

    def end(number: int, frame: FrameType | None) -> None:
        if not received and number != signal.SIGINT:
            watch.start()
        received.append(number)
        if number == signal.SIGINT:
            heard = before[number]
            if callable(heard):
                heard(number, frame)  # raises KeyboardInterrupt, but not for a second one soon after
                return
            raise KeyboardInterrupt
        signal.signal(number, signal.SIG_DFL)
        raise Ended

    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        numbers = [signal.SIGINT, *(getattr(signal, name) for name in ENDING if hasattr(signal, name))]
        # Whoever ignores one, as nohup does, goes on ignoring it.
        usual = (signal.SIG_DFL, signal.default_int_handler)
        handlers = {number: signal.getsignal(number) for number in numbers}
        ours = {n: h for n, h in handlers.items() if h in usual or (n == signal.SIGINT and callable(h))}
        before.update(ours)
    for number in before:
        signal.signal(number, end)
    if not outlives_terminal and before.keys() & {getattr(signal, "SIGHUP", None)}:
        threading.Thread(target=_watch_terminal, daemon=True).start()
    try:
        yield received
    finally:
        watch.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch_terminal() -> None:
    """Send the signal of a terminal that went away where no system does: it is not the controlling one."""
    if not os.isatty(1) or not hasattr(select, "poll"):
        return
    line = select.poll()
    line.register(1, 0)
    while not any(event & select.POLLHUP for _, event in line.poll()):
        time.sleep(1)  # another event that nobody asked for, on a system that knows no terminals here
    os.kill(os.getpid(), signal.SIGHUP)


def _give_up(received: list[int]) -> None:
    """Something hangs: end all the same, and leave no process behind."""
    _show_cursor()
    if "multiprocessing" in sys.modules:
        for child in sys.modules["multiprocessing"].active_children():
            child.kill()
    os._exit(128 + received[0])


def _show_cursor() -> None:
    with suppress(OSError, ValueError):
        if os.isatty(1):
            os.write(1, SHOW_CURSOR)
