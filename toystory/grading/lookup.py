"""Which exercise is meant: by a lesson, a lesson and a name, or a learner's file."""

from __future__ import annotations

import ast
import re
import reprlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.nearest import nearest
from toystory.course.catalogue import chapter, names
from toystory.course.exercises.exercise import LABEL, Exercise, exercises_of

READ = 65536
"""Bytes of a file that are looked through for the line which tells the exercise."""
NAMELESS = (
    "its name says none, and its docstring has no line 'Exercise LESSON/NAME: `toystory check` …': "
    "put it back, name the file as 'toystory exercise' does, or say --as LESSON/NAME"
)
"""What is told of a file where nothing says the exercise."""


def exercises_meant(word: str) -> tuple[Exercise, ...]:
    """Which exercises a word of the command line means.

    Args:
        word: A lesson, for all of its exercises; `lesson/name`, or a name alone, for one.

    Raises:
        BadRequest: None; the nearest is named.
    """
    lesson, slash, name = word.strip("/").partition("/")
    lesson = lesson.replace("_", "-")
    if lesson in names() and not slash:
        if found := exercises_of(lesson):
            return found
        raise BadRequest(f"lesson {lesson} has no exercises")
    if lesson in names():
        own = chapter(lesson).exercise_names
        if name in own:
            return (_exercise(f"{lesson}/{name}"),)
        what = f"lesson {lesson} has no exercise called {reprlib.repr(name)}"
        raise BadRequest(f"{what}: {_near(name, own)}it has {', '.join(own) or 'none'}")
    keys = _keys()
    named = [key for key in keys if key.partition("/")[2] == word]
    if len(named) == 1:
        return (_exercise(named[0]),)
    if named:
        raise BadRequest(f"{reprlib.repr(word)} could be {' or '.join(named)}")
    what = f"no lesson, exercise or file is called {reprlib.repr(word)}"
    near = _near(word, [*names(), *keys, *(key.partition("/")[2] for key in keys)])
    raise BadRequest(f"{what}: {near}'toystory exercise' lists all exercises")


@dataclass(frozen=True)
class Named:
    """What a file is of.

    Attributes:
        exercise: None where nothing tells.
        told: What a reader should know: why there is none, or that name and label differ.
    """

    exercise: Exercise | None
    told: str = ""


@dataclass(frozen=True)
class Found:
    """The exercise that a file is of. told: as in Named."""

    exercise: Exercise
    told: str = ""


def named_exercise(parts: Sequence[str], text: str, as_set: Sequence[Exercise] = ()) -> Named:
    """Which exercise a file is judged as: what was set, else what its name says, else its label.

    Args:
        parts: The names of the folders around it, as far as they tell, and its own.
        text: What stands in it.
        as_set: The exercises that were set, if that is known.
    """
    label = LABEL.search(text.replace("\r\n", "\n")[:READ])
    labelled = label[1] if label else ""
    keys = _keys()
    pool = [exercise.key for exercise in as_set] or keys
    by_name = _keys_by_name(parts, keys)
    fitting = [key for key in by_name if key in pool]
    if len(pool) == 1:
        chosen = pool[0]
    elif len(fitting) == 1:
        chosen = fitting[0]
    elif labelled in (fitting or pool):
        chosen = labelled
    else:
        return Named(None, _which(fitting, labelled, bool(as_set)) or no_code(parts[-1], text) or NAMELESS)
    said = []
    if labelled and labelled != chosen:
        said.append(f"its label says {labelled}")
    if len(by_name) == 1 and by_name[0] != chosen:
        said.append(f"its name says {by_name[0]}")
    told = f"{' and '.join(said)}: it is judged as {chosen}" if said else ""
    return Named(_exercise(chosen), told)


def names_of(file: Path) -> tuple[str, str]:
    """The name of the folder that a file stands in, and its own: what may tell of which exercise it is."""
    return (file.absolute().parent.name, file.name)


