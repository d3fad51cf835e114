"""The end of a chapter: what the learner can do now, and which chapter is next."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from toystory.course.chapter import Chapter
from toystory.course.lesson import Lesson
from toystory.tui.screens.dialogs.dialog import Dialog


class ChapterEnd(Dialog[bool]):
    """Answers whether the learner goes on."""

    CSS_PATH = "dialogs.tcss"
    wants = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "dismiss(True)", "go on"),
        Binding("D", "dismiss(True)", "what next", show=False),
        Binding("escape", "dismiss(False)", "stay"),
    ]

    def __init__(self, lesson: Lesson, following: Chapter | None) -> None:
        """The end of a lesson.

        Args:
            lesson: That is done.
            following: The chapter after it; None after the last.
        """
        super().__init__()
        self._lesson, self._following = lesson, following

    def compose(self) -> ComposeResult:
        chapter, following = self._lesson.chapter, self._following
        with Vertical(id="dialog", classes="wide"):
            yield Label(f"Chapter {chapter.number}, {chapter.title}, is done", id="title", markup=False)
            if self._lesson.can:
                yield Label("You can now", markup=False)
                for one in self._lesson.can:
                    yield Label(Content.assemble(("✓ ", "$text-success"), one.replace("`", "")), markup=False)
            yield Label(
                "The sandbox is yours: any model on any gate."
                if following is None
                else f"Chapter {following.number} is next: {following.title}. {_sentence(following.about)}",
                id="hint",
                markup=False,
            )
            yield Label("enter or D goes there, escape stays here", markup=False)


def _sentence(about: str) -> str:
    """With a full stop, where it does not end already."""
    return about if about.endswith(("?", "!", ".")) else f"{about}."
