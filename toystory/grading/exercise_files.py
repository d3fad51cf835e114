"""The learner's files: where they stand, and how they are written without losing anything."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from toystory.base import files
from toystory.base.paths import expanded, home
from toystory.course.exercises.exercise import Exercise

DEFAULT = "exercises"
REMEMBERED = "exercises-folder.txt"


@dataclass(frozen=True)
class Written:
    """path: the learner's file. made: whether it was written now. aside: where the one before it went."""

    path: Path
    made: bool
    aside: Path | None = None


def exercises_folder() -> Path:
    """Where the learner's exercises are: the folder chosen last, else one in the learner's home."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        chosen = (home() / REMEMBERED).read_text(encoding="utf-8").strip()
        # One that is not there is that of another machine, whose home was copied here.
        if chosen and (home() / chosen).is_dir():
            return home() / chosen
    return home() / DEFAULT


def remember_folder(folder: Path) -> Path:
    """Keep the exercises there from now on; the folder, from the root. What is elsewhere stays there."""
    folder = expanded(folder, "--folder").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    home().mkdir(parents=True, exist_ok=True)
    inside = folder.relative_to(home().absolute()) if folder.is_relative_to(home().absolute()) else folder
    files.write(home() / REMEMBERED, f"{inside}\n")
    return folder


def path_of(exercise: Exercise, folder: Path | None = None) -> Path:
    """The learner's file for this exercise, whether it is there or not.

    Args:
        exercise: Which one.
        folder: Where to look; the learner's own unless given.
    """
    return (folder or exercises_folder()) / exercise.lesson / f"{exercise.name}.py"


def begin(exercise: Exercise, fresh: bool = False, folder: Path | None = None) -> Written:
    """Write the learner's file, unless it is there.

    Args:
        exercise: Whose.
        fresh: Set the one that is there aside first.
        folder: Another than the learner's.
    """
    path = path_of(exercise, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = set_aside(path) if fresh and path.exists() else None
    try:
        files.write_new(path, exercise.start)
    except FileExistsError:
        return Written(path, made=False)
    return Written(path, made=True, aside=aside)


def set_aside(path: Path) -> Path:
    """Give the file a name of its own beside it: sigmoid.1.py. Returns the new path."""
    other = free_name(path)
    path.rename(other)
    return other


def free_name(path: Path) -> Path:
    """A name beside the file that nothing has: sigmoid.1.py."""
    number = 1
    while (other := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        number += 1
    return other
