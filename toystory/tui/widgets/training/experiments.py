"""The experiments of a lesson, to choose one from: a list, or one line where there is no room for more."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget


@dataclass(frozen=True)
class ExperimentEntry:
    """A study in the list: its name, what it is doing or has reached, and whether it is finished."""

    name: str
    note: str = ""
    finished: bool = False


class ExperimentList(Widget):
    """Shows as many entries as fit, the chosen one always among them."""

    DEFAULT_CSS = """
    ExperimentList {
        height: auto;
        padding: 0 2;
    }
    """

    class Chosen(Message):
        """An entry was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[ExperimentEntry, ...] = ()
        self._index = 0

    def show(self, entries: tuple[ExperimentEntry, ...], index: int) -> None:
        """Draw these, the one at `index` chosen; nothing happens if they are what is drawn.

        Args:
            entries: In their order.
            index: Of the chosen entry, from 0.
        """
        if (entries, index) != (self._entries, self._index):
            layout = len(entries) != len(self._entries)
            self._entries, self._index = entries, index
            self.refresh(layout=layout)

    @property
    def first(self) -> int:
        """Index of the entry in the top row."""
        rows = max(self.size.height, 1)
        return max(0, min(self._index - rows // 2, len(self._entries) - rows))

    def render(self) -> RenderResult:
        rows = [
            self._row(i)
            for i in range(self.first, min(self.first + max(self.size.height, 1), len(self._entries)))
        ]
        return Content("\n").join(rows)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._entries)

    def _row(self, index: int) -> Content:
        entry = self._entries[index]
        chosen = index == self._index
        mark = ("✓ ", "$text-success") if entry.finished else ("  ", "")
        count = ""
        if self.size.height < len(self._entries):  # not all are in sight
            count = f"  {index + 1}/{len(self._entries)}"
            count = f"{count} ↑↓" if self.size.height == 1 else count if chosen else " " * len(count)
        room = self.size.width - len(entry.note) - len(count) - 6
        name = entry.name if len(entry.name) <= room else entry.name[: max(room - 1, 0)] + "…"
        return Content.assemble(
            ("▸ " if chosen else "  ", "$primary"),
            mark,
            (name.ljust(room), "bold" if chosen else "$foreground 75%"),
            ("  " + entry.note, "$foreground 75%"),
            (count, "$foreground 60%"),
        )

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or not self._entries:
            return
        if self.size.height == 1:  # the arrows at its end
            step = {self.size.width - 2: -1, self.size.width - 1: 1}.get(offset.x, 0)
            if step:
                self.post_message(self.Chosen((self._index + step) % len(self._entries)))
        elif self.first + offset.y < len(self._entries):
            self.post_message(self.Chosen(self.first + offset.y))
