"""A list to choose from."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.widgets import OptionList

if TYPE_CHECKING:
    _OptionList = OptionList
else:  # Textual takes the style of the first base that is a widget: with this one, that of the second
    _OptionList = object


class Patient(_OptionList):
    """What one of Textual's lists lacks, so that it fails neither when it is small nor when it changes.

    One whose lines are not laid out stays where it is when it is turned by a page. A click on what is painted
    there still and is gone from the list chooses nothing.
    """

    def on_click(self, event: events.Click) -> None:
        if event.style.meta.get("option", 0) >= self.option_count:
            event.prevent_default()

    def action_page_up(self) -> None:
        with suppress(KeyError):
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        with suppress(KeyError):
            super().action_page_down()  # type: ignore[no-untyped-call]


class Options(Patient, OptionList):
    """A list to choose from."""
