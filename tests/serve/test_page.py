"""The page in Chromium: its dialogs, by mouse and keyboard, and the keys that are the browser's own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("textual_serve", reason="needs the extra serve")
if sys.platform == "win32":
    pytest.skip("looks for processes as POSIX does", allow_module_level=True)

from tests.support.chromium import PROGRAM, Chromium
from tests.support.served import PATIENCE, Served

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PROGRAM is None, reason="needs Chromium")]
OPENED = (
    "document.getElementById('closed') && !document.getElementById('closed').open && document.body.className"
)
WHY = "document.getElementById('closed').open && document.getElementById('why').textContent"


@pytest.fixture
def served() -> Iterator[Served]:
    server = Served()
    yield server
    server.end()


async def becomes(browser: Chromium, script: str, wanted: str) -> None:
    """Wait until what the script gives has that in it."""
    said: Any = None
    try:
        async with asyncio.timeout(PATIENCE):
            while wanted not in str(said := await browser.evaluate(script)):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"{wanted!r} did not come, but {said!r}; {browser.console}") from None


async def press(browser: Chromium, key: str, code: int, modifiers: int = 0, text: str = "") -> None:
    pressed: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
    if text:
        await browser.call("Input.dispatchKeyEvent", type="keyDown", text=text, **pressed)
    else:
        await browser.call("Input.dispatchKeyEvent", type="rawKeyDown", **pressed)
    await browser.call("Input.dispatchKeyEvent", type="keyUp", **pressed)


async def click(browser: Chromium, name: str) -> None:
    """Click in the middle of an element: what lies over it would take the click."""
    box = json.loads(
        await browser.evaluate(f"JSON.stringify(document.getElementById('{name}').getBoundingClientRect())")
    )
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    for kind in ("mousePressed", "mouseReleased"):
        await browser.call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **at)


async def test_it_is_opened_again_by_key_by_mouse_and_by_itself(served: Served, tmp_path: Path) -> None:
    async with Chromium(tmp_path / "profile") as browser:
        await browser.open(f"{served.address}/")
        await becomes(browser, OPENED, "-first-byte")
        await browser.type("q")
        await becomes(browser, WHY, "toystory is closed")
        await press(browser, "Enter", 13, text="\r")
        await becomes(browser, OPENED, "-first-byte")
        (process,) = served.visitors()
        os.kill(process, signal.SIGKILL)
        await becomes(browser, WHY, "toystory was ended")
        await click(browser, "again")
        await becomes(browser, OPENED, "-first-byte")
        served.process.terminate()
        await becomes(browser, WHY, "The server was stopped")
        await becomes(browser, "document.getElementById('more').textContent", "It is tried again in")
        served.process.wait()
        again = Served("--port", served.address.rpartition(":")[2], port=False)
        try:
            await becomes(browser, OPENED, "-first-byte")
        finally:
            again.end()


async def test_the_browsers_own_keys_stay_its_own(served: Served, tmp_path: Path) -> None:
    async with Chromium(tmp_path / "profile") as browser:
        await browser.open(f"{served.address}/")
        await becomes(browser, OPENED, "-first-byte")
        await browser.evaluate("""
          window.sent = "";
          const send = RealSocket.prototype.send;
          RealSocket.prototype.send = function (text) {
            sent += text;
            return send.call(this, text);
          };
        """)
        await press(browser, "F5", 116)
        await press(browser, "r", 82, modifiers=2)
        await press(browser, "F2", 113)
        await becomes(browser, "sent", "stdin")
        assert await browser.evaluate("sent.match(/stdin/g).length") == 1  # F2 alone is the app's
        # Ctrl+V is no key of the app: the browser pastes, and the app gets it as one paste.
        await press(browser, "v", 86, modifiers=2)
        await browser.evaluate("""
          var data = new DataTransfer();
          data.setData("text/plain", "x = 1");
          var paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
          document.querySelector(".xterm-helper-textarea").dispatchEvent(paste);
        """)
        await becomes(browser, "sent", "[200~x = 1")
        assert "u0016" not in await browser.evaluate("sent")


async def test_where_there_is_no_clipboard_the_text_is_shown(tmp_path: Path) -> None:
    served = Served("--allow-host", "school.test")
    try:
        port = served.address.rpartition(":")[2]
        rules = "--host-resolver-rules=MAP school.test 127.0.0.1"
        async with Chromium(tmp_path / "profile", rules) as browser:
            await browser.open(f"http://school.test:{port}/")
            await becomes(browser, OPENED, "-first-byte")
            assert await browser.evaluate("isSecureContext") is False
            await browser.type("y")
            await becomes(browser, "document.getElementById('copied').open", "True")
            text = await browser.evaluate("document.getElementById('text').value")
            assert "Gates that learn" in text
            assert await browser.evaluate("getSelection().toString().length") == len(text)
            await click(browser, "done")
            await becomes(browser, "document.getElementById('copied').open", "False")
    finally:
        served.end()


async def test_two_tabs(served: Served, tmp_path: Path) -> None:
    async with Chromium(tmp_path / "profile") as browser:
        await browser.open(f"{served.address}/")
        await becomes(browser, OPENED, "-first-byte")
        frame = "document.body.append(Object.assign(document.createElement('p'), {id: 'second'}))"
        await browser.evaluate(frame)
        second = """
          var asked = new URLSearchParams({ page: 'other', token: document.body.dataset.token });
          var socket = new RealSocket(new URL('ws?' + asked, location.href.replace('http', 'ws')));
          socket.onmessage = (event) => { document.getElementById('second').textContent += event.data; };
        """
        await browser.evaluate(second)
        await becomes(browser, "document.getElementById('second').textContent", '"in use"')
        await browser.evaluate(
            second.replace("page: 'other'", "page: 'other', take: '1'").replace("const ", "var ")
        )
        await becomes(browser, WHY, "another window or tab")
        await click(browser, "again")
        await becomes(browser, OPENED, "-first-byte")
