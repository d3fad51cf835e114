"""The process that the learner's code runs in: it loads the file once, and answers calls of its functions.

It knows neither the check nor what is expected. It says what came of a call; the check, in the process that
started this one, believes nothing but values.
"""

from __future__ import annotations

import contextlib
import faulthandler
import inspect
import linecache
import math
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, BinaryIO, NoReturn

import numpy as np

from toystory.course.exercises.class_model import ClassModel, offered
from toystory.grading.sandbox import wire
from toystory.grading.sandbox.audit import PACKAGE, Audit
from toystory.grading.sandbox.confine import confine
from toystory.grading.sandbox.listening import listen
from toystory.grading.sandbox.watched_training import WatchedTraining

MEMORY = 2 * 2**30
"""Bytes of address space, where the system can limit it."""
FILE_SIZE = 16 * 2**20
PROCESSES = 64
"""How many more processes and threads it may start, where the system tells how many there are."""
TIMES_OVER = 4
"""Should everything else fail: no process of a check computes for so many times as long as it may."""
WHERE = "where"
"""The file, in the temporary folder, that tells where the code was when its time was up."""
OUT_OF_TIME: int = getattr(signal, "SIGPROF", 0)
"""The signal that ends a process which has used up its processor time; 0 where there is none."""
TOO_LATE = 0.1
"""Seconds before the end of the time at which that is written down, where there is no such signal."""
MOST_MESSAGE = 500
WATCHED = (np, np.linalg, np.random)
Exchange = Callable[[bytes], tuple[wire.Message, Any]]


class OurOwn(ImportError):
    """The learner's file imports from this program."""


class NoneOfOurs(MetaPathFinder):
    """Finds nothing, and none of what this program is made of: the solutions are there too."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Raise OurOwn for what is ours; leave the rest to others."""
        if name.partition(".")[0] == PACKAGE:
            raise OurOwn(name)


