"""`toystory check`: the verdict on the learner's files, once or at every save."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.output import Printer
from toystory.course.exercises.exercise import Exercise, Wrong, all_exercises
from toystory.course.exercises.steps import counts, next_step
from toystory.grading.exercise_files import exercises_folder, path_of
from toystory.grading.homework.worker import KILLED, Died, Worker
from toystory.grading.lookup import exercise_of_file, exercises_meant, looks_like_a_file, names_of
from toystory.grading.recognise import is_unnamed_model, judged_as, recognise
from toystory.grading.sandbox.process import WALL_CLOCK, CantStart
from toystory.grading.source import read_source
from toystory.grading.verdict import Verdict, check_file
from toystory.progress.store import Store

BROKE_DOWN = 2
LOOK = 0.25
"""Seconds between two looks at the files that are watched."""


@dataclass(frozen=True)
class Asked:
    """An exercise, and the file for it. told: that the file's name and label say something else."""

    exercise: Exercise
    file: Path
    told: str = ""


def answer(args: argparse.Namespace) -> int:
    """Check what was asked for: 0 where all is right, 1 where not, 2 where nothing could be checked.

    Raises:
        BadRequest: what was asked for is no exercise, or makes no sense.
    """
    if args.json and args.watch:
        raise BadRequest("--watch goes on and on, --json is one object: ask for one of them")
    asked = _asked(args.what, args.folder, args.as_set)
    store = Store()
    printer = Printer(args.plain or args.json)
    if args.watch:
        _watch(asked, store, printer)
    verdicts: list[Verdict] = []
    # What ends the process above its own shall not end a batch, nor leave a grader without its JSON.
    worker = Worker() if args.json or len(asked) > 1 else None
    try:
        for each in asked:
            verdicts.append(_check(each, store, worker))
            if not args.json:
                _print(each, verdicts[-1], printer)
    except CantStart as error:
        sentence = f"the check broke down: {error}"
        if args.json:
            rows = [_row(each, verdict) for each, verdict in zip(asked, verdicts, strict=False)]
            print_json({"passed": None, "exercises": rows, "error": sentence})
        print_sentences([sentence])
        return BROKE_DOWN
    finally:
        if worker:
            worker.stop(at_once=True)
    passed = all(verdict.passed for verdict in verdicts)
    if args.json:
        rows = [_row(each, verdict) for each, verdict in zip(asked, verdicts, strict=True)]
        print_json({"passed": passed, "exercises": rows})
    elif len(asked) > 1:
        right = sum(verdict.passed for verdict in verdicts)
        printer.line(f"{right} of {len(asked)} are right", passed)
    print_sentences(store.notices())
    return 0 if passed else 1


def _asked(words: Sequence[str], folder: Path | None, as_set: str | None = None) -> list[Asked]:
    """What is meant by the words; all that was begun, where there are none."""
    if folder is not None and not folder.is_dir():
        raise BadRequest(f"there is no folder {folder}")
    set_one = exercises_meant(as_set) if as_set else ()
    if len(set_one) > 1:
        raise BadRequest(f"--as is one exercise: {', '.join(exercise.key for exercise in set_one)}")
    if set_one and not all(looks_like_a_file(word) for word in words or ("",)):
        raise BadRequest("--as goes with files: say which file is to be judged")
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
            asked.append(_asked_of_file(file, set_one))
        else:
            asked += [Asked(exercise, path_of(exercise, folder)) for exercise in exercises_meant(word)]
    return list({(each.exercise.key, each.file): each for each in asked}.values())


def _asked_of_file(file: Path, set_one: Sequence[Exercise]) -> Asked:
    """Which exercise a file is of; where neither name nor docstring tells, which whole model it is."""
    try:
        source = read_source(file)
    except Wrong:
        source = None  # the check says why
    if source is not None and not set_one and is_unnamed_model(names_of(file), source.text):
        exercise = recognise(source)
        return Asked(exercise, file, judged_as(exercise))
    named = exercise_of_file(file, set_one)
    return Asked(named.exercise, file, named.told)


def _check(asked: Asked, store: Store, worker: Worker | None = None) -> Verdict:
    if not asked.file.exists():
        write = f"'toystory exercise {asked.exercise.key}' writes it"
        return Verdict(False, f"there is no file {asked.file} yet: {write}")
    verdict = check_file(asked.exercise, asked.file) if worker is None else _check_apart(asked, worker)
    text = asked.file.read_text(encoding="utf-8", errors="replace") if verdict.passed else ""
    if _is_own(asked):
        passed = verdict.passed and counts(text)
        store.note_exercise(asked.exercise.lesson, asked.exercise.name, begun=True, passed=passed)
    notes = (asked.told, *verdict.notes, _what_next(asked.exercise, text) if verdict.passed else "")
    return replace(verdict, notes=tuple(note for note in notes if note))


def _what_next(exercise: Exercise, text: str) -> str:
    """The step after the first one; empty where the file was begun at the usual one."""
    step = next_step(exercise, text)
    if step is None or counts(text):
        return ""
    again = f"'toystory exercise {exercise.key} --step {step.number} --fresh'"
    return f"next, {step.name}: {again}; your file is kept under another name"


def _check_apart(asked: Asked, worker: Worker) -> Verdict:
    """The same in a process of its own, which the code may end."""
    try:
        return worker.check(asked.exercise, read_source(asked.file), WALL_CLOCK)
    except Wrong as error:
        return Verdict(False, error.sentence)
    except Died:
        return Verdict(False, KILLED)


def _is_own(asked: Asked) -> bool:
    """Whether it is the learner's file: what stands elsewhere, a teacher's homework, is not in the record."""
    return asked.file.resolve().is_relative_to(exercises_folder().resolve())


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
        "suspicious": list(verdict.suspicious),
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
