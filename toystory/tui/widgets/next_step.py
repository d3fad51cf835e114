"""The line above the keys that names the next sensible step; a click or its key goes there."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from toystory.tui.state.next_step import Step, next_step

KEY = "D"


class NextStep(Widget):
    """What is done has a tick; the step that comes next is told in words."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    NextStep {
        height: 1;
        padding: 0 2;
        background: $panel;
        color: $foreground;
        pointer: pointer;
    }
    """

    class Asked(Message):
        """It was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[Step, ...] = ()
        self._form = ""

    def show(self, steps: tuple[Step, ...], form: str = "") -> None:
        """Tell of these; nothing happens if they are what is told.

        Args:
            steps: Of the chapter.
            form: What an open form wants before its key is heard again; "" where none is open.
        """
        if (steps, form) != (self._steps, self._form):
            self._steps, self._form = steps, form
            self.refresh()

    @property
    def text(self) -> str:
        """What is told, without the ticks."""
        return self._form or next_step(self._steps).text if self._steps else ""

    def render(self) -> RenderResult:
        if not self._steps:
            return Content("")
        coming = next_step(self._steps)
        marks: list[tuple[str, str]] = []
        for step in self._steps[:-1]:
            sign, color = ("✓", "$text-success") if step.done else ("·", "$foreground 60%")
            marks.append(("▸", "bold $primary") if step is coming else (sign, color))
        told, key = (self._form, " ") if self._form else (coming.text, KEY)
        # The names of the steps stand there where they leave room for the one that is told.
        right = [
            (f"{sign} {step.name}  ", color) for (sign, color), step in zip(marks, self._steps, strict=False)
        ]
        if self._room_beside(right) < len(told):
            right = [(" ", ""), *marks]
        room = max(self._room_beside(right), 8)
        if len(told) > room:
            told = told[: room - 1] + "…"
        return Content.assemble((f"{key} ", "bold $primary"), (told.ljust(room), "bold"), " ", *right)

    def _room_beside(self, marks: list[tuple[str, str]]) -> int:
        """Columns that are left for the words."""
        return self.size.width - sum(len(text) for text, _ in marks) - 3

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Asked())