def without_exercise(stem: str) -> str:
    """What is left of the name of a file without the exercise in it: the student's name, if it has one."""
    plain = _plain_name(stem)
    for lesson, _, name in sorted((key.partition("/") for key in _keys()), key=lambda parts: -len(parts[2])):
        for word in (f"{_plain_name(lesson)}_{name}", name):
            at = f"_{plain}_".find(f"_{word}_")
            if at >= 0:
                left = (stem[:at].rstrip(" _-."), stem[at + len(word) :].lstrip(" _-."))
                return " ".join(part for part in left if part)
    return stem


def exercise_of_file(file: Path, as_set: Sequence[Exercise] = ()) -> Found:
    """Which exercise a file is of.

    Args:
        file: Its name tells, with that of its folder; else its docstring does.
        as_set: What was set, if that is known.

    Returns:
        The exercise, and what is told of a name and a label that differ.

    Raises:
        BadRequest: Nothing tells.
    """
    top = _top(file)
    named = named_exercise(names_of(file), top, as_set)
    if named.exercise is None:
        asks = "" if named.told == no_code(file.name, top) else f"which exercise is {file}? "
        raise BadRequest(f"{asks}{named.told}")
    return Found(named.exercise, named.told)


def no_code(name: str, text: str) -> str:
    """Why there is nothing to run in a file named as Python's are: it is empty, or not Python; else "".

    Args:
        name: Of the file.
        text: What stands in it; nothing of it is run, and a text as long as `READ` is not looked at.
    """
    if not name.endswith(".py") or len(text) >= READ:
        return ""
    if not text.strip():
        return f"{name} is empty"
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(text)
    except SyntaxError as error:
        return f"{name} is not Python, in line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"{name} is not Python: {error}"
    return ""


def _which(fitting: Sequence[str], labelled: str, is_set: bool) -> str:
    if fitting:
        label = f", and its label says {labelled}" if labelled else ""
        return f"by its name it could be {' or '.join(fitting)}{label}: --as LESSON/NAME says which"
    return f"its label says {labelled}, which was not set" if labelled and is_set else ""


def _keys_by_name(parts: Sequence[str], keys: Sequence[str]) -> list[str]:
    """The exercises that the name of a file speaks of, those alone that fit best."""
    *folders, name = parts
    stem = _plain_name(Path(name).stem)
    around = {_plain_name(folder) for folder in folders}
    best: list[str] = []
    most = 0
    for key in keys:
        lesson, _, exercise = key.partition("/")
        lesson = _plain_name(lesson)
        if f"_{lesson}_{exercise}_" in f"_{stem}_":
            fits = len(lesson) + len(exercise) + 2
        elif f"_{exercise}_" in f"_{stem}_":
            fits = len(exercise) + (len(lesson) + 2 if lesson in around else 0)
        else:
            continue
        if fits > most:
            best, most = [], fits
        if fits == most:
            best.append(key)
    return best


def _plain_name(name: str) -> str:
    """In small letters, all else than letters and digits as _; as long as before."""
    return re.sub(r"\W", "_", "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in name))


def looks_like_a_file(word: str) -> bool:
    """Whether a file is meant and not a lesson or an exercise."""
    if word.endswith(".py") or word.replace("_", "-") in names():
        return word.endswith(".py")
    try:
        return Path(word).is_file()
    except (OSError, ValueError):  # no system has such names
        return False


def _keys() -> tuple[str, ...]:
    return _keys_of(names())


@cache
def _keys_of(lessons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{lesson}/{name}" for lesson in lessons for name in chapter(lesson).exercise_names)


def _exercise(key: str) -> Exercise:
    lesson = key.partition("/")[0]
    for exercise in exercises_of(lesson):
        if exercise.key == key:
            return exercise
    raise BadRequest(f"the exercise {key} can't be read")


def _near(word: str, words: list[str] | tuple[str, ...]) -> str:
    near = nearest(word, words)
    return f"did you mean {near}? " if near else ""


def _top(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(READ).decode("utf-8", errors="replace").replace("\r\n", "\n")
    except OSError:
        return ""
