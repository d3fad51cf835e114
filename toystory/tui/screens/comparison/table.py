"""The result table of the comparison, live.

Cells fill as they are trained, a cell shows its curve, and two can be laid over each other.
"""

from __future__ import annotations

import math
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from toystory.compare.results import MINE, Entry, stored_table, with_mine
from toystory.grading.own_model.results import folder as own_folder
from toystory.lessons.comparison.cells import ALEX, FAIR
from toystory.render.chart import Axes, Level, Series
from toystory.training.checkpoints.result_store import folder
from toystory.training.pools.train_all import nameless
from toystory.tui.screens.base import BaseScreen
from toystory.tui.screens.breakpoints import apply_breakpoints
from toystory.tui.screens.comparison.frontier import FrontierScreen
from toystory.tui.screens.comparison.result_table import ResultTable, ShownCell, ShownRow
from toystory.tui.state.lesson_state import LessonState
from toystory.tui.state.live_table import CellState, cell_state, unaltered_sessions
from toystory.tui.widgets.footer import Footer
from toystory.tui.widgets.header import Header
from toystory.tui.widgets.too_small import TooSmall
from toystory.tui.widgets.training.chart import Chart

TICK = 0.2
APART = 3
"""Two curves of which one has so many times the updates of the other are laid over each other by shares."""
COLORS = {"running": "$text-success", "measuring": "$text-success", "paused": "$text-warning"}


