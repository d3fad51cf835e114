"""Bars on a terminal while something trains."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

NAME = 44
"""Columns of a bar's name."""
DRAW_EVERY = 0.1
"""Seconds between two pictures."""


class Bar(NamedTuple):
    """A line of the picture: what it is about, how much of it is done (0 to 1), and what to say of it."""

    name: str
    share: float
    state: str


class Bars:
    """A bar for the whole and one for each experiment under way; what is printed comes in above them."""

    def __init__(self, console: Console, above: Callable[[], RenderableType] | None = None) -> None:
        """Draw nothing yet.

        Args:
            console: The terminal.
            above: What stands over the bars and changes with the results, if there is such.
        """
        self._console, self._above = console, above
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._drawn = 0.0

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the bars."""
        self._live.start()
        self._live.update(Text(sentence), refresh=True)

    def draw(self, bars: Callable[[], Iterable[Bar]]) -> None:
        """Show the bars, unless they were shown a moment ago. The first is the whole."""
        if time.monotonic() - self._drawn < DRAW_EVERY:
            return
        self._drawn = time.monotonic()
        grid = Table.grid(padding=(0, 1))
        # Room for the terminal's own ^C at the end: in a line of its own it would shift all.
        grid.width = self._console.width - 3
        grid.add_column(width=min(NAME, self._console.width // 2), no_wrap=True, overflow="ellipsis")
        grid.add_column(ratio=1)
        grid.add_column(justify="right", no_wrap=True)
        for place, bar in enumerate(bars()):
            style = "" if place else "bold"
            drawn = ProgressBar(total=1.0, completed=bar.share)
            grid.add_row(Text(bar.name, style), drawn, Text(bar.state, style))
        self._live.start()
        self._live.update(grid if self._above is None else Group(self._above(), Text(), grid), refresh=True)

    def stop(self) -> None:
        """Take them away, and give the cursor back."""
        self._live.stop()
