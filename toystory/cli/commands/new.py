"""`toystory new lesson`: a lesson that works, to be made into one's own."""

from __future__ import annotations

import argparse
import os
import re
import shutil
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.base.files import make_folder, write_new
from toystory.course import own_lessons
from toystory.course.catalogue import NAMES
from toystory.course.own_lessons import NAME, VARIABLE

SKELETON = "toystory.cli.skeleton"
TEXT = ".txt"
"""At the end of the names of Python files there: they are none before their names are put in."""


def answer(args: argparse.Namespace) -> int:
    """Write the folder of the lesson and say how to see it; 0.

    Raises:
        BadRequest: The name can't be one, or is taken.
        OSError: A file can't be written.
    """
    module = args.name.replace("-", "_")
    name = module.replace("_", "-")
    if not re.fullmatch(NAME, module):
        raise BadRequest(f"{args.name} can't be a lesson's name: small letters, digits and -, a letter first")
    if name in NAMES:
        raise BadRequest(f"a chapter of the story is called {name}: choose another name")
    folder = (args.out or Path(os.environ.get(VARIABLE, "").split(os.pathsep)[0] or ".")) / module
    if folder.exists():
        raise BadRequest(f"{folder} is there already: choose another name, or --out DIR")
    make_folder(folder)
    try:
        written = _write(folder, name, module)
    except OSError:  # half a lesson is none, and its name would be taken
        shutil.rmtree(folder, ignore_errors=True)
        raise
    print(*written, sep="\n")
    own_lessons.forget()
    around = folder.parent
    print(f"\nSee it:   toystory --lessons {around} {name}")
    print(f"Run it:   toystory --lessons {around} run --lesson {name}")
    print(f"Test it:  python -m pytest {folder}")
    return 0


def _write(folder: Path, name: str, module: str) -> list[Path]:
    """Put its own names into the skeleton. Raises OSError.

    Args:
        folder: Of the lesson.
        name: As it is asked for.
        module: As Python has it.
    """
    written = []
    title = name.replace("-", " ").capitalize()
    for path, text in _skeleton(files(SKELETON)):
        file = folder / path.removesuffix(TEXT).replace("NAME", module)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_new(file, text.replace("«name»", name).replace("«module»", module).replace("«Title»", title))
        written.append(file)
    return written


def _skeleton(folder: Traversable, above: str = "") -> list[tuple[str, str]]:
    """The files of the skeleton, by their paths in it."""
    found: list[tuple[str, str]] = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        path = f"{above}{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _skeleton(entry, f"{path}/")
        elif entry.name.endswith((TEXT, ".md")):
            found.append((path, entry.read_text(encoding="utf-8")))
    return found
