"""What a class has handed in: a folder or a zip a student, or files that are named after students."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from toystory.course import catalogue
from toystory.course.exercises.exercise import Exercise, Wrong
from toystory.grading.failures import Source
from toystory.grading.homework.archive import MOST_ARCHIVE, BadArchive, read_zip
from toystory.grading.lookup import Named, named_exercise, without_exercise
from toystory.grading.recognise import is_unnamed_model, judged_as
from toystory.grading.source import read_source, to_source

IGNORED = ("__pycache__", "__MACOSX", "node_modules", "venv", "Thumbs.db", "desktop.ini")
LINK = "it is a link: it is not followed"
MOST_FILES = 500
"""Of one student."""
ARCHIVES = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
MOODLE = re.compile(r"^(?P<name>.+?)_\d+_assignsubmission_\w+$")
CANVAS = re.compile(r"^(?P<name>[^_]+)(?:_LATE)?_\d+_\d+_(?P<rest>.+)$")


@dataclass(frozen=True)
class Submission:
    """A file that was handed in.

    Attributes:
        student: Whose, by the name of the folder, the zip or the file; "" where none of them tells.
        file: Where it stands, for the reader.
        exercise: What it is judged as; None where nothing tells.
        source: Its text; None where it can't be read or is not judged.
        fault: Why it is not judged; "" where it is.
        note: What a grader should know: that label and name differ.
    """

    student: str
    file: str
    exercise: Exercise | None = None
    source: Source | None = None
    fault: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Found:
    """A file before anybody asks what it is of. parts: the names from the student's folder down."""

    student: str
    file: str
    parts: tuple[str, ...]
    source: Source | None
    fault: str = ""


Know = Callable[[Sequence[Source]], Sequence[Exercise | str]]
"""Says which whole models these are, or why nobody knows."""


def submissions(
    places: Sequence[Path], as_set: Sequence[Exercise] = (), know: Know | None = None
) -> list[Submission]:
    """All that was handed in, by student and file.

    Args:
        places: Folders of submissions, or single files.
        as_set: The exercises that were set; a file is judged as one of them, whatever it says of itself.
            Empty: by its name, else by its label.
        know: Asked about files that read like whole models and do not say which.

    Returns:
        A row for each file, the unknown among them; and, where it is known what was set, for each that is
        missing.
    """
    found = [each for place in places for each in _files_in(place)]
    rows = [_judged_as(each, as_set) for each in found]
    if know is not None and len(as_set) != 1:
        rows = _known_by_what_they_do(rows, found, as_set, know)
    if len(as_set) == 1:
        rows = _only_the_named(rows, found, as_set[0])
    rows += _missing(rows, as_set)
    return sorted(rows, key=lambda row: (row.student.casefold(), row.file))


def _judged_as(found: _Found, as_set: Sequence[Exercise]) -> Submission:
    if found.source is None:
        return Submission(found.student, found.file, fault=found.fault)
    named = named_exercise(found.parts, found.source.text, as_set)
    if named.exercise is None:
        return Submission(found.student, found.file, source=found.source, fault=named.told)
    return Submission(found.student, found.file, named.exercise, found.source, note=named.told)


def _known_by_what_they_do(
    rows: list[Submission], found: list[_Found], as_set: Sequence[Exercise], know: Know
) -> list[Submission]:
    """The rows, whole models among them that nobody has named known by what they do."""
    asked = [
        place
        for place, each in enumerate(found)
        if each.source is not None and is_unnamed_model(each.parts, each.source.text)
    ]
    sources = [each.source for each in (found[place] for place in asked) if each.source is not None]
    rows = list(rows)
    for place, exercise in zip(asked, know(sources) if sources else (), strict=True):
        row = rows[place]
        if isinstance(exercise, str):
            rows[place] = replace(row, exercise=None, fault=exercise, note="")
        elif as_set and exercise not in as_set:
            told = f"by what it offers it is {exercise.key}, which was not set"
            rows[place] = replace(row, exercise=None, fault=told, note="")
        else:
            rows[place] = replace(row, exercise=exercise, fault="", note=judged_as(exercise))
    return rows


def _only_the_named(rows: list[Submission], found: list[_Found], exercise: Exercise) -> list[Submission]:
    """Of a student with a file named as the one exercise that was set, that file alone."""
    named = {each.student for each in found if each.source is not None and _is_named(each, exercise)}
    return [
        row
        for row, each in zip(rows, found, strict=True)
        if each.student not in named or row.source is None or _is_named(each, exercise)
    ]


def _is_named(found: _Found, exercise: Exercise) -> bool:
    named: Named = named_exercise(found.parts, "", ())
    return (named.exercise is not None and named.exercise.key == exercise.key) or (
        PurePosixPath(found.parts[-1]).stem == exercise.name
    )


