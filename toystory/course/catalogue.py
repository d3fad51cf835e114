"""The chapters in their order: what each is called and about. Light, so that listing them is instant."""

from __future__ import annotations

import difflib
import reprlib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from toystory.course.chapter import Chapter
from toystory.course.prose import read_heading

if TYPE_CHECKING:
    from toystory.course.lesson import Lesson

LESSONS = Path(__file__).parents[1] / "lessons"
"""The folder of the chapters."""

NAMES = ("gate", "regression", "two-layer", "autograd", "mlp", "rnn", "lstm", "attention", "comparison")
"""As on the command line. A chapter's folder has the same name, with _ for -."""


class UnknownChapter(LookupError):
    """There is no chapter of that name; the message names the nearest one and all of them."""


def names() -> tuple[str, ...]:
    """The names of all chapters, in the order of the story."""
    return NAMES


def chapters() -> list[Chapter]:
    """All chapters, in the order of the story."""
    return [_chapter(number, name) for number, name in enumerate(NAMES, start=1)]


def load(name: str) -> Lesson:
    """The chapter `name` with all that is in it. Raises UnknownChapter."""
    found = chapter(name)
    module = import_module(f"toystory.lessons.{_folder_name(name)}.lesson")
    lesson: Lesson = module.lesson(found)
    return lesson


def chapter(name: str) -> Chapter:
    """The line of the table of contents that is called `name`. Raises UnknownChapter."""
    if name not in NAMES:
        near = difflib.get_close_matches(name.lower().replace("_", "-"), NAMES, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}? " if near else ""
        what = f"no lesson is called {reprlib.repr(name)}"
        raise UnknownChapter(f"{what}: {hint}the lessons are {', '.join(NAMES)}")
    return _chapter(NAMES.index(name) + 1, name)


def _chapter(number: int, name: str) -> Chapter:
    folder = LESSONS / _folder_name(name)
    title, about = read_heading(folder / "story.md")
    return Chapter(number, name, title, about, folder)


def _folder_name(name: str) -> str:
    return name.replace("-", "_")
