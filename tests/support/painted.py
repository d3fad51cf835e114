"""What stands on a screen."""

from __future__ import annotations

from typing import Any

from textual._context import visible_screen_stack
from textual.screen import Screen
from textual.strip import Strip


def painted(screen: Screen[Any]) -> list[Strip]:
    """Its lines, as Textual paints them: below a dialog with those of the screens that it lies on."""
    visible_screen_stack.set(screen.app._background_screens)
    return screen._compositor.render_strips()
