"""Many visitors of one server, all training: python -m tests.benchmarks.visitors [--visitors N].

Each speaks the protocol as a page does: opens the LSTM's lesson, trains, and asks for help now and then. Said
in the end: the time to the first paint, from when all came at once; how long `?` takes to be answered; and
the memory of an app, its part of what is shared counted in.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import tempfile
import time

import aiohttp

from tests.support.served import PATIENCE, Served, visit
from toystory.cli.serve.status import memory_of

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
HELP = "start, pause, go on"
BETWEEN = 12.0
"""Seconds between two questions of a visitor."""


class Stream:
    """What an app draws, as text without a screen: that of forty would take more time than the apps."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.said: list[str] = []
        self._text = ""

    async def shows(self, word: str) -> None:
        """Wait until it is drawn, from now on."""
        self._text = ""
        async with asyncio.timeout(2 * PATIENCE):
            while word not in self._text:
                if not await self.take():
                    raise ConnectionError(f"dropped: {self.said}, {self.socket.close_code}")

    async def take(self) -> bool:
        """Take the next message; False where the connection is closed."""
        message = await self.socket.receive()
        if message.type == aiohttp.WSMsgType.BINARY:
            self._text = (self._text + ESCAPE.sub("", message.data.decode("utf-8", "replace")))[-50000:]
        elif message.type == aiohttp.WSMsgType.TEXT:
            self.said.append(message.data)
        else:
            return False
        return True

    async def type(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])


async def come(address: str, came: float, painted: list[float]) -> tuple[aiohttp.ClientSession, Stream]:
    """Open the page, and see the chapters."""
    client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    terminal = Stream((await visit(client, address)).socket)
    await terminal.shows("Gates that learn")
    painted.append(time.perf_counter() - came)
    return client, terminal


async def train(terminal: Stream) -> None:
    """Open the LSTM's lesson and start its training."""
    await terminal.type("7")
    await terminal.shows("Your turn")
    await terminal.type("t")
    await terminal.shows("rows of every length")
    await terminal.type(" ")
    await terminal.shows("running")


async def ask(terminal: Stream, until: float, offset: float, answered: list[float]) -> None:
    """Ask for help now and then."""
    await read_for(terminal, offset)
    while time.perf_counter() < until:
        began = time.perf_counter()
        await terminal.type("?")
        await terminal.shows(HELP)
        answered.append(time.perf_counter() - began)
        await terminal.type("\x1b")
        await read_for(terminal, BETWEEN)


async def read_for(terminal: Stream, seconds: float) -> None:
    """Go on reading, as a browser does."""
    try:
        async with asyncio.timeout(seconds):
            while await terminal.take():
                pass
    except TimeoutError:
        return
    raise ConnectionError(f"dropped: {terminal.said}")


async def measure(visitors: int, seconds: float) -> None:
    """Measure, and print."""
    os.environ["TOYSTORY_HOME"] = tempfile.mkdtemp(prefix="visitors-")
    served = Served("--visitors", str(visitors + 1))
    try:
        client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        await (await visit(client, served)).shows("Gates that learn")  # it has loaded
        await client.close()
        came, painted, answered = time.perf_counter(), list[float](), list[float]()
        opened = await asyncio.gather(*(come(served.address, came, painted) for _ in range(visitors)))
        print(f"{visitors} visitors; first paint {min(painted):.2f} s, of the last {max(painted):.2f} s")
        came = time.perf_counter()
        await asyncio.gather(*(train(terminal) for _, terminal in opened))
        print(f"all train after {time.perf_counter() - came:.1f} s", flush=True)
        end = time.perf_counter() + seconds
        results = await asyncio.gather(
            *(ask(terminal, end, BETWEEN * n / visitors, answered) for n, (_, terminal) in enumerate(opened)),
            return_exceptions=True,
        )
        dropped = [result for result in results if result is not None]
        if len(answered) < 2:
            raise SystemExit(f"nobody answers: {dropped}")
        slow = statistics.quantiles(answered, n=20)[-1]
        print(
            f"? answered {len(answered)} times: median {statistics.median(answered):.2f} s, 95 % {slow:.2f} s"
        )
        print(f"dropped {len(dropped)} {dropped[:2]}")
        sizes = [size / 2**20 for process in served.visitors() if (size := memory_of(process))]
        print(f"memory of an app: mean {statistics.mean(sizes):.1f} MB, most {max(sizes):.1f} MB")
        for client, _ in opened:
            await client.close()
    finally:
        served.process.terminate()
        served.process.communicate()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=20.0)
    args = parser.parse_args()
    asyncio.run(measure(args.visitors, args.seconds))


if __name__ == "__main__":
    main()
