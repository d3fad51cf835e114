"""The chapters in their order: what each is called and about. Light, so that listing them is instant.

Behind the chapters of the story come the lessons that others wrote (`own_lessons.py`). A fault in one of
those is told and takes nothing else down.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from toystory.base.errors import BadProse
from toystory.base.nearest import nearest
from toystory.course.chapter import Chapter
from toystory.course.own_lessons import Place, own_lessons, where
from toystory.course.text.heading import read_heading

if TYPE_CHECKING:
    from toystory.course.lesson import Lesson

LESSONS = Path(__file__).parents[1] / "lessons"
"""The folder of the chapters."""

NAMES = ("gate", "regression", "two-layer", "autograd", "mlp", "rnn", "lstm", "attention", "comparison")
"""The chapters of the story, as on the command line. A chapter's folder has the same name, with _ for -."""

_told: dict[str, bool] = {}
"""Faults in others' lessons, and whether they were told."""
_without_heading: dict[str, str] = {}
"""What is wrong with the lessons that can't even be listed, by their names."""


class UnknownChapter(LookupError):
    """There is no chapter of that name; the message names the nearest one and all of them."""


class BrokenLesson(BadProse):
    """A lesson that others wrote can't be opened; the message says why, with file and line."""


def names() -> tuple[str, ...]:
    """The names of all chapters: those of the story in its order, then the lessons that others wrote."""
    return (*NAMES, *(chapter.name for chapter in _own_chapters()))


def chapters() -> list[Chapter]:
    """All chapters, in the same order."""
    return [*(_chapter(number, name) for number, name in enumerate(NAMES, start=1)), *_own_chapters()]


def load(name: str) -> Lesson:
    """The chapter `name` with all that is in it.

    Raises:
        UnknownChapter: There is none.
        BrokenLesson: It was written by others and can't be opened.
    """
    found = chapter(name)
    if found.own:
        return _load_own(found)
    module = import_module(f"{found.module}.lesson")
    lesson: Lesson = module.lesson(found)
    return lesson.in_language()


def load_all(wanted: Iterable[str] | None = None) -> list[Lesson]:
    """Several chapters, or all; those that can't be opened are left out and told by `notices`."""
    loaded = []
    for name in names() if wanted is None else wanted:
        try:
            loaded.append(load(name))
        except BrokenLesson as error:
            tell(str(error))
    return loaded


def chapter(name: str) -> Chapter:
    """The line of the table of contents that is called `name`. Raises UnknownChapter, BrokenLesson."""
    if name in NAMES:
        return _chapter(NAMES.index(name) + 1, name)
    for own in _own_chapters():
        if own.name == name:
            return own
    if fault := _without_heading.get(name):
        _told[fault] = True
        raise BrokenLesson(fault)
    every = names()
    near = nearest(name.lower().replace("_", "-"), every, cutoff=0.4)
    hint = f"did you mean {near}? " if near else ""
    what = f"no lesson is called {reprlib.repr(name)}"
    raise UnknownChapter(f"{what}: {hint}the lessons are {', '.join(every)}")


def tell(fault: str) -> None:
    """Have a fault in somebody's lesson among the notices, once."""
    _told.setdefault(fault, False)


def notices() -> list[str]:
    """What is wrong with lessons that others wrote, and was not told yet."""
    _own_chapters()
    new = [fault for fault, told in _told.items() if not told]
    _told.update(dict.fromkeys(new, True))
    return new


def _chapter(number: int, name: str) -> Chapter:
    folder = LESSONS / name.replace("-", "_")
    title, about = read_heading(folder / "story.md")
    return Chapter(number, name, title, about, folder)


def _own_chapters() -> list[Chapter]:
    found = own_lessons()
    _without_heading.clear()
    for fault in found.faults:
        tell(fault)
    made: list[Chapter] = []
    for place in found.places:
        if one := _own_chapter(len(NAMES) + len(made) + 1, place):
            made.append(one)
    return made


def _own_chapter(number: int, place: Place) -> Chapter | None:
    if place.name in NAMES:
        tell(f"the lesson {place.folder} is left out: a chapter of the story has that name")
        return None
    try:
        title, about = read_heading(place.folder / "story.md")
    except BadProse as error:
        fault = f"lesson {place.name}: {error}"
    except OSError as error:
        fault = f"lesson {place.name}: {place.folder / 'story.md'} can't be read: {error}"
    else:
        return Chapter(number, place.name, title, about, place.folder, own=True)
    tell(fault)
    _without_heading[place.name] = fault
    return None


def _load_own(chapter: Chapter) -> Lesson:
    from toystory.course.lesson import Lesson
    from toystory.course.lesson_check import check_lesson

    try:
        made = import_module(f"{chapter.module}.lesson").lesson(chapter)
        if not isinstance(made, Lesson):
            raise TypeError(f"lesson(chapter) gave {type(made).__name__}, not a Lesson")
        check_lesson(made)
        for part in ("story", "prediction", "recap", "recall", "sources"):
            getattr(made, part)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BadProse as error:
        raise BrokenLesson(f"lesson {chapter.name}: {error}") from error
    except BaseException as error:  # SystemExit too: it is a fault like any other
        raise BrokenLesson(f"lesson {chapter.name}: {where(error, chapter.folder)}") from error
    return made.in_language()
