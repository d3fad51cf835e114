"""What else to try: the lesson's suggestions, each with its reason once it has run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from lessons.suggestion import Suggestion
from toystory.screens.dialog import Dialog
from toystory.widgets.options import Options


class SuggestionsScreen(Dialog[Suggestion | None]):
    """Answers with the suggestion chosen, or None. tried: which of them have run to their end."""

    CSS_PATH = "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{n}", f"take({n - 1})", f"try {n}", show=False) for n in range(1, 10)),
        Binding("escape,I", "dismiss(None)", "leave", id="suggestions.leave"),
    ]

    def __init__(self, suggestions: Sequence[Suggestion], tried: Sequence[bool]) -> None:
        super().__init__()
        self._suggestions = suggestions
        self._tried = tried

    def compose(self) -> ComposeResult:
        lines = [self._line(i) for i in range(len(self._suggestions))]
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content("What else to try")
            dialog.border_subtitle = Content("enter or its number tries it  esc leave")
            yield Options(*map(Option, lines), id="suggestions", compact=True, markup=False)
            yield Label(
                "What will happen, and why? Say it to yourself first: the reason is told when it has run.",
                id="hint",
                markup=False,
            )

    def on_resize(self) -> None:
        self.query_one(Options).styles.max_height = max(self.size.height - 8, 3)

    def action_take(self, index: int) -> None:
        if index < len(self._suggestions):
            self.dismiss(self._suggestions[index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_take(event.option_index)

    def _line(self, index: int) -> Content:
        one, tried = self._suggestions[index], self._tried[index]
        line = Content.assemble(
            (f"{index + 1}  ", "bold $primary"), (one.text, "bold"), ("  ✓" if tried else "", "$text-success")
        )
        return Content.assemble(line, (f"\n{one.reason}", "$foreground 75%")) if tried else line
