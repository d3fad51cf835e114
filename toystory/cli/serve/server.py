"""The server: the page, its scripts, the door, and a way in for each visitor."""

from __future__ import annotations

import asyncio
import html
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from string import Template

import textual_serve
from aiohttp import web

from toystory.base.served import NO_CLIPBOARD
from toystory.cli.serve.access import LOCAL_NAMES, Access
from toystory.cli.serve.app_process import CAN_FORK, AppProcess, Nursery, start_alone
from toystory.cli.serve.people import Named, NotLetIn, Owner, People, Person
from toystory.cli.serve.status import processors, status_page
from toystory.cli.serve.visitor import Visitor, sizes

COOKIE = "toystory"
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors {frames}"
)
"""What the browser may load: nothing from anywhere else."""
HERE = Path(__file__).parent
STATIC = Path(textual_serve.__file__).with_name("static")
LEAVING = 8.0
"""Seconds that a page may wait for the one before it to have left the record: it was just reloaded."""
LOOK_FOR_IDLE = 5.0
"""Seconds between two looks for visitors that do nothing."""
HEARTBEAT = 30.0
"""Seconds between two looks whether a page is still there; it has half of them to answer."""
SHARE_INTERVAL = 0.3
"""Seconds between two divisions of the processors."""
FOR_UPDATES, FOR_DRAWING = 0.25, 0.2
"""Of the processors' time, where more train than there are processors; the rest is for keys."""
DRAWING = 0.02
"""Seconds of a processor that it takes to draw a training once."""


@dataclass
class Options:
    """How to serve.

    Attributes:
        access: Who may ask, and where to listen.
        people: Who is there.
        port: 0 for any that is free.
        unix_socket: A socket in the file system to listen at, in place of an address.
        root_path: Where a proxy has put the pages, if it passes the whole path on: "/toys"; "" for nowhere.
        most: Visitors at a time.
        idle: Seconds without a key after which an app is put to sleep; 0 for never.
        status: Whether there is a page for the teacher, on this computer alone.
    """

    access: Access
    people: People
    port: int = 0
    unix_socket: Path | None = None
    root_path: str = ""
    most: int = 40
    idle: float = 0.0
    status: bool = False


@dataclass
class Addresses:
    """Where the server is.

    Attributes:
        pages: For learners.
        status: For the teacher; empty without.
    """

    pages: str
    status: str = field(default="")


