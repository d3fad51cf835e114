"""Pictures of numbers: half-block cells, two pixels to a character, in colours that say plus and minus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from toystory.models.parts.arrays import FloatArray
from toystory.render.dots import wants_blocks

Rgb = tuple[int, int, int]
Line = list[Segment]
Shades = NDArray[np.int64]
"""Indices of colours of a palette."""
SHADES = 24
"""Steps between zero and one end of the palette: finer ones can't be told apart."""
RULE = 2 * SHADES + 1
"""The index of the colour for lines within a picture."""


TEXTURES = " ░▒▓█"
"""From 0 to one end of the scale, where colours have no shades."""
NO_SHADES = 0.2
"""How far from 0 a value is on its side, where colours have no shades."""


@dataclass(frozen=True)
class ColorScale:
    """Colours of −1, 0 and +1, and of a line drawn over them.

    shaded: whether there are others between them: of sixteen colours the nearest to a dark amber is red.
    """

    negative: Rgb
    zero: Rgb
    positive: Rgb
    rule: Rgb
    shaded: bool = True

    @cached_property
    def colors(self) -> tuple[Rgb, ...]:
        """From −1 to +1, and then the line's."""
        shades = [self._between(step / SHADES) for step in range(-SHADES, SHADES + 1)]
        return (*shades, self.rule)

    def shades(self, values: FloatArray) -> Shades:
        """The colours of `values`: beyond ±1 those of the ends, for NaN that of 0."""
        known = np.nan_to_num(values.astype(np.float64), nan=0.0)
        shades: Shades = np.rint(known.clip(-1, 1) * SHADES).astype(np.int64) + SHADES
        return shades

    def _between(self, value: float) -> Rgb:
        if not self.shaded:
            value = 0 if abs(value) < NO_SHADES else 1 if value > 0 else -1
        end = self.positive if value > 0 else self.negative
        r, g, b = (round(z + (e - z) * abs(value)) for z, e in zip(self.zero, end, strict=True))
        return r, g, b


@lru_cache(maxsize=8192)
def cell_style(above: Rgb, below: Rgb, bold: bool = False) -> Style:
    """Ink in the colour `above` on paper of the colour `below`.

    Args:
        above: The colour of the upper half.
        below: The colour of the lower half.
        bold: Whether the ink is bold.
    """
    return Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below), bold=bold or None)


def half_blocks(values: FloatArray, color_scale: ColorScale) -> list[Line]:
    """`values` (rows, columns), each within ±1, as lines of ▀: one column a value, half a line a row.

    Args:
        values: Each within ±1, (rows, columns).
        color_scale: From minus to plus.
    """
    return shaded_blocks(color_scale.shades(values), color_scale)


def shaded_blocks(shades: Shades, color_scale: ColorScale) -> list[Line]:
    """Colours of the palette (rows, columns) as lines of ▀.

    Args:
        shades: Indices of colours, (rows, columns).
        color_scale: From minus to plus.
    """
    colors = color_scale.colors
    rows = shades.tolist()
    lines: list[Line] = []
    for top in range(0, len(rows) - 1, 2):
        line: Line = []
        for (above, below), same in groupby(zip(rows[top], rows[top + 1], strict=True)):
            line.append(Segment("▀" * len(list(same)), cell_style(colors[above], colors[below])))
        lines.append(line)
    if len(rows) % 2:
        lines.append([Segment("▀", Style(color=Color.from_rgb(*colors[shade]))) for shade in rows[-1]])
    return lines


def textured_blocks(shades: Shades, color_scale: ColorScale) -> list[Line]:
    """The same where colours have no shades: half-toned signs say how far from 0 a value is.

    Args:
        shades: Colours of the scale (rows, columns), an even number of rows; two of them make a line.
        color_scale: Of which only the ends, the middle and the line are used.
    """
    colors = color_scale.colors
    lines: list[Line] = []
    for above, below in zip(shades[::2].tolist(), shades[1::2].tolist(), strict=True):
        line: Line = []
        for pair in zip(above, below, strict=True):
            value = sum(pair) / (2 * SHADES) - 1
            if RULE in pair:
                line.append(Segment("▀", cell_style(colors[pair[0]], colors[pair[1]])))
            else:
                ink = color_scale.positive if value > 0 else color_scale.negative
                line.append(Segment(TEXTURES[round(abs(value) * 4)], cell_style(ink, color_scale.zero)))
        lines.append(line)
    return lines


