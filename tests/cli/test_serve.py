"""`toystory serve`: the app in a browser, for one's own computer unless told otherwise."""

from __future__ import annotations

import asyncio
import io
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="needs the extra serve")
if sys.platform == "win32":
    pytest.skip("looks for processes as POSIX does", allow_module_level=True)

import aiohttp
import pyte

from tests.support.chromium import PROGRAM, Chromium
from toystory.cli.serve.server import COOKIE, is_local
from toystory.cli.serve.visitor import is_name, new_name, sizes

ROOT = Path(__file__).parents[2]
CURVE = 300
"""Dots that a curve has at least, once some updates are made."""
PATIENCE = 60.0
"""Seconds that a condition may take to come true on a busy machine."""


class Served:
    """A server that runs, and its visitors."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "toystory", "serve", "--port", "0", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.address = self.said.partition(" at ")[2].partition(";")[0]
        self.host = self.address.removeprefix("http://")

    def visitors(self) -> list[int]:
        """The processes that the server has started."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        return [int(number) for number in found.stdout.split()]


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    yield server
    server.process.kill()
    server.process.communicate()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


class Terminal:
    """What a browser makes of the app: a screen that keys can be typed at."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._screen = pyte.Screen(120, 36)
        self._stream = pyte.ByteStream(self._screen)

    async def shows(self, *words: str) -> str:
        """The screen, as soon as all of the words are on it."""
        async with asyncio.timeout(PATIENCE):
            while not all(word in self.text for word in words):
                message = await self.socket.receive()
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), self.text
                if message.type == aiohttp.WSMsgType.BINARY:
                    self._stream.feed(message.data)
        return self.text

    async def type(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)


async def visit(client: aiohttp.ClientSession, served: Served) -> Terminal:
    """Open the page and then the way in, as a browser does."""
    async with client.get(served.address) as page:
        assert page.status == 200
    socket = await client.ws_connect(
        f"{served.address}/ws?width=120&height=36", headers={"Origin": served.address}
    )
    return Terminal(socket)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.05)


def alive(process: int) -> bool:
    """Whether it runs: one that is over may wait, as a zombie, for someone to take note."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


async def test_it_listens_on_this_computer_alone(served: Served) -> None:
    assert served.address.startswith("http://127.0.0.1:")
    assert "Ctrl-C" in served.said


async def test_the_page_asks_nobody_else_for_anything(served: Served, client: aiohttp.ClientSession) -> None:
    async with client.get(served.address) as answer:
        page = await answer.text()
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "//" not in page.replace(f"ws://{served.host}/ws", "").replace("<!DOCTYPE html>", "")


async def test_a_visitor_who_leaves_takes_their_process_with_them_while_it_trains(
    served: Served, client: aiohttp.ClientSession
) -> None:
    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    await terminal.type("6")
    await terminal.shows("Story", "Train")
    await terminal.type("t")
    await terminal.shows("rows of every length")
    await terminal.type(" ")
    await terminal.shows("● running")
    (process,) = served.visitors()
    await terminal.socket.close()
    await until(lambda: not alive(process))


async def test_no_process_outlives_a_server_that_is_killed(
    served: Served, client: aiohttp.ClientSession
) -> None:
    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    (process,) = served.visitors()
    served.process.kill()
    served.process.wait()
    await until(lambda: not alive(process))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_server_that_is_told_to_stop_sends_its_visitors_home(
    served: Served, client: aiohttp.ClientSession, number: signal.Signals
) -> None:
    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    (process,) = served.visitors()
    served.process.send_signal(number)
    assert await asyncio.to_thread(served.process.wait, PATIENCE) == 0
    assert not alive(process)


async def test_quitting_the_app_closes_the_way_in(served: Served, client: aiohttp.ClientSession) -> None:
    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    await terminal.type("q")
    async with asyncio.timeout(PATIENCE):
        while not terminal.socket.closed:
            await terminal.socket.receive()
    await until(lambda: not served.visitors())