class Answers:
    """The learner's module, and what came of loading it and of each call: messages for the wire."""

    def __init__(self, name: str, audit: Audit) -> None:
        """Begin with an empty module.

        Args:
            name: Of the file, as it stands in tracebacks.
            audit: Notes what the code asks of the system.
        """
        self._audit = audit
        self._name = name
        self._module = ModuleType("exercise")
        self._model = ClassModel()
        self._numpy = [dict(vars(part)) for part in WATCHED]

    def load(self, text: str, *, as_program: bool = False) -> bytes:
        """Run the file.

        Args:
            text: What stands in it.
            as_program: Whether it is the program itself, as `python file.py` has it, or is imported.

        Returns:
            The message to send back.
        """
        linecache.cache[self._name] = (len(text), None, text.splitlines(keepends=True), self._name)
        sys.modules["exercise"] = self._module
        if as_program:
            self._module.__name__ = "__main__"
        try:
            exec(compile(text, self._name, "exec"), vars(self._module))
        except SyntaxError as error:
            if error.filename == self._name:
                message = {"syntax": str(error.msg), "line": error.lineno, "column": error.offset}
                return wire.pack(message)
            return self._failed(error)
        except BaseException as error:
            return self._failed(error)
        return wire.pack({"ok": True, **self._noticed()})

    def call(self, function: str, arguments: list[Any], more: Callable[[], wire.Message] = dict) -> bytes:
        """Call one of its functions.

        Args:
            function: Its name.
            arguments: By position.
            more: What else to tell when it has returned.

        Returns:
            The message to send back.
        """
        names: list[str] = []
        try:
            there = vars(self._module)
            asked = there.get(function) or self._model.method(function, there, self._module.__name__)
            if asked is None:
                functions = [name for name, value in there.items() if inspect.isfunction(value)]
                return wire.pack({"missing": functions})
            if not callable(asked):
                return wire.pack({"not callable": type(asked).__name__})
            with contextlib.suppress(Exception):
                names = list(inspect.signature(asked).parameters)
            value = asked(*arguments)
            return wire.pack({"ok": True, **self._noticed(), "names": names, **more()}, value)
        except wire.Unusable as error:
            return wire.pack({"unusable": str(error), "names": names})
        except BaseException as error:
            return self._failed(error, names)

    def offers(self) -> bytes:
        """Tell which functions of a whole model there are, and which classes."""
        there, name = vars(self._module), self._module.__name__
        classes = [
            str(each) for each, value in there.items() if inspect.isclass(value) and value.__module__ == name
        ]
        with contextlib.suppress(Exception):
            return wire.pack({"offers": offered(there, name), "classes": classes})
        return wire.pack({"offers": {}, "classes": classes})

    def train(self, arguments: list[Any], exchange: Exchange) -> bytes:
        """Call `train`, and report on the way.

        Args:
            arguments: By position.
            exchange: Sends a report, and brings what is asked next: calls, until one says to go on.

        Returns:
            The message to send back; it has what was not reported yet.
        """
        module = self._module

        def report(message: wire.Message, parameters: dict[str, Any]) -> None:
            try:
                frame = wire.pack({"report": True, **message}, parameters)
            except wire.Unusable:
                frame = wire.pack({"report": True, **message})
            request = exchange(frame)
            while "go on" not in request[0]:
                request = exchange(self.call(str(request[0]["call"]), list(request[1])))

        with WatchedTraining(vars(module), module.__name__, report, self._model.made) as watched:
            return self.call("train", arguments, watched.seen)

    def _failed(self, error: BaseException, names: list[str] | None = None) -> bytes:
        said = ""
        with contextlib.suppress(BaseException):
            said = str(error)[:MOST_MESSAGE]
        kinds = [kind for kind in (SystemExit, MemoryError, RecursionError) if isinstance(error, kind)]
        message = {
            "raised": type(error).__name__,
            "kind": kinds[0].__name__ if kinds else "",
            "said": said,
            "frames": self._frames(error.__traceback__),
            "names": names or [],
            **self._noticed(),
        }
        return wire.pack(message)

    def _frames(self, traceback: TracebackType | None) -> list[list[object]]:
        """The line and the function of each of the learner's own lines that it came by.

        Of an endless recursion the first few.
        """
        frames: list[list[object]] = []
        while traceback is not None and len(frames) < 8:
            code = traceback.tb_frame.f_code
            if code.co_filename == self._name:
                frames.append([traceback.tb_lineno, code.co_name])
            traceback = traceback.tb_next
        return frames

    def _noticed(self) -> wire.Message:
        """What the grader should know of the code beside its answers."""
        return {"patched": self._patched(), "told": self._audit.told}

    def _patched(self) -> list[str]:
        """What of NumPy is no longer what it was."""
        return [
            f"{part.__name__}.{name}"
            for part, before in zip(WATCHED, self._numpy, strict=True)
            for name, value in before.items()
            if vars(part).get(name) is not value and not name.startswith("__")
        ][:8]


def main() -> None:
    """Serve until the other end closes the pipe."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.dup(1)
    _shut_the_streams()
    _limit(math.ceil(TIMES_OVER * float(sys.argv[2])))
    confine()
    folder = os.getcwd()
    where = open(WHERE, "wb", buffering=0)  # noqa: SIM115
    with contextlib.suppress(OSError):  # nobody is there any more
        _send(replies, wire.pack({"ready": True}))
        sys.meta_path.insert(0, NoneOfOurs())
        sys.addaudithook(audit := Audit())
        _serve(Pipe(requests, replies, where, folder), audit, float(sys.argv[2]), where)
    _leave(folder)


class Pipe:
    """Both ends of what goes between the check and this process."""

    def __init__(self, requests: BinaryIO, replies: int, where: BinaryIO, folder: str) -> None:
        """Listen; at the end of the requests the process ends, whatever it does then.

        Args:
            requests: What is asked.
            replies: Where the answers go, a file descriptor.
            where: The file that tells where the code was when its time was up.
            folder: What is removed at the end.
        """
        self._next = listen(partial(wire.read, requests), partial(_leave, folder))
        self._replies, self._where, self._folder = replies, where, folder

    def receive(self) -> tuple[wire.Message, Any]:
        """Wait for a request, and set its time running."""
        request = self._next()
        _watch(float(request[0]["seconds"]), self._where)
        return request

    def send(self, frame: bytes) -> None:
        """Answer; nothing of the learner's is running any more."""
        faulthandler.cancel_dump_traceback_later()
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        _send(self._replies, frame)

    def exchange(self, frame: bytes) -> tuple[wire.Message, Any]:
        """Answer in the midst of a call, and wait for what is asked next; if nobody is there, leave."""
        try:
            self.send(frame)
        except OSError:
            _leave(self._folder)
        return self.receive()