def _missing(rows: list[Submission], as_set: Sequence[Exercise]) -> Iterator[Submission]:
    for student in dict.fromkeys(row.student for row in rows if row.student):
        there = {row.exercise.key for row in rows if row.student == student and row.exercise}
        for exercise in as_set:
            if exercise.key not in there:
                yield Submission(student, "", exercise, fault="nothing was handed in")


def _files_in(place: Path) -> Iterator[_Found]:
    """The files of a place that was named: links among what the grader names are followed, others not."""
    if not place.is_dir():
        yield from _single(place, place.name)
        return
    children = _children(place)
    folders = [child for child in children if child.is_dir() and not child.is_symlink()]
    ours = {name for lesson in catalogue.names() for name in (lesson, lesson.replace("-", "_"))}
    if folders and all(folder.name in ours for folder in folders):
        student = _student(place.absolute().name)
        yield from _under(place, student, place.name or student)
        return
    for child in children:
        if child.is_symlink():
            yield _Found(
                _student(child.stem), child.name, (child.name,), None, "it is a link: it is not followed"
            )
        elif child.is_dir():
            yield from _under(child, _student(child.name), child.name)
        else:
            yield from _single(child, child.name, place.absolute().name)


def _single(file: Path, shown: str, around: str = "") -> Iterator[_Found]:
    """A zip, or a file that is named after its student. around: the folder's name."""
    if file.suffix.lower() == ".zip":
        yield from _in_zip(file, _student(file.stem), shown)
        return
    stem = file.stem
    parts: tuple[str, ...] = (file.name,)
    if canvas := CANVAS.match(stem):
        student, parts = canvas["name"], (f"{canvas['rest']}{file.suffix}",)
    elif file.suffix != ".py":
        student = ""
    else:
        # sigmoid.py alone tells of no student: then the folder's name does.
        student = without_exercise(stem) or _student(around or file.absolute().parent.name)
    yield _read(file, student, shown, parts)


def _under(folder: Path, student: str, shown: str) -> Iterator[_Found]:
    """All files of one student, however deep."""
    count = 0
    waiting: list[tuple[Path, str, tuple[str, ...]]] = [(folder, shown, (folder.name,))]
    while waiting:
        at, shown_at, parts = waiting.pop()
        try:
            children = _children(at)
        except OSError as error:
            yield _Found(student, shown_at, parts, None, f"it can't be read: {error.strerror or error}")
            continue
        for child in children:
            name = f"{shown_at}/{child.name}"
            if child.is_symlink():
                yield _Found(student, name, (*parts, child.name), None, LINK)
            elif child.is_dir():
                waiting.append((child, name, (*parts, child.name)))
            elif child.suffix.lower() == ".zip":
                yield from _in_zip(child, student, name)
            else:
                count += 1
                if count > MOST_FILES:
                    fault = f"there are more than {MOST_FILES} files: the rest is not judged"
                    yield _Found(student, name, parts, None, fault)
                    return
                yield _read(child, student, name, (*parts, child.name))


def _in_zip(file: Path, student: str, shown: str) -> Iterator[_Found]:
    try:
        if file.stat().st_size > MOST_ARCHIVE:
            raise BadArchive(f"it is larger than {MOST_ARCHIVE // 2**20} MB")
        for entry in read_zip(file.read_bytes()):
            path = PurePosixPath(entry.path)
            if any(_is_ignored(part) for part in path.parts):
                continue
            name = f"{shown}/{entry.path}"
            parts = (student, *path.parts)
            if entry.fault or path.suffix != ".py":
                yield _Found(student, name, parts, None, entry.fault or _no_python(path.suffix))
                continue
            try:
                yield _Found(student, name, parts, to_source(path.name, entry.data))
            except Wrong as error:
                yield _Found(student, name, parts, None, error.sentence)
    except BadArchive as error:
        yield _Found(student, shown, (shown,), None, str(error))
    except OSError as error:
        yield _Found(student, shown, (shown,), None, f"it can't be read: {error.strerror or error}")


def _read(file: Path, student: str, shown: str, parts: tuple[str, ...]) -> _Found:
    if file.suffix != ".py":
        return _Found(student, shown, parts, None, _no_python(file.suffix.lower()))
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for
            return _Found(student, shown, parts, None, "it is no regular file: it is not opened")
        return _Found(student, shown, parts, read_source(file))
    except Wrong as error:
        return _Found(student, shown, parts, None, error.sentence)
    except OSError as error:
        return _Found(student, shown, parts, None, f"it can't be read: {error.strerror or error}")


def _no_python(suffix: str) -> str:
    if suffix in ARCHIVES:
        return "it can't be opened: of archives, a .zip can"
    return "it is no Python file"


def _children(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if not _is_ignored(child.name))


def _is_ignored(name: str) -> bool:
    return (name.startswith(".") and name != "..") or name in IGNORED or name.endswith(".pyc")


def _student(name: str) -> str:
    """The student by the name of a folder or a zip, without what learning platforms add to it."""
    for platform in (MOODLE, CANVAS):
        if told := platform.match(name):
            return told["name"].strip()
    return name
