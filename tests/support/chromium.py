"""A headless Chromium, driven by its own protocol: https://chromedevtools.github.io/devtools-protocol/."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import pyte

from tests.support.served import PATIENCE

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next((path for name in NAMES if (path := shutil.which(name))), None)
"""Where it is installed, if it is."""
CURVE = 300
"""Dots that a curve has at least, once some updates are made."""

RECORD = """
window.received = [];
const Real = WebSocket;
window.WebSocket = class extends Real {
  constructor(address) {
    super(address);
    this.addEventListener("message", (event) => {
      if (event.data instanceof ArrayBuffer) {
        received.push(String.fromCharCode(...new Uint8Array(event.data)));
      }
    });
  }
};
"""
"""What a page's socket receives is kept, to be read as text."""


class Chromium:
    """One page in a browser of its own; use it as a context. Every address it asks for is in `asked`."""

    def __init__(self, profile: Path, *options: str) -> None:
        self._options = options
        self.asked: list[str] = []
        self.console: list[str] = []
        self._profile = profile
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def __aenter__(self) -> Self:
        assert PROGRAM is not None
        self._process = subprocess.Popen(
            [
                PROGRAM,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-unsafe-swiftshader",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--remote-debugging-port=0",
                f"--user-data-dir={self._profile}",
                "--window-size=1400,900",
                *self._options,
                "about:blank",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if line.startswith("DevTools listening on "):
                port = line.split(":")[2].partition("/")[0]
                break
        self._client = aiohttp.ClientSession()
        async with self._client.get(f"http://127.0.0.1:{port}/json") as answer:
            pages = [target for target in await answer.json() if target["type"] == "page"]
        self._socket = await self._client.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0)
        self._listening = asyncio.create_task(self._listen())
        for domain in ("Page", "Network", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.call("Page.addScriptToEvaluateOnNewDocument", source=RECORD)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.cancel()
        await self._client.close()
        self._process.kill()
        self._process.communicate()

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have the browser do something; its answer."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        return await answer

    async def open(self, address: str) -> None:
        await self.call("Page.navigate", url=address)

    async def type(self, text: str) -> None:
        for letter in text:
            code = ord(letter.upper())
            await self.call(
                "Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter, windowsVirtualKeyCode=code
            )
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=letter, windowsVirtualKeyCode=code)

    async def evaluate(self, script: str) -> Any:
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return answer["result"].get("value")

    async def received(self) -> bytes:
        """What the page's socket has received since this was last asked."""
        text: str = await self.evaluate("received.splice(0).join('')")
        return text.encode("latin-1")

    async def screenshot(self) -> bytes:
        """A PNG of the page."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    async def _listen(self) -> None:
        async for message in self._socket:
            said = message.json()
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said.get("result", said))
            elif said["method"] == "Network.requestWillBeSent":
                self.asked.append(said["params"]["request"]["url"])
            elif said["method"] == "Network.webSocketCreated":
                self.asked.append(said["params"]["url"])
            elif said["method"] == "Runtime.consoleAPICalled":
                self.console.append(str(said["params"]["args"]))
            elif said["method"] == "Runtime.exceptionThrown":
                self.console.append(str(said["params"]["exceptionDetails"]))


async def train_lstm(browser: Chromium, address: str) -> None:
    """Open the app there, and train the LSTM until its curve is seen."""
    from PIL import Image

    async def curve() -> int:
        """Dots in the colour of the loss curve, in the upper left quarter where its panel stands."""
        picture = Image.open(io.BytesIO(await browser.screenshot())).convert("RGB")
        part = picture.crop((0, picture.height // 5, picture.width // 2, picture.height // 2))
        colours: Any = part.getcolors(1 << 24)
        return sum(count for count, (r, g, b) in colours if b > 200 and b - r > 60)

    screen = pyte.Screen(200, 60)
    stream = pyte.ByteStream(screen)

    async def shows(word: str) -> None:
        while not any(word in line for line in screen.display):
            stream.feed(await browser.received())

    await browser.open(address)
    async with asyncio.timeout(2 * PATIENCE):
        while await browser.evaluate("typeof received") != "object":
            await asyncio.sleep(0.1)
        await shows("Gates that learn")
        await browser.type("7")
        await shows("Your turn")
        await browser.type("t")
        await shows("rows of every length")
        before = await curve()
        await browser.type(" ")
        await shows("● running")
        while await curve() < before + CURVE:
            pass
