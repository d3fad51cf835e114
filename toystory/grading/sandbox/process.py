"""Runs the learner's code in a process of its own, with limits, and leaves nothing of it behind."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self, cast

from toystory.base import files
from toystory.course.exercises.exercise import SECONDS
from toystory.grading.sandbox import wire
from toystory.grading.sandbox.learner_process import OUT_OF_TIME, line_when_stopped

SECONDS_TO_START = 60.0
"""For Python and NumPy, on a busy machine; not counted to the others."""
WALL_CLOCK = 10.0
"""Seconds that a check may take for each that it may use the processor: others use it too."""
MOST_WAITING = 600.0
"""Seconds at most that it may take beyond those."""
GRACE = 0.5
"""Seconds in which a process whose time is up writes down where it was."""
KEPT = 4096
"""Bytes of what is printed that are kept."""
WAIT = 0.05
"""Seconds between two looks whether the check was cancelled."""
PREFIX = "toystory-check-"
LONG_AGO = 7200.0
"""Seconds after which nobody works in a temporary folder any more: its check was killed."""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
OURS = str(Path(__file__).resolve().parents[3])
MARK = "TOYSTORY_CHECK"
BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from toystory.grading.sandbox.learner_process import main; main()"
)
INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE")
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Cancelled(Exception):
    """Nobody wants to know any more."""


class OutOfTime(Exception):
    """The process used up its time.

    Attributes:
        line: Where it was then; None where that is not known.
        seconds: What it had.
        waited: Whether those were of the wall clock, since it did not use up its processor time.
        printed: How many bytes it had printed by then.
    """

    def __init__(self, line: int | None, seconds: float, waited: bool, printed: int = 0) -> None:
        super().__init__(line, seconds, waited, printed)
        self.line, self.seconds, self.waited, self.printed = line, seconds, waited, printed


class Ended(Exception):
    """The process is gone. code: as subprocess gives it, negative for a signal."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class CantStart(Exception):
    """There is no process to run the code in; the message says why."""


