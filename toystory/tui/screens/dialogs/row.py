"""A small dialog: type the row that a derivation is worked out for."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.state.inspection import Cursor, Trace


class RowScreen(Dialog[bool]):
    """Takes the bits typed into the place; answers whether it did."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "leave it")]

    def __init__(self, trace: Trace, cursor: Cursor) -> None:
        super().__init__()
        self._trace, self._cursor = trace, cursor

    def compose(self) -> ComposeResult:
        width = (
            "of any length"
            if self._trace.experiment.any_length
            else f"{self._trace.experiment.columns} bits wide"
        )
        with Vertical(id="dialog"):
            yield Label(f"a row, {width}", id="title", markup=False)
            yield Input("".join(map(str, self._trace.row[0])), id="row")
            yield Label(
                "enter takes it; empty: the lesson's example; escape leaves it as it is",
                id="hint",
                markup=False,
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self._cursor.set_row(event.value, self._trace.experiment)
        except ValueError as error:
            self.query_one("#hint", Label).update(str(error))
            self.query_one("#hint").add_class("problem")
        else:
            self.dismiss(True)
