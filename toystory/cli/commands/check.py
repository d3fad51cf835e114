"""`toystory check`: the verdict on the learner's files, once or at every save."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.output import Printer
from toystory.course.exercises.exercise import Exercise, all_exercises
from toystory.grading.exercise_files import exercises_folder, path_of
from toystory.grading.lookup import exercise_of_file, exercises_meant, looks_like_a_file
from toystory.grading.process import CantStart
from toystory.grading.verdict import Verdict, check_file
from toystory.progress.store import Store

BROKE_DOWN = 2
LOOK = 0.25
"""Seconds between two looks at the files that are watched."""


@dataclass(frozen=True)
class Asked:
    """An exercise, and the learner's file for it."""

    exercise: Exercise
    file: Path


def answer(args: argparse.Namespace) -> int:
    """Check what was asked for: 0 where all is right, 1 where not, 2 where nothing could be checked.

    Raises:
        BadRequest: what was asked for is no exercise, or makes no sense.
    """
    if args.json and args.watch:
        raise BadRequest("--watch goes on and on, --json is one object: ask for one of them")
    asked = _asked(args.what, args.folder)
    store = Store()
    printer = Printer(args.plain or args.json)
    if args.watch:
        _watch(asked, store, printer)
    verdicts: list[Verdict] = []
    try:
        for each in asked:
            verdicts.append(_check(each, store))
            if not args.json:
                _print(each, verdicts[-1], printer)
    except CantStart as error:
        sentence = f"the check broke down: {error}"
        if args.json:
            rows = [_row(each, verdict) for each, verdict in zip(asked, verdicts, strict=False)]
            print_json({"passed": None, "exercises": rows, "error": sentence})
        print_sentences([sentence])
        return BROKE_DOWN
    passed = all(verdict.passed for verdict in verdicts)
    if args.json:
        rows = [_row(each, verdict) for each, verdict in zip(asked, verdicts, strict=True)]
        print_json({"passed": passed, "exercises": rows})
    elif len(asked) > 1:
        right = sum(verdict.passed for verdict in verdicts)
        printer.line(f"{right} of {len(asked)} are right", passed)
    print_sentences(store.notices())
    return 0 if passed else 1


def _asked(words: Sequence[str], folder: Path | None) -> list[Asked]:
    """What is meant by the words; all that was begun, where there are none."""
    if folder is not None and not folder.is_dir():
        raise BadRequest(f"there is no folder {folder}")
    if not words:
        begun = [Asked(exercise, path_of(exercise, folder)) for exercise in all_exercises()]
        begun = [each for each in begun if each.file.exists()]
        if not begun:
            where = folder or exercises_folder()
            raise BadRequest(
                f"there is no exercise in {where} yet: 'toystory exercise gate' writes the first"
            )
        return begun
    asked: list[Asked] = []
    for word in words:
        if looks_like_a_file(word):
            file = Path(word)
            if not file.exists():
                raise BadRequest(f"there is no file {file}")
            asked.append(Asked(exercise_of_file(file), file))
        else:
            asked += [Asked(exercise, path_of(exercise, folder)) for exercise in exercises_meant(word)]
    return list({(each.exercise.key, each.file): each for each in asked}.values())


def _check(asked: Asked, store: Store) -> Verdict:
    if not asked.file.exists():
        write = f"'toystory exercise {asked.exercise.key}' writes it"
        return Verdict(False, f"there is no file {asked.file} yet: {write}")
    verdict = check_file(asked.exercise, asked.file)
    store.note_exercise(asked.exercise.lesson, asked.exercise.name, begun=True, passed=verdict.passed)
    return verdict


def _print(asked: Asked, verdict: Verdict, printer: Printer) -> None:
    mark = "passed" if verdict.passed else "not yet"
    sign = "" if printer.plain else "✓ " if verdict.passed else "✗ "
    printer.line(f"{sign}{asked.exercise.key}: {mark}", verdict.passed)
    if not verdict.passed:
        printer.line(f"  {verdict.sentence}")
    for line in verdict.details():
        printer.line(line)


def _row(asked: Asked, verdict: Verdict) -> dict[str, object]:
    return {
        "lesson": asked.exercise.lesson,
        "name": asked.exercise.name,
        "file": str(asked.file),
        "passed": verdict.passed,
        "sentence": verdict.sentence,
        "expected": verdict.expected,
        "found": verdict.found,
        "given": verdict.given,
        "trace": list(verdict.trace),
        "printed": verdict.output,
        "printed_more_bytes": verdict.cut,
        "notes": list(verdict.notes),
        "seconds": round(verdict.seconds, 3),
    }


def _watch(asked: Sequence[Asked], store: Store, printer: Printer) -> None:
    """Check each file, and again at every change, until Ctrl-C."""
    seen: dict[Path, object] = {}
    while True:
        for each in asked:
            stamp = _stamp(each.file)
            if each.file not in seen or seen[each.file] != stamp:
                again = each.file in seen
                seen[each.file] = stamp
                if again:
                    printer.line(f"\n{time.strftime('%H:%M:%S')} {each.file.name} was saved")
                _print(each, _check(each, store), printer)
                sys.stdout.flush()
        time.sleep(LOOK)


def _stamp(file: Path) -> object:
    """Another one after every change; None where there is no file."""
    try:
        status = file.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)
