"""Markdown as the lessons write it."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Markdown
from textual.widgets.markdown import MarkdownBlock, MarkdownFence


class Fence(MarkdownFence):
    """Formulas and examples that name no language are no language.

    Textual would ask six hundred of them, which takes a quarter of a second, and colour a formula as if it
    were one.
    """

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        return super().highlight(code, language or "text", ansi=ansi, dark=dark)


class Prose(Markdown):
    """Links are not opened: there may be no browser."""

    BLOCKS: dict[str, type[MarkdownBlock]] = {**Markdown.BLOCKS, "fence": Fence, "code_block": Fence}  # noqa: RUF012

    def __init__(
        self, markdown: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(markdown, id=id, classes=classes, open_links=False)
