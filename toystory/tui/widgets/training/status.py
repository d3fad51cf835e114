"""How the run stands: three rows of figures that keep their places."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

MOST_CELL = 28
LINKS = {"speed": ("slower", "faster"), "learning rate": ("rate(0.1)", "rate(10)")}
"""Figures that can be changed by a click: the actions of less and of more."""
LONGEST_RATE = "0.0001"
"""What a name decides by, so that it does not change with the value."""
SHORT = {"learning rate": "rate"}
"""Names of figures where there is little room: the arrows must fit."""


@dataclass(frozen=True)
class Status:
    """Texts, already formatted. share: how much of the run is done, 0 to 1. color: of the state."""

    state: str
    color: str
    share: float
    figures: tuple[tuple[str, str], ...]
    """Name and value each."""
    message: str = ""


class StatusBar(Widget):
    """A progress bar with the state, figures in columns, and a message where there is one."""

    DEFAULT_CSS = """
    StatusBar {
        height: 4;
        padding: 0 2;
        color: $foreground;
    }
    """

    class Asked(Message):
        """A click on a figure asks for this action."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self) -> None:
        super().__init__()
        self._status: Status | None = None

    def show(self, status: Status) -> None:
        """Draw this; nothing happens if it is what is drawn."""
        if status != self._status:
            self._status = status
            self.refresh()

    def render(self) -> RenderResult:
        status = self._status
        if status is None:
            return ""
        width = self.size.width
        state = f"{status.state:<12}"
        percent = f"{100 * status.share:3.0f} %"
        bar = max(width - len(state) - len(percent) - 2, 0)
        done = round(bar * status.share)
        rows = [
            Content.assemble(
                (state, f"bold {status.color}"),
                ("━" * done, "$primary"),
                ("─" * (bar - done), "$foreground 25%"),
                (f"  {percent}", "$foreground"),
            )
        ]
        across = 4 if width >= 72 else 3
        cell = min(width // across, MOST_CELL)
        for start in range(0, len(status.figures), across):
            parts = []
            for name, value in status.figures[start : start + across]:
                parts += _figure(name, value, cell)
            rows.append(Content.assemble(*parts))
        rows.append(Content.styled(status.message, status.color))
        return Content("\n").join(rows)

    def action_ask(self, name: str, more: int) -> None:
        self.post_message(self.Asked(LINKS[name][more]))


def _figure(name: str, value: str, width: int) -> list[tuple[str, str]]:
    """Its parts: what can be changed stands between two arrows, where there is room for them."""
    changed = name
    if name in LINKS and len(name) + len(LONGEST_RATE) + 6 > width:
        name = SHORT.get(name, name)
    room = width - len(name) - 1
    if changed not in LINKS or len(value) + 4 > room:
        return [(f"{name} ", "$foreground 65%"), (value[:room].ljust(room), "$foreground")]
    less, more = (f"underline $foreground 85% @click=ask('{changed}',{way})" for way in (0, 1))
    rest = " " * (room - len(value) - 4)
    return [
        (f"{name} ", "$foreground 65%"),
        ("‹", less),
        (f" {value} ", "$foreground"),
        ("›", more),
        (rest, "$foreground"),
    ]
