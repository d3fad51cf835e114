"""The exercises of a lesson in a row, each with its state: the chosen one stands out."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from toystory.progress.exercise_state import State

SIGNS: dict[State, tuple[str, str]] = {
    "new": ("○", "$foreground 60%"),
    "begun": ("◐", "$text-warning"),
    "passed": ("✓", "$text-success"),
}
GAP = 2


@dataclass(frozen=True)
class ExerciseEntry:
    """An exercise in the row."""

    name: str
    state: State


class ExerciseRow(Widget):
    """`1 ✓ sigmoid  2 ◐ loss  3 ○ update`, in as many lines as it takes."""

    DEFAULT_CSS = """
    ExerciseRow {
        height: auto;
        padding: 0 2;
    }
    """

    class Chosen(Message):
        """An entry was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._entries: tuple[ExerciseEntry, ...] = ()
        self._index = 0

    def show(self, entries: tuple[ExerciseEntry, ...], index: int) -> None:
        """Draw these, the one at `index` chosen; nothing happens if they are what is drawn.

        Args:
            entries: In their order.
            index: Of the chosen entry, from 0.
        """
        if (entries, index) != (self._entries, self._index):
            self._entries, self._index = entries, index
            self.refresh(layout=True)

    def places(self, width: int) -> list[tuple[int, int, int]]:
        """Of each entry: its line, its first column, and the column after it."""
        places, line, at = [], 0, 0
        for number, entry in enumerate(self._entries, start=1):
            length = len(_label(number, entry))
            if at and at + length > width:
                line, at = line + 1, 0
            places.append((line, at, at + length))
            at += length + GAP
        return places

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return max((line for line, _, _ in self.places(width)), default=0) + 1

    def render(self) -> RenderResult:
        lines: list[list[Content]] = []
        for index, (line, _, _) in enumerate(self.places(self.size.width)):
            if line == len(lines):
                lines.append([])
            lines[line].append(self._entry(index))
        return Content("\n").join(Content(" " * GAP).join(entries) for entries in lines)

    def _entry(self, index: int) -> Content:
        entry, chosen = self._entries[index], index == self._index
        sign, color = SIGNS[entry.state]
        name = "bold $primary underline" if chosen else "$foreground 75%"
        number = "bold $primary" if chosen else "$foreground 60%"
        return Content.assemble((f"{index + 1} ", number), (f"{sign} ", color), (_words(entry), name))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for index, (line, start, end) in enumerate(self.places(self.size.width)):
            if line == offset.y and start <= offset.x < end:
                self.post_message(self.Chosen(index))


def _words(entry: ExerciseEntry) -> str:
    return entry.name.replace("_", " ")


def _label(number: int, entry: ExerciseEntry) -> str:
    return f"{number} ○ {_words(entry)}"
