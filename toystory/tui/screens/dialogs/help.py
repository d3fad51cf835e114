"""All keys of what is shown, taken from the bindings themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType, Keymap
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Label

from toystory.tui.bindings import bindings_of
from toystory.tui.navigation import navigation
from toystory.tui.screens.dialogs.dialog import Dialog
from toystory.tui.screens.stage import Stage
from toystory.tui.widgets.text.hanging_indent import HangingIndent, HangingLine

KEY_WIDTH = 14


def key_lines(bindings: list[Binding], app: App[Any], changed: Keymap) -> list[HangingLine]:
    """A line for each binding that has a tooltip: its keys, and what they do.

    Args:
        bindings: Of the screen.
        app: The app.
        changed: The keys that the learner has changed, by the names of their bindings.
    """
    lines = []
    for binding in bindings:
        if binding.tooltip:
            other = changed.get(binding.id or "")
            used = replace(binding, key=other, key_display=None) if other else binding
            keys = used.key_display or "  ".join(
                app.get_key_display(b) for b in Binding.make_bindings([used])
            )
            line = Content.assemble((f"{keys:<{KEY_WIDTH}}", "bold $primary"), binding.tooltip)
            lines.append(HangingLine(line, KEY_WIDTH))
    return lines


class HelpScreen(Dialog[None]):
    """Grouped as they apply: the stage one is in first."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss", "back"),
        Binding("question_mark", "dismiss", "help"),
    ]

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog", classes="wide"):
            yield Label("Keys", id="title", markup=False)
            with VerticalScroll():
                yield HangingIndent()
            yield Label("escape closes this", id="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(HangingIndent).show(self._lines())

    def on_click(self, event: events.Click) -> None:
        """On the line that says how to close it, too."""
        if event.widget is self.query_one("#hint"):
            self.dismiss()
        super().on_click(event)

    def _lines(self) -> list[HangingLine]:
        stages = [stage for stage in self._below.query(Stage) if stage.display]
        groups = [(stage.title, bindings_of(stage)) for stage in stages]
        groups += [
            ("Here" if not stages else "Lesson", bindings_of(self._below)),
            ("Everywhere", bindings_of(self.app)),
        ]
        lines: list[HangingLine] = []
        for title, bindings in groups:
            keys = key_lines(bindings, self.app, navigation(self).changed_keys)
            if keys:
                lines += [HangingLine(Content()), HangingLine(Content.styled(title, "bold")), *keys]
        return lines[1:]
