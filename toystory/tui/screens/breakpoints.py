"""A screen that suits the terminal from its first layout on."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


def apply_breakpoints(screen: Screen[Any]) -> None:
    """Give it the classes for the size of the terminal before its widgets are made.

    Textual does so after it has laid them out, and then styles, lays out and paints everything once more.
    """
    size, app = screen.app.size, screen.app
    for length, steps in ((size.width, app.HORIZONTAL_BREAKPOINTS), (size.height, app.VERTICAL_BREAKPOINTS)):
        screen.add_class(max(step for step in steps or [] if step[0] <= length)[1], update=False)
