"""Story: what happens to Alex in this chapter, and where it comes from."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget

from toystory.tui.screens.stage import Stage
from toystory.tui.widgets.focusable import FocusableScroll
from toystory.tui.widgets.text.prose import Prose


class StoryStage(Stage):
    """Prose, and at its end the sources."""

    def compose(self) -> ComposeResult:
        with FocusableScroll(classes="page"):
            yield Prose(self._markdown(), classes="prose")

    def focus_target(self) -> Widget:
        return self.query_one(FocusableScroll)

    def _markdown(self) -> str:
        lesson = self.lesson_state.lesson
        return (
            f"# {lesson.chapter.title}\n\n*{lesson.chapter.about}*\n\n{lesson.story}\n\n---\n\n"
            f"## Sources\n\n{lesson.sources}"
        )

    def copy_text(self) -> str:
        return self._markdown()
