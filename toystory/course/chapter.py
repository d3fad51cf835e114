"""A chapter as the table of contents knows it: light, so that listing chapters is instant."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Chapter(NamedTuple):
    """A line of the table of contents. folder: where its Markdown stands. own: whether others wrote it."""

    number: int
    name: str
    title: str
    about: str
    folder: Path
    own: bool = False

    @property
    def module(self) -> str:
        """The package that its modules are in."""
        return f"toystory.lessons.{self.folder.name}"

    @property
    def exercise_names(self) -> tuple[str, ...]:
        """The names of its exercises, in no order: the files themselves are not read."""
        files = (self.folder / "exercises").glob("*.py")
        return tuple(sorted(file.stem for file in files if not file.name.startswith("_")))
