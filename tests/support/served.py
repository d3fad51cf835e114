"""A server that runs, and visitors that speak its protocol as the page does."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pyte

from toystory.base.paths import VARIABLE

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds that a condition may take to come true on a busy machine."""
TOKEN = re.compile(r'data-token="([0-9a-f]*)"')


class Served:
    """A server that runs, and its visitors."""

    def __init__(self, *arguments: str, port: bool = True, home: Path | None = None) -> None:
        """Start it.

        Args:
            arguments: Of the command.
            port: Whether any that is free will do.
            home: Where records are kept, in place of the test's own.
        """
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-m", "toystory", "serve", *(("--port", "0") if port else ()), *arguments],
            cwd=ROOT,
            env={**os.environ, **({VARIABLE: str(home)} if home else {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.address = self.said.partition(" at ")[2].partition(";")[0]
        self.host = self.address.removeprefix("http://").partition("/")[0]

    def visitors(self) -> list[int]:
        """The processes of the app that the server has begun."""
        children = _children(self.process.pid)
        nurseries = [child for child in children if "--nursery" in _command(child)]
        forked = [grandchild for nursery in nurseries for grandchild in _children(nursery)]
        return [child for child in children if child not in nurseries] + forked

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def _children(process: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True)
    return [int(number) for number in found.stdout.split()]


def _command(process: int) -> str:
    return subprocess.run(["ps", "-o", "args=", "-p", str(process)], capture_output=True, text=True).stdout


class Terminal:
    """What a browser makes of the app: a screen that keys can be typed at."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.said: list[Any] = []
        """What came besides the terminal's data."""
        self._screen = pyte.Screen(120, 36)
        self._stream = pyte.ByteStream(self._screen)

    async def shows(self, *words: str) -> str:
        """The screen, as soon as all of the words are on it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not all(word in self.text for word in words):
                    assert await self.take(), (self.text, self.said)
        except TimeoutError:
            raise AssertionError(f"{words} not on the screen:\n{self.text}") from None
        return self.text

    async def hides(self, word: str) -> None:
        """Wait until it is no longer on the screen."""
        async with asyncio.timeout(PATIENCE):
            while word in self.text:
                assert await self.take(), (self.text, self.said)

    async def hears(self, kind: str) -> Any:
        """The content of the next message of that kind."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for said in self.said:
                    if said[0] == kind:
                        self.said.remove(said)
                        return said[1]
                assert await self.take(), self.said

    async def take(self) -> bool:
        """Take the next message; False where the connection is closed."""
        message = await self.socket.receive()
        if message.type == aiohttp.WSMsgType.BINARY:
            self._stream.feed(message.data)
        elif message.type == aiohttp.WSMsgType.TEXT:
            self.said.append(message.json())
        else:
            return False
        return True

    async def type(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)


async def open_page(client: aiohttp.ClientSession, address: str, **headers: str) -> str:
    """Open the page; what it shows to be let in."""
    async with client.get(f"{address}/", headers=headers) as page:
        text = await page.text()
        assert page.status == 200, text
    match = TOKEN.search(text)
    assert match, text
    return match[1]


async def visit(client: aiohttp.ClientSession, served: Served | str, **query: str) -> Terminal:
    """Open the page and then the way in, as a browser does."""
    address = served if isinstance(served, str) else served.address
    token = await open_page(client, address)
    asked = {"width": "120", "height": "36", "token": token, "page": "1", "clipboard": "1", **query}
    origin = "/".join(address.split("/")[:3])
    socket = await client.ws_connect(f"{address}/ws?{urlencode(asked)}", headers={"Origin": origin})
    await socket.send_json(["focus"])
    return Terminal(socket)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.05)


def alive(process: int) -> bool:
    """Whether it runs: one that is over may wait, as a zombie, for someone to take note."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")
