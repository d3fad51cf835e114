"""The derivation beside the training: every step a panel, with the running model's own numbers."""

from __future__ import annotations

from rich.panel import Panel
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol, symbols_of
from toystory.course.lesson import Lesson
from toystory.render import numbers
from toystory.render.derivation_panel import derivation_panel, derivation_text, worked_lines
from toystory.tui.state.inspection import StepValues, Trace
from toystory.tui.widgets.deferred import after_refresh
from toystory.tui.widgets.derivation.row import RowLine

FRAME = 4
"""Columns that the frame of a panel takes."""
SLACK = 6
"""Characters by which a worked line may grow before it takes another line."""


def numbers_across(step: DerivationStep, now: StepValues, width: int) -> int:
    """How many numbers of its array stand beside each other in a step's panel of this width.

    Args:
        step: A step of the derivation.
        now: What the inspected row came to.
        width: Columns.
    """
    return 2 if now.value is None else numbers.across(now.value, step.value, width - FRAME)


class StepPanel(Static):
    """One step; a click chooses it. What stands below the worked line keeps its place: the line has room."""

    def __init__(self, number: int, step: DerivationStep, symbols: list[Symbol]) -> None:
        super().__init__(markup=False)
        self.number = number
        self.take(step, symbols)

    def take(self, step: DerivationStep, symbols: list[Symbol]) -> None:
        """Be the panel of this step from now on.

        Args:
            step: A step of a derivation.
            symbols: What it speaks of.
        """
        self.step = step
        self.tooltip = Content("\n".join(symbol.described for symbol in symbols))
        self._drawn: tuple[object, ...] | None = None
        self._takes: tuple[int, ...] | None = None
        """What its height comes of."""
        self._room = (0, 0)
        self._measured: tuple[object, int] = (None, 0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # All are asked anew when the derivation is shown again, and each would be drawn for it.
        measured_for = (self._takes, width)
        if measured_for != self._measured[0]:
            self._measured = (measured_for, super().get_content_height(container, viewport, width))
        return self._measured[1]

    @property
    def drawn(self) -> bool:
        """Whether anything was drawn yet."""
        return self._drawn is not None

    def draw(self, now: StepValues, border: str, width: int) -> None:
        """Draw the panel `width` wide, if that would change anything.

        Args:
            now: What the inspected row came to.
            border: Its colour.
            width: Columns.
        """
        most = numbers_across(self.step, now, width)
        room = self._room_for(now, max(width - FRAME, 10))
        value = "" if now.value is None else numbers.array(now.value, most)
        wanted = (_said(now), value, border, width, room)
        if wanted == self._drawn:
            return
        panel, is_whole = self._panel(now, border, room, most)
        takes = (width, room, _lines(value), is_whole)
        # Only where it takes more lines the panels below have to move.
        layout = takes != self._takes
        self._drawn, self._takes = wanted, takes
        self.update(panel, layout=layout)

    def _room_for(self, now: StepValues, width: int) -> int:
        """Lines for the worked line: as many as it ever took at this width."""
        lines = 0
        if now.worked is not None:
            lines = worked_lines(now.worked, max(width - SLACK, 10))
        if self._room[0] == width:
            lines = max(lines, self._room[1])
        self._room = (width, lines)
        return lines

    def _panel(self, now: StepValues, border: str, room: int, most: int) -> tuple[Panel, bool]:
        """The panel, and whether all of the step is in it."""
        is_whole = True
        try:
            panel = derivation_panel(self.number, self.step, now.value, now.worked, room=room, most=most)
        except LookupError as error:  # the learner may be editing the file at this moment
            panel = Panel(Text(f"{self.step.equation}\n{error.args[0]}"), title=Text(self.step.title))
            is_whole = False
        panel.border_style = border
        return panel, is_whole

    def on_click(self, event: events.Click) -> None:
        if isinstance(self.parent, StepList):
            self.parent.choose(self.number - 1)


def _said(now: StepValues) -> str:
    return "" if now.worked is None else "\n".join([str(now.worked), *now.worked.below])


def _lines(text: object) -> int:
    return str(text).count("\n")


class StepList(VerticalScroll):
    """All steps under each other, one of them chosen."""

    can_focus = False

    DEFAULT_CSS = """
    StepList {
        scrollbar-gutter: stable;
    }
    StepList > StepPanel {
        height: auto;
    }
    """

    class Chosen(Message):
        """Another step was chosen."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson
        self.chosen = 0
        self._steps = lesson.derivation
        self._numbers = [StepValues()] * len(self._steps)

    def compose(self) -> ComposeResult:
        for number, step in enumerate(self._steps, start=1):
            yield StepPanel(number, step, symbols_of(step, self.lesson.all_symbols))

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self.draw())
        self.draw()

    def on_unmount(self) -> None:
        # The app would keep it, with all that it has drawn.
        self.app.theme_changed_signal.unsubscribe(self)

    def on_resize(self) -> None:
        self.draw()

    def show(self, trace: Trace) -> None:
        """Put the steps of this reading into the panels, one each, with their numbers."""
        if trace.steps != self._steps:
            self._take(trace)
        self._numbers = [trace.step_values(step) for step in self._steps]
        self.draw()

    def _take(self, trace: Trace) -> None:
        """Have a panel for every step; one too many is not shown."""
        self._steps = trace.steps
        self.chosen = min(self.chosen, len(self._steps) - 1)
        symbols = [[symbol for symbol, _ in trace.symbols(step)] for step in self._steps]
        panels = list(self.query(StepPanel))
        for panel, step, known in zip(panels, self._steps, symbols, strict=False):
            if panel.step != step:
                panel.take(step, known)
        for panel in panels:
            panel.display = panel.number <= len(self._steps)
        there = len(panels)
        self.mount(
            *(
                StepPanel(number, step, known)
                for number, (step, known) in enumerate(
                    zip(self._steps[there:], symbols[there:], strict=True), start=there + 1
                )
            )
        )

    def choose(self, index: int) -> None:
        """Make the step at `index` the chosen one and bring it into view; beyond the ends nothing happens."""
        if 0 <= index < len(self._numbers):
            self.chosen = index
            self.draw()
            self.scroll_to_widget(self.query(StepPanel)[index], animate=False)
            self.post_message(self.Chosen())

    def watch_scroll_y(self, before: float, after: float) -> None:
        super().watch_scroll_y(before, after)
        if round(before) != round(after):
            after_refresh(self, self.draw)

    def draw(self) -> None:
        """Draw the panels in view that have changed; those out of view when they come into it."""
        accent = self.app.theme_variables["primary"]
        width = self.size.width
        if width == 0:
            return
        panels = list(self.query(StepPanel))[: len(self._numbers)]
        for index, panel in enumerate(panels):
            if not panel.drawn or panel.region.overlaps(self.region):
                panel.draw(self._numbers[index], accent if index == self.chosen else "dim", width)

    @property
    def text(self) -> str:
        """The chosen step as plain lines."""
        now = self._numbers[self.chosen]
        return derivation_text(self.chosen + 1, self._steps[self.chosen], now.value, now.worked)


class SymbolLine(Static):
    """One symbol explained: its name, its axes, the shape that its array has now, what it means."""

    DEFAULT_CSS = """
    SymbolLine {
        height: 2;
        padding: 0 1;
        color: $foreground 85%;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._at = 0
        self._symbols: list[tuple[Symbol, tuple[int, ...] | None]] = []

    def show(self, symbols: list[tuple[Symbol, tuple[int, ...] | None]], anew: bool = False) -> None:
        """The symbols of a step. anew: begin with the first one.

        Args:
            symbols: Each with its shape.
            anew: Whether to begin with the first one.
        """
        if anew:
            self._at = 0
        if anew or symbols != self._symbols:
            self._symbols = symbols
            self._draw()

    def turn(self, step: int) -> None:
        """Explain the next one, or the one before."""
        self._at += step
        self._draw()

    def on_click(self) -> None:
        self.turn(1)

    def _draw(self) -> None:
        if not self._symbols:
            self.update("", layout=False)
            return
        self._at %= len(self._symbols)
        names: list[tuple[str, str]] = [("S  ", "bold $primary")]
        for index, (symbol, _) in enumerate(self._symbols):
            names += [(symbol.name, "bold reverse" if index == self._at else "$foreground 65%"), (" ", "")]
        symbol, _ = self._symbols[self._at]
        known = Content.assemble(*names)
        shape = self._axes + self._shape
        if self.size and known.cell_length + 2 + len(shape) > self.size.width:
            shape = self._shape
        self.update(Content.assemble(known, f"  {shape}", "\n", symbol.meaning), layout=False)

    def on_resize(self) -> None:
        self._draw()

    @property
    def _axes(self) -> str:
        """The axes of the symbol explained."""
        symbol, _ = self._symbols[self._at]
        return f"({', '.join(symbol.axes)}) = " if symbol.axes else ""

    @property
    def _shape(self) -> str:
        """How long its axes are now."""
        _, shape = self._symbols[self._at]
        if shape is None:
            return "not in this model"
        return "×".join(f"{n:,}" for n in shape) if shape else "a number"

    @property
    def text(self) -> str:
        """The explanation as a plain line."""
        if not self._symbols:
            return ""
        symbol, _ = self._symbols[self._at]
        return f"{symbol.name}  {self._axes}{self._shape}: {symbol.meaning}"


class DerivationView(Vertical):
    """The row, the steps with its numbers, and the symbols of the chosen step."""

    can_focus = False

    DEFAULT_CSS = """
    DerivationView > StepList {
        height: 1fr;
    }
    """

    def __init__(self, lesson: Lesson, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lesson = lesson
        self._trace: Trace | None = None

    def compose(self) -> ComposeResult:
        yield RowLine()
        yield StepList(self._lesson)
        yield SymbolLine()

    @property
    def chosen(self) -> int:
        """Index of the chosen step."""
        return self.query_one(StepList).chosen

    def choose(self, index: int) -> None:
        """See `StepList.choose`."""
        self.query_one(StepList).choose(index)

    def show(self, trace: Trace) -> None:
        """Put the numbers of this reading everywhere."""
        self._trace = trace
        self.query_one(RowLine).show(trace)
        self.query_one(StepList).show(trace)
        self._explain()

    def on_step_list_chosen(self) -> None:
        self._explain(anew=True)

    def turn_symbol(self, step: int) -> None:
        """Explain the next symbol of the chosen step."""
        self.query_one(SymbolLine).turn(step)

    def _explain(self, anew: bool = False) -> None:
        if self._trace is not None:
            symbols = self._trace.symbols(self._trace.steps[self.chosen])
            self.query_one(SymbolLine).show(symbols, anew)

    @property
    def text(self) -> str:
        """Whose numbers, the chosen step and the symbol explained, as plain lines."""
        notes = self._trace.notes if self._trace else ()
        return "\n".join([*notes, self.query_one(StepList).text, f"   {self.query_one(SymbolLine).text}"])
