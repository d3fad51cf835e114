"""Line charts for the terminal: learning curves as thin braille lines inside a calm frame.

The frame (axis names, ticks, legend) is set here as text; plotext draws only the curves between them. Nothing
reaches plotext but finite points cut to the axes (see `drawable_points`): it aborts the process on others.

`plot` returns rows of runs, each run a text and its *ink*: a role, `AXIS`, or "" for blank paper. A drawing
knows no colours; `draw` makes it one string for a terminal, and the chart widget styled strips.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from toystory.render.dots import DotCanvas, in_blocks, wants_blocks

AXIS = "axis"  # the ink of axes, tick labels, names and levels

Run = tuple[str, str]  # text, ink
Rows = list[list[Run]]


class Look(NamedTuple):
    """How a role is drawn: its colour code in a terminal, and the mark that stands in for colours."""

    code: str
    mark: str


# The code is the parameter of an ANSI colour sequence. These colours read well on black and on white.
LOOKS = {
    "train": Look("38;5;32", ""),
    "fresh": Look("38;5;166", "×"),
    "earlier": Look("2", "·"),
    # Runs before this one, laid under it: faint, and yet not alike.
    "past-1": Look("2;38;5;166", "×"),
    "past-2": Look("2;38;5;34", "+"),
    "past-3": Look("2;38;5;134", "o"),
    "past-4": Look("2;39", "*"),
    "first": Look("38;5;32", ""),
    "second": Look("38;5;166", "×"),
    "third": Look("38;5;34", "+"),
    "fourth": Look("38;5;134", "o"),
    "fifth": Look("39", "*"),
}
AXIS_CODE = "2"

LABEL_WIDTH = 5  # least columns for the y labels: charts above each other line up, and a live one stays put
DOTS_EVERY = 2  # columns from one dot of a level to the next
MARK_GAP = 5  # columns from one mark to the next on a curve
HUGE = 1e100  # greater magnitudes are drawn as this one, so that no difference overflows
TINY = 1e-12  # the least span of an axis
LEAST_HEIGHT = 1e-5  # of a y axis, as a share of its values: closer together is rounding and noise


@dataclass(frozen=True)
class Series:
    """One curve. `xs` and `ys` are copied; a value that is None, NaN or infinite leaves a gap.

    Raises ValueError for a role that is not in `LOOKS`.
    """

    label: str
    xs: Sequence[float | None]
    ys: Sequence[float | None]
    role: str = "train"

    def __post_init__(self) -> None:
        if self.role not in LOOKS:
            raise ValueError(f"unknown role {self.role!r}: choose from {', '.join(LOOKS)}")
        # A caller may go on appending to its own list: what is drawn, and what is compared, must stand still.
        object.__setattr__(self, "xs", tuple(self.xs))
        object.__setattr__(self, "ys", tuple(self.ys))


@dataclass(frozen=True)
class Level:
    """A dotted horizontal line for comparison, such as the loss of a coin toss."""

    y: float
    label: str

    def __post_init__(self) -> None:
        if not abs(self.y) <= HUGE:
            raise ValueError(f"a level must be finite, not {self.y}")


@dataclass(frozen=True)
class Axes:
    """Names and limits. Limits are (low, high); without them the data decide. `log_y` needs them above zero.

    Raises ValueError for limits that are not finite and rising, or do not suit `log_y`.
    """

    x_label: str = "update"
    y_label: str = "loss"
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None
    log_y: bool = False
    levels: tuple[Level, ...] = ()

    def __post_init__(self) -> None:
        for limits in (self.x_limits, self.y_limits):
            if limits is not None and not (-HUGE <= limits[0] < limits[1] <= HUGE):
                raise ValueError(f"limits must be finite and rising, not {limits}")
        if self.log_y and self.y_limits is not None and self.y_limits[0] <= 0:
            raise ValueError(f"a logarithmic axis needs limits above zero, not {self.y_limits}")


LOSS_AXES = Axes()


class Point(NamedTuple):
    """A finite point, in axis units. Points with different `run` numbers have a gap between them."""

    x: float
    y: float
    run: int


class Scale(NamedTuple):
    """One axis: its limits, and the ticks between them with their labels. A logarithmic axis has log10."""

    low: float
    high: float
    ticks: list[float]
    labels: list[str]

    def column(self, value: float, columns: int) -> int:
        """The column that a value falls in; the limits lie in the middle of the first and the last.

        Args:
            value: In axis units.
            columns: How many there are.
        """
        return cell((value - self.low) / (self.high - self.low), columns)

    def row(self, value: float, rows: int) -> int:
        """The row, from above, that a value falls in; the limits lie in the middle of the last and first.

        Args:
            value: In axis units.
            rows: How many there are.
        """
        return cell((self.high - value) / (self.high - self.low), rows)


def cell(fraction: float, cells: int) -> int:
    """The cell a fraction of the way from the middle of the first to that of the last, as in plotext.

    Args:
        fraction: 0 to 1.
        cells: How many there are.
    """
    margin = 0.5016  # plotext's hair more than a half: it decides where a value between two cells goes
    return int(margin + (cells - 2 * margin) * fraction)


def draw(
    series: Sequence[Series],
    width: int,
    height: int,
    axes: Axes = LOSS_AXES,
    *,
    color: bool = True,
    header: bool = True,
) -> str:
    """The chart as text.

    Args:
        series: The curves.
        width: Columns.
        height: Lines.
        axes: What the axes are.
        color: In ANSI colours, or else with marks on the curves.
        header: Whether the first line is the name of the y axis and the legend.

    Returns:
        `height` lines of `width` columns.
    """
    rows = plot(series, width, height, axes, marks=not color, header=header)
    if not color:
        return "\n".join("".join(text for text, _ in row) for row in rows)
    codes = {role: look.code for role, look in LOOKS.items()} | {AXIS: AXIS_CODE}
    return "\n".join(
        "".join(f"\x1b[{codes[ink]}m{text}\x1b[0m" if ink else text for text, ink in row) for row in rows
    )


def plot(
    series: Sequence[Series],
    width: int,
    height: int,
    axes: Axes = LOSS_AXES,
    *,
    marks: bool = False,
    header: bool = True,
    without: str = "",
) -> Rows:
    """The chart as rows of runs. Blank when there is no room for a chart.

    Args:
        series: The curves.
        width: Columns.
        height: Rows.
        axes: What the axes are.
        marks: Whether to set a character on every curve but the first kind, to tell them apart without
            colours.
        header: Whether the first row is the name of the y axis and the legend.
        without: What stands there when there is no point yet.

    Returns:
        `height` rows, each of `width` columns in all.
    """
    points = [points_of(one, axes) for one in series]
    empty = not any(points)
    canvas_height = height - 2 - header
    y = y_scale([p.y for one in points for p in one], axes, canvas_height)
    y_labels = [] if empty and axes.y_limits is None else y.labels
    gutter = max([LABEL_WIDTH, *map(len, y_labels)])
    canvas_width = width - gutter - 1
    if canvas_width < 4 or canvas_height < 2:
        return [[(" " * max(width, 0), "")] for _ in range(height)]

    x = x_scale([p.x for one in points for p in one], axes, canvas_width)
    x_labels = [] if empty and axes.x_limits is None else x.labels
    canvas = curves(series, points, x, y, canvas_width, canvas_height, axes, marks)
    if empty and len(without) <= canvas_width:
        canvas[(canvas_height - 1) // 2] = [(f"{without:^{canvas_width}}", AXIS)]

    names = dict(zip((y.row(tick, canvas_height) for tick in y.ticks), y_labels, strict=False))
    rows: Rows = []
    if header:
        rows.append(fitted([(axes.y_label, AXIS), ("   ", ""), *legend(series, axes, marks=marks)], width))
    for number, inside in enumerate(canvas):
        name = names.get(number)
        rows.append([(f"{name or '':>{gutter}}{'│' if name is None else '┤'}", AXIS), *inside])
    columns = [x.column(tick, canvas_width) for tick in x.ticks][: len(x_labels)]
    shown, label_row = labels_below(columns, x_labels, gutter + 1, width)
    rows.append([(" " * gutter + "└" + axis_line(shown, axes.x_label, canvas_width), AXIS)])
    rows.append([(label_row, AXIS)])
    return rows


def legend(series: Iterable[Series], axes: Axes = LOSS_AXES, *, marks: bool = False) -> list[Run]:
    """A sample of each curve in its ink, and its label; levels come last. Curves alike are named once.

    Args:
        series: The curves.
        axes: The axes, with their levels.
        marks: Whether curves are told apart by marks.
    """
    runs: list[Run] = []
    for one in {(one.label, one.role): one for one in series}.values():
        mark = LOOKS[one.role].mark
        sample = ("⠒" + mark + "⠒" if mark else "⠒⠒⠒") if marks else "━━"
        runs += [("  ", "")] * bool(runs) + [(sample, one.role), (" " + one.label, AXIS)]
    for level in axes.levels:
        runs += [("  ", "")] * bool(runs) + [("⠂ ⠂ " + level.label, AXIS)]
    return [(in_blocks(text), ink) for text, ink in runs] if wants_blocks() else runs


# From data to points


def points_of(series: Series, axes: Axes) -> list[Point]:
    """The finite points of a series in axis units. On a logarithmic axis, zero and below leave gaps too.

    Args:
        series: A curve.
        axes: What the axes are.
    """
    points = []
    run = 0
    for x, y in zip(series.xs, series.ys, strict=False):
        if x is None or y is None or not (math.isfinite(x) and math.isfinite(y)) or (axes.log_y and y <= 0):
            run += 1
            continue
        height = math.log10(y) if axes.log_y else clamp(float(y), -HUGE, HUGE)
        points.append(Point(clamp(float(x), -HUGE, HUGE), height, run))
    return points


def drawable_points(points: Iterable[Point], x: Scale, y: Scale, columns: int) -> list[Point]:
    """The guard at plotext's door: points within the axes, about two a column, the lowest and the highest.

    Points left or right of the axes are dropped; those above or below are moved to the edge, so that a spike
    that leaves the chart is seen leaving it.

    Args:
        points: In axis units; NaN for a gap.
        x: The scale across.
        y: The scale upwards.
        columns: Of the inside of the frame.
    """
    kept: list[Point] = []
    inside = (p for p in points if x.low <= p.x <= x.high)
    for _, together in groupby(inside, key=lambda p: x.column(p.x, columns)):
        heights = [(p.y, place, p) for place, p in enumerate(together)]
        for _, _, p in sorted({min(heights), max(heights)}, key=lambda item: item[1]):
            kept.append(p._replace(y=clamp(p.y, y.low, y.high)))
    return kept


def curves(
    series: Sequence[Series],
    points: Sequence[Sequence[Point]],
    x: Scale,
    y: Scale,
    width: int,
    height: int,
    axes: Axes,
    marks: bool,
) -> Rows:
    """The inside of the frame, drawn by plotext: the levels, and the curves over them.

    Args:
        series: The curves.
        points: Of each curve, in axis units.
        x: The scale across.
        y: The scale upwards.
        width: Columns of the inside.
        height: Rows of the inside.
        axes: The axes, with their levels.
        marks: Whether curves are told apart by marks.
    """
    lines = [(one.role, drawable_points(mine, x, y, width)) for one, mine in zip(series, points, strict=True)]
    if not any(mine for _, mine in lines):
        return [[(" " * width, "")] for _ in range(height)]

    add, rows = canvas_of(width, height, x, y)
    for at in (level_height(level, axes) for level in axes.levels):
        if y.low <= at <= y.high:
            # In the dots that the curves are made of, so that it lies where a curve of that height does.
            across = [
                x.low + (x.high - x.low) * column / (width - 1) for column in range(0, width, DOTS_EVERY)
            ]
            add([Point(place, at, 0) for place in across], "braille", AXIS, connected=False)
    for role, mine in lines:
        if mine:
            add(mine, "braille", role)
    for role, mine in lines:
        if marks and mine and LOOKS[role].mark:
            add(spaced(mine, x, width), LOOKS[role].mark, role, connected=False)
    return rows()


def canvas_of(width: int, height: int, x: Scale, y: Scale) -> tuple[Callable[..., None], Callable[[], Rows]]:
    """What curves are drawn with: plotext, or dots of our own.

    Args:
        width: Columns.
        height: Rows.
        x: The scale across.
        y: The scale upwards.

    Returns:
        A function that adds points, with their symbol, their ink and whether they are connected; and one that
        returns what was drawn.
    """
    blocks = wants_blocks()
    # Imported here because it takes a quarter of a second; there are systems for which it is not made.
    with suppress(ImportError):
        import plotext

        if not blocks:
            return plotext_canvas(plotext, width, height, x, y)
    dots = DotCanvas(width, height, (x.low, x.high), (y.low, y.high), blocks)
    return dots.add, dots.rows


def plotext_canvas(
    plotext: Any, width: int, height: int, x: Scale, y: Scale
) -> tuple[Callable[..., None], Callable[[], Rows]]:
    """As `canvas_of`, with plotext.

    Args:
        plotext: The module.
        width: Columns.
        height: Rows.
        x: The scale across.
        y: The scale upwards.
    """
    terminal = type(plotext.terminal)()
    terminal.limit(False, False)
    figure = type(plotext.figure)(parent=terminal).plot_size(width, height)
    figure.theme("colorless").axes(False).legend(False)
    for axis, scale in (("x", x), ("y", y)):
        figure.ruler(axis).lim(scale.low, scale.high).ticks([])

    inks: list[str] = []

    def add(points: Sequence[Point], symbol: str, ink: str, *, connected: bool = True) -> None:
        # The colour carries the place of the ink in `inks`, to be read back from plotext's string.
        pixel = plotext.pixel((0, 0, len(inks)))
        inks.append(ink)
        marker = plotext.marker(symbol, pixel)
        signal = figure.signal([p.x for p in points], [p.y for p in points], marker=marker).lines(connected)
        for index, (before, after) in enumerate(pairwise(points), start=1):
            if before.run != after.run:
                signal.line(index, False)
        figure.draw(signal)

    def rows() -> Rows:
        return [runs_of(line, inks) for line in figure.build().string().splitlines()]

    return add, rows


def spaced(points: Sequence[Point], x: Scale, columns: int) -> list[Point]:
    """Some of the points, at least `MARK_GAP` columns apart.

    Args:
        points: In axis units.
        x: The scale across.
        columns: Of the inside of the frame.
    """
    chosen: list[Point] = []
    for point in points:
        if not chosen or abs(x.column(point.x, columns) - x.column(chosen[-1].x, columns)) >= MARK_GAP:
            chosen.append(point)
    return chosen


def runs_of(line: str, inks: Sequence[str]) -> list[Run]:
    """One line of plotext's string as runs: the blue of its colours is an index of `inks`.

    Args:
        line: With escape codes.
        inks: The names of the colours.
    """
    runs: list[Run] = []
    ink = ""
    for part in re.split(r"((?:\x1b\[[\d;]*m)+)", line):
        if part.startswith("\x1b"):
            blue = re.search(r"38;2;0;0;(\d+)m", part)
            ink = inks[int(blue[1])] if blue else ""
        elif part:
            runs.append((part, ink))
    return runs


# Scales and ticks


def x_scale(xs: Sequence[float], axes: Axes, columns: int) -> Scale:
    """The x axis: the data from edge to edge, whole steps unless less than one fits.

    Args:
        xs: The data.
        axes: What the axes are.
        columns: Of the inside of the frame.
    """
    low, high = axes.x_limits or apart(min(xs), max(xs)) if xs else axes.x_limits or (0.0, 1.0)
    least_step = 1.0 if high - low >= 1 else 0.0
    return linear_scale(low, high, max(3, columns // 12), snap=False, least_step=least_step)


def y_scale(ys: Sequence[float], axes: Axes, rows: int) -> Scale:
    """The y axis: from tick to tick around data and levels, unless the limits are fixed.

    Values a million times the median (or twenty decades from it on a logarithmic axis) do not stretch the
    axis: one spike shall not flatten the curve.

    Args:
        ys: The data, in axis units.
        axes: The axes, with their levels.
        rows: Of the inside of the frame.
    """
    most = min(8, max(2, rows // 3))
    if axes.y_limits is not None:
        low, high = (math.log10(limit) for limit in axes.y_limits) if axes.log_y else axes.y_limits
        snap = False
    else:
        middle = sorted(ys)[(len(ys) - 1) // 2] if ys else 0.0
        reach = 20.0 if axes.log_y else 1e6 * max(abs(middle), 1.0)
        near = [y for y in ys if abs(y - middle) <= reach]
        near += [level_height(level, axes) for level in axes.levels]
        near = [y for y in near if math.isfinite(y)]
        low, high = (
            apart(min(near), max(near), least=0.0 if axes.log_y else LEAST_HEIGHT) if near else (0.0, 1.0)
        )
        snap = True
    if axes.log_y:
        return log_scale(low, high, most, snap=snap)
    return linear_scale(low, high, most, snap=snap)


def apart(low: float, high: float, least: float = 0.0) -> tuple[float, float]:
    """The limits, moved apart where they are too close to draw between.

    Args:
        low: The lowest value.
        high: The highest.
        least: The share of their size that they have to be apart, above a billionth.
    """
    size = max(abs(low), abs(high))
    if high - low >= max(max(1e-9, least) * size, TINY):
        return low, high
    half = max(0.05 * size, TINY) if size else 0.5
    return low - half, high + half


def linear_scale(low: float, high: float, most: int, *, snap: bool, least_step: float = 0.0) -> Scale:
    """About `most` ticks at multiples of 1, 2 or 5 times a power of ten.

    Args:
        low: The lower limit.
        high: The upper one.
        most: How many ticks there is room for.
        snap: Whether the limits move to ticks.
        least_step: Ticks are at least so far apart.
    """
    step = max(nice_step((high - low) / most), least_step)
    first, last = low / step, high / step
    if snap:
        first, last = math.floor(first + 1e-6), math.ceil(last - 1e-6)
        low, high = first * step, last * step
    ticks = [count * step for count in range(math.ceil(first - 1e-6), math.floor(last + 1e-6) + 1)]
    ticks = [clamp(tick, low, high) for tick in ticks]
    return Scale(low, high, ticks, tick_labels(ticks, step))


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def log_scale(low: float, high: float, most: int, *, snap: bool) -> Scale:
    """Ticks at 1, 2, 5 a decade or at whole decades, as many as fit; limits and ticks are log10.

    Args:
        low: The lower limit.
        high: The upper one.
        most: How many ticks there is room for.
        snap: Whether the limits move to ticks.
    """
    exponents = range(math.floor(low) - 1, math.ceil(high) + 2)
    every = math.ceil(len(exponents) / most)
    fine = [(factor, exponent) for exponent in exponents for factor in (1, 2, 5)]
    decades = [(1, exponent) for exponent in exponents]
    sparse = [(1, exponent) for exponent in exponents if exponent % every == 0]
    if snap:
        low = max(place for place in map(log10_of, fine) if place <= low + 1e-6)
        high = min(place for place in map(log10_of, fine) if place >= high - 1e-6)
    for marks in (fine, decades, sparse):
        marks = [mark for mark in marks if low - 1e-6 <= log10_of(mark) <= high + 1e-6]
        if len(marks) <= max(most, 3) + 1:
            break
    ticks = [clamp(log10_of(mark), low, high) for mark in marks]
    return Scale(low, high, ticks, [decade_label(*mark) for mark in marks])


def log10_of(mark: tuple[int, int]) -> float:
    """The logarithm of factor × 10^exponent."""
    factor, exponent = mark
    return exponent + math.log10(factor)


def tick_labels(ticks: Sequence[float], step: float) -> list[str]:
    """Labels of one form and as many decimals as the step needs: 0.690, 1,000, 20k, 1.5M, 2e-6.

    Args:
        ticks: Where they stand.
        step: How far they are apart.
    """
    largest = max(map(abs, ticks), default=0.0)
    power = math.floor(math.log10(step) + 1e-9)
    if largest >= 1e9 or 0 < largest < 1e-3:
        digits = max(0, math.floor(math.log10(largest) + 1e-9) - power)
        return ["0" if abs(tick) < step / 2 else tidy(f"{tick:.{digits}e}") for tick in ticks]
    if largest >= 1e6 and power >= 5:
        return ["0" if tick == 0 else f"{tick / 1e6:.{6 - min(power, 6)}f}M" for tick in ticks]
    if largest >= 1e4 and power >= 3:
        return ["0" if tick == 0 else f"{tick / 1e3:,.0f}k" for tick in ticks]
    return [f"{tick + 0.0:,.{max(0, -power)}f}" for tick in ticks]


def decade_label(factor: int, exponent: int) -> str:
    """A number factor × 10^exponent as a label: 0.05, 1,000, 2e-6.

    Args:
        factor: 1 to 9.
        exponent: Of ten.
    """
    if -3 <= exponent <= -1:
        return f"{factor * 10.0**exponent:.{-exponent}f}"
    return f"{factor * 10**exponent:,}" if 0 <= exponent <= 3 else f"{factor}e{exponent}"


def tidy(number: str) -> str:
    """2.00e-06 as 2e-6."""
    mantissa, exponent = number.split("e")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}"


# The frame


def axis_line(ticks: Sequence[int], name: str, columns: int) -> str:
    """The horizontal axis with its tick marks, its name in the last gap that holds it: ┬────┬── update ─┬.

    Where no gap does, the name covers as few tick marks as it can; their labels stand below all the same.

    Args:
        ticks: Columns of the tick marks.
        name: Of the axis.
        columns: Of the inside of the frame.
    """
    line = ["─"] * columns
    for tick in ticks:
        line[tick] = "┬"
    edges = sorted({-1, *ticks, columns})
    gaps = (
        (edges[i], edges[i + covered])
        for covered in range(1, len(edges))
        for i in range(len(edges))[:-covered][::-1]
    )
    for before, after in gaps:
        room = after - before - 1 - len(name) - 4
        if name and room >= 0:
            start = before + 2 + room // 2
            line[start : start + len(name) + 2] = f" {name} "
            break
    return "".join(line)


def labels_below(
    columns: Sequence[int], labels: Sequence[str], offset: int, width: int
) -> tuple[list[int], str]:
    """The columns whose labels fit, and the row of labels, each centred below its column.

    Args:
        columns: Of the tick marks.
        labels: One for each.
        offset: Columns left of the axis.
        width: Of the whole row.
    """
    shown: list[int] = []
    row = ""
    for column, label in zip(columns, labels, strict=True):
        start = min(offset + column - (len(label) - 1) // 2, width - len(label))
        if start >= len(row) + 2 * bool(shown):
            shown.append(column)
            row = row.ljust(start) + label
    return shown, row.ljust(width)


def fitted(runs: Iterable[Run], width: int) -> list[Run]:
    """The runs cut or filled to a width.

    Args:
        runs: Of one row.
        width: Columns.
    """
    fit: list[Run] = []
    for text, ink in runs:
        fit.append((text if len(text) <= width else text[: max(width - 1, 0)] + "…"[:width], ink))
        width -= len(fit[-1][0])
    return [run for run in [*fit, (" " * width, "")] if run[0]]


def level_height(level: Level, axes: Axes) -> float:
    """A level in axis units, NaN if the axis has no such value.

    Args:
        level: A line across the chart.
        axes: What the axes are.
    """
    if not axes.log_y:
        return level.y
    return math.log10(level.y) if level.y > 0 else math.nan


def clamp(value: float, low: float, high: float) -> float:
    """The value, or the limit that it lies beyond.

    Args:
        value: Any number.
        low: The lower limit.
        high: The upper one.
    """
    return min(max(value, low), high)
