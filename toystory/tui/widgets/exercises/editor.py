"""An editor for Python: colours that suit the theme, indentation, and a way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import LanguageDoesNotExist, TextAreaTheme

from toystory.tui.widgets.deferred import after_refresh

INDENT = 4
WRAPS_BELOW = 84
"""Columns that the lines of an exercise need beside their numbers; with fewer they are wrapped."""
KINDS = {
    "comment": "grey",
    "string string.documentation": "green",
    "number float boolean constant.builtin": "yellow",
    "keyword keyword.function keyword.return keyword.operator": "magenta",
    "conditional repeat include exception": "magenta",
    "function function.call method method.call class type": "blue",
}
"""What tree-sitter calls the parts of a program, and the colour of the terminal's sixteen that they get."""
COLORS = {"green": 2, "yellow": 3, "blue": 4, "magenta": 5, "grey": 8}


ODD_SEPARATORS = {
    "\x0b": "␋",
    "\x0c": "␌",
    "\x1c": "␜",
    "\x1d": "␝",
    "\x1e": "␞",
    "\x85": "␤",
    "\u2028": "¶",
    "\u2029": "§",
    "\r": "␍",
}
"""What ends a line for Textual's document, though not for Python, and what is shown in its place."""
SPARE = 0xE000
"""Characters that nobody uses begin here."""


def stand_ins(text: str) -> dict[str, str]:
    """For every odd separator in `text` a character that is not in it."""
    odd = dict(ODD_SEPARATORS)
    if text.count("\r\n") == text.count("\n"):  # all lines end alike: that is kept as it is
        del odd["\r"]
    spare = (chr(SPARE + n) for n in range(len(text) + 1) if chr(SPARE + n) not in text)
    return {mark: next(spare) if shown in text else shown for mark, shown in odd.items() if mark in text}


class Editor(TextArea):
    """What is typed in it triggers no key of the app; escape leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "dedent", "dedent", show=False, id="editor.dedent"),
    ]

    class Left(Message):
        """Escape was pressed."""

    def __init__(self, id: str | None = None) -> None:
        self._stand_ins: dict[str, str] = {}
        super().__init__(
            id=id,
            theme="css",
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            highlight_cursor_line=True,
            max_checkpoints=500,
        )

    def on_mount(self) -> None:
        self._color()
        self.app.theme_changed_signal.subscribe(self, lambda _: self._color())
        try:
            self.language = "python"
        except LanguageDoesNotExist:
            # The package with the grammar is not there: plain text does it too.
            self.language = None

    def on_unmount(self) -> None:
        self.app.theme_changed_signal.unsubscribe(self)  # the app would keep it

    def watch(
        self, obj: DOMNode, attribute_name: str, callback: Callable[..., Any], init: bool = True
    ) -> None:
        # Textual's own part of it watches the theme of the app, which keeps whoever does: `_color` will do.
        if obj is not self.app:
            super().watch(obj, attribute_name, callback, init)

    def _color(self) -> None:
        ansi = self.app.ansi_theme
        styles: dict[str, Style] = {}
        for kinds, name in KINDS.items():
            red, green, blue = ansi.ansi_colors[COLORS.get(name, COLORS["grey"])]
            styles |= dict.fromkeys(kinds.split(), Style(color=f"#{red:02x}{green:02x}{blue:02x}"))
        self.register_theme(TextAreaTheme(self.app.theme, syntax_styles=styles))
        self.theme = self.app.theme

    @property
    def text(self) -> str:
        """What is in it, with every separator that stood in what was loaded."""
        return super().text.translate({ord(shown): mark for mark, shown in self._stand_ins.items()})

    @text.setter
    def text(self, text: str) -> None:
        self.load_text(text)

    def load_text(self, text: str) -> None:
        """Show this text; separators that would become ends of lines are shown as signs."""
        self._stand_ins = stand_ins(text)
        super().load_text(text.translate({ord(mark): shown for mark, shown in self._stand_ins.items()}))

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.Left())
        elif event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self.replace("\n" + self._indentation(), *self.selection, maintain_selection_offset=False)

    def _indentation(self) -> str:
        """Of a line that is begun where the cursor stands."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        spaces = before[: len(before) - len(before.lstrip(" "))]
        return spaces + " " * INDENT if before.rstrip().endswith(":") else spaces

    def action_delete_left(self) -> None:
        """Within the indentation, a whole step of it."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        step = (column - 1) % INDENT + 1 if column else 0
        if self.selection.is_empty and not before.strip() and step > 1:
            self.delete((row, column - step), (row, column), maintain_selection_offset=False)
        else:
            super().action_delete_left()

    def action_dedent(self) -> None:
        """Move the line a step to the left."""
        row = self.cursor_location[0]
        line = self.document.get_line(row)
        step = min(len(line) - len(line.lstrip(" ")), INDENT)
        if step and not self.read_only:
            self.delete((row, 0), (row, step))

    def go_to(self, row: int) -> None:
        """Put the cursor at the end of this line, and bring it into view."""
        row = min(max(row, 0), self.document.line_count - 1)
        self.move_cursor((row, len(self.document.get_line(row))))
        after_refresh(self, self._scroll_to_cursor)

    def on_resize(self) -> None:
        if self.size.width:
            self.soft_wrap = self.size.width < WRAPS_BELOW
        after_refresh(self, self._scroll_to_cursor)

    def _scroll_to_cursor(self) -> None:
        """Into view, and the beginnings of the lines too where that is possible."""
        width, height = self.scrollable_content_region.size
        if not (width and height):
            return
        column, row = self.wrapped_document.location_to_offset(self.cursor_location)
        top = round(self.scroll_offset.y)
        left = self.gutter_width + column - width + 2 if self.has_focus else 0
        if not top <= row < top + height - 1:
            top = row - height // 2
        self.scroll_to(x=max(left, 0), y=max(top, 0), animate=False)
