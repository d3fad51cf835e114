"""Curves as SVG: text in, text out. Colours come from the page's style, so that they fit light and dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from toystory.export.page.ticks import Tick, linear_ticks, log_ticks

SIZE = (460, 240)
SMALL = (250, 150)
"""For a cell of a table."""
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 12, 40
COLOURS = 8
"""Series have the classes series-0 … series-7, and then from the start again."""
MOST_NAMED = 6
"""So many names fit; with more series none is named."""
LEGEND_LINE = 16
SIGN_WIDTH = 6.2
"""About how wide a letter of a name is."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """A curve and its name. Points that are not finite are left out, and the curve is broken there."""

    name: str
    points: Sequence[Point]
    dashed: bool = False


def chart(
    title: str,
    series: Sequence[Series],
    *,
    y_label: str,
    x_label: str = "updates",
    low: float | None = None,
    high: float | None = None,
    log: bool = False,
    size: tuple[int, int] = SIZE,
) -> str:
    """The curves as one <svg> element.

    Args:
        title: Read out in place of the picture.
        series: The curves.
        y_label: Beside the y axis.
        x_label: Below the x axis.
        low: End of the y axis; that of the points unless given.
        high: Its other end.
        log: Whether the y axis is logarithmic; points at zero or below are then left out.
        size: Width and height, to which a legend is added below.
    """
    width, height = size
    legend = _legend_lines(series, width)
    whole = height + LEGEND_LINE * len(legend)
    svg = Element("svg", {"viewBox": f"0 0 {width} {whole}", "role": "img", "class": "chart"})
    SubElement(svg, "title").text = title
    drawn = [_pieces(one.points, log) for one in series]
    points = [point for pieces in drawn for piece in pieces for point in piece]
    if points:
        _draw(svg, _Frame.around(points, low, high, log, size), series, drawn, x_label, y_label)
    else:
        _text(svg, width / 2, height / 2, "nothing to draw yet", "middle")
    _draw_legend(svg, legend, height)
    return ElementTree.tostring(svg, encoding="unicode")


@dataclass(frozen=True)
class _Frame:
    """From figures to places in the drawing."""

    x_ends: Point
    y_ends: Point
    log: bool
    width: int
    height: int

    @classmethod
    def around(
        cls,
        points: Sequence[Point],
        low: float | None,
        high: float | None,
        log: bool,
        size: tuple[int, int],
    ) -> _Frame:
        xs, ys = zip(*points, strict=True)
        bottom = min(ys) if low is None or (log and low <= 0) else low
        top = max(ys) if high is None else high
        if log and not bottom < top:
            bottom, top = bottom / 2, bottom * 2
        return cls(_apart(min(xs), max(xs)), (bottom, top) if log else _apart(bottom, top), log, *size)

    @property
    def floor(self) -> int:
        return self.height - BOTTOM

    @property
    def right(self) -> int:
        return self.width - RIGHT

    def x(self, value: float) -> float:
        start, end = self.x_ends
        return LEFT + (value - start) / (end - start) * (self.right - LEFT)

    def y(self, value: float) -> float:
        measure: Callable[[float], float] = math.log10 if self.log else float
        start, end = map(measure, self.y_ends)
        share = (measure(value) - start) / (end - start)
        return TOP + (1 - min(max(share, 0.0), 1.0)) * (self.floor - TOP)

    @property
    def x_ticks(self) -> list[Tick]:
        """At whole numbers: updates are counted."""
        return linear_ticks(*self.x_ends, most=max(2, self.width // 75), closest=1.0)

    @property
    def y_ticks(self) -> list[Tick]:
        if self.log:
            return log_ticks(*self.y_ends)
        return linear_ticks(*self.y_ends, most=max(4, self.height // 30))


def _apart(low: float, high: float) -> Point:
    """The same ends, or around them where they are one."""
    if low < high:
        return low, high
    margin = abs(low) / 2 or 1.0
    return min(low, high) - margin, max(low, high) + margin


def _pieces(points: Iterable[Point], log: bool) -> list[list[Point]]:
    """The runs of points that can be drawn."""
    pieces: list[list[Point]] = [[]]
    for x, y in points:
        if math.isfinite(x) and math.isfinite(y) and (y > 0 or not log):
            pieces[-1].append((x, y))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _draw(
    svg: Element,
    frame: _Frame,
    series: Sequence[Series],
    drawn: Sequence[list[list[Point]]],
    x_label: str,
    y_label: str,
) -> None:
    floor, right = frame.floor, frame.right
    for value, said in frame.y_ticks:
        _line(svg, LEFT, frame.y(value), right, frame.y(value), "grid")
        _text(svg, LEFT - 6, frame.y(value) + 4, said, "end")
    for value, said in frame.x_ticks:
        _line(svg, frame.x(value), floor, frame.x(value), floor + 4, "axis")
        _x_mark(svg, frame, value, said)
    _line(svg, LEFT, floor, right, floor, "axis")
    _line(svg, LEFT, TOP, LEFT, floor, "axis")
    _text(svg, (LEFT + right) / 2, frame.height - 6, x_label, "middle")
    label = _text(svg, 12, (TOP + floor) / 2, y_label, "middle")
    label.set("transform", f"rotate(-90 12 {_place((TOP + floor) / 2)})")
    for number, (one, pieces) in enumerate(zip(series, drawn, strict=True)):
        for piece in pieces:
            _curve(svg, frame, piece, _class(number, one))


def _x_mark(svg: Element, frame: _Frame, value: float, said: str) -> None:
    """Below its tick; to the left of it where it would run over the edge."""
    over = frame.x(value) + SIGN_WIDTH * len(said) / 2 > frame.width
    x = frame.width - 1 if over else frame.x(value)
    _text(svg, x, frame.floor + 17, said, "end" if over else "middle")


def _curve(svg: Element, frame: _Frame, piece: list[Point], kind: str) -> None:
    places = [f"{_place(frame.x(x))},{_place(frame.y(y))}" for x, y in piece]
    if len(piece) == 1:
        x, y = places[0].split(",")
        SubElement(svg, "circle", {"cx": x, "cy": y, "r": "3", "class": kind})
    else:
        SubElement(svg, "polyline", {"points": " ".join(places), "class": kind})


def _class(number: int, series: Series) -> str:
    return f"series series-{number % COLOURS}{' dashed' if series.dashed else ''}"


def _legend_lines(series: Sequence[Series], width: int) -> list[list[tuple[int, Series]]]:
    """The names, as many to a line as fit; none where there is nothing to tell apart."""
    named = [(number, one) for number, one in enumerate(series) if one.name]
    if not 0 < len(named) <= MOST_NAMED:
        return []
    lines: list[list[tuple[int, Series]]] = [[]]
    for entry in named:
        if lines[-1] and sum(_width(one) for _, one in [*lines[-1], entry]) > width - LEFT:
            lines.append([])
        lines[-1].append(entry)
    return lines


def _draw_legend(svg: Element, lines: list[list[tuple[int, Series]]], top: int) -> None:
    for row, line in enumerate(lines):
        x, y = float(LEFT), top + LEGEND_LINE * row + 8
        for number, one in line:
            SubElement(
                svg,
                "polyline",
                {"points": f"{_place(x)},{y - 4} {_place(x + 18)},{y - 4}", "class": _class(number, one)},
            )
            _text(svg, x + 23, y, one.name, "start")
            x += _width(one)


def _width(series: Series) -> float:
    return 40 + SIGN_WIDTH * len(series.name)


def _line(svg: Element, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    SubElement(svg, "line", {**{name: _place(value) for name, value in ends.items()}, "class": kind})


def _text(svg: Element, x: float, y: float, text: str, anchor: str) -> Element:
    element = SubElement(svg, "text", {"x": _place(x), "y": _place(y), "text-anchor": anchor})
    element.text = text
    return element


def _place(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
