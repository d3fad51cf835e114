"""Lines of words that go on indented where they have to be broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

LEAST = 10
"""Columns that the words have at least."""


class HangingLine(NamedTuple):
    """What goes on `indent` columns in, where the first line has something else, such as a label."""

    content: Content
    indent: int = 0


def wrapped_lines(line: HangingLine, width: int) -> list[Content]:
    """The line in as many as it takes at this width.

    Args:
        line: The line.
        width: Columns.
    """
    first, words = line.content[: line.indent], line.content[line.indent :]
    if not words:
        return [first]
    head, *more = words.wrap(max(width - line.indent, LEAST))
    return [first + head, *(Content(" " * line.indent) + part for part in more)]


def hanging_text(line: HangingLine, width: int) -> Content:
    """The same as one text.

    Args:
        line: The line.
        width: Columns.
    """
    return Content("\n").join(wrapped_lines(line, width))


class HangingIndent(Widget):
    """Shows lines, each below the other, as high as they are."""

    DEFAULT_CSS = """
    HangingIndent {
        width: 100%;
        height: auto;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[HangingLine, ...] = ()

    def show(self, lines: Sequence[HangingLine]) -> None:
        """Draw these."""
        self._lines = tuple(lines)
        self.refresh(layout=True)

    @property
    def text(self) -> str:
        """What stands there, each line in one."""
        return "\n".join(line.content.plain for line in self._lines)

    def render(self) -> RenderResult:
        return Content("\n").join(self._wrapped(self.size.width))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._wrapped(width))

    def _wrapped(self, width: int) -> list[Content]:
        return [part for line in self._lines for part in wrapped_lines(line, width)]