class TableScreen(BaseScreen[None]):
    """The table above, the curve of the chosen cell below."""

    DEFAULT_CSS = """
    TableScreen {
        #figures {
            height: 2;
            padding: 0 2;
        }
        &.-narrow #figures {
            height: 3;
        }
        Chart {
            margin: 0 1;
        }
        &.-short ResultTable, &.-too-low ResultTable {
            max-height: 15;
        }
        &.-tall ResultTable, &.-middle ResultTable {
            margin: 1 0;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", "up", show=False, key_display="↑", tooltip="the cell above"),
        Binding("down", "move(1, 0)", "down", show=False, key_display="↓", tooltip="the cell below"),
        Binding("left", "move(0, -1)", "left", show=False, key_display="←", tooltip="the cell before"),
        Binding("right", "move(0, 1)", "right", show=False, key_display="→", tooltip="the next cell"),
        Binding(
            "enter",
            "open",
            "open",
            show=False,
            id="table.open",
            tooltip="only the curve, and back to the table",
        ),
        Binding("space", "train", "run", id="table.train", tooltip="train this cell here; pause, go on"),
        Binding(
            "P", "pin", "lay over", id="table.pin", tooltip="lay the next cells over this one, or no more"
        ),
        Binding("v", "view", "view", id="table.view", tooltip="the loss, or accuracy on fresh rows"),
        Binding("a", "train_all", "all", id="table.all", tooltip="train the cells of the lesson, in turn"),
        Binding("B", "frontier", "frontier", id="table.frontier", tooltip="which model learns how many bits"),
        Binding("escape,b,backspace", "dismiss", "back", key_display="esc", tooltip="back (also b, T)"),
        Binding("T", "dismiss", "table", show=False),
    ]

    def __init__(self, lesson_state: LessonState) -> None:
        super().__init__()
        self._lesson_state = lesson_state
        self._entries: list[Entry] = []
        self._read_at: object = None
        self._chosen = (0, 0)
        self._pinned: tuple[int, int] | None = None
        self._accuracy = False

    def compose(self) -> ComposeResult:
        apply_breakpoints(self)
        yield Header("The whole table: right on fresh rows")
        yield ResultTable()
        yield Chart()
        yield Static(id="figures", markup=False)
        yield TooSmall()
        yield Footer()

    def on_mount(self) -> None:
        self.set_interval(TICK, self._tick)
        self._tick()

    # What is chosen

    @property
    def _kinds(self) -> list[tuple[str, str]]:
        """Model and way of each row."""
        return list(dict.fromkeys((entry.model, entry.way) for entry in self._entries))

    @property
    def _sizes(self) -> list[int | None]:
        """Rows of each column."""
        sizes = dict.fromkeys(entry.rows for entry in self._entries)
        return sorted(sizes, key=lambda rows: (rows is None, rows or 0))

    def _entry(self, position: tuple[int, int]) -> Entry | None:
        """What stands at a row and a column."""
        (model, way), rows = self._kinds[position[0]], self._sizes[position[1]]
        wanted = (model, way, rows)
        return next((e for e in self._entries if (e.model, e.way, e.rows) == wanted), None)

    def action_move(self, down: int, right: int) -> None:
        row, column = self._chosen
        self._chosen = ((row + down) % len(self._kinds), (column + right) % len(self._sizes))
        self._tick()

    def on_result_table_chosen(self, event: ResultTable.Chosen) -> None:
        self._chosen = (event.row, event.column)
        self._tick()

    def action_open(self) -> None:
        table = self.query_one(ResultTable)
        table.display = not table.display

    def action_pin(self) -> None:
        self._pinned = None if self._pinned == self._chosen else self._chosen
        self._tick()

    def action_view(self) -> None:
        self._accuracy = not self._accuracy
        self._tick()

    def action_train(self) -> None:
        entry = self._entry(self._chosen)
        if entry is None or entry.experiment is None:
            return
        session = self._lesson_state.running
        if (
            session is not None
            and unaltered_sessions(self._lesson_state).get(nameless(entry.experiment)) is session
        ):
            session.pause()
        else:
            self._lesson_state.run_custom(entry.experiment)
        self._tick()

    def action_frontier(self) -> None:
        self.app.push_screen(FrontierScreen())

    def action_train_all(self) -> None:
        if told := self._lesson_state.start_all():
            self.notify(told, timeout=5)
        self._tick()

    # What is shown

    def _tick(self) -> None:
        self._read()
        sessions = unaltered_sessions(self._lesson_state)
        places = [(row, column) for row in range(len(self._kinds)) for column in range(len(self._sizes))]
        known = {
            position: cell_state(entry, sessions) for position in places if (entry := self._entry(position))
        }
        rows = tuple(
            ShownRow(
                "" if row and self._kinds[row - 1][0] == model else model,
                _short(way),
                tuple(
                    self._cell(known.get((row, column)), (row, column)) for column in range(len(self._sizes))
                ),
            )
            for row, (model, way) in enumerate(self._kinds)
        )
        headers = tuple(f" {rows:,}" if rows else " fresh" for rows in self._sizes)
        self.query_one(ResultTable).show(headers, rows, self._chosen)
        self._show_curves(known)
        chosen = known.get(self._chosen)
        figures = chosen.figures if chosen else "Only the MLP was given fresh rows for every update."
        self.query_one("#figures", Static).update(figures, layout=False)
        running = next((one for one in known.values() if one.state == "running"), None)
        self.query_one(Header).show_state(
            f"● {_short_name(running.entry)} {running.mark}" if running else "", "$text-success"
        )

    def _read(self) -> None:
        """Look at what is kept, if that has changed."""
        places = (folder(), own_folder())
        changed = [path.stat().st_mtime_ns if path.exists() else None for path in places]
        if self._entries and changed == self._read_at:
            return
        self._read_at = changed
        complaints: list[str] = []
        self._entries = with_mine(stored_table(complaints=complaints))
        for sentence in complaints:
            self.notify(sentence, severity="warning", markup=False)

    def _cell(self, what: CellState | None, position: tuple[int, int]) -> ShownCell:
        pinned = position == self._pinned
        if what is None:
            return ShownCell("", pinned=pinned)
        color = COLORS.get(what.state, "bold $text-success" if what.good else "$foreground")
        if what.entry.experiment is None and what.entry.own is None:
            return ShownCell(what.mark.partition(":")[0], color="$foreground 60%", pinned=pinned)
        return ShownCell(what.mark, what.loss_curve, color, pinned)

    def _show_curves(self, known: dict[tuple[int, int], CellState]) -> None:
        chosen = known.get(self._chosen)
        pinned = known.get(self._pinned) if self._pinned not in (None, self._chosen) else None
        both = [one for one in (pinned, chosen) if one is not None]
        most = [max((update for update, _ in one.loss_curve), default=0) for one in both]
        by_share = len(both) == 2 and min(most) > 0 and max(most) > APART * min(most)
        series = []
        for one, updates in zip(both, most, strict=True):
            curve = one.fresh_curve if self._accuracy else one.loss_curve
            scale_x = 100 / updates if by_share else 1.0
            role = "first" if one is chosen else "second"
            xs = [scale_x * update for update, _ in curve]
            ys = [(100 * y if self._accuracy else y) for _, y in curve]
            series.append(Series(_short_name(one.entry), xs, ys, role))
        x_label, by = ("%", " by the share of the updates made, in %") if by_share else ("update", "")
        if self._accuracy:
            name = f"accuracy on fresh rows in %{by}"
            axes = Axes(x_label, name, y_limits=(0, 100), levels=(Level(50.0, "a coin"),))
        else:
            axes = Axes(x_label, f"loss{by}", levels=(Level(math.log(2), "a coin, ln 2"),))
        self.query_one(Chart).show(series, axes)

    def copy_text(self) -> str:
        """Every cell, a line each."""
        sessions = unaltered_sessions(self._lesson_state)
        return "\n".join(cell_state(entry, sessions).figures for entry in self._entries)


def _short(way: str) -> str:
    return {ALEX: "Alex", FAIR: "fair", MINE: MINE}.get(way, "works")


def _short_name(entry: Entry) -> str:
    """As the table's rows and columns call it."""
    if entry.own is not None:
        return f"{entry.model}, {MINE}"
    rows = f"{entry.rows:,} rows" if entry.rows else "fresh rows"
    return f"{entry.model}, {_short(entry.way)}, {rows}"
