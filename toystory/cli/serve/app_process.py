"""A process of the app for a visitor: how it is begun, spoken with and ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any, Protocol

from toystory.base.served import SERVED

READY = b"__GANGLION__\n"
"""What Textual's driver for the web says first."""
GRACE = 3.0
"""Seconds that an app has to end by itself."""
LONGEST_COMPLAINT = 2000
SURROUNDINGS = {
    "TEXTUAL_DRIVER": "toystory.cli.serve.driver:ServedDriver",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TERM_PROGRAM": "textual",
    "MALLOC_ARENA_MAX": "1",
    SERVED: "1",
}
"""Of every app: some of it is read as soon as Textual is loaded. Threads that share one heap, as Python's
take turns anyway, leave less of it unused."""
CAN_FORK = sys.platform == "linux"
"""Whether apps come from a warmed process: elsewhere libraries do not bear to be forked."""


class Waitable(Protocol):
    """What has an exit status."""

    pid: int

    async def wait(self) -> int: ...


class AppProcess:
    """One that runs. Packets go to and fro: data of the terminal, and JSON about other things."""

    def __init__(
        self,
        process: Waitable,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        errors: IO[bytes],
    ) -> None:
        self.pid = process.pid
        self._process = process
        self._reader, self._writer = reader, writer
        self._errors, self._complaint = errors, ""
        self._status: asyncio.Task[int] = asyncio.create_task(process.wait())

    async def wait_until_ready(self) -> bool:
        """Whether it has begun to speak; False where it ended first."""
        for _ in range(10):
            line = await self._reader.readline()
            if line in (READY, b""):
                return line == READY
        return False

    async def receive(self) -> tuple[bytes, bytes] | None:
        """The kind and the content of the next packet; None at the end."""
        try:
            head = await self._reader.readexactly(5)
            return head[:1], await self._reader.readexactly(int.from_bytes(head[1:], "big"))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def type(self, text: str) -> None:
        """Send what was typed."""
        await self._send(b"D", text.encode("utf-8", "replace"))

    async def tell(self, **about: Any) -> None:
        """Send JSON: {"type": …}."""
        await self._send(b"M", json.dumps(about).encode())

    async def _send(self, kind: bytes, payload: bytes) -> None:
        with suppress(ConnectionError, RuntimeError):  # it is ending, which is told elsewhere
            self._writer.write(b"%s%s%s" % (kind, len(payload).to_bytes(4, "big"), payload))
            await self._writer.drain()

    @property
    def running(self) -> bool:
        return not self._status.done()

    async def end(self) -> int:
        """Ask it to end, and kill it if it does not: its exit status, below zero for a signal."""
        if self.running:
            await self.tell(type="quit")
        return await self.wait()

    async def wait(self, patience: float = GRACE) -> int:
        """Its exit status; killed if it has not ended after so many seconds."""
        try:
            async with asyncio.timeout(patience):
                return await asyncio.shield(self._status)
        except TimeoutError:
            self.kill()
            return await self._status
        finally:
            self._writer.close()
            self.complaint()
            self._errors.close()

    def kill(self) -> None:
        """End it now, and whatever it has started."""
        if not self.running:
            return
        if sys.platform == "win32":
            os.kill(self.pid, signal.SIGTERM)
        else:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def complaint(self) -> str:
        """What it has said on stderr, the end of it; kept when it has ended."""
        if not self._errors.closed:
            self._errors.seek(0, os.SEEK_END)
            self._errors.seek(max(0, self._errors.tell() - LONGEST_COMPLAINT))
            self._complaint = self._errors.read().decode("utf-8", "replace").strip()
        return self._complaint


async def start_alone(environment: Mapping[str, str]) -> AppProcess:
    """Begin a process of its own, which loads everything anew."""
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
    process: Process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "toystory",
        stdin=PIPE,
        stdout=PIPE,
        stderr=errors,
        env={**os.environ, **SURROUNDINGS, **environment},
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    return AppProcess(process, process.stdout, process.stdin, errors)


class _Forked:
    """A child of the nursery, whose end the nursery tells."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.pid = 0
        self.begun: asyncio.Future[int] = loop.create_future()
        self.ended: asyncio.Future[int] = loop.create_future()

    async def wait(self) -> int:
        return await asyncio.shield(self.ended)


class Nursery:
    """The process that has loaded the app once, and forks for each visitor; their memory is shared then."""

    def __init__(self) -> None:
        self._control: socket.socket | None = None
        self._process: Process | None = None
        self._children: dict[int, _Forked] = {}
        self._number = 0
        self._starting = asyncio.Lock()

    async def open(self) -> None:
        """Begin it, unless it runs."""
        async with self._starting:
            if self._control is not None:
                return
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "toystory",
                    "serve",
                    "--nursery",
                    str(theirs.fileno()),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env={**os.environ, **SURROUNDINGS},
                    start_new_session=True,
                )
            ours.setblocking(False)
            self._control = ours
            asyncio.get_running_loop().add_reader(ours.fileno(), self._hear)

    async def start(self, environment: Mapping[str, str]) -> AppProcess:
        """Begin an app.

        Raises:
            OSError: that was not possible.
        """
        await self.open()
        assert self._control is not None
        ours, theirs = socket.socketpair()
        errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        child = _Forked()
        self._number += 1
        self._children[self._number] = child
        message = json.dumps({"number": self._number, "environment": dict(environment)}).encode()
        with theirs:
            try:
                while True:
                    try:
                        socket.send_fds(self._control, [message], [theirs.fileno(), errors.fileno()])
                        break
                    except BlockingIOError:
                        await asyncio.sleep(0.01)
            except OSError:
                self._lose()
                raise
        try:
            async with asyncio.timeout(60):
                child.pid = await child.begun
        except TimeoutError as error:
            raise OSError("the process that starts apps does not answer") from error
        reader, writer = await asyncio.open_connection(sock=ours)
        return AppProcess(child, reader, writer, errors)

    async def close(self) -> None:
        """End it; apps that still run end by themselves, for nobody speaks with them any more."""
        self._lose()
        if self._process is not None:
            await self._process.wait()

    def _hear(self) -> None:
        assert self._control is not None
        try:
            message = self._control.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if not message:
            self._lose()
            return
        said = json.loads(message)
        child = self._children.get(said["number"])
        if child is None:
            return
        if "pid" in said:
            if not child.begun.done():
                child.begun.set_result(said["pid"])
        else:
            del self._children[said["number"]]
            if not child.ended.done():
                child.ended.set_result(said["status"])

    def _lose(self) -> None:
        if self._control is None:
            return
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        self._control.close()
        self._control = None
        for child in self._children.values():
            if not child.begun.done():
                child.begun.set_exception(OSError("the process that starts apps has ended"))
                child.begun.exception()
            if not child.ended.done():
                child.ended.set_result(-signal.SIGKILL)
        self._children.clear()
