"""The keys that choose a row, a bit and a unit, and the small dialog to type a row."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.state.inspection import Place, Reading

PLACE_BINDINGS: tuple[Binding, ...] = (
    Binding(
        "x",
        "type_row",
        "row",
        show=False,
        id="place.type",
        tooltip="type the row x that it is worked out for",
    ),
    Binding(
        "o",
        "another_row",
        "another row",
        show=False,
        id="place.another",
        tooltip="another row: the next of the four, or a random one",
    ),
    Binding("n", "unit(1)", "next unit", show=False, id="place.unit", tooltip="the next hidden unit"),
    Binding(
        "N", "unit(-1)", "unit before", show=False, id="place.unit_before", tooltip="the hidden unit before"
    ),
    Binding(
        "less_than_sign",
        "bit(-1)",
        "bit before",
        show=False,
        key_display="<",
        id="place.bit_before",
        tooltip="the bit before, for a model that reads in time",
    ),
    Binding(
        "greater_than_sign",
        "bit(1)",
        "next bit",
        show=False,
        key_display=">",
        id="place.bit",
        tooltip="the next bit",
    ),
    Binding(
        "w", "symbol(1)", "symbol", show=False, id="place.symbol", tooltip="what is this symbol? and the next"
    ),
    Binding(
        "h", "check", "check", show=False, id="place.check", tooltip="gradient check of the model as it is"
    ),
    Binding(
        "c",
        "source",
        "source",
        show=False,
        id="place.source",
        tooltip="the source, at the chosen step's line",
    ),
)
"""Shared by the two places that show a derivation."""


class RowScreen(Dialog[bool]):
    """Takes the bits typed into the place; answers whether it did."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "leave it")]

    def __init__(self, now: Reading, place: Place) -> None:
        super().__init__()
        self._now, self._place = now, place

    def compose(self) -> ComposeResult:
        width = (
            "of any length" if self._now.experiment.recurrent else f"{self._now.experiment.columns} bits wide"
        )
        with Vertical(id="dialog"):
            yield Label(f"a row, {width}", id="title", markup=False)
            yield Input("".join(map(str, self._now.row[0])), id="row")
            yield Label(
                "enter takes it; empty: the lesson's example; escape leaves it as it is",
                id="hint",
                markup=False,
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self._place.type(event.value, self._now.experiment)
        except ValueError as error:
            self.query_one("#hint", Label).update(str(error))
            self.query_one("#hint").add_class("problem")
        else:
            self.dismiss(True)
