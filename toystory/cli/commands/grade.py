"""`toystory grade`: what a class has handed in, checked and told as a table."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.output import Printer
from toystory.cli.reporting import grade as reporters
from toystory.course.exercises.exercise import Exercise
from toystory.grading.homework.batch import Graded, grade, recognised
from toystory.grading.homework.submissions import submissions
from toystory.grading.lookup import exercises_meant
from toystory.grading.sandbox.process import CantStart

BROKE_DOWN = 2


def answer(args: argparse.Namespace) -> int:
    """Print the table: 0 where all are right, 1 where one is not, 2 where nothing could be checked.

    Raises:
        BadRequest: what was asked for makes no sense.
    """
    if sum((args.json, args.csv, args.html)) > 1:
        raise BadRequest("--json, --csv or --html: one at a time")
    as_set = _set(args.as_set)
    for place in args.what:
        _look_at(place)
    jobs = args.jobs or os.cpu_count() or 1
    try:
        found = submissions(args.what, as_set, lambda sources: recognised(sources, jobs))
        if not found:
            raise BadRequest(f"nothing was handed in, in {', '.join(map(str, args.what))}")
        tell = _Counter(len(found)) if sys.stderr.isatty() else lambda graded: None
        graded = grade(found, jobs, tell)
    except CantStart as error:
        print_sentences([f"the check broke down: {error}"])
        return BROKE_DOWN
    if args.json:
        print_json(reporters.as_json(graded))
    elif args.csv:
        sys.stdout.write(reporters.as_csv(graded))
    elif args.html:
        sys.stdout.write(reporters.as_html(graded, [exercise.key for exercise in as_set]))
    else:
        reporters.print_table(graded, Printer(args.plain or not sys.stdout.isatty()))
    return 0 if all(each.passed for each in graded) else 1


def _set(words: list[str]) -> tuple[Exercise, ...]:
    meant = [exercise for word in words for exercise in exercises_meant(word)]
    return tuple({exercise.key: exercise for exercise in meant}.values())


def _look_at(place: Path) -> None:
    try:
        if place.is_dir():
            next(place.iterdir(), None)
        elif not place.is_file():
            raise BadRequest(f"there is no folder or file {place}")
    except (OSError, ValueError) as error:
        raise BadRequest(f"can't read {place}: {getattr(error, 'strerror', None) or error}") from None


class _Counter:
    """Says on a terminal how many are done, in one line that is written over."""

    def __init__(self, of: int) -> None:
        self._done, self._of = 0, of

    def __call__(self, graded: Graded) -> None:
        self._done += 1
        end = "\r" if self._done < self._of else "\r\033[K"
        print(f"{self._done} of {self._of} checked", end=end, file=sys.stderr, flush=True)
