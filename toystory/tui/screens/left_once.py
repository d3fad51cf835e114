"""A screen that is left once, however often that is asked for."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen

Answer = TypeVar("Answer")


class LeftOnce(Screen[Answer]):
    """A second key, or the second click of a double click, comes before the first has closed the screen: it
    would close what lies below."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)
