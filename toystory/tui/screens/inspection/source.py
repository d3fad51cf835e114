"""The whole source of the model, at the line that computes the chosen step."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar

from rich.syntax import Syntax
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from toystory.course.derivation.steps import DerivationStep, source_file
from toystory.models.model import Model
from toystory.tui.screens.base import BaseScreen
from toystory.tui.widgets.deferred import after_refresh
from toystory.tui.widgets.footer import Footer

MARGIN = 7
"""Columns before the code: the mark, the number, a gap."""


def source_of(module: str) -> str:
    """The text of a model's or a part's file as it stands now."""
    return source_file(module)[1].read_text(encoding="utf-8")


def line_of(step: DerivationStep, text: str) -> int | None:
    """Index of the line that computes `step`; None where there is none.

    Args:
        step: A step of the derivation.
        text: What is written.
    """
    lines = (index for index, line in enumerate(text.splitlines()) if line.strip() == step.source)
    return next(lines, None)


def highlighted_code(text: str, marked: int | None, width: int) -> tuple[Text, int]:
    """Numbered and coloured lines, one of them marked.

    Args:
        text: Python.
        marked: The line that is.
        width: Lines that do not fit go on below, further in.

    Returns:
        The text, and the row in which the marked line begins, or 0.
    """
    rows, row = _rows(text, marked, width, slice(None))
    return Text("\n", no_wrap=True).join(rows), row


def source_around(step: DerivationStep, lines: int, width: int) -> Text | None:
    """So many lines of the file around the one that computes `step`; None where the file has no such line.

    Args:
        step: A step of the derivation.
        lines: How many.
        width: Columns.
    """
    text = source_of(step.module)
    line = line_of(step, text)
    if line is None:
        return None
    start = max(min(line - lines // 2, len(highlighted_lines(text)) - lines), 0)
    rows, row = _rows(text, line, width, slice(start, start + lines))
    first = max(min(row - lines // 2, len(rows) - lines), 0)
    return Text("\n", no_wrap=True).join(rows[first : first + lines])


@lru_cache(maxsize=4)
def highlighted_lines(text: str) -> tuple[Text, ...]:
    """Its lines. Kept: finding the colours of a file takes as long as a key may take in all."""
    code = Syntax("", "python", theme="ansi_dark", background_color="default").highlight(text)
    return tuple(code.split("\n", allow_blank=False))


def wrapped_code(line: Text, width: int) -> list[Text]:
    """A line of code in as many as it takes, broken at blanks; all but the first further in.

    Args:
        line: The line.
        width: Columns.
    """
    start = len(line.plain) - len(line.plain.lstrip())
    at = line.plain.rfind(" ", start + 1, width + 1)
    if width <= 0 or len(line) <= width or at < 0:
        return [line]
    rest = Text(" " * (start + 4)) + line[at + 1 :]
    return [line[:at], *wrapped_code(rest, width)]


def _rows(text: str, marked: int | None, width: int, lines: slice) -> tuple[list[Text], int]:
    """Some lines of the file as they are shown, and where the marked one begins, or 0."""
    rows: list[Text] = []
    row = 0
    for index, line in list(enumerate(highlighted_lines(text)))[lines]:
        here = index == marked
        if here:
            row = len(rows)
            # Reversed, the colours of its words would become patches behind them.
            line = Text(line.plain, "bold reverse")
        number = (f"{'▶' if here else ' '}{index + 1:>4}  ", "bold" if here else "dim")
        first, *more = wrapped_code(line, width - MARGIN)
        rows += [Text.assemble(number, first), *(Text(" " * MARGIN) + part for part in more)]
    return rows, row


class CodeScreen(BaseScreen[None]):
    """Files to read, one at a time, numbered and coloured."""

    DEFAULT_CSS = """
    CodeScreen {
        #file {
            height: 1;
            padding: 0 2;
            background: $panel;
            text-style: bold;
        }
        VerticalScroll {
            padding: 0 1;
        }
        #code {
            width: auto;
            height: auto;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,right,left", "other", "other file", key_display="tab", tooltip="the other file"),
        Binding("up", "scroll(-1)", "up", show=False, key_display="↑", tooltip="scroll up"),
        Binding("down", "scroll(1)", "down", show=False, key_display="↓", tooltip="scroll down"),
        Binding("pageup", "page(-1)", "page up", show=False, tooltip="a page up"),
        Binding("pagedown", "page(1)", "page down", show=False, tooltip="a page down"),
    ]

    def __init__(self, files: tuple[str, ...]) -> None:
        """files: their names."""
        super().__init__()
        self.files = files
        self.at = 0

    def text_of(self, file: str) -> str:
        """What stands in a file."""
        raise NotImplementedError

    def heading(self, file: str, text: str) -> tuple[str, int | None]:
        """What to call a file, and the line to mark in it.

        Args:
            file: Its name.
            text: What stands in it.
        """
        return file, None

    def compose(self) -> ComposeResult:
        yield Static(id="file", markup=False)
        with VerticalScroll():
            yield Static(id="code", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        after_refresh(self, self._show)

    def check_action(self, action: str, parameters: Iterable[object]) -> bool | None:
        return len(self.files) > 1 if action == "other" else True

    def action_other(self) -> None:
        self.at = (self.at + 1) % len(self.files)
        self._show()

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=pages * max(scroll.size.height - 2, 1), animate=False)

    def _show(self) -> None:
        text = self.copy_text()
        title, line = self.heading(self.files[self.at], text)
        self.query_one("#file", Static).update(title)
        width = self.query_one(VerticalScroll).scrollable_content_region.width
        code, row = highlighted_code(text, line, width)
        self.query_one("#code", Static).update(code)
        after_refresh(self, self._scroll_to_current, row)

    def _scroll_to_current(self, row: int) -> None:
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_to(y=max(row - scroll.size.height // 2, 0), animate=False)

    def copy_text(self) -> str:
        """The whole file."""
        return self.text_of(self.files[self.at])


class SourceScreen(CodeScreen):
    """First the file of the step, then the model's own, if that is another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,b,backspace", "dismiss", "back", key_display="esc", tooltip="back (also b, c)"),
        Binding("c", "dismiss", "source", show=False),
    ]

    def __init__(self, model: Model, step: DerivationStep) -> None:
        own = inspect.getmodule(type(model))
        name = step.module if own is None else own.__name__.rpartition(".")[2]
        super().__init__(tuple(dict.fromkeys((step.module, name))))
        self._step = step

    def text_of(self, file: str) -> str:
        return source_of(file)

    def heading(self, file: str, text: str) -> tuple[str, int | None]:
        line = line_of(self._step, text) if self.at == 0 else None
        at = "" if line is None else f", line {line + 1}: {self._step.title}"
        return f"{source_file(file)[0]}{at}", line