async def test_every_browser_has_a_record_of_its_own_and_finds_it_again(
    served: Served, client: aiohttp.ClientSession, home: Path
) -> None:
    for _ in range(2):
        terminal = await visit(client, served)
        await terminal.shows("Gates that learn")
        await terminal.socket.close()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as other:
        await (await visit(other, served)).shows("Gates that learn")
    folders = [folder.name for folder in (home / "visitors").iterdir()]
    assert len(folders) == 2
    assert all(is_name(folder) for folder in folders)


@pytest.mark.parametrize(
    ("origin", "cookie"),
    [("http://elsewhere.example", True), ("", True), ("{own}", False)],
    ids=["another site", "no origin", "no cookie"],
)
async def test_only_its_own_page_gets_in(
    served: Served, client: aiohttp.ClientSession, origin: str, cookie: bool
) -> None:
    headers = {"Origin": origin.format(own=served.address)} if origin else {}
    if cookie:
        headers["Cookie"] = f"{COOKIE}={new_name()}"
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(f"{served.address}/ws", headers=headers)
    assert refused.value.status == 403
    assert served.visitors() == []


async def test_a_name_that_leads_here_from_elsewhere_gets_nothing(
    served: Served, client: aiohttp.ClientSession
) -> None:
    async with client.get(served.address, headers={"Host": "elsewhere.example"}) as answer:
        assert answer.status == 403


async def test_what_no_page_says_does_no_harm(served: Served, client: aiohttp.ClientSession) -> None:
    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    for said in ("", "{", "[]", "[1]", '["resize", {"width": "a"}]', '["stdin", 5]', "7"):
        await terminal.socket.send_str(said)
    await terminal.type("6")
    await terminal.shows("Your turn")


async def test_in_the_open_it_warns(home: Path) -> None:
    served = Served("--host", "0.0.0.0")
    assert served.process.stderr is not None
    warning = served.process.stderr.readline()
    served.process.terminate()
    served.process.communicate()
    assert "can run Python on this computer" in warning


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "toystory", "serve", *arguments], cwd=ROOT, capture_output=True, text=True
    )


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = ask("--port", str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"toystory: port {port} of 127.0.0.1 is taken: "
        "choose another with --port, or 0 for any that is free\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--port", "70000"), "'70000' is no port: expected 0 to 65535"),
        (("--port", "web"), "'web' is not a whole number"),
        (("--host", "no such address"), "no address is called 'no such address'"),
        (("--hosts", "::1"), "did you mean --host?"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_line(arguments: tuple[str, ...], sentence: str) -> None:
    done = ask(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("192.168.1.5", False)],
)
def test_who_can_reach_an_address(host: str, local: bool) -> None:
    assert is_local(host) == local


@pytest.mark.parametrize("text", ["", "../../etc", "a" * 31, "g" * 32, "A" * 32])
def test_a_visitor_cannot_choose_a_folder(text: str) -> None:
    assert not is_name(text)
    assert is_name(new_name())


def test_sizes_stay_within_reason() -> None:
    assert sizes(0, 10**9) == (1, 1000)


@pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")
async def test_chromium_trains_the_lstm_and_shows_the_curve(served: Served, tmp_path: Path) -> None:
    images = pytest.importorskip("PIL.Image", reason="needs Pillow")

    async def curve() -> int:
        """Dots in the colour of the loss curve, in the upper left quarter where its panel stands."""
        picture = images.open(io.BytesIO(await browser.screenshot())).convert("RGB")
        part = picture.crop((0, picture.height // 5, picture.width // 2, picture.height // 2))
        return sum(count for count, (r, g, b) in part.getcolors(1 << 24) if b > 200 and b - r > 60)

    screen = pyte.Screen(200, 60)
    stream = pyte.ByteStream(screen)

    async def shows(word: str) -> None:
        while not any(word in line for line in screen.display):
            stream.feed(await browser.received())

    async with Chromium(tmp_path / "profile") as browser:
        await browser.open(served.address)
        async with asyncio.timeout(PATIENCE):
            await shows("Gates that learn")
            await browser.type("6")
            await shows("Your turn")
            await browser.type("t")
            await shows("rows of every length")
            before = await curve()
            await browser.type(" ")
            await shows("● running")
            while await curve() < before + CURVE:
                pass
        assert [address for address in browser.asked if f"//{served.host}/" not in address] == []
        (process,) = served.visitors()
    await until(lambda: not alive(process))
