"""`toystory serve`: the app in a browser, for one's own computer unless told otherwise."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="needs the extra serve")
if sys.platform == "win32":
    pytest.skip("looks for processes as POSIX does", allow_module_level=True)

import aiohttp

from tests.support.chromium import PROGRAM, Chromium, train_lstm
from tests.support.served import PATIENCE, ROOT, Served, alive, open_page, until, visit
from toystory.cli.serve.access import is_local
from toystory.cli.serve.visitor import sizes


@pytest.fixture
def served() -> Iterator[Served]:
    """One that may be stopped, with a home of its own."""
    server = Served()
    yield server
    server.end()


async def test_it_listens_on_this_computer_alone(shared: Served) -> None:
    assert shared.address.startswith("http://127.0.0.1:")
    assert "Ctrl-C" in shared.said


async def test_the_page_asks_nobody_else_for_anything(shared: Served, client: aiohttp.ClientSession) -> None:
    async with client.get(shared.address) as answer:
        page = await answer.text()
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "//" not in page
    assert not re.search(r"""(?:src|href|action)="/""", page)  # a proxy may have put it anywhere


async def test_a_visitor_who_leaves_takes_their_process_with_them_while_it_trains(
    shared: Served, client: aiohttp.ClientSession
) -> None:
    terminal = await visit(client, shared)
    await terminal.shows("Gates that learn")
    await terminal.type("7")
    await terminal.shows("Story", "Train")
    await terminal.type("t")
    await terminal.shows("rows of every length")
    await terminal.type(" ")
    await terminal.shows("● running")
    (process,) = shared.visitors()
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


async def test_quitting_the_app_closes_the_way_in(shared: Served, client: aiohttp.ClientSession) -> None:
    terminal = await visit(client, shared)
    await terminal.shows("Gates that learn")
    await terminal.type("q")
    async with asyncio.timeout(PATIENCE):
        while not terminal.socket.closed:
            await terminal.socket.receive()
    await until(lambda: not shared.visitors())


async def test_every_browser_has_a_record_of_its_own_and_finds_it_again(
    served: Served, client: aiohttp.ClientSession, home: Path
) -> None:
    for _ in range(2):
        terminal = await visit(client, served)
        await terminal.shows("Gates that learn")
        (folder,) = (home / "visitors").iterdir()
        (folder / "mine.txt").write_text("something that was done")
        await terminal.socket.close()
        await until(lambda: not served.visitors())
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as other:
        await (await visit(other, served)).shows("Gates that learn")
    folders = [folder.name for folder in (home / "visitors").iterdir()]
    assert len(folders) == 2
    assert all(folder.startswith("guest-") for folder in folders)


@pytest.mark.parametrize(
    ("origin", "cookie", "token"),
    [
        ("http://elsewhere.example", True, True),
        ("", True, True),
        ("{own}", False, True),
        ("{own}", True, False),
    ],
    ids=["another site", "no origin", "no cookie", "not the page"],
)
async def test_only_its_own_page_gets_in(
    shared: Served, client: aiohttp.ClientSession, origin: str, cookie: bool, token: bool
) -> None:
    shown = await open_page(client, shared.address)
    headers = {"Origin": origin.format(own=shared.address)} if origin else {}
    if not cookie:
        client.cookie_jar.clear()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(f"{shared.address}/ws?token={shown if token else 'x'}", headers=headers)
    assert refused.value.status == 403
    # The page is told why in words, for it can't see that itself.
    said = await client.post(f"{shared.address}/hello", data=shown if token else "x", headers=headers)
    assert said.status == 403
    assert "its own page" in await said.text()
    assert shared.visitors() == []


async def test_a_name_that_leads_here_from_elsewhere_gets_nothing(
    shared: Served, client: aiohttp.ClientSession
) -> None:
    async with client.get(shared.address, headers={"Host": "elsewhere.example"}) as answer:
        assert answer.status == 403


async def test_what_no_page_says_does_no_harm(shared: Served, client: aiohttp.ClientSession) -> None:
    terminal = await visit(client, shared)
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
        (("--proxy", "nowhere"), "--proxy nowhere: expected an address or a network"),
        (("--root-path", "toys"), "'toys' is no path: expected one such as /toystory"),
        (("--names", "/no/such/file"), "can't read the names in /no/such/file"),
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


def test_sizes_stay_within_reason() -> None:
    assert sizes(0, 10**9) == (1, 1000)


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")
async def test_chromium_trains_the_lstm_and_shows_the_curve(served: Served, tmp_path: Path) -> None:
    pytest.importorskip("PIL.Image", reason="needs Pillow")
    async with Chromium(tmp_path / "profile") as browser:
        await train_lstm(browser, served.address)
        assert [address for address in browser.asked if f"//{served.host}/" not in address] == []
        (process,) = served.visitors()
    await until(lambda: not alive(process))