def _serve(pipe: Pipe, audit: Audit, seconds: float, where: BinaryIO) -> NoReturn:
    """Answer for as long as somebody asks. Raises OSError where nobody takes the answer.

    Args:
        pipe: To whoever asks.
        audit: Notes what the code asks of the system.
        seconds: Of processor time, from the first request on.
        where: The file that tells where the code was when its time was up.
    """
    answers: Answers | None = None
    while True:
        message, value = pipe.receive()
        if answers is None:
            _limit_processor_time(seconds, where)
            answers = Answers(str(message["name"]), audit)
            reply = answers.load(str(value), as_program=bool(message.get("as program")))
        elif "offers" in message:
            reply = answers.offers()
        elif "train" in message:
            reply = answers.train(list(value), pipe.exchange)
        else:
            reply = answers.call(str(message["call"]), list(value))
        pipe.send(reply)


def _leave(folder: str) -> NoReturn:
    """End the process, and whatever it has started, and remove its folder."""
    shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _limit_processor_time(seconds: float, where: Any) -> None:
    """End the process when it has used so many seconds more, and write down where the code is then.

    That needs nothing of Python: the code may be deep in a library, which never comes back.
    """
    if OUT_OF_TIME:
        faulthandler.register(OUT_OF_TIME, file=where, chain=True)
        signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.01))


def _shut_the_streams() -> None:
    """Nothing to read, and all that is printed goes where it is captured."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)


def _watch(seconds: float, where: Any) -> None:
    """End some time after these seconds of the wall clock, should nobody be there to do it."""
    if not OUT_OF_TIME:
        faulthandler.dump_traceback_later(max(seconds - TOO_LATE, 0.01), file=where)
    if hasattr(signal, "alarm"):
        signal.alarm(math.ceil(seconds) + 2)


def _send(replies: int, frame: bytes) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(0)
    left = memoryview(frame)
    while left:
        left = left[os.write(replies, left) :]


def _limit(processor_seconds: int) -> None:
    """Limit memory, the size of files and processor time, where the system knows such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {"AS": MEMORY, "FSIZE": FILE_SIZE, "CORE": 0, "CPU": processor_seconds}
    if running := _running():
        limits["NPROC"] = running + PROCESSES
    for name, limit in limits.items():
        if (which := getattr(resource, f"RLIMIT_{name}", None)) is not None:
            hard = resource.getrlimit(which)[1]
            most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, (most, most))


def _running() -> int:
    """How many processes and threads the user has, who is limited as a whole; 0 where that is not known."""
    count = 0
    with contextlib.suppress(OSError, AttributeError):
        user = os.getuid()
        for entry in os.scandir("/proc"):
            with contextlib.suppress(OSError):
                if entry.name.isdecimal() and entry.stat().st_uid == user:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
    return count


def line_when_stopped(folder: Path, name: str) -> int | None:
    """The line that was running when the time was up; None where it is not known.

    Args:
        folder: Of the process.
        name: Of the learner's file.
    """
    try:
        lines = (folder / WHERE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        _, found, tail = line.partition(f'File "{name}", line ')
        if found and (digits := tail.split(" ")[0]).isdecimal():
            return int(digits)
    return None


if __name__ == "__main__":
    main()