class Server:
    """Serves the app until it is stopped."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.visitors: set[Visitor] = set()
        self._nursery = Nursery() if CAN_FORK else None
        self._training_changed = asyncio.Event()

    async def serve(self, ready: Callable[[Addresses], None]) -> None:
        """Until SIGINT or SIGTERM.

        Args:
            ready: called once visitors can come.

        Raises:
            OSError: it can't listen there.
        """
        options = self.options
        stop = asyncio.Event()
        runner, status = (
            web.AppRunner(routes, handle_signals=False, access_log=None, shutdown_timeout=5)
            for routes in (self._routes(), self._status_routes())
        )
        tasks = [asyncio.create_task(self._look_for_idle()), asyncio.create_task(self._share())]
        await runner.setup()
        await status.setup()
        try:
            site: web.BaseSite
            if options.unix_socket is not None:
                site = web.UnixSite(runner, options.unix_socket)
            else:
                site = web.TCPSite(runner, options.access.host, options.port)
            await site.start()
            if self._nursery is not None:
                await self._nursery.open()
            _call_on_end(stop.set)
            ready(await self._addresses(runner, status))
            await stop.wait()
        finally:
            for task in tasks:
                task.cancel()
            await status.cleanup()
            await runner.cleanup()
            if self._nursery is not None:
                await self._nursery.close()

    async def _addresses(self, runner: web.AppRunner, status: web.AppRunner) -> Addresses:
        options = self.options
        if options.unix_socket is not None:
            return Addresses(str(options.unix_socket))
        host = options.access.host
        port = runner.addresses[0][1]
        name = f"[{host}]" if ":" in host else host
        pages = f"http://{name}:{port}{options.root_path}"
        if not options.status:
            return Addresses(pages)
        for wanted in (port + 1, 0):
            with suppress(OSError, OverflowError):
                await web.TCPSite(status, "127.0.0.1", wanted).start()
                return Addresses(pages, f"http://127.0.0.1:{status.addresses[0][1]}/status")
        return Addresses(pages)

    def _routes(self) -> web.Application:
        app = web.Application()
        prefix = self.options.root_path
        for under in dict.fromkeys(("", prefix)):
            app.add_routes(
                [
                    web.get(f"{under}/", self._page),
                    web.get(f"{under}/page.js", _file("page.js")),
                    web.get(f"{under}/page.css", _file("page.css")),
                    web.get(f"{under}/ws", self._visit),
                    web.post(f"{under}/hello", self._hello),
                    web.post(f"{under}/enter", self._enter),
                    web.post(f"{under}/leave", self._leave),
                    web.static(f"{under}/static", STATIC),
                ]
            )
        if prefix:
            app.router.add_get(prefix, _to_folder)
        app.on_shutdown.append(self._send_home)
        return app

    # The page

    async def _page(self, request: web.Request) -> web.Response:
        access, people = self.options.access, self.options.people
        access.check_host(request)
        person = people.of_cookie(request.cookies.get(COOKIE, "")) or people.newcomer()
        if person is None:
            return self._door("")
        shown = {
            "token": access.sign("page", person.cookie),
            "person": html.escape(person.name),
            "shared": "" if isinstance(people, Owner) else "1",
        }
        response = self._html("page.html", shown)
        if person.cookie:
            # Asked for anew at each visit, so that a learner who comes often is not forgotten.
            self._set_cookie(request, response, person.cookie, people.lasts)
        return response

    def _door(self, complaint: str, said: str = "") -> web.Response:
        people = self.options.people
        shown = {
            "token": self.options.access.sign("page", "door"),
            "complaint": html.escape(complaint),
            "said": html.escape(said, quote=True),
            "code": "" if isinstance(people, Named) and people.asks_code else "hidden",
        }
        return self._html("door.html", shown)

    async def _enter(self, request: web.Request) -> web.Response:
        """Somebody says who they are."""
        access, people = self.options.access, self.options.people
        said = await request.post()
        access.check_page(request, str(said.get("token", "")), "door")
        if not isinstance(people, Named):
            raise web.HTTPNotFound
        name = str(said.get("name", ""))
        try:
            person = people.enter(name, str(said.get("code", "")))
        except NotLetIn as refusal:
            return self._door(str(refusal), name)
        response = web.Response(status=303, headers={"Location": "./"})
        self._set_cookie(request, response, person.cookie, people.lasts)
        return response

    async def _leave(self, request: web.Request) -> web.Response:
        """Somebody else comes to this browser."""
        await self._check_page(request, await request.text())
        response = web.Response(status=204)
        self._set_cookie(request, response, "", -1)
        return response

    async def _hello(self, request: web.Request) -> web.Response:
        """Why no way in was opened: told to a page that can't see it."""
        await self._check_page(request, await request.text())
        return web.Response(status=204)

    async def _check_page(self, request: web.Request, token: str) -> Person:
        cookie = request.cookies.get(COOKIE, "")
        person = self.options.people.of_cookie(cookie)
        self.options.access.check_page(request, token, person.cookie if person else "nobody")
        if person is None:
            raise web.HTTPForbidden(text="Open toystory from its own page, with cookies allowed.\n")
        return person

    def _html(self, name: str, shown: Mapping[str, str]) -> web.Response:
        text = Template((HERE / name).read_text(encoding="utf-8")).substitute(shown)
        response = web.Response(text=text, content_type="text/html")
        frames = "'self'" if isinstance(self.options.people, Owner) else "'none'"
        response.headers["Content-Security-Policy"] = POLICY.format(frames=frames)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _set_cookie(self, request: web.Request, response: web.Response, value: str, lasts: int) -> None:
        """For this page's folder, wherever a proxy has put it.

        Args:
            request: What is answered.
            response: The answer.
            value: Of the cookie.
            lasts: Seconds; 0 until the browser is closed, below zero to forget it.
        """
        cookie = SimpleCookie({COOKIE: value})[COOKIE]
        cookie["httponly"], cookie["samesite"] = True, "Strict"
        cookie["secure"] = self.options.access.is_secure(request)
        if lasts:
            cookie["max-age"] = max(0, lasts)
        response.headers.add("Set-Cookie", cookie.OutputString())

    # The way in

    async def _visit(self, request: web.Request) -> web.WebSocketResponse:
        query = request.query
        person = await self._check_page(request, query.get("token", ""))
        websocket = web.WebSocketResponse(heartbeat=HEARTBEAT, compress=False)
        await websocket.prepare(request)
        page = query.get("page", "")
        before = await self._visitor_of(person, page)
        if before is not None:
            if before.page != page and query.get("take") != "1":
                await _refuse(websocket, "in use", "")
                return websocket
            await before.leave("taken over")
            await before.left.wait()
        if len(self.visitors) >= self.options.most:
            await _refuse(websocket, "full", _full(self.options.most))
            return websocket
        visitor = Visitor(person, websocket, page, self.options.access.visitor_address(request))
        visitor.changed = self._training_changed.set
        self.visitors.add(visitor)
        try:
            await visitor.stay(self._start, _environment(request))
        finally:
            self.visitors.discard(visitor)
            self._training_changed.set()
        return websocket

    async def _visitor_of(self, person: Person, page: str) -> Visitor | None:
        """Who is at this record; one that is just leaving is waited for."""

        def there() -> Visitor | None:
            found = (visitor for visitor in self.visitors if visitor.person.folder == person.folder)
            return next(found, None)

        visitor = there()
        if visitor is not None and visitor.page != page:
            # A page that is reloaded comes again before its first visit has ended.
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVING if visitor.is_leaving else 0.5):
                    await visitor.left.wait()
            visitor = there()
        return visitor

    async def _start(self, environment: Mapping[str, str]) -> AppProcess:
        if self._nursery is None:
            return await start_alone(environment)
        return await self._nursery.start(environment)

    async def _send_home(self, _: web.Application) -> None:
        await asyncio.gather(*(visitor.leave("stopped") for visitor in list(self.visitors)))

    async def _share(self) -> None:
        """Divide the processors among those that train, whenever these change."""
        while True:
            await self._training_changed.wait()
            self._training_changed.clear()
            fraction, tick = share(sum(visitor.training for visitor in self.visitors), processors())
            await asyncio.gather(*(one.share(fraction, tick) for one in self.visitors if one.training))
            await asyncio.sleep(SHARE_INTERVAL)

    async def _look_for_idle(self) -> None:
        while self.options.idle:
            await asyncio.sleep(min(LOOK_FOR_IDLE, self.options.idle))
            now = time.monotonic()
            there = [one for one in self.visitors if one.process is not None]
            late = [one for one in there if now - one.last_key > self.options.idle]
            await asyncio.gather(*(visitor.leave("idle") for visitor in late))

    # For the teacher

    def _status_routes(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/status", self._status)
        return app

    async def _status(self, request: web.Request) -> web.Response:
        if request.url.host not in LOCAL_NAMES:
            raise web.HTTPForbidden(text="This page is for the server's own computer.\n")
        return web.Response(text=status_page(self.visitors, self.options.most), content_type="text/html")


def share(training: int, processors: int) -> tuple[float, float]:
    """What each may take that trains, so that keys are answered at once all the same.

    Args:
        training: How many train.
        processors: How many there are.

    Returns:
        The part of a processor's time for its updates, and the seconds between two looks at them.
    """
    if training <= processors:
        return 1.0, 0.0
    each = processors / training
    return FOR_UPDATES * each, DRAWING / (FOR_DRAWING * each)


def _environment(request: web.Request) -> dict[str, str]:
    try:
        width, height = sizes(int(request.query.get("width", 80)), int(request.query.get("height", 24)))
    except ValueError:
        width, height = 80, 24
    has_clipboard = request.query.get("clipboard", "1") == "1"
    return {"COLUMNS": str(width), "ROWS": str(height), NO_CLIPBOARD: "" if has_clipboard else "1"}


def _full(most: int) -> str:
    return f"There are {most} visitors already, which is all that this server takes."


async def _refuse(websocket: web.WebSocketResponse, why: str, sentence: str) -> None:
    with suppress(ConnectionError):
        await websocket.send_json(["closed", {"why": why, "text": sentence}])
        await websocket.close()


def _file(name: str) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    async def answer(_: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / name, headers={"Cache-Control": "no-cache"})

    return answer


async def _to_folder(request: web.Request) -> web.Response:
    return web.Response(status=301, headers={"Location": f"{request.path}/"})


def _call_on_end(end: Callable[[], object]) -> None:
    """Have `end` called in the running loop when the program is asked to end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, end)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
