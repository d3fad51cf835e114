"""One panel as large as the screen: by a key, from one to the next, or by a double click."""

from __future__ import annotations

from typing import Self

from textual import events
from textual.binding import Binding
from textual.widget import Widget

from toystory.tui.screens.base import BaseScreen
from toystory.tui.widgets.deferred import after_refresh

MAXIMISE = Binding(
    "M",
    "maximise",
    "panel",
    show=False,
    id="panels.maximise",
    tooltip="one panel as large as the screen; again: the next one (or a double click); esc brings all back",
)


MAXIMISED_VIEW = "-maximized-view"
"""The class that Textual gives to a screen with a maximised panel."""


class Maximizable(BaseScreen[None]):
    """A screen whose panels can be maximised: at every size, one after another."""

    @property
    def panels(self) -> list[Widget]:
        """Those on show, in their order."""
        raise NotImplementedError

    def action_maximise(self) -> None:
        """The first panel, the next one, and after the last all of them again."""
        panels = self.panels
        at = panels.index(self.maximized) + 1 if self.maximized in panels else 0
        self.maximized = panels[at] if at < len(panels) else None

    def set_class(self, add: bool, *class_names: str, update: bool = True) -> Self:
        # Of a screen with a maximised panel only the two look different: Textual would style all anew.
        if class_names != (MAXIMISED_VIEW,):
            return super().set_class(add, *class_names, update=update)
        super().set_class(add, *class_names, update=False)
        self.app.stylesheet.update_nodes([self])
        return self

    def on_click(self, event: events.Click) -> None:
        if event.chain != 2:
            return
        clicked = [panel for panel in self.panels if panel.region.contains_point(event.screen_offset)]
        if clicked:
            self.maximized = clicked[0] if self.maximized is None else None

    def watch_maximized(self, before: Widget | None, after: Widget | None) -> None:
        if before is not after:
            after_refresh(self, self.panels_changed, before, after)

    def panels_changed(self, before: Widget | None, after: Widget | None) -> None:
        """Draw for the room that there is now. before, after: the maximised panel; None for all of them.

        Args:
            before: The panel that was maximised.
            after: The panel that is.
        """
