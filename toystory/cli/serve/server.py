"""The server: the page, its scripts, and a way in for each visitor."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
from collections.abc import Callable
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import textual_serve
from aiohttp import web

from toystory.cli.serve.visitor import Visitor, is_name, new_name, sizes

MOST_VISITORS = 40
"""At a time: each trains on a processor of this computer."""
COOKIE = "toystory"
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
"""What the browser may load: nothing from anywhere else."""
A_YEAR = 365 * 24 * 3600
PAGE, SCRIPT = Path(__file__).with_name("page.html"), Path(__file__).with_name("page.js")
STATIC = Path(textual_serve.__file__).with_name("static")
FULL = f"There are {MOST_VISITORS} visitors already, which is all that this server takes. Come back later.\n"
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def is_local(host: str) -> bool:
    """Whether only this computer can reach a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Server:
    """Serves the app on host:port until it is stopped."""

    def __init__(self, host: str, port: int) -> None:
        """port: 0 for any that is free."""
        self.host, self.port = host, port
        self.visitors: set[Visitor] = set()

    async def serve(self, ready: Callable[[str], None]) -> None:
        """Until SIGINT or SIGTERM.

        `ready` is called with the address once visitors can come. Raises OSError where it can't listen
        there.
        """
        stop = asyncio.Event()
        runner = web.AppRunner(self._routes(), handle_signals=False, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.host, self.port, shutdown_timeout=5)
            await site.start()
            _call_on_end(stop.set)
            self.port = runner.addresses[0][1]
            name = f"[{self.host}]" if ":" in self.host else self.host
            ready(f"http://{name}:{self.port}")
            await stop.wait()
        finally:
            await runner.cleanup()

    def _routes(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/page.js", self._script),
                web.get("/ws", self._visit),
                web.static("/static", STATIC),
            ]
        )
        app.on_shutdown.append(self._send_home)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        self._check_host(request)
        scheme = "wss" if request.secure else "ws"
        page = Template(PAGE.read_text(encoding="utf-8")).substitute(socket=f"{scheme}://{request.host}/ws")
        response = web.Response(text=page, content_type="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        name = request.cookies.get(COOKIE, "")
        # Asked for anew at each visit, so that a learner who comes often is not forgotten.
        response.set_cookie(
            COOKIE, name if is_name(name) else new_name(), max_age=A_YEAR, httponly=True, samesite="Strict"
        )
        return response

    async def _script(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(SCRIPT)

    async def _visit(self, request: web.Request) -> web.WebSocketResponse:
        self._check_host(request)
        # Another site's page must not be able to type into the app.
        if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
            raise web.HTTPForbidden(text="Open the app from its own page.\n")
        name = request.cookies.get(COOKIE, "")
        if not is_name(name):
            raise web.HTTPForbidden(text="Open the app from its own page, with cookies allowed.\n")
        if len(self.visitors) >= MOST_VISITORS:
            raise web.HTTPServiceUnavailable(text=FULL)
        websocket = web.WebSocketResponse(heartbeat=15)
        visitor = Visitor(name, websocket)
        self.visitors.add(visitor)
        try:
            await websocket.prepare(request)
            await visitor.stay(*_asked_size(request))
        finally:
            self.visitors.discard(visitor)
        return websocket

    async def _send_home(self, _: web.Application) -> None:
        visitors = list(self.visitors)
        await asyncio.gather(*(visitor.websocket.close() for visitor in visitors))
        await asyncio.gather(*(visitor.stop() for visitor in visitors))

    def _check_host(self, request: web.Request) -> None:
        """A server for this computer alone answers to this computer's names alone.

        A page from elsewhere that has its own name lead here gets nothing.
        """
        if is_local(self.host) and urlsplit(f"//{request.host}").hostname not in LOCAL_NAMES:
            raise web.HTTPForbidden(text="This server is for its own computer only.\n")


def _asked_size(request: web.Request) -> tuple[int, int]:
    try:
        return sizes(int(request.query.get("width", 80)), int(request.query.get("height", 24)))
    except ValueError:
        return 80, 24


def _call_on_end(end: Callable[[], object]) -> None:
    """Have `end` called in the running loop when the program is asked to end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
