"""Containers that have the focus so that their keys are at hand, and look the same without it."""

from __future__ import annotations

from textual.containers import Vertical, VerticalScroll


class Focusable(Vertical):
    """Textual would style everything in it anew whenever the focus comes or goes."""

    def watch_has_focus(self, _has_focus: bool) -> None:
        pass


class FocusableScroll(VerticalScroll):
    """The same, to scroll in."""

    def watch_has_focus(self, _has_focus: bool) -> None:
        pass
