"""A question: the learner's file was changed outside while it was changed in the app."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Label

from toystory.tui.screens.dialogs.dialog import Dialog

Answer = Literal["typed", "found"]


class FileConflict(Dialog[Answer]):
    """Whichever is taken, the other one is kept beside it."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1,escape", "dismiss('typed')", "keep what you typed here"),
        Binding("2", "dismiss('found')", "take the file"),
    ]

    def __init__(self, name: str) -> None:
        """name: of the file."""
        super().__init__()
        self._file = name

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Label(f"{self._file} was changed outside, too", id="title", markup=False)
            yield Label("1  keep what you typed here (also escape)", markup=False)
            yield Label("2  take the file as it is now", markup=False)
            yield Label("Either way the other one is kept beside it.", id="hint", markup=False)
