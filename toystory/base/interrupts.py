"""Ctrl-C: heard once, by one process, and not where it must not come in between."""

from __future__ import annotations

import signal
import sys
import time
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

COUNT_AS_ONE = 5.0
"""Seconds in which several Ctrl-C count as one: ending everything takes less."""


def hear_interrupts_once() -> None:
    """Have Ctrl-C raise KeyboardInterrupt, but not again while that is being seen to.

    An impatient second one would come in the middle of ending what runs, and leave it running.
    """
    heard = -COUNT_AS_ONE

    def hear(number: int, frame: FrameType | None) -> None:
        nonlocal heard
        if (now := time.monotonic()) - heard > COUNT_AS_ONE:
            heard = now
            raise KeyboardInterrupt

    def hear_again(unraisable: sys.UnraisableHookArgs) -> None:
        # It came in a callback whose exceptions Python drops, as there is one in every import.
        nonlocal heard
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            heard = -COUNT_AS_ONE
            import threading  # not before it is needed: --help is over sooner than this is loaded

            threading.Timer(0.01, interrupt_main).start()
        else:
            sys.__unraisablehook__(unraisable)

    sys.unraisablehook = hear_again
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, hear)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hear Ctrl-C only at the end: for what has to be done whole and takes a moment."""
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = threading.Event()
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard.is_set():
            signal.raise_signal(signal.SIGINT)


def hold_back_interrupts() -> None:
    """Block Ctrl-C in this thread, and in every process begun by it, from its first moment on.

    A terminal sends it to all processes; the main thread of the first decides what to do.
    """
    if hasattr(signal, "pthread_sigmask"):  # not on Windows
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # or it begins later, and lets Ctrl-C through again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