class LearnerProcess:
    """Use it in a `with`: at its end the process, and whatever it has started, is gone."""

    def __init__(
        self,
        cancel: threading.Event | None = None,
        seconds: float = SECONDS,
        wall_clock: float | None = None,
    ) -> None:
        """Prepare a process; it begins with the `with`.

        Args:
            cancel: Set it, from any thread, to end the check.
            seconds: Of processor time, for all calls of one check together.
            wall_clock: Seconds that it may take for each of these; None for WALL_CLOCK.
        """
        wall_clock = WALL_CLOCK if wall_clock is None else wall_clock
        self._cancel = cancel or threading.Event()
        self._seconds = seconds
        self._wall_clock = self._left = min(wall_clock * seconds, seconds + MOST_WAITING)
        self._name = ""
        self._replies: queue.SimpleQueue[tuple[wire.Message, Any] | Exception | None] = queue.SimpleQueue()
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        # One reply to one request: whatever else is written to the pipe stays in it.
        self._asked = threading.Semaphore(1)
        self._output = bytearray()
        self._printed = 0

    def __enter__(self) -> Self:
        try:
            _sweep(Path(tempfile.gettempdir()))
            self._folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        except OSError as error:
            raise CantStart(f"no temporary folder can be made ({files.reason(error)})") from None
        self._mark = secrets.token_hex(16)
        path = [entry for entry in sys.path if entry and Path(entry).is_absolute()]
        if OURS not in path:  # in a prompt Python finds us by the folder that it was started in
            path.append(OURS)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-u", "-X", "utf8", "-c", BOOT, json.dumps(path), str(self._seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._folder,
                env=self._environment(),
                start_new_session=True,
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise CantStart(f"no process can be started ({files.reason(error)})") from None
        self.pid = self._process.pid
        jobs = (self._read, self._write, self._drain)
        self._threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._kill()
        self._requests.put(None)
        self._asked.release()
        for thread in self._threads:
            thread.join(timeout=2)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError, ValueError):
                _open(stream).close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def output(self) -> str:
        """The first of what was printed."""
        return self._output.decode("utf-8", errors="replace")

    @property
    def cut(self) -> int:
        """How many bytes were printed beyond that."""
        return self._printed - len(self._output)

    def load(self, name: str, text: str, *, as_program: bool = False) -> wire.Message:
        """Run the learner's file; what came of it.

        Args:
            name: Of the file.
            text: What stands in it.
            as_program: Whether it runs as `python file.py` does, with what stands below `__main__`.

        Raises:
            CantStart: There is no process. And what `call` raises.
        """
        try:
            self._wait(time.monotonic() + SECONDS_TO_START)
        except (Ended, OutOfTime, wire.BadMessage):
            said = self.output.strip().splitlines()
            why = said[-1] if said else "it gave no sign"
            raise CantStart(f"no process could be started to run your code in: {why}") from None
        self._name = name
        return self._ask({"name": name, "as program": as_program}, text)[0]

    def call(self, function: str, arguments: tuple[Any, ...]) -> tuple[wire.Message, Any]:
        """Call one of its functions; what came of it, and the value.

        Args:
            function: Its name.
            arguments: By position.

        Raises:
            Cancelled: Nobody wants to know any more.
            OutOfTime: It took too long.
            Ended: The process is gone.
            wire.BadMessage: What came back can't be read.
            wire.Unusable: The arguments can't be sent.
        """
        return self._ask({"call": function}, list(arguments))

    def train(self, arguments: tuple[Any, ...]) -> tuple[wire.Message, Any]:
        """Have its `train` called: the first report, or what came of it. Raises what `call` raises.

        A report has "report" in its message, and the parameters for its value; training waits until `go_on`.
        """
        return self._ask({"train": True}, list(arguments))

    def go_on(self) -> tuple[wire.Message, Any]:
        """Let the training go on: the next report, or what came of it. Raises what `call` raises."""
        return self._ask({"go on": True}, None)

    def offers(self) -> wire.Message:
        """Which functions of a whole model the loaded file has. Raises what `call` raises."""
        return self._ask({"offers": True}, None)[0]

    def _ask(self, message: wire.Message, value: object) -> tuple[wire.Message, Any]:
        self._requests.put(wire.pack({**message, "seconds": self._left}, value))
        self._asked.release()
        began = time.monotonic()
        try:
            return self._wait(began + self._left)
        finally:
            self._left = max(self._left - (time.monotonic() - began), 0.01)

    def _wait(self, until: float) -> tuple[wire.Message, Any]:
        while True:
            if self._cancel.is_set():
                raise Cancelled
            try:
                reply = self._replies.get(timeout=WAIT)
            except queue.Empty:
                if time.monotonic() > until:
                    raise self._out_of_time(waited=True) from None
                continue
            if isinstance(reply, Exception):
                raise reply
            if reply is None:
                code = self._code()
                if OUT_OF_TIME and code == -OUT_OF_TIME:
                    raise self._out_of_time(waited=False)
                raise Ended(code)
            return reply

    def _out_of_time(self, waited: bool) -> OutOfTime:
        if waited and OUT_OF_TIME:  # it then writes down where it is
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                os.kill(self.pid, OUT_OF_TIME)
                self._process.wait(GRACE)
        line = line_when_stopped(self._folder, self._name)
        return OutOfTime(line, self._wall_clock if waited else self._seconds, waited, self._printed)

    def _code(self) -> int | None:
        """The exit code; None where it had only closed its pipe, or was killed."""
        time.sleep(WAIT)
        self._kill()
        code = self._process.returncode
        return None if code == -KILL else code

    def _environment(self) -> dict[str, str]:
        """As little as Python needs, and a mark by which its children are known."""
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        folder = str(self._folder)
        ours = {MARK: self._mark, "HOME": folder, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
        return kept | ours | dict.fromkeys(THREADS, "1")

    def _read(self) -> None:
        stream = _open(self._process.stdout)
        try:
            reply: tuple[wire.Message, Any] | None = ({}, None)
            while reply is not None:
                self._asked.acquire()
                reply = wire.read(stream)
                self._replies.put(reply)
        except wire.BadMessage as error:
            self._replies.put(error)
        except (OSError, ValueError, MemoryError):
            self._replies.put(None)

    def _write(self) -> None:
        stream = _open(self._process.stdin)
        while (frame := self._requests.get()) is not None:
            try:
                stream.write(frame)
                stream.flush()
            except (OSError, ValueError):  # it is gone: whoever waits for its reply is told
                return

    def _drain(self) -> None:
        """Take all that is printed, or the process would stand still; keep the first of it."""
        stream = _open(self._process.stderr).fileno()
        with contextlib.suppress(OSError):
            while piece := os.read(stream, 65536):
                self._output += piece[: max(KEPT - len(self._output), 0)]
                self._printed += len(piece)

    def _kill(self) -> None:
        """The process, its group, and what has left the group, where the system lets us find it."""
        if self._process.returncode is None:
            if hasattr(os, "killpg"):
                with contextlib.suppress(OSError):
                    os.killpg(self.pid, KILL)
            self._process.kill()
            self._process.wait()
        for _ in range(20):
            strays = _strays(f"{MARK}={self._mark}".encode(), self._folder)
            if not strays:
                return
            for pid in strays:
                with contextlib.suppress(OSError):
                    os.kill(pid, KILL)
            time.sleep(0.01)


def _sweep(temporary: Path) -> None:
    """Remove the folders of checks that were killed long ago, and their processes with them."""
    for folder in temporary.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < time.time() - LONG_AGO:
                shutil.rmtree(folder, ignore_errors=True)


def _strays(mark: bytes, folder: Path) -> list[int]:
    """The processes with this in their environment, or at work in this folder; Linux alone tells."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder or mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def _open(stream: IO[bytes] | None) -> BinaryIO:
    """One of the three, all of which are pipes."""
    return cast(BinaryIO, stream)
