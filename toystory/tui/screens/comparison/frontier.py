"""The frontier of the comparison as a picture: which model learns the parity of how many bits."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from toystory.compare import frontier_picture
from toystory.compare.results import FrontierEntry, stored_frontier
from toystory.lessons.comparison.frontier import MARKED
from toystory.training.checkpoints.result_store import folder
from toystory.tui.screens.base import BaseScreen
from toystory.tui.widgets.deferred import after_refresh
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.header import Header
from toystory.tui.widgets.too_small import TooSmall

READ_INTERVAL = 1.0
"""Seconds between two looks for what `toystory compare --frontier` has trained meanwhile."""
HOW = f"{MARKED}\n\ntoystory compare --frontier trains what is open, a part each time."


class FrontierScreen(BaseScreen[None]):
    """Drawn anew only when something was added."""

    DEFAULT_CSS = """
    FrontierScreen {
        VerticalScroll {
            padding: 1 2;
        }
        Static {
            height: auto;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,b,backspace", "dismiss", "back", key_display="esc", tooltip="back (also b, B)"),
        Binding("B", "dismiss", "frontier", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[FrontierEntry] = []
        self._read_at: object = None

    def compose(self) -> ComposeResult:
        yield Header("The frontier: who learns how many bits, within its budget?")
        with VerticalScroll():
            yield Static(id="picture", markup=False)
            yield Static(HOW, markup=False)
        yield TooSmall()
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(READ_INTERVAL, self._look)
        after_refresh(self, self._look)

    def _look(self) -> None:
        path = folder()
        changed = path.stat().st_mtime_ns if path.exists() else None
        if self._entries and changed == self._read_at:
            return
        self._read_at = changed
        self._entries = stored_frontier()
        text = frontier_picture.picture(self._entries).append("\n")
        self.query_one("#picture", Static).update(text)

    def copy_text(self) -> str:
        """The same in words."""
        return "\n".join(frontier_picture.lines(self._entries))
