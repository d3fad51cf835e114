"""What is done a little later, or must not be: keys may be typed, and screens left, before it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.widget import Widget


def after_refresh(widget: Widget, callback: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Call it when what has changed is laid out, unless the screen of the widget is left by then.

    Args:
        widget: Which is on the screen.
        callback: What to call.
        *args: For the call.
        **kwargs: For the call.
    """

    def call() -> object:
        if widget.is_attached and widget.screen in widget.app.screen_stack:
            return callback(*args, **kwargs)
        return None

    widget.call_after_refresh(call)


def focus_again(screen: Screen[Any], home: Callable[[], Widget]) -> None:
    """Once a resize is laid out, have something that has the focus.

    A terminal that is too small for anything hides what had it.

    Args:
        screen: Which one.
        home: What gets the focus where nothing has it.
    """

    def call() -> None:
        if screen.focused is None:
            focus_now(home())

    after_refresh(screen, call)


def focus_now(widget: Widget) -> None:
    """Give it the focus, before the next key: `Widget.focus` does so after the keys that are waiting."""
    widget.screen.set_focus(widget)
