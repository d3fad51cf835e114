"""A small dialog: type a learning rate."""

from __future__ import annotations

import math
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from toystory.tui.screens.dialogs.dialog import Dialog


def read_learning_rate(text: str) -> float:
    """A number above zero, such as 0.01 or 1e6. Raises ValueError, in a sentence."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number: type one such as 0.01 or 1e6") from None
    if not (math.isfinite(value) and value > 0):
        raise ValueError("a learning rate is a number above zero")
    return value


class LearningRateScreen(Dialog[float | None]):
    """Answers with the number typed, or None."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "leave it")]

    def __init__(self, value: float) -> None:
        super().__init__()
        self._value = value

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Label("learning rate", id="title", markup=False)
            yield Input(f"{self._value:g}", id="rate")
            yield Label("enter takes it, escape leaves it as it is", id="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(read_learning_rate(event.value.strip()))
        except ValueError as error:
            self.query_one("#hint", Label).update(str(error))
            self.query_one("#hint").add_class("problem")
