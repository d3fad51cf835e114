"""What all screens of the app have in common."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import Screen

Answer = TypeVar("Answer")


class BaseScreen(Screen[Answer]):
    """A screen that is left once, and laid out for the terminal as it is now."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close the screen, unless that is being done.

        A second key, or the second click of a double click, would close what lies below.
        """
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)

    def wake(self) -> None:
        """Somebody is at the keys or the mouse: what rests while nothing happens begins to look again."""

    async def _on_resize(self, event: events.Resize) -> None:
        # Textual lays the screen out for the size in the event, and tells it so with another event. Where two
        # sizes are on their way at once, each would bring back the other one, for ever.
        if event.size != self.app.size:
            event.prevent_default()

    def _compositor_refresh(self) -> None:
        # Textual draws all of it while updates are held back, and throws it away.
        if not self.app._batch_count:
            super()._compositor_refresh()
