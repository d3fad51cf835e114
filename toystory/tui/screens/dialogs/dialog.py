"""What asks the learner something, over what is shown."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Takes one answer: a second one, given before the first has closed it, would close what lies below."""

    def on_click(self, event: events.Click) -> None:
        """Beside the dialog: the way out for the mouse, where escape is one."""
        if event.widget is self and "escape" in self._bindings.key_to_bindings:
            self.dismiss()

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)
