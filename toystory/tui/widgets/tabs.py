"""The stages of a lesson as tabs: always visible, free to jump between."""

from __future__ import annotations

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

GAP = 3


class Tabs(Widget):
    """Two rows: names with their keys underlined, and a rule that marks the active one."""

    DEFAULT_CSS = """
    Tabs {
        height: 2;
        padding: 0 2;
        background: $panel;
        color: $foreground;
    }
    """

    active: reactive[int] = reactive(0)

    class Selected(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, names: tuple[tuple[str, str], ...]) -> None:
        """names: the label of each tab, and the key that opens it."""
        super().__init__()
        self._names = names

    def render(self) -> RenderResult:
        labels, rule = [], []
        for index, (name, key) in enumerate(self._names):
            active = index == self.active
            at = name.lower().index(key)
            color = "bold $primary" if active else "$foreground 75%"
            labels += [
                (name[:at], color),
                (name[at], f"{color} underline"),
                (name[at + 1 :] + " " * GAP, color),
            ]
            rule += [
                ("━" * len(name) if active else "─" * len(name), "$primary" if active else "$foreground 20%")
            ]
            rule += [("─" * GAP, "$foreground 20%")]
        used = sum(len(name) + GAP for name, _ in self._names)
        rule.append(("─" * max(0, self.size.width - used), "$foreground 20%"))
        return Content.assemble(*labels, "\n", *rule)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        start = 0
        for index, (name, _) in enumerate(self._names):
            if start <= offset.x < start + len(name) + GAP:
                self.post_message(self.Selected(index))
                return
            start += len(name) + GAP
