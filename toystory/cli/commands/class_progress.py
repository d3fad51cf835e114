"""`toystory progress --of FILE…`: how far a class is, from the records that the students exported."""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from toystory.base.errors import BadRequest
from toystory.cli.learner_progress import Progress, lesson_as_json, progress_of
from toystory.cli.messages import print_json, print_sentences
from toystory.cli.output import new_console
from toystory.course import catalogue
from toystory.course.lesson import Lesson
from toystory.progress.bundle import lay_out, read
from toystory.progress.connection import NAME
from toystory.progress.store import Store

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


@dataclass(frozen=True)
class Student:
    """One of the class: a name, by the file's, and how far each lesson is."""

    name: str
    lessons: list[Progress]

    def summary(self) -> dict[str, Any]:
        """A line of the table."""
        told = [one.right for one in self.lessons if one.right is not None]
        exercises = [one.record for one in self.lessons]
        return {
            "name": self.name,
            "chapters": sum(one.record.holds for one in self.lessons),
            "of_chapters": len(self.lessons),
            "exercises": sum(record.passed for record in exercises),
            "of_exercises": sum(len(record.exercise_names) for record in exercises),
            "predictions": len(told),
            "right": sum(told),
            "claims": sum(one.reached for one in self.lessons),
            "of_claims": sum(len(one.claims) for one in self.lessons),
            "runs": sum(len(one.runs) for one in self.lessons),
            "seconds": round(sum(one.line.seconds for one in self.lessons), 1),
            "last": max((one.line.last for one in self.lessons if one.line.last), default=None),
        }


def answer(args: argparse.Namespace) -> int:
    """Print the class; 0, or 1 where a file was no record.

    Raises:
        BadRequest: none of the files is a record.
    """
    if args.json and args.csv:
        raise BadRequest("--json or --csv: one at a time")
    lessons = catalogue.load_all()
    students: list[Student] = []
    faults: list[str] = []
    for name, file in zip(_names(args.of), args.of, strict=True):
        try:
            students.append(Student(name, _lessons_of(file, lessons)))
        except BadRequest as error:
            faults.append(str(error))
    if not students:
        raise BadRequest("; ".join(faults))
    print_sentences(faults)
    if args.json:
        print_json({"students": [_as_json(student) for student in students]})
    elif args.csv:
        sys.stdout.write(_as_csv(students))
    elif args.plain or not sys.stdout.isatty():
        _print_lines(students)
    else:
        _print_table(students)
    return 1 if faults else 0


def _lessons_of(file: Path, lessons: Sequence[Lesson]) -> list[Progress]:
    """How far the learner of a record is; the record is read in a copy."""
    bundle = read(file)
    with tempfile.TemporaryDirectory(prefix="toystory-class-") as folder:
        lay_out(bundle, Path(folder))
        store = Store(Path(folder))
        store.check()
        found = progress_of(store, lessons)
        if notices := store.notices():
            raise BadRequest(f"{file}: {' '.join(notices)}")
        return found


def _names(paths: Sequence[Path]) -> list[str]:
    """The students by the names of the files; of several alike, with their folders."""
    short = [path.absolute().parent.name if path.name == NAME else path.stem for path in paths]
    counted = Counter(short)
    return [
        name if counted[name] == 1 else f"{path.absolute().parent.name}/{name}"
        for name, path in zip(short, paths, strict=True)
    ]


def _print_lines(students: Sequence[Student]) -> None:
    for student in students:
        told = student.summary()
        parts = [
            f"{told['chapters']} of {told['of_chapters']} chapters",
            f"{told['exercises']} of {told['of_exercises']} exercises",
            f"{told['right']} of {told['predictions']} predictions right",
            f"{told['claims']} of {told['of_claims']} claims",
            f"{told['runs']} runs, {told['seconds']:,.0f} s of training",
        ]
        if told["last"]:
            parts.append(f"last {told['last'][:10]}")
        print(f"{_shown(student.name)}: {', '.join(parts)}")


def _print_table(students: Sequence[Student]) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title="The class", title_justify="left")
    for heading in ("name", "chapters", "exercises", "predictions right", "claims", "runs", "sec", "last"):
        table.add_column(heading, justify="left" if heading in ("name", "last") else "right")
    for student in students:
        told = student.summary()
        table.add_row(
            _shown(student.name),
            f"{told['chapters']} of {told['of_chapters']}",
            f"{told['exercises']} of {told['of_exercises']}",
            f"{told['right']} of {told['predictions']}",
            f"{told['claims']} of {told['of_claims']}",
            str(told["runs"]),
            f"{told['seconds']:,.0f}",
            (told["last"] or "–")[:10],
        )
    new_console(markup=False).print(table)


def _as_csv(students: Sequence[Student]) -> str:
    """A line a student: the sums, and of each chapter how far it is."""
    chapters = [one.lesson.name for one in students[0].lessons]
    columns = list(students[0].summary())
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*columns, *chapters])
    for student in students:
        told = student.summary()
        states = [_state(one) for one in student.lessons]
        writer.writerow([_cell(value) for value in (*(told[name] for name in columns), *states)])
    return text.getvalue()


def _state(one: Progress) -> str:
    return "holds" if one.record.holds else "begun" if one.begun else "open"


def _cell(value: object) -> str:
    text = "" if value is None else str(value).encode("utf-8", "replace").decode()
    return f"'{text}" if text.startswith(FORMULA) else text


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _as_json(student: Student) -> dict[str, Any]:
    return student.summary() | {"lessons": [lesson_as_json(one) for one in student.lessons]}
