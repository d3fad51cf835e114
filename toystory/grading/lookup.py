"""Which exercise is meant: by a lesson, a lesson and a name, or a learner's file."""

from __future__ import annotations

import difflib
import reprlib
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.course.catalogue import NAMES, chapter
from toystory.course.exercises.exercise import LABEL, Exercise, exercises_of

READ = 65536
"""Bytes of a file that are looked through for the line which tells the exercise."""


def exercises_meant(word: str) -> tuple[Exercise, ...]:
    """Which exercises a word of the command line means.

    Args:
        word: A lesson, for all of its exercises; `lesson/name`, or a name alone, for one.

    Raises:
        BadRequest: None; the nearest is named.
    """
    lesson, slash, name = word.strip("/").partition("/")
    lesson = lesson.replace("_", "-")
    if lesson in NAMES and not slash:
        if found := exercises_of(lesson):
            return found
        raise BadRequest(f"lesson {lesson} has no exercises: it compares what the others built")
    if lesson in NAMES:
        names = chapter(lesson).exercise_names
        if name in names:
            return (_exercise(f"{lesson}/{name}"),)
        what = f"lesson {lesson} has no exercise called {reprlib.repr(name)}"
        raise BadRequest(f"{what}: {_near(name, names)}it has {', '.join(names) or 'none'}")
    keys = _keys()
    named = [key for key in keys if key.partition("/")[2] == word]
    if len(named) == 1:
        return (_exercise(named[0]),)
    if named:
        raise BadRequest(f"{reprlib.repr(word)} could be {' or '.join(named)}")
    what = f"no lesson, exercise or file is called {reprlib.repr(word)}"
    near = _near(word, [*NAMES, *keys, *(key.partition("/")[2] for key in keys)])
    raise BadRequest(f"{what}: {near}'toystory exercise' lists all exercises")


def exercise_of_file(file: Path) -> Exercise:
    """Which exercise a file is of.

    Args:
        file: Its docstring tells; else its name does, in a folder named as the lesson.

    Raises:
        BadRequest: None of them does.
    """
    keys = _keys()
    told = LABEL.search(_top(file))
    by_folder = f"{file.absolute().parent.name.replace('_', '-')}/{file.stem}"
    by_name = [key for key in keys if key.partition("/")[2] == file.stem]
    for key in (told[1] if told else None, by_folder, by_name[0] if len(by_name) == 1 else None):
        if key in keys:
            return _exercise(key)
    raise BadRequest(
        f"which exercise is {file}? Its docstring has no line 'Exercise LESSON/NAME: `toystory check` …': "
        "put it back, or name the file as 'toystory exercise' does"
    )


def looks_like_a_file(word: str) -> bool:
    """Whether a file is meant and not a lesson or an exercise."""
    return word.endswith(".py") or (word.replace("_", "-") not in NAMES and Path(word).is_file())


def _keys() -> list[str]:
    return [f"{lesson}/{name}" for lesson in NAMES for name in chapter(lesson).exercise_names]


def _exercise(key: str) -> Exercise:
    lesson = key.partition("/")[0]
    return next(exercise for exercise in exercises_of(lesson) if exercise.key == key)


def _near(word: str, words: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word, words, n=1)
    return f"did you mean {near[0]}? " if near else ""


def _top(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(READ).decode("utf-8", errors="replace").replace("\r\n", "\n")
    except OSError:
        return ""
