"""What stands on the terminal: of an update only those cells are written that show something else by now.

Textual writes every cell of a widget that was drawn anew, each piece with its colours in full. A curve that
grows changes a few cells of some thousands, and the terminal may be at the other end of a slow line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

NEAR = 4
"""So many cells that stay are written again rather than skipped: to move the cursor takes about as much."""
RESET = "\x1b[0m"

_Cell = tuple[str, str]
"""A character, and the colours that it is written in, as a terminal is told them."""


class Written(CompositorUpdate):
    """An update as the text that is to be written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Segment(self.text)

    def render_segments(self, console: Console) -> str:
        return self.text


class Painted:
    """The cells of the terminal, as far as they are known."""

    def __init__(self) -> None:
        self._lines: dict[int, list[_Cell | None]] = {}
        self._size = (0, 0)

    def forget(self) -> None:
        """Nothing is known any more: something else may have been written there."""
        self._lines.clear()

    def changes(self, update: RenderableType | None, console: Console, size: tuple[int, int]) -> str | None:
        """What to write so that the terminal shows the update; it is taken to be written.

        Args:
            update: Of the compositor; None is returned for anything else.
            console: Whose colours are used.
            size: Columns and lines of the terminal.
        """
        if not isinstance(update, LayoutUpdate | ChopsUpdate):
            return None
        if size != self._size:
            self.forget()
            self._size = size
        colors = console._color_system or ColorSystem.TRUECOLOR
        style, written = "", []
        for y, x, strip in _pieces(update):
            for at, run in self._changed(y, x, _cells(strip, colors)):
                written.append(f"\x1b[{y + 1};{at + 1}H")
                for character, wanted in run:
                    if wanted != style:
                        written.append(RESET + wanted if style else wanted)
                        style = wanted
                    written.append(character)
        if style:
            written.append(RESET)
        return "".join(written)

    def _changed(self, y: int, x: int, cells: list[_Cell]) -> Iterator[tuple[int, list[_Cell]]]:
        """The runs of cells that differ from what stands in line y, each with its column."""
        line = self._lines.setdefault(y, [])
        width = len(cells)
        if len(line) < x + width:
            line += [None] * (x + width - len(line))
        before = line[x : x + width]
        if before == cells:
            return
        line[x : x + width] = cells
        if any(not old[0] for old in before if old is not None) or any(not new[0] for new in cells):
            yield x, cells  # a wide character can't be changed by halves
            return
        begin = end = -1
        for place, (old, new) in enumerate(zip(before, cells, strict=True)):
            if old == new:
                continue
            if begin >= 0 and place - end > NEAR:
                yield x + begin, cells[begin:end]
                begin = place
            elif begin < 0:
                begin = place
            end = place + 1
        if begin >= 0:
            yield x + begin, cells[begin:end]


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Line, column and what is to be there, from top to bottom."""
    if isinstance(update, LayoutUpdate):
        left, top = update.region.offset
        for y, strips in enumerate(update.strips, top):
            x = left
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, x1, x2 in update.spans:
        for end, (x, part) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if part is not None and x <= x2 and end > x1:
                yield y, x, part if end <= x2 else part.crop(0, min(end, x2) - x)


def _cells(strip: Strip, colors: ColorSystem) -> list[_Cell]:
    cells: list[_Cell] = []
    for segment in strip:
        if segment.control:
            continue
        style = "" if segment.style is None else _codes(segment.style, colors)
        cells += [(character, style) for character in _characters(segment.text)]
    return cells


@lru_cache(maxsize=4096)
def _codes(style: Style, colors: ColorSystem) -> str:
    """What a terminal is told before it writes in this style."""
    return style.clear_meta_and_links().render("\0", color_system=colors).partition("\0")[0]


@lru_cache(maxsize=4096)
def _characters(text: str) -> tuple[str, ...]:
    """One for each cell: an empty one behind a wide one; what has no width goes with what it stands on."""
    if text.isascii():
        return tuple(text)
    cells: list[str] = []
    for character in text:
        width = get_character_cell_size(character)
        if width == 0 and cells:
            cells[-1] += character
        else:
            cells += [character, *([""] * (width - 1))]
    return tuple(cells)
