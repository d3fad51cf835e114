"""What asks the learner something, over what is shown."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from toystory.tui.screens.base import BaseScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], BaseScreen[Answer]):
    """Takes one answer; escape, or a click beside it, leaves it."""

    wants: ClassVar[str] = "esc leaves what is open"
    """For the line of the next step, whose key is not heard meanwhile; "" where it is."""

    # Of the app's keys none else is heard in a dialog.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "app.words", "words", show=False)]

    def on_click(self, event: events.Click) -> None:
        """Beside the dialog: the way out for the mouse, where escape is one."""
        if event.widget is self and "escape" in self._bindings.key_to_bindings:
            self.dismiss()
