"""In which form a trained model is to be written."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from toystory.tui.saved_models import OURS
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.screens.dialogs.suggestions import MARGINS, NUMBER, WIDEST
from toystory.tui.widgets.options import Options
from toystory.tui.widgets.text.hanging_indent import LEAST, HangingLine, hanging_text

FORMS = {
    OURS: "ours: load(…) brings it back, and toystory export makes others of it",
    "pytorch": "a script with the very weights, for PyTorch",
    "keras": "a script with the very weights, for Keras",
    "flax": "a script with the very weights, for Flax",
    "equinox": "a script with the very weights, for Equinox",
    "onnx": "a graph that ONNX runtimes read",
    "safetensors": "the arrays alone",
}
"""By their names, what each is."""
FORM = 12
"""Columns of a name."""


class ExportModelScreen(Dialog[str | None]):
    """Answers with one of `FORMS`, or None."""

    CSS_PATH = "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{n}", f"take({n - 1})", f"form {n}", show=False) for n in range(1, len(FORMS) + 1)),
        Binding("escape", "dismiss(None)", "leave", id="export_model.leave"),
        Binding("E", "dismiss(None)", "take along", show=False),
    ]

    def __init__(self, name: str) -> None:
        """name: of the experiment."""
        super().__init__()
        self._name = name

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(f"Take the model of “{self._name}” along")
            dialog.border_subtitle = Content("enter or its number writes it  esc leave")
            yield Options(id="suggestions", compact=True, markup=False)
            yield Label("With the weights that it has now.", id="hint", markup=False)

    def on_resize(self) -> None:
        options = self.query_one(Options)
        at = options.highlighted or 0
        options.clear_options()
        room = max(min(self.app.size.width, WIDEST) - MARGINS, NUMBER + FORM + LEAST)
        for n, (form, words) in enumerate(FORMS.items(), start=1):
            line = Content.assemble(
                (f"{n:<{NUMBER}}", "bold $primary"), (f"{form:<{FORM}}", "bold"), (words, "$foreground 75%")
            )
            options.add_option(Option(hanging_text(HangingLine(line, NUMBER + FORM), room)))
        options.highlighted = at

    def action_take(self, index: int) -> None:
        self.dismiss(list(FORMS)[index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_take(event.option_index)
