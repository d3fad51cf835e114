"""One visitor: what goes to and fro between a browser and a process of the app."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from aiohttp import WSMessage, WSMsgType, web

from toystory.base.paths import VARIABLE
from toystory.base.served import PERSON, SOMEONE_ELSE
from toystory.cli.serve.app_process import AppProcess
from toystory.cli.serve.people import Person, remove_if_empty

LEAST_SIZE, MOST_SIZE = 1, 1000
"""Columns or rows of a browser's terminal."""
EXIT = b"M", b'{"type": "exit"}'
"""The packet with which an app takes its leave."""
PATIENCE = 10.0
"""Seconds in which an app that was left writes down what it has."""

Start = Callable[[Mapping[str, str]], Awaitable[AppProcess]]


class Visitor:
    """Runs the app for one page, on its person's record, and takes it away when the page leaves.

    Attributes:
        person: Whose record it is.
        page: What the page calls itself: one that has lost its connection is known again.
        address: Where the browser is.
        since: When it came, in seconds since 1970.
        last_key: When something was typed or clicked last, by the monotonic clock.
        training: Whether a model trains.
        changed: Called when that changes.
        left: Set once the app has ended, so that the record is free.
    """

    def __init__(self, person: Person, websocket: web.WebSocketResponse, page: str, address: str) -> None:
        self.changed: Callable[[], object] = lambda: None
        self.person, self.page, self.address = person, page, address
        self.since, self.last_key = time.time(), time.monotonic()
        self.training = False
        self.left = asyncio.Event()
        self.process: AppProcess | None = None
        self._websocket = websocket
        self._size = 0, 0
        self._ending: tuple[str, str] | None = None

    @property
    def is_leaving(self) -> bool:
        """Whether the app is about to end."""
        return self._ending is not None or self._websocket.closed

    async def stay(self, start: Start, environment: Mapping[str, str]) -> None:
        """Run the app until the page leaves or the app ends; then say why.

        Args:
            start: Begins a process.
            environment: For the app.
        """
        try:
            self.person.folder.mkdir(parents=True, exist_ok=True)
            self.process = await start({**environment, **self._own_environment()})
        except OSError as error:
            reason = error.strerror or str(error)
            self._ending = "failed", f"toystory can't be opened on the server: {reason}."
            await self._say_why()
            self.left.set()
            return
        self.last_key = time.monotonic()  # nobody is idle who waits for the app to open
        self._size = int(environment["COLUMNS"]), int(environment["ROWS"])
        forwarding = asyncio.create_task(self._forward())
        try:
            if self._ending is not None:
                await self._websocket.close()
            async for message in self._websocket:
                await self._take(message)
        finally:
            await self.process.end()
            await forwarding
            if self.person.cookie:  # the folder was made for this visitor
                await asyncio.to_thread(remove_if_empty, self.person.folder)
            self.left.set()

    async def share(self, fraction: float, tick: float) -> None:
        """Tell the app how much its trainings may take.

        Args:
            fraction: Of a processor's time.
            tick: Seconds between two looks at what trains.
        """
        if self.process is not None:
            await self.process.tell(type="share", fraction=fraction, tick=tick)

    async def leave(self, why: str, sentence: str = "") -> None:
        """Have it end, for a reason that the page is told."""
        self._ending = self._ending or (why, sentence)
        if self.process is not None:
            await self.process.end()

    async def _forward(self) -> None:
        """Send the page what the app draws, until its end; then the reason."""
        assert self.process is not None
        with suppress(ConnectionError):
            if await self.process.wait_until_ready():
                while (packet := await self.process.receive()) is not None:
                    if packet == EXIT:
                        break
                    await self._pass_on(*packet)
            status = await self.process.wait(PATIENCE)
            if self._websocket.closed:
                return  # an app that is left while it opens complains, and nobody needs to know
            self._ending = self._ending or self._why(status)
            await self._say_why()

    async def _pass_on(self, kind: bytes, content: bytes) -> None:
        if kind == b"D":
            await self._websocket.send_bytes(content)
            return
        if kind != b"M":
            return
        match json.loads(content):
            case {"type": "open_url", "url": str(url), "new_tab": bool(new_tab)}:
                await self._websocket.send_json(["open_url", {"url": url, "new_tab": new_tab}])
            case {"type": "training", "trains": bool(trains)}:
                self.training = trains
                self.changed()
            case {"type": "download", "name": str(name), "kind": str(mime), "data": str(data)}:
                await self._websocket.send_json(["download", {"name": name, "kind": mime, "data": data}])

    def _why(self, status: int) -> tuple[str, str]:
        if status == 0:
            return "ended", ""
        if status == SOMEONE_ELSE:
            return "someone else", ""
        if status < 0:
            name = signal.Signals(-status).name if -status in set(signal.Signals) else f"signal {-status}"
            return "killed", f"The app was stopped by the system ({name}), perhaps for lack of memory."
        assert self.process is not None
        complaint = self.process.complaint().splitlines()
        if complaint:
            print(f"toystory: the app of {self.person.label} failed: {complaint[-1]}", flush=True)
        return "failed", f"The app has failed: {complaint[-1] if complaint else f'exit code {status}'}"

    async def _say_why(self) -> None:
        with suppress(ConnectionError, RuntimeError):  # nobody is there to hear it
            if self._ending is not None and not self._websocket.closed:
                why, sentence = self._ending
                await self._websocket.send_json(["closed", {"why": why, "text": sentence}])
            await self._websocket.close()

    async def _take(self, message: WSMessage) -> None:
        """Take what the page sends; anything else is nobody's business.

        ["stdin", text], ["resize", {"width", "height"}], ["ping", …], ["focus"] or ["blur"].
        """
        assert self.process is not None
        try:
            said = message.json() if message.type == WSMsgType.TEXT else None
        except ValueError:
            return
        match said:
            case ["stdin", str(text)]:
                self.last_key = time.monotonic()
                await self.process.type(text)
            case ["resize", {"width": int(width), "height": int(height)}]:
                width, height = sizes(width, height)
                if (width, height) != self._size:  # the page tells it once more when it has opened
                    self._size = width, height
                    await self.process.tell(type="resize", width=width, height=height)
            case ["ping", answer]:
                await self._websocket.send_json(["pong", answer])
            case ["focus", *_]:
                await self.process.tell(type="focus")
            case ["blur", *_]:
                await self.process.tell(type="blur")

    def _own_environment(self) -> dict[str, str]:
        return {VARIABLE: str(self.person.folder), PERSON: self.person.name}


def sizes(width: int, height: int) -> tuple[int, int]:
    """Of a terminal, within reason.

    Args:
        width: Columns.
        height: Lines.
    """
    return min(max(width, LEAST_SIZE), MOST_SIZE), min(max(height, LEAST_SIZE), MOST_SIZE)
