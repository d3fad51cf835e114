"""Only what has changed goes to the terminal, and the terminal shows the same."""

from __future__ import annotations

import io
import random

import pyte
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from toystory.tui.painted import Painted

WIDTH, HEIGHT = 40, 6
SIZE = (WIDTH, HEIGHT)
CONSOLE = Console(file=io.StringIO(), color_system="truecolor", force_terminal=True)
STYLES = [None, Style.parse("red on blue"), Style.parse("bold green"), Style.parse("#123456 italic")]
WORDS = ["loss 0.6931", "⣀⣤⣶⣿", "x₁ ", "─────────", "電球", "e\u0301a", "        "]


def strip(rng: random.Random, width: int) -> Strip:
    segments: list[Segment] = []
    room = width
    while room:
        word = Segment(rng.choice(WORDS), rng.choice(STYLES))
        cut, _ = word.split_cells(min(room, word.cell_length))
        segments.append(cut)
        room -= cut.cell_length
    return Strip(segments, width)


def whole(lines: list[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[line] for line in lines], Region(0, 0, WIDTH, HEIGHT))


def part(y: int, x: int, piece: Strip) -> ChopsUpdate:
    """Of one line; the rest of it is not drawn."""
    end = x + piece.cell_length
    chops: list[dict[int, Strip | None]] = [{0: None} for _ in range(HEIGHT)]
    ends = [[WIDTH] for _ in range(HEIGHT)]
    chops[y], ends[y] = {x: piece, end: None}, [end, WIDTH]
    if x:
        chops[y], ends[y] = {0: None, **chops[y]}, [x, *ends[y]]
    return ChopsUpdate(chops, [(y, x, end)], ends)


class Screen:
    """A terminal as it is emulated."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self.screen)

    def feed(self, text: str) -> None:
        self._stream.feed("\x1b[?7l" + text)

    @property
    def cells(self) -> list[list[object]]:
        return [[self.screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def test_a_terminal_shows_the_same_as_if_all_were_written() -> None:
    rng = random.Random(0)
    painted, ours, theirs = Painted(), Screen(), Screen()
    written = all_of_it = 0
    lines = [strip(rng, WIDTH) for _ in range(HEIGHT)]
    for turn in range(300):
        if turn % 10 == 0:
            lines[rng.randrange(HEIGHT)] = strip(rng, WIDTH)
            update: LayoutUpdate | ChopsUpdate = whole(lines)
        else:
            x = rng.randrange(0, WIDTH - 8)
            update = part(rng.randrange(HEIGHT), x, strip(rng, rng.randint(4, WIDTH - x)))
        text, full = painted.changes(update, CONSOLE, SIZE), update.render_segments(CONSOLE)
        ours.feed(text)
        theirs.feed(full.replace("\n", ""))
        written, all_of_it = written + len(text), all_of_it + len(full)
        if turn % 10 == 0:
            assert ours.screen.display == theirs.screen.display
            assert ours.cells == theirs.cells
    assert written < 0.8 * all_of_it


def test_what_stands_there_already_is_not_written() -> None:
    rng = random.Random(1)
    lines = [strip(rng, WIDTH) for _ in range(HEIGHT)]
    painted = Painted()
    assert painted.changes(whole(lines), CONSOLE, SIZE)
    assert painted.changes(whole(lines), CONSOLE, SIZE) == ""
    assert painted.changes(part(2, 0, lines[2]), CONSOLE, SIZE) == ""
    painted.forget()
    assert painted.changes(whole(lines), CONSOLE, SIZE)
    assert painted.changes(whole(lines), CONSOLE, (WIDTH + 1, HEIGHT)), "what a resize leaves is not known"


def test_only_the_cells_that_differ_are_written_and_a_colour_is_told_once() -> None:
    painted, red = Painted(), Style.parse("red")
    line = Strip([Segment("a" * WIDTH, red)], WIDTH)
    painted.changes(part(1, 0, line), CONSOLE, SIZE)
    changed = Strip([Segment("a" * 10 + "b" + "a" * 20 + "c" + "a" * 8, red)], WIDTH)
    text = painted.changes(part(1, 0, changed), CONSOLE, SIZE)
    assert text == "\x1b[2;11H\x1b[31mb\x1b[2;32Hc\x1b[0m"
