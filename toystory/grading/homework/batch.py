"""A class's submissions, several at once: what one of them does costs only its own time."""

from __future__ import annotations

import os
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from toystory.course.exercises.exercise import Exercise
from toystory.grading.failures import Source
from toystory.grading.homework.alike import SHORT, fingerprint, own_statements
from toystory.grading.homework.submissions import Submission
from toystory.grading.homework.worker import KILLED, Died, Worker
from toystory.grading.sandbox.process import CantStart
from toystory.grading.verdict import Verdict

WAITING = 3.0
"""Seconds of the wall clock, for each of the processor, after which a submission that waits is stopped."""
UNCHANGED = "it is as it was handed out: nothing was written yet"


@dataclass(frozen=True)
class Graded:
    """A submission and its verdict. suspicious: what a teacher should look at, in words."""

    submission: Submission
    verdict: Verdict
    suspicious: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.verdict.passed


def grade(
    submissions: Sequence[Submission],
    jobs: int,
    done: Callable[[Graded], object] = lambda graded: None,
    workers: Callable[[], Worker] = Worker,
) -> list[Graded]:
    """Check all of them.

    Args:
        submissions: What was handed in; those with a fault keep it as their verdict.
        jobs: How many at once.
        done: Hears of each that is judged, from this thread.
        workers: Makes what checks them.

    Returns:
        In the same order. A check that took its process with it is done once more, alone: whoever was only
        beside it loses nothing.

    Raises:
        CantStart: There is nothing to run the code in.
    """
    verdicts: dict[int, Verdict] = {}
    died: list[int] = []
    for number, verdict in _judged(submissions, jobs, workers):
        if verdict is None:
            died.append(number)
            continue
        verdicts[number] = verdict
        done(Graded(submissions[number], verdict))
    for number in died:
        ((_, verdict),) = _judged([submissions[number]], 1, workers)
        verdicts[number] = verdict or Verdict(False, KILLED, suspicious=("ends other processes",))
        done(Graded(submissions[number], verdicts[number]))
    graded = [Graded(each, verdicts[number]) for number, each in enumerate(submissions)]
    alike = _alike(submissions)
    return [
        replace(each, suspicious=(*each.verdict.suspicious, *alike.get(number, ())))
        for number, each in enumerate(graded)
    ]


def recognised(
    sources: Sequence[Source], jobs: int, workers: Callable[[], Worker] = Worker
) -> list[Exercise | str]:
    """Which whole models these texts are; for each that is none, a sentence.

    Args:
        sources: They are run, in processes of their own.
        jobs: How many at once.
        workers: Makes what runs them.

    Raises:
        CantStart: There is nothing to run them in.
    """
    free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    made = [workers() for _ in range(min(jobs, len(sources)))]
    for worker in made:
        free.put(worker)

    def one(source: Source) -> Exercise | str:
        worker = free.get()
        try:
            return worker.recognise(source)
        except Died:
            return KILLED
        finally:
            free.put(worker)

    pool = ThreadPoolExecutor(max(1, len(made)))
    try:
        return list(pool.map(one, sources))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C nobody waits for the rest
        for worker in made:
            worker.stop(at_once=True)


def wall_clock(jobs: int) -> float:
    """Seconds that a check may take for each of the processor, so many at once on this machine."""
    return WAITING * max(1.0, jobs / (os.cpu_count() or 1))


def _judged(
    submissions: Sequence[Submission], jobs: int, workers: Callable[[], Worker]
) -> Iterator[tuple[int, Verdict | None]]:
    """Number and verdict of each as it is judged; None where its process died."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    judged: queue.SimpleQueue[tuple[int, Verdict | BaseException | None]] = queue.SimpleQueue()
    count = 0
    for number, each in enumerate(submissions):
        if each.source is None or each.exercise is None:
            yield number, Verdict(False, each.fault)
        elif each.source.text.strip() == each.exercise.start.strip() and each.exercise.bug is None:
            yield number, Verdict(False, UNCHANGED)
        else:
            waiting.put(number)
            count += 1
    stop = threading.Event()
    made = [workers() for _ in range(min(jobs, count))]
    seconds = wall_clock(len(made))
    threads = [
        threading.Thread(
            target=_work, args=(submissions, waiting, judged, stop, worker, seconds), name="grade"
        )
        for worker in made
    ]
    for thread in threads:
        thread.start()
    try:
        while count:
            number, verdict = judged.get()
            if isinstance(verdict, BaseException):
                raise verdict
            count -= 1
            yield number, verdict
    finally:
        stop.set()
        if count:  # nobody waits for the verdicts that are still to come
            for worker in made:
                worker.stop(at_once=True)
        for thread in threads:
            thread.join()


def _work(
    submissions: Sequence[Submission],
    waiting: queue.SimpleQueue[int],
    judged: queue.SimpleQueue[tuple[int, Verdict | BaseException | None]],
    stop: threading.Event,
    worker: Worker,
    seconds: float,
) -> None:
    try:
        while not stop.is_set():
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            each = submissions[number]
            assert each.exercise is not None
            assert each.source is not None
            try:
                judged.put((number, worker.check(each.exercise, each.source, seconds)))
            except Died:
                judged.put((number, None))
            except CantStart as error:
                judged.put((number, error))
    finally:
        worker.stop()


def _alike(submissions: Sequence[Submission]) -> dict[int, tuple[str, ...]]:
    """By the number of a submission, whose work it is identical to."""
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, each in enumerate(submissions):
        if each.source is None or each.exercise is None:
            continue
        mark = fingerprint(each.source.text)
        if mark != fingerprint(each.exercise.start):
            same[each.exercise.key, mark].append(number)
    found: dict[int, tuple[str, ...]] = {}
    for numbers in same.values():
        for number in numbers:
            me = submissions[number]
            others = sorted({submissions[n].student for n in numbers} - {me.student})
            if others and me.exercise and me.source:
                names = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
                own = own_statements(me.source.text, me.exercise.start)
                chance = "; so short that it may be chance" if own < SHORT else ""
                found[number] = (f"the same as {names}{chance}",)
    return found
