"""A row of words with their keys: what can be done here, for the mouse too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

GAPS = (2, 1)
"""Blanks between two words: the second one where there is little room."""


@dataclass(frozen=True)
class Tool:
    """key, word: as shown. action: what it does. on: whether it is in force now."""

    key: str
    word: str
    action: str
    on: bool = False


class Tools(Widget):
    """Drawn only when the tools change."""

    DEFAULT_CSS = """
    Tools {
        height: 1;
        padding: 0 2;
    }
    """

    class Chosen(Message):
        """A word was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self) -> None:
        super().__init__()
        self._tools: tuple[Tool, ...] = ()

    def show(self, tools: tuple[Tool, ...]) -> None:
        """Offer these; nothing happens if they are what is offered."""
        if tools != self._tools:
            self._tools = tools
            self.refresh()

    @property
    def _gap(self) -> int:
        words = sum(map(_width, self._tools))
        return next(
            (gap for gap in GAPS if words + gap * len(self._tools) <= self.size.width + gap), GAPS[-1]
        )

    @property
    def _fitting(self) -> Iterator[Tool]:
        """As many as there is room for, each whole."""
        end = 0
        for tool in self._tools:
            if end + _width(tool) > self.size.width:
                return
            yield tool
            end += _width(tool) + self._gap

    def render(self) -> RenderResult:
        parts = []
        for tool in self._fitting:
            word = "bold $text-warning" if tool.on else "$foreground 75%"
            parts += [(tool.key, "bold $primary"), (f" {tool.word}", word), (" " * self._gap, "")]
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        start = 0
        for tool in self._fitting:
            width = _width(tool) + self._gap
            if start <= offset.x < start + width:
                self.post_message(self.Chosen(tool.action))
                return
            start += width


def _width(tool: Tool) -> int:
    return len(tool.key) + 1 + len(tool.word)
