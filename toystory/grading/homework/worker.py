"""A process that checks one submission after another, for whoever grades many.

What a learner's code does to the process above its own it does to this one: it is started anew, and the rest
of the class goes on. Lines of JSON come in and go out.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from toystory.base.errors import BadRequest
from toystory.course.exercises.exercise import Exercise, exercises_of
from toystory.grading.failures import Source
from toystory.grading.recognise import recognise
from toystory.grading.sandbox.listening import listen
from toystory.grading.sandbox.process import THREADS, CantStart
from toystory.grading.verdict import Verdict, check

ROOT = str(Path(__file__).resolve().parents[3])
BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from toystory.grading.homework.worker import main; main()"
)
BEYOND = 120.0
"""Seconds beyond all limits of a check, in which the check itself may start and compute."""

KILLED = (
    "the process that runs the check was ended while this file ran: it sends signals to processes that are "
    "not its own, or asks for more memory than there is"
)
TO_END = 2.0
"""Seconds in which it may end by itself."""


class Died(Exception):
    """The worker is gone in the middle of a check, or came to no end."""


class Worker:
    """Starts the process when it is first needed, and again after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def check(self, exercise: Exercise, source: Source, wall_clock: float) -> Verdict:
        """The verdict on a text.

        Args:
            exercise: What it is to solve.
            source: The text.
            wall_clock: Seconds that it may take for each that it may use the processor.

        Raises:
            Died: There came none.
            CantStart: There is nothing to run it in.
        """
        asked = {"lesson": exercise.lesson, "name": exercise.name, "wall_clock": wall_clock}
        return _verdict(self._ask(asked, source, exercise.seconds * wall_clock + BEYOND))

    def recognise(self, source: Source) -> Exercise | str:
        """Which whole model a text is, or a sentence that says why nobody knows.

        Args:
            source: The text, which is run.

        Raises:
            Died: There came no answer.
            CantStart: There is nothing to run it in.
        """
        answer = self._ask({}, source, BEYOND)
        if "unknown" in answer:
            return str(answer["unknown"])
        return _exercise(answer)

    def _ask(self, asked: dict[str, Any], source: Source, seconds: float) -> dict[str, Any]:
        """The answer to one question about a text. Raises Died, CantStart."""
        process = self._process or self._start()
        try:
            stream = cast(IO[str], process.stdin)
            stream.write(json.dumps({**asked, "file": source.name, "text": source.text}) + "\n")
            stream.flush()
            answer: dict[str, Any] = json.loads(self._lines.get(timeout=seconds))
        except (OSError, ValueError, queue.Empty):
            self.stop(at_once=True)
            raise Died from None
        if "cant_start" in answer:
            raise CantStart(answer["cant_start"])
        return answer

    def stop(self, at_once: bool = False) -> None:
        """End the process.

        Args:
            at_once: In the middle of a check too. The learner's own process then ends by itself.
        """
        process, self._process = self._process, None
        if process is None:
            return
        if at_once:
            process.kill()
        with contextlib.suppress(OSError):
            cast(IO[str], process.stdin).close()
        try:
            process.wait(TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        path = [entry for entry in sys.path if entry and Path(entry).is_absolute()]
        if ROOT not in path:
            path.append(ROOT)
        try:
            process = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-c", BOOT, json.dumps(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="surrogatepass",
                env=os.environ | dict.fromkeys(THREADS, "1"),
                start_new_session=True,
            )
        except OSError as error:
            raise CantStart(f"no process can be started ({error.strerror or error})") from None
        self._process, self._lines = process, queue.SimpleQueue()
        threading.Thread(target=_read, args=(process.stdout, self._lines), daemon=True).start()
        return process


def _exercise(named: dict[str, Any]) -> Exercise:
    return next(each for each in exercises_of(named["lesson"]) if each.name == named["name"])


def _verdict(answer: dict[str, Any]) -> Verdict:
    """As `asdict` took it apart, after its way through JSON."""
    parts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in answer.items()
    }
    return Verdict(**parts)


def _read(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    with contextlib.suppress(OSError, ValueError), stream:
        for line in stream:
            lines.put(line)
    lines.put("")


def main() -> None:
    """Answer until nobody asks any more; a check that is under way then ends with it."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    os.dup2(2, 1)  # whatever prints in here spoils no answer
    next_line = listen(lambda: sys.stdin.readline() or None, partial(os._exit, 0))
    while True:
        answers.write(json.dumps(_answer(json.loads(next_line()))) + "\n")
        answers.flush()


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    source = Source(asked["file"], asked["text"])
    try:
        if "name" not in asked:
            known = recognise(source)
            return {"lesson": known.lesson, "name": known.name}
        return asdict(check(_exercise(asked), source, wall_clock=asked["wall_clock"]))
    except BadRequest as error:
        return {"unknown": str(error)}
    except CantStart as error:
        return {"cant_start": str(error)}
    except Exception as error:
        return asdict(Verdict(False, f"the check broke down: {type(error).__name__}: {error}"))
