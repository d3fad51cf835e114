"""One visitor: a process of the app, and what goes to and fro between it and the browser."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from aiohttp import WSMessage, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from toystory.base.paths import VARIABLE, home

DRIVER = "toystory.cli.serve.driver:ServedDriver"
GRACE = 3.0
"""Seconds that an app has to end by itself."""
LEAST_SIZE, MOST_SIZE = 1, 1000
"""Columns or rows of a browser's terminal."""
NAME_BYTES = 16


def new_name() -> str:
    """The name that a browser is known by: nobody can guess it."""
    return secrets.token_hex(NAME_BYTES)


def is_name(text: str) -> bool:
    """Whether `new_name` could have made it; so it is safe as the name of a folder."""
    return len(text) == 2 * NAME_BYTES and set(text) <= set("0123456789abcdef")


def home_of(name: str) -> Path:
    """Where this visitor's record and exercises are kept."""
    return home() / "visitors" / name


class Visitor(AppService):
    """Runs the app for one browser, with a record of its own, and takes it away when the browser leaves."""

    def __init__(self, name: str, websocket: web.WebSocketResponse) -> None:
        super().__init__(
            "toystory",
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=self._close,
            download_manager=DownloadManager(),
        )
        self.name = name
        self.websocket = websocket

    async def stay(self, width: int, height: int) -> None:
        """Run the app until the browser leaves or the app ends.

        Args:
            width: Columns.
            height: Lines.
        """
        await self.start(width, height)
        try:
            async for message in self.websocket:
                await self._take(message)
        finally:
            await self.stop()

    async def stop(self) -> None:
        """End the app: it is asked first, and killed if it does not answer."""
        try:
            async with asyncio.timeout(GRACE):
                await super().stop()
                if self._process is not None:
                    await self._process.wait()
        except (TimeoutError, ConnectionError):
            self._kill()

    async def _close(self) -> None:
        await self.websocket.close()

    async def _take(self, message: WSMessage) -> None:
        """Take what the page sends; anything else is nobody's business.

        ["stdin", text], ["resize", {"width", "height"}], ["ping", …], ["focus"] or ["blur"].
        """
        try:
            said = message.json() if message.type == WSMsgType.TEXT else None
        except ValueError:
            return
        match said:
            case ["stdin", str(text)]:
                await self.send_bytes(text.encode())
            case ["resize", {"width": int(width), "height": int(height)}]:
                await self.set_terminal_size(*sizes(width, height))
            case ["ping", answer]:
                await self.websocket.send_json(["pong", answer])
            case ["focus", *_]:
                await self.focus()
            case ["blur", *_]:
                await self.blur()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        folder = home_of(self.name)
        folder.mkdir(parents=True, exist_ok=True)
        environment = self._build_environment(width, height) | {
            "TEXTUAL_DRIVER": DRIVER,
            VARIABLE: str(folder),
        }
        # A group of its own, so that whatever the app has started goes with it.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "toystory",
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    def _kill(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            os.killpg(self._process.pid, signal.SIGKILL)


def sizes(width: int, height: int) -> tuple[int, int]:
    """Of a terminal, within reason.

    Args:
        width: Columns.
        height: Lines.
    """
    return min(max(width, LEAST_SIZE), MOST_SIZE), min(max(height, LEAST_SIZE), MOST_SIZE)
