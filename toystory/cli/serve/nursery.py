"""The process that has loaded all that the app needs, and becomes an app for each visitor by forking.

Forked processes share what was loaded before: an app is there at once, and costs its own memory alone. No
thread may run here.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
from importlib import import_module
from typing import Any

from toystory.base.paths import VARIABLE

LONGEST_MESSAGE = 1 << 16


def run(descriptor: int) -> int:
    """Answer the server until it is gone, and be the app in each child.

    Args:
        descriptor: of the socket to the server.

    Returns:
        The exit code; a child's is that of its app.
    """
    gc.disable()
    load()
    gc.freeze()
    control = socket.socket(fileno=descriptor)
    wakes, woken = socket.socketpair()
    for end in (wakes, woken):
        end.setblocking(False)
    signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([control, wakes], [], [])
        if wakes in ready:
            with contextlib.suppress(BlockingIOError):
                wakes.recv(4096)
            _tell_ended(control, children)
        if control not in ready:
            continue
        try:
            message, descriptors, _, _ = socket.recv_fds(control, LONGEST_MESSAGE, 2)
        except OSError:
            return 0
        if not message:
            return 0
        asked: dict[str, Any] = json.loads(message)
        child = os.fork()
        if child == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (control, wakes, woken):
                end.close()
            return _be_app(descriptors, asked["environment"])
        children[child] = asked["number"]
        for passed in descriptors:
            os.close(passed)
        _send(control, number=asked["number"], pid=child)


NOT_OPENED = (
    "toystory.models.fast.lstm",
    "toystory.tui.terminal",
    "toystory.tui.command_palette",
    "toystory.tui.saved_screens",
    "toystory.tui.screens.dialogs.help",
)
"""What is needed besides what an app has loaded that has opened its first screens."""


def load() -> None:
    """Have what is needed until a lesson is open and trains.

    What is wrong with any of it, an app tells when it comes to it.
    """
    from toystory.course.catalogue import load as load_lesson
    from toystory.course.catalogue import names
    from toystory.render.derivation_panel import source_code

    with contextlib.suppress(Exception):
        _open_once()
    for module in NOT_OPENED:
        import_module(module)
    for name in names():
        with contextlib.suppress(Exception):
            load_lesson(name)
    source_code("a line of Python, for the patterns of the language")


def _open_once() -> None:
    """Have an app open its first screens, seen by nobody: what it works out once, all others have then."""
    from toystory.tui.app import ToystoryApp

    class Unseen(ToystoryApp):
        def _prepare(self) -> None:
            """Begin no thread, however long it takes."""

    async def look(app: Unseen) -> None:
        async with app.run_test(size=(120, 36), tooltips=True, notifications=True) as pilot:
            await pilot.press("7", "t")
            await pilot.pause()

    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[VARIABLE] = folder
        try:
            app = Unseen()
            asyncio.run(look(app))
        finally:
            os.environ.pop(VARIABLE)
            os.environ.update(before)
    app.read_styles()
    ToystoryApp.parsed_styles = app.stylesheet


def _be_app(descriptors: list[int], environment: dict[str, str]) -> int:
    os.setsid()
    stream, errors = descriptors
    for number, descriptor in enumerate((stream, stream, errors)):
        os.dup2(descriptor, number)
    for descriptor in descriptors:
        os.close(descriptor)
    os.environ.update(environment)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    from toystory.tui.app import main

    return main()


def _tell_ended(control: socket.socket, children: dict[int, int]) -> None:
    while children:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        if child in children:
            _send(control, number=children.pop(child), status=os.waitstatus_to_exitcode(status))


def _send(control: socket.socket, **message: int) -> None:
    try:
        control.send(json.dumps(message).encode())
    except OSError:
        sys.exit(0)
