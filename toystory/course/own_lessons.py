"""Lessons that do not come with the program: from folders, and from packages that offer them.

A folder of lessons has a folder a lesson, built as ours are. A package names the folder of each of its
lessons as an entry point of the group `toystory.lessons`. Light: nothing of a lesson is imported before it is
opened.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

VARIABLE = "TOYSTORY_LESSONS"
"""Folders of lessons, separated as in PATH."""
GROUP = "toystory.lessons"
NAME = r"[a-z][a-z0-9_]*"
PACKAGE = "toystory.lessons"
"""What the modules of every lesson are imported from, its own name last."""


class Place(NamedTuple):
    """A lesson's name on the command line, and its folder."""

    name: str
    folder: Path


class Found(NamedTuple):
    """The lessons that were found, and what is wrong with others, in sentences."""

    places: tuple[Place, ...]
    faults: tuple[str, ...]


def own_lessons() -> Found:
    """All that were found; their modules can be imported from now on."""
    return _own_lessons(os.environ.get(VARIABLE, ""), tuple(sys.path))


def forget() -> None:
    """Look anew: a lesson was written."""
    _own_lessons.cache_clear()


def where(error: BaseException, folder: Path) -> str:
    """What went wrong in a lesson's code, and in which line of which file.

    Args:
        error: What was raised.
        folder: Of the lesson: the last of its own lines is told.
    """
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        hint = ": save it as UTF-8" if "utf-8" in error.msg.lower() else ""
        return f"{error.filename}, line {error.lineno}: {type(error).__name__}: {error.msg}{hint}"
    place = ""
    step = error.__traceback__
    while step is not None:
        file = Path(step.tb_frame.f_code.co_filename)
        if file.is_relative_to(folder):
            place = f"{file}, line {step.tb_lineno}: "
        step = step.tb_next
    if isinstance(error, OSError) and error.filename:
        return f"{place}{error.filename}: {error.strerror}"
    return f"{place}{said}"


@cache
def _own_lessons(setting: str, _path: tuple[str, ...]) -> Found:
    places: dict[str, Place] = {}
    faults: list[str] = []
    for part in filter(None, setting.split(os.pathsep)):
        folder = Path(part).expanduser().absolute()
        if not folder.is_dir():
            faults.append(f"there is no folder of lessons {folder}")
            continue
        found = list(_in_folder(folder))
        if not found:
            faults.append(f"there is no lesson in {folder}: a lesson is a folder with story.md and lesson.py")
        for place in found:
            _add(place, places, faults)
    for place in _offered(faults):
        _add(place, places, faults)
    _make_importable(places.values())
    return Found(tuple(places.values()), tuple(faults))


def _in_folder(folder: Path) -> Iterator[Place]:
    """The lessons in it; itself, where it is one."""
    for each in [folder] if _is_lesson(folder) else sorted(folder.iterdir()):
        if _is_lesson(each):
            yield Place(each.name.replace("_", "-"), each)


def _is_lesson(folder: Path) -> bool:
    return (folder / "story.md").is_file() and (folder / "lesson.py").is_file()


def _add(place: Place, places: dict[str, Place], faults: list[str]) -> None:
    if not re.fullmatch(NAME, place.folder.name):
        faults.append(
            f"the lesson {place.folder} is left out: name its folder with small letters, digits and _"
        )
    elif place.name in places:
        faults.append(f"the lesson {place.folder} is left out: {places[place.name].folder} has that name")
    else:
        places[place.name] = place


def _offered(faults: list[str]) -> Iterator[Place]:
    """The lessons of packages."""
    if not _is_any_offered():
        return
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    for point in sorted(entry_points(group=GROUP)):
        try:
            spec = find_spec(point.value)
            folder = next(iter((spec and spec.submodule_search_locations) or ()))
        except Exception as error:  # whatever a package does when it is imported
            said = f"{type(error).__name__}: {error}"
            faults.append(f"the lesson {point.name} of the package {point.value} can't be found ({said})")
            continue
        if _is_lesson(Path(folder)):
            yield Place(point.name, Path(folder))
        else:
            faults.append(f"the lesson {point.name} is left out: {folder} has no story.md or no lesson.py")


def _is_any_offered() -> bool:
    """Whether any package offers lessons, without the time that importlib.metadata takes to load."""
    for entry in dict.fromkeys(sys.path):
        try:
            names = [name for name in os.listdir(entry or ".") if name.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue
        for name in names:
            try:
                with open(os.path.join(entry, name, "entry_points.txt"), encoding="utf-8") as file:
                    if f"[{GROUP}]" in file.read():
                        return True
            except (OSError, ValueError):
                continue
    return False


def _make_importable(places: Iterable[Place]) -> None:
    """Have `toystory.lessons.NAME` found in the folders that the lessons stand in, after our own."""
    package = import_module(PACKAGE)
    for place in places:
        around = str(place.folder.parent)
        if around not in package.__path__:
            package.__path__.append(around)
