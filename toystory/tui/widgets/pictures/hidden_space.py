"""The rows as the hidden units see them, and the line that the output draws there."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from toystory.course.analysis.hidden_space import DISTANCE, HiddenSpace, bent_square, hidden_space
from toystory.course.analysis.layers import FeedForward, columns_of, incoming
from toystory.models.parts.arrays import FloatArray
from toystory.tui.widgets.pictures.canvas import Rgb, dot_signs, ink_on, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

TINT = 0.45
"""How strong the answers' colours stand behind the points."""
MOST_WIDTH = 72


def draw(scene: Scene, room: Room) -> Drawing:
    """A plane through the space of the last hidden layer: rows as marks, the answer as the colour behind.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, FeedForward)
    space = hidden_space(model)
    labels = scene.experiment.task.whole_rows(space.rows).y
    width, height = min(room.width, MOST_WIDTH), max(room.height - 1, 4)
    view = _View(space, width, height)
    papers = _papers(view, model, room)
    cells = _cells(papers)
    if columns_of(model) == 2:
        _draw(cells, view.dots(bent_square(model, space)), room.inks.faint)
    if space.line is not None and (ends := space.line.across(*view.corners)) is not None:
        _draw(
            cells,
            view.dots((np.array(ends),), thick=True),
            _style(room.color_scale.rule, room.color_scale.zero),
        )
    for row, point, label, answer in zip(space.rows, space.points, labels, space.answers, strict=True):
        if (place := view.place(point)) is not None:
            right = (answer > 0.5) == label
            mark = "".join(map(str, row)) if len(row) == 2 else ("●" if label else "○") if right else "×"
            ink = (room.inks.on if label else room.inks.off) if right or len(row) == 2 else room.inks.bad
            _write(cells, place, mark, ink)
    axes = f"→ {space.axes[0]}" + (f"   ↑ {space.axes[1]}" if space.axes[1] else "")
    drawn = [
        [Segment("".join(c for c, _ in same), style) for style, same in groupby(line, itemgetter(1))]
        for line in cells
    ]
    return Drawing([*drawn, text_line((axes[: room.width], room.inks.faint))], _caption(scene, space, labels))


class _View:
    """A box of the plane, in characters."""

    def __init__(self, space: HiddenSpace, width: int, height: int) -> None:
        self.space, self.width, self.height = space, width, height
        (self.left, self.bottom), (self.right, self.top) = space.box
        if space.line is not None and space.axes[0] == DISTANCE:  # the line shall be in the middle's reach
            reach = 0.15 * max(abs(self.left), abs(self.right), 1e-9)
            self.left, self.right = min(self.left, -reach), max(self.right, reach)

    def place(self, point: FloatArray) -> tuple[int, int] | None:
        """(line, column) of a point; None for one that is not a number."""
        if not np.isfinite(point).all():
            return None
        x = (point[0] - self.left) / (self.right - self.left)
        y = (self.top - point[1]) / (self.top - self.bottom)
        inside = (min(max(y, 0.0), 1.0) * (self.height - 1), min(max(x, 0.0), 1.0) * (self.width - 1))
        return round(inside[0]), round(inside[1])

    def centres(self) -> FloatArray:
        """The point at every character, (height, width, 2)."""
        across = np.linspace(self.left, self.right, self.width)
        down = np.linspace(self.top, self.bottom, self.height)
        return np.stack(np.meshgrid(across, down), axis=2)

    @property
    def corners(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Lower left and upper right."""
        return (self.left, self.bottom), (self.right, self.top)

    def dots(self, curves: tuple[FloatArray, ...], thick: bool = False) -> NDArray[np.bool_]:
        """The curves as braille dots, (4 × height, 2 × width); thick: twice as wide."""
        dots = np.zeros((4 * self.height, 2 * self.width), dtype=np.bool_)
        for curve in curves:
            fine = np.linspace(0, len(curve) - 1, max(12 * len(curve), 500 if thick else 0))
            x, y = (np.interp(fine, np.arange(len(curve)), curve[:, k]) for k in (0, 1))
            known = np.isfinite(x) & np.isfinite(y)
            across = (x[known] - self.left) / (self.right - self.left) * (self.width - 1)
            down = (self.top - y[known]) / (self.top - self.bottom) * (self.height - 1)
            columns = np.clip(np.rint(2 * across + 0.5), 0, 2 * self.width - 1).astype(int)
            dots[np.clip(np.rint(4 * down + 1.5), 0, 4 * self.height - 1).astype(int), columns] = True
        if thick:
            dots[:, 1:] |= dots[:, :-1].copy()
        return dots