def enlarged(values: FloatArray, across: int, down: int) -> FloatArray:
    """Every value repeated, `across` columns wide and `down` rows high.

    Args:
        values: Each within ±1, (rows, columns).
        across: How many columns each becomes.
        down: How many rows each becomes.
    """
    return np.repeat(np.repeat(values, across, axis=1), down, axis=0)


def ink_on(paper: Rgb) -> Rgb:
    """Black or white, whichever is read better on `paper`."""
    r, g, b = paper
    return (0, 0, 0) if 0.299 * r + 0.587 * g + 0.114 * b > 110 else (255, 255, 255)


def marked(line: Line, column: int, text: str) -> Line:
    """The line with `text` written over it from `column` on, in black or white on the colour there.

    Args:
        line: The line.
        column: Where it begins.
        text: What is written.
    """
    written = [Segment(c, segment.style) for segment in line for c in segment.text]
    for offset, character in enumerate(text):
        if 0 <= column + offset < len(written):
            style = written[column + offset].style
            paper = style.bgcolor.get_truecolor() if style and style.bgcolor else (0, 0, 0)
            rgb = (paper[0], paper[1], paper[2])
            written[column + offset] = Segment(character, cell_style(ink_on(rgb), rgb, True))
    return written


def dot_signs(dots: NDArray[np.bool_]) -> list[str]:
    """Dots as lines of braille, or of half blocks where the font has none; a blank where there is none.

    Args:
        dots: (4 × lines, 2 × columns).
    """
    height, width = dots.shape
    cells = dots.reshape(height // 4, 4, width // 2, 2)
    if wants_blocks():
        halves: Shades = cells.reshape(height // 4, 2, 2, width // 2, 2).max(axis=(2, 4)).astype(np.int64)
        return ["".join(" ▀▄█"[code] for code in row) for row in (halves[:, 0] + 2 * halves[:, 1]).tolist()]
    bits = np.array([[1, 8], [2, 16], [4, 32], [64, 128]])
    codes = (cells * bits[None, :, None, :]).sum(axis=(1, 3))
    return ["".join(chr(0x2800 + code) if code else " " for code in row) for row in codes.tolist()]


def text_line(*parts: str | tuple[str, Style]) -> Line:
    """A line of words."""
    return [Segment(part) if isinstance(part, str) else Segment(*part) for part in parts]


def width_of(lines: Sequence[Line]) -> int:
    """Columns of the longest line."""
    return max((Segment.get_line_length(line) for line in lines), default=0)


def beside(left: Sequence[Line], right: Sequence[Line], gap: int = 4) -> list[Line]:
    """Two blocks of lines next to each other.

    Args:
        left: The block on the left.
        right: The block on the right.
        gap: Columns between them.
    """
    width = width_of(left)
    lines = []
    for i in range(max(len(left), len(right))):
        line = list(left[i]) if i < len(left) else []
        pad = width - Segment.get_line_length(line) + gap
        lines.append([*line, Segment(" " * pad), *(right[i] if i < len(right) else [])])
    return lines


class Canvas(Widget):
    """Shows lines as they are, as high as there are lines."""

    DEFAULT_CSS = """
    Canvas {
        height: auto;
    }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Line] = []

    def show(self, lines: Iterable[Line]) -> None:
        """Draw these; only the lines that differ from what is drawn are drawn anew."""
        before, self._lines = self._lines, list(lines)
        if len(before) != len(self._lines):
            self.refresh(layout=True)
            return
        width = self.size.width
        changed = [y for y, pair in enumerate(zip(before, self._lines, strict=True)) if pair[0] != pair[1]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    @property
    def text(self) -> str:
        """The words among the lines, pictures and curves left out."""
        lines = ("".join(s.text for s in line) for line in self._lines)
        words = ("".join(c for c in line if c != "▀" and not "\u2800" <= c <= "\u28ff") for line in lines)
        return "\n".join(line.rstrip() for line in words if any(map(str.isalnum, line)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else []
        base = self.rich_style
        painted = [Segment(text, base + style if style else base) for text, style, _ in line]
        return Strip(painted).adjust_cell_length(self.size.width, base)
