"""The result table of the comparison: a row for each model and way, a small curve in every cell."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from toystory.compare.status import sparkline
from toystory.training.checkpoints.result_store import Curve

NAME = 17
"""Columns of a row's name."""
WIDEST = 26
"""Columns that a cell has at most."""
MARK = 8
"""Columns of the words in a cell."""


@dataclass(frozen=True)
class ShownCell:
    """What stands in a cell.

    words: a mark or a reason. curve: the loss. color: of the words, of the theme. pinned: whether its curve
    is laid under that of the chosen one.
    """

    words: str
    curve: Curve = ()
    color: str = "$foreground"
    pinned: bool = False


@dataclass(frozen=True)
class ShownRow:
    """model and way: its name, the model's only where it is not that of the row above."""

    model: str
    way: str
    cells: tuple[ShownCell, ...]


class ResultTable(Widget):
    """Drawn only when it changes; a click chooses a cell. In a low terminal the chosen row stays in sight."""

    DEFAULT_CSS = """
    ResultTable {
        height: auto;
        padding: 0 2;
    }
    """

    class Chosen(Message):
        """A cell was clicked."""

        def __init__(self, row: int, column: int) -> None:
            super().__init__()
            self.row, self.column = row, column

    def __init__(self) -> None:
        super().__init__()
        self._headers: tuple[str, ...] = ()
        self._rows: tuple[ShownRow, ...] = ()
        self._chosen = (0, 0)

    def show(self, headers: tuple[str, ...], rows: tuple[ShownRow, ...], chosen: tuple[int, int]) -> None:
        """Draw these, one cell chosen; nothing happens if they are what is drawn.

        Args:
            headers: Of the columns.
            rows: From the top.
            chosen: Row and column of the chosen cell.
        """
        if (headers, rows, chosen) != (self._headers, self._rows, self._chosen):
            layout = len(rows) != len(self._rows)
            self._headers, self._rows, self._chosen = headers, rows, chosen
            self.refresh(layout=layout)

    @property
    def cell_width(self) -> int:
        """Columns of a cell."""
        room = self.size.width - NAME
        return max(MARK + 3, min(WIDEST, room // max(len(self._headers), 1)))

    @property
    def _first(self) -> int:
        """The first row that is shown."""
        rows = self.size.height - 1
        return max(0, min(self._chosen[0] - rows // 2, len(self._rows) - rows))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return len(self._rows) + 1

    def render(self) -> RenderResult:
        head = "".join(f"{header:<{self.cell_width}}" for header in self._headers)
        first = self._first
        end = first + self.size.height - 1
        more = ("↑" if first else "") + ("↓" if end < len(self._rows) else "")
        lines = [Content.styled(f"{f'rows {more}':<{NAME}}{head}", "$foreground 60%")]
        for number, row in enumerate(self._rows[first:end], first):
            model = row.model or (self._model_of(number) if number == first else "")
            name = Content.assemble((f"{model:<11}", "bold"), (f"{row.way:<6}", "$foreground 60%"))
            cells = [self._cell(cell, (number, i) == self._chosen) for i, cell in enumerate(row.cells)]
            lines.append(Content.assemble(name, *cells))
        return Content("\n").join(lines)

    def _model_of(self, number: int) -> str:
        """The model's name, which stands only in its first row."""
        return next((row.model for row in self._rows[number::-1] if row.model), "")

    def _cell(self, cell: ShownCell, chosen: bool) -> Content:
        width = self.cell_width - 1
        pin = "•" if cell.pinned else " "
        if cell.curve:
            curve = sparkline(cell.curve, width - MARK - 1) + " "
            parts = Content.assemble((curve, "$text-primary"), (f"{cell.words:<{MARK}}"[:MARK], cell.color))
        else:
            parts = Content.styled(f"{cell.words:<{width}}"[:width], cell.color)
        whole = Content.assemble((pin, "bold $text-warning" if cell.pinned else ""), parts)
        return whole.stylize("on $primary 35%") if chosen else whole

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or offset.x < NAME:
            return
        if offset.y < 1:
            return
        row, column = self._first + offset.y - 1, (offset.x - NAME) // self.cell_width
        if 0 <= row < len(self._rows) and column < len(self._headers):
            self.post_message(self.Chosen(row, column))
