"""A live line chart in a bordered panel: the title above, the legend below, colours of the theme."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from toystory.render.chart import AXIS, LOSS_AXES, Axes, Rows, Series, legend, plot

BESIDE_NAMES = 4
"""Columns of the lower border, within the corners, that no name stands in."""
AXIS_COLOR = "$foreground 65%"
COLORS = {
    AXIS: AXIS_COLOR,
    "train": "$text-primary",
    "fresh": "$text-warning",
    "earlier": "$foreground 35%",
    "past-1": "$text-warning 60%",
    "past-2": "$text-success 60%",
    "past-3": "$text-error 60%",
    "past-4": "$foreground 50%",
    "first": "$text-primary",
    "second": "$text-warning",
    "third": "$text-success",
    "fourth": "$text-error",
    "fifth": "$foreground",
}


class Chart(Widget):
    """Shows what `show` was last given, and draws only when that, the size or the theme has changed.

    without: what stands there as long as there is no curve.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"chart--{ink}" for ink in COLORS}

    DEFAULT_CSS = """
    Chart {
        height: 1fr;
        min-height: 6;
        border: round $foreground 30%;
        border-title-color: $foreground;
        border-subtitle-color: $foreground 70%;
    }
    """ + "\n".join(f"Chart > .chart--{ink} {{ color: {color}; }}" for ink, color in COLORS.items())

    def __init__(
        self,
        title: str = "",
        axes: Axes = LOSS_AXES,
        *,
        without: str = "",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._title = title
        self._axes = axes
        self._without = without
        self._series: tuple[Series, ...] = ()
        self._plotext_loaded = False
        self._drawn_for: object = None  # what `_rows` depends on
        self._rows: Rows = []
        self._inked_for: object = None  # what `_strips` depends on beside them
        self._strips: list[Strip] = []

    def on_mount(self) -> None:
        self._redraw()
        # Loading plotext takes a quarter of a second: an empty frame is painted first.
        self.call_after_refresh(self._load_plotext)

    def _load_plotext(self) -> None:
        with suppress(ImportError):  # then the curves are drawn without it
            import plotext  # noqa: F401

        self._plotext_loaded = True
        if self._series:
            self.refresh()

    @property
    def axes(self) -> Axes:
        """Those of what is drawn."""
        return self._axes

    @property
    def series(self) -> tuple[Series, ...]:
        """The curves that are drawn."""
        return self._series

    def show(self, series: Iterable[Series], axes: Axes | None = None) -> None:
        """Draw these curves, later ones over earlier ones; `axes` stay as they are unless given.

        Args:
            series: The curves.
            axes: What the axes are; None for those of before.
        """
        series = tuple(series)
        axes = self._axes if axes is None else axes
        if (series, axes) == (self._series, self._axes):
            return
        self._series, self._axes = series, axes
        if self.is_attached:
            self._redraw()

    def on_resize(self) -> None:
        self._label()  # the curves are drawn for their size

    def _redraw(self) -> None:
        self._drawn_for = None
        self._label()
        self.refresh()

    def _label(self) -> None:
        """Write the title above and the names below, as far as there is room."""
        title = Content.assemble(self._title, (" · ", AXIS_COLOR), (self._axes.y_label, AXIS_COLOR))
        self.border_title = title if self._title else Content(self._axes.y_label)
        names = legend(self._series, self._axes, marks=self.app.no_color)
        room = self.size.width - BESIDE_NAMES
        # Levels are named where there is room for all names.
        if sum(cell_len(text) for text, _ in names) > room > 0:
            axes = replace(self._axes, levels=())
            names = legend(self._series, axes, marks=self.app.no_color) or names
        self.border_subtitle = Content.assemble(*((text, COLORS.get(ink, "")) for text, ink in names)) or None

    def render_line(self, y: int) -> Strip:
        # Without a border the names have no place but the first row.
        header = not self.styles.border_top[0]
        drawn_for = (self.size, header, self._plotext_loaded)
        if drawn_for != self._drawn_for:
            shown = self._series if self._plotext_loaded else ()
            without = "" if self._series else self._without
            self._rows = plot(
                shown, *self.size, self._axes, marks=self.app.no_color, header=header, without=without
            )
            self._drawn_for, self._inked_for = drawn_for, None
        if self._inked_for != self.app.theme:
            inks = {ink for row in self._rows for _, ink in row if ink}
            styles = {ink: self.get_component_rich_style(f"chart--{ink}") for ink in inks}
            styles[""] = self.rich_style
            self._strips = [
                Strip([Segment(text, styles[ink]) for text, ink in row], self.size.width)
                for row in self._rows
            ]
            self._inked_for = self.app.theme
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)
