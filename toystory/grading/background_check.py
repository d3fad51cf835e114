"""Checks, and runs of the learner's file, in the background, one at a time: the app stays quick."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from toystory.course.exercises.exercise import Exercise
from toystory.grading.failures import Source
from toystory.grading.sandbox.process import Cancelled, CantStart
from toystory.grading.verdict import Ran, Verdict, check, run_as_program


@dataclass(frozen=True)
class Checked:
    """An exercise, and the verdict on the text that was checked."""

    exercise: Exercise
    verdict: Verdict


class Checker:
    """Start a check, and ask now and then whether it has come to its verdict."""

    def __init__(self) -> None:
        self._done: queue.SimpleQueue[Checked | Ran | None] = queue.SimpleQueue()
        self._cancel: threading.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether a check is under way."""
        return self._cancel is not None

    def start(self, exercise: Exercise, source: Source) -> None:
        """Begin a check; one that is under way is ended.

        Args:
            exercise: Which one.
            source: The learner's text.
        """
        self._begin(_check, exercise, source)

    def run(self, exercise: Exercise, source: Source) -> None:
        """Run the file as a program; what is under way is ended.

        Args:
            exercise: Whose time it may take.
            source: The learner's text.
        """
        self._begin(_run, exercise, source)

    def _begin(self, job: Callable[..., None], exercise: Exercise, source: Source) -> None:
        self.stop()
        self._done = queue.SimpleQueue()
        self._cancel = threading.Event()
        arguments = (exercise, source, self._cancel, self._done)
        # No daemon: Python waits until the learner's process is gone.
        self._thread = threading.Thread(target=job, args=arguments, name="check")
        self._thread.start()

    def poll(self) -> Checked | Ran | None:
        """The verdict, or what the file printed, once there is one."""
        try:
            checked = self._done.get_nowait()
        except queue.Empty:
            return None
        self._cancel = None
        return checked

    def stop(self, wait: float = 0.0) -> None:
        """End the check that is under way; a verdict that nobody asked for is dropped.

        Args:
            wait: Seconds to stay until its process is gone.
        """
        self._done = queue.SimpleQueue()
        if self._cancel is not None:
            self._cancel.set()
            self._cancel = None
        if self._thread is not None and wait:
            self._thread.join(wait)


def _check(
    exercise: Exercise,
    source: Source,
    cancel: threading.Event,
    done: queue.SimpleQueue[Checked | Ran | None],
) -> None:
    try:
        done.put(Checked(exercise, check(exercise, source, cancel)))
    except Cancelled:
        done.put(None)
    except CantStart as error:
        done.put(Checked(exercise, Verdict(False, f"the check broke down: {error}")))
    except Exception as error:
        done.put(Checked(exercise, Verdict(False, f"the check broke down: {type(error).__name__}: {error}")))


def _run(
    exercise: Exercise,
    source: Source,
    cancel: threading.Event,
    done: queue.SimpleQueue[Checked | Ran | None],
) -> None:
    try:
        done.put(run_as_program(source, exercise.seconds, cancel))
    except Cancelled:
        done.put(None)
    except CantStart as error:
        done.put(Ran(str(error), ""))
