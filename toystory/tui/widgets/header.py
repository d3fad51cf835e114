"""The top line: where one is on the left, what is going on on the right."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget


class Header(Widget):
    """One row; drawn only when one of its two sides changes."""

    DEFAULT_CSS = """
    Header {
        height: 1;
        padding: 0 2;
        background: $panel;
        color: $foreground;
    }
    """

    def __init__(self, where: str = "") -> None:
        super().__init__()
        self._where = where
        self._state = ("", "")

    def show_state(self, text: str, color: str = "$foreground") -> None:
        """What is going on, in a colour of the theme.

        Args:
            text: What is written.
            color: Of the theme.
        """
        if (text, color) != self._state:
            self._state = (text, color)
            self.refresh()

    def render(self) -> RenderResult:
        left = Content.assemble(("toystory", "bold $primary"), ("  " + self._where, "$foreground 75%"))
        state, color = self._state
        right = Content.styled(state, color)
        room = self.size.width - right.cell_length - 2
        if left.cell_length > room:
            left = left.truncate(max(room, 0), ellipsis=True)
        return Content.assemble(left.pad_right(max(room + 2 - left.cell_length, 0)), right)
