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

from toystory.course.suggestion import Suggestion
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.widgets.options import Options
from toystory.tui.widgets.text.hanging_indent import HangingLine, hanging_text

NUMBER = 3
"""Columns of the number before a suggestion; its words stay beside it."""
WIDEST, MARGINS, LEAST = 92, 10, 20
"""Columns of the dialog, and those of them that are no words."""


class SuggestionsScreen(Dialog[Suggestion | None]):
    """Answers with the suggestion chosen, or None. tried: which of them have run to their end."""

    CSS_PATH = "settings.tcss"
    wants = "choose an idea: enter or its number tries it"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{n % 10}", f"take({n - 1})", f"try {n}", show=False) for n in range(1, 11)),
        Binding("escape", "dismiss(None)", "leave", id="suggestions.leave"),
        Binding("I", "dismiss(None)", "ideas", show=False),
    ]

    def __init__(self, suggestions: Sequence[Suggestion], has_run: Sequence[bool]) -> None:
        super().__init__()
        self._suggestions = suggestions
        self._has_run = has_run

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content("What else to try")
            dialog.border_subtitle = Content("enter or its number tries it  esc leave")
            yield Options(id="suggestions", compact=True, markup=False)
            yield Label(
                "What will happen, and why? Say it to yourself first: the reason is told when it has run.",
                id="hint",
                markup=False,
            )

    def on_resize(self) -> None:
        options = self.query_one(Options)
        options.styles.max_height = max(self.size.height - 8, 3)
        at = options.highlighted or 0
        options.clear_options()
        options.add_options(Option(self._line(i)) for i in range(len(self._suggestions)))
        options.highlighted = at

    def action_take(self, index: int) -> None:
        if index < len(self._suggestions):
            self.dismiss(self._suggestions[index])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_take(event.option_index)

    def _line(self, index: int) -> Content:
        one, has_run = self._suggestions[index], self._has_run[index]
        words = Content.assemble(
            (f"{(index + 1) % 10:<{NUMBER}}", "bold $primary"),  # the tenth has the key 0
            (one.text, "bold"),
            ("  ✓" if has_run else "", "$text-success"),
        )
        lines = [HangingLine(words, NUMBER)]
        if has_run:
            lines.append(HangingLine(Content.assemble(" " * NUMBER, (one.reason, "$foreground 75%")), NUMBER))
        room = max(min(self.app.size.width, WIDEST) - MARGINS, NUMBER + LEAST)
        return Content("\n").join(hanging_text(line, room) for line in lines)
