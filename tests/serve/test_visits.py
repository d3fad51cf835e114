"""What a page is told: the door, why an app closed, two pages on one record, and where links lead."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="needs the extra serve")
if sys.platform == "win32":
    pytest.skip("looks for processes as POSIX does", allow_module_level=True)

import aiohttp

from tests.support.served import ROOT, TOKEN, Served, open_page, until, visit
from toystory.cli.serve.app_process import start_alone


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    server = Served(*getattr(request, "param", ()))
    yield server
    server.end()


async def test_below_a_path_of_a_proxy_that_passes_it_on_and_of_one_that_does_not(
    client: aiohttp.ClientSession, home: Path
) -> None:
    served = Served("--root-path", "/toys")
    try:
        assert served.address.endswith("/toys")
        origin = served.address.removesuffix("/toys")
        async with client.get(served.address) as page:  # without a slash at its end
            assert page.url.path == "/toys/"
            assert "Path" not in page.headers["Set-Cookie"]
        for file in ("page.js", "page.css", "static/js/textual.js"):
            async with client.get(f"{served.address}/{file}") as answer:
                assert answer.status == 200
        await (await visit(client, served)).shows("Gates that learn")
        await open_page(client, origin)
    finally:
        served.end()


async def test_it_says_why_it_closed(served: Served, client: aiohttp.ClientSession) -> None:
    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    await terminal.type("q")
    assert (await terminal.hears("closed"))["why"] == "ended"

    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    (process,) = served.visitors()
    os.kill(process, signal.SIGKILL)
    told = await terminal.hears("closed")
    assert told["why"] == "killed"
    assert "SIGKILL" in told["text"]

    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    served.process.terminate()
    assert (await terminal.hears("closed"))["why"] == "stopped"


@pytest.mark.parametrize("served", [("--visitors", "1", "--idle", "0.05")], indirect=True)
async def test_one_too_many_and_one_that_sleeps(served: Served, client: aiohttp.ClientSession) -> None:
    terminal = await visit(client, served)
    await terminal.shows("Gates that learn")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as other:
        told = await (await visit(other, served)).hears("closed")
    assert told["why"] == "full"
    assert "1 visitor" in told["text"]
    assert (await terminal.hears("closed"))["why"] == "idle"


async def test_a_second_page_on_one_record_is_told_and_can_take_over(
    shared: Served, client: aiohttp.ClientSession
) -> None:
    first = await visit(client, shared)
    await first.shows("Gates that learn")
    second = await visit(client, shared, page="2")
    assert (await second.hears("closed"))["why"] == "in use"
    assert len(shared.visitors()) == 1
    second = await visit(client, shared, page="2", take="1")
    assert (await first.hears("closed"))["why"] == "taken over"
    await second.shows("Gates that learn")
    # A page whose connection was lost, of which the server does not know yet, is let in again.
    again = await visit(client, shared, page="2")
    await again.shows("Gates that learn")
    await until(lambda: len(shared.visitors()) == 1)


async def test_what_is_saved_is_offered_as_a_download_and_what_is_copied_claims_nothing(
    shared: Served, client: aiohttp.ClientSession
) -> None:
    terminal = await visit(client, shared, clipboard="0")
    await terminal.shows("Gates that learn")
    await terminal.type("Y")
    offered = await terminal.hears("download")
    assert offered["name"].endswith(".txt")
    assert "Gates that learn" in base64.b64decode(offered["data"]).decode()
    assert shared.home is not None
    assert not list(shared.home.glob("visitors/*/pages"))
    screen = await terminal.shows("offered as a download")
    await terminal.type("y")
    await terminal.type("?")
    assert "copied" not in await terminal.shows("this list of keys") + screen


async def test_somebody_else_comes_to_the_same_computer(
    client: aiohttp.ClientSession, home: Path, tmp_path: Path
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Ada, 1\nBob, 2\n")
    served = Served("--names", str(names))
    try:
        for name, code in (("ada", "1"), ("Bob", "2")):
            async with client.get(f"{served.address}/") as door:
                text = await door.text()
            assert "Who is there?" in text
            token = text.partition('name="token" value="')[2].partition('"')[0]
            said = {"token": token, "name": name, "code": "wrong"}
            headers = {"Origin": served.address}
            async with client.post(f"{served.address}/enter", data=said, headers=headers) as answer:
                assert "not the code" in await answer.text()
            said["code"] = code
            async with client.post(f"{served.address}/enter", data=said, headers=headers) as answer:
                shown = TOKEN.search(await answer.text())
                assert shown
            terminal = await visit(client, served)
            await terminal.shows("Gates that learn")
            assert (home / "visitors" / name.capitalize()).is_dir()
            await terminal.type(":")
            await terminal.shows("Search for commands")
            await terminal.type("someone else")
            await terminal.shows("I am someone else", f"Leave the record of {name.capitalize()}")
            await terminal.hides("Lesson 1:")
            await terminal.type("\x1b[B\r")
            assert (await terminal.hears("closed"))["why"] == "someone else"
            await client.post(f"{served.address}/leave", data=shown[1], headers=headers)
        await until(lambda: not any((home / "visitors").iterdir()))  # nothing was done there
    finally:
        served.end()


async def test_the_teachers_page_is_for_this_computer(shared: Served, client: aiohttp.ClientSession) -> None:
    assert shared.process.stdout is not None
    status = (await asyncio.to_thread(shared.process.stdout.readline)).partition(": ")[2].strip()
    await until(lambda: not shared.visitors())
    assert status.startswith("http://127.0.0.1:")
    terminal = await visit(client, shared)
    await terminal.shows("Gates that learn")
    async with client.get(status) as answer:
        text = await answer.text()
        assert "1 of 40 visitors" in text
        assert "guest-" in text
    async with client.get(status, headers={"Host": "elsewhere.example"}) as answer:
        assert answer.status == 403
    async with client.get(f"{shared.address}/status") as answer:
        assert answer.status == 404


async def test_an_app_can_begin_alone_where_nothing_can_be_forked(home: Path) -> None:
    app = await start_alone({"COLUMNS": "80", "ROWS": "24"})
    assert await app.wait_until_ready()
    painted = b""
    while b"The first gate" not in painted:
        packet = await app.receive()
        assert packet is not None
        painted += packet[1]
    assert await app.end() == 0
    assert not app.running


def test_a_place_that_cant_be_written_is_told_before_anyone_is_let_in(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = subprocess.run(
        [sys.executable, "-m", "toystory", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "TOYSTORY_HOME": str(tmp_path / "file")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "nothing could be kept in" in done.stderr
    assert done.stderr.count("\n") == 1
