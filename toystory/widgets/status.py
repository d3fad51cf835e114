"""How the run stands: three rows of figures that keep their places."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

MOST_CELL = 28


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
                parts.append((f"{name} ", "$foreground 65%"))
                parts.append((value[: cell - len(name) - 1].ljust(cell - len(name) - 1), "$foreground"))
            rows.append(Content.assemble(*parts))
        rows.append(Content.styled(status.message, status.color))
        return Content("\n").join(rows)
