"""Pictures of numbers: half-block cells, two pixels to a character, in colours that say plus and minus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from models.arrays import FloatArray

Rgb = tuple[int, int, int]
Line = list[Segment]
SHADES = 24
"""Steps between zero and one end of the palette: finer ones can't be told apart."""


@dataclass(frozen=True)
class Palette:
    """Colours of −1, 0 and +1."""

    negative: Rgb
    zero: Rgb
    positive: Rgb

    def color(self, value: float) -> Rgb:
        """The colour of a value; beyond ±1 that of the end, for NaN that of 0."""
        value = 0.0 if value != value else max(-1.0, min(1.0, value))
        end = self.positive if value > 0 else self.negative
        share = round(abs(value) * SHADES) / SHADES
        r, g, b = (round(z + (e - z) * share) for z, e in zip(self.zero, end, strict=True))
        return r, g, b


@lru_cache(maxsize=8192)
def _style(above: Rgb, below: Rgb) -> Style:
    return Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))


def half_blocks(values: FloatArray, palette: Palette) -> list[Line]:
    """`values` (rows, columns), each within ±1, as lines of ▀: one column a value, half a line a row."""
    rows = [[palette.color(float(v)) for v in row] for row in values]
    lines: list[Line] = []
    for top in range(0, len(rows) - 1, 2):
        lines.append([Segment("▀", _style(*pair)) for pair in zip(rows[top], rows[top + 1], strict=True)])
    if len(rows) % 2:
        lines.append([Segment("▀", Style(color=Color.from_rgb(*color))) for color in rows[-1]])
    return lines


def enlarged(values: FloatArray, across: int, down: int) -> FloatArray:
    """Every value repeated, `across` columns wide and `down` rows high."""
    return np.repeat(np.repeat(values, across, axis=1), down, axis=0)


def marked(line: Line, column: int, text: str) -> Line:
    """The line with `text` written over it from `column` on, in black or white on the colour there."""
    written = list(line)
    for offset, character in enumerate(text):
        style = line[column + offset].style
        paper = style.bgcolor if style and style.bgcolor else Color.from_rgb(0, 0, 0)
        r, g, b = paper.get_truecolor()
        ink = (0, 0, 0) if 0.299 * r + 0.587 * g + 0.114 * b > 110 else (255, 255, 255)
        written[column + offset] = Segment(
            character, Style(color=Color.from_rgb(*ink), bgcolor=paper, bold=True)
        )
    return written


def text_line(*parts: str | tuple[str, Style]) -> Line:
    """A line of words."""
    return [Segment(part) if isinstance(part, str) else Segment(*part) for part in parts]


def beside(left: Sequence[Line], right: Sequence[Line], gap: int = 4) -> list[Line]:
    """Two blocks of lines next to each other."""
    width = max((Segment.get_line_length(line) for line in left), default=0)
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

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []

    def show(self, lines: Iterable[Line]) -> None:
        """Draw these; nothing happens if they are what is drawn."""
        lines = list(lines)
        if lines != self._lines:
            layout = len(lines) != len(self._lines)
            self._lines = lines
            self.refresh(layout=layout)

    @property
    def text(self) -> str:
        """The words among the lines, pictures left out."""
        lines = ("".join(s.text for s in line).replace("▀", "").rstrip() for line in self._lines)
        return "\n".join(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else []
        base = self.rich_style
        painted = [Segment(text, base + style if style else base) for text, style, _ in line]
        return Strip(painted).adjust_cell_length(self.size.width, base)
