"""What the five stages of a lesson have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from toystory.tui.widgets.focusable import Focusable

if TYPE_CHECKING:
    from toystory.tui.state.lesson_state import LessonState


class Stage(Focusable):
    """One of the five. It has the focus while it is shown, so that its keys are at hand."""

    can_focus = True
    title = ""
    rests = True
    """Whether nothing of it moves but with the training, or with a key."""

    def __init__(self, lesson_state: LessonState) -> None:
        super().__init__()
        self.lesson_state = lesson_state

    def focus_target(self) -> Widget:
        """The widget that gets the focus when the stage is opened."""
        return self

    def field_left(self) -> None:
        """The learner has left a field with escape, and stays in the stage."""

    @property
    def form(self) -> str:
        """What a form that is open in it wants of the learner; "" where none is."""
        return ""

    @property
    def panels(self) -> list[Widget]:
        """What of it can be made as large as the screen."""
        return []

    def tick(self) -> bool | None:
        """Called ten times a second while it is shown, more seldom at rest, and once when it is opened.

        Whether it was drawn because of the training: then other things wait for the next time.
        """
        return False

    def copy_text(self) -> str:
        """What is shown, as plain text."""
        return ""