Cells = list[list[tuple[str, Style]]]


def _papers(view: _View, model: FeedForward, room: Room) -> list[list[Rgb]]:
    """The colour behind every character: the answer there, where the picture has a line."""
    space, colors = view.space, room.color_scale.colors
    if space.line is None:
        return [[room.color_scale.zero] * view.width] * view.height
    z = space.line.side(view.centres().reshape(-1, 2)).reshape(view.height, view.width)
    if space.axes[0] == DISTANCE:
        z = z * float(np.linalg.norm(incoming(model, space.layer + 1)[0]))
    shades = room.color_scale.shades(TINT * np.tanh(z / 2))
    return [[colors[shade] for shade in row] for row in shades.tolist()]


def _cells(papers: list[list[Rgb]]) -> Cells:
    return [[(" ", _style(None, paper)) for paper in row] for row in papers]


def _draw(cells: Cells, dots: NDArray[np.bool_], ink: Style) -> None:
    """Dots over whatever stands there."""
    for row, drawn in zip(cells, dot_signs(dots), strict=True):
        for x, character in enumerate(drawn):
            if character != " ":
                row[x] = (character, _with_ink(ink, row[x][1]))


@lru_cache(maxsize=4096)
def _style(ink: Rgb | None, paper: Rgb) -> Style:
    return Style(color=Color.from_rgb(*ink) if ink else None, bgcolor=Color.from_rgb(*paper))


@lru_cache(maxsize=4096)
def _with_ink(ink: Style, behind: Style) -> Style:
    return Style(color=ink.color, bgcolor=behind.bgcolor)


def _write(cells: Cells, place: tuple[int, int], text: str, ink: Style) -> None:
    line, column = place
    column = min(column, len(cells[line]) - len(text))
    for offset, character in enumerate(text):
        paper = cells[line][column + offset][1].bgcolor
        if len(text) > 1:
            paper = ink.color
            rgb = paper.get_truecolor() if paper else (0, 0, 0)
            style = Style(color=Color.from_rgb(*ink_on((rgb[0], rgb[1], rgb[2]))), bgcolor=paper, bold=True)
        else:
            style = Style(color=ink.color, bgcolor=paper, bold=True)
        cells[line][column + offset] = (character, style)


def _caption(scene: Scene, space: HiddenSpace, labels: NDArray[np.uint8]) -> str:
    if not np.isfinite(space.points).all():
        return "The hidden units no longer say numbers: the training has diverged."
    wrong = int(((space.answers > 0.5) != labels).sum())
    rows = f"{len(labels)} rows" if len(labels) > 4 else "four rows"
    if space.line is None:
        return f"The {rows} where the hidden units put them; the output does not look at them yet."
    if wrong == 0:
        margin = "" if math.isnan(space.margin) else f", the nearest {abs(space.margin):.2g} away"
        return f"Bent by the hidden units, the {rows} can be split by one straight line{margin}."
    if len(labels) > 4:
        return f"{wrong} of {len(labels)} rows lie on the wrong side of the output's line (×)."
    return (
        f"The hidden units have not bent the square enough: {wrong} of 4 rows on the wrong side of the line."
    )
