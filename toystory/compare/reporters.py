"""How `compare` tells what happens: in plain lines, or with bars on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from toystory.compare import status as words
from toystory.compare.driver import Work
from toystory.training.pool import Failed
from toystory.training.result_store import Result

NAME = 44
"""Columns of a bar's name."""


class Silent:
    """Says nothing: for --json, where the one object is the answer.

    take: is given each result, and says it in a line.
    """

    def __init__(self, take: Callable[[Result], object]) -> None:
        self._take = take

    def estimating(self) -> None:
        """The pace of every recipe is about to be tried."""

    def refresh(self, work: Work) -> None:
        """Something may have moved."""

    def finished(self, work: Work, result: Result) -> None:
        self._take(result)

    def failed(self, work: Work, failure: Failed) -> None:
        """It is in the object."""

    def close(self) -> None:
        """However it ended."""


class Plain(Silent):
    """A line for each result, and how much is left."""

    def finished(self, work: Work, result: Result) -> None:
        print(f"{self._take(result)}{_how_far(work)}", flush=True)

    def failed(self, work: Work, failure: Failed) -> None:
        print(f"{failure.experiment.name}: FAILED, {failure.reason}{_how_far(work)}", flush=True)


class Bars(Silent):
    """A bar for the whole and one for each experiment under way; results come in above them.

    above: what stands over the bars and changes with the results; without it each result gets a line.
    """

    def __init__(
        self,
        console: Console,
        take: Callable[[Result], object],
        above: Callable[[], RenderableType] | None = None,
    ) -> None:
        super().__init__(take)
        self._console, self._above = console, above
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._drawn = 0.0

    def estimating(self) -> None:
        self._live.start()
        self._live.update(
            Text("trying every recipe for a moment, to tell how long it will take"), refresh=True
        )

    def refresh(self, work: Work) -> None:
        if time.monotonic() - self._drawn >= 0.1:
            self._drawn = time.monotonic()
            self._live.update(self._picture(work), refresh=True)

    def finished(self, work: Work, result: Result) -> None:
        said = str(self._take(result))
        if self._above is None:
            curve = words.sparkline(result.loss_curve, 12)
            self._console.print(Text(f"{curve} ", "cyan").append(said, "default"))

    def failed(self, work: Work, failure: Failed) -> None:
        self._console.print(Text(f"{failure.experiment.name}: FAILED, {failure.reason}", "bold red"))

    def close(self) -> None:
        self._live.stop()

    def _picture(self, work: Work) -> RenderableType:
        bars = Table.grid(expand=True, padding=(0, 1))
        bars.add_column(width=min(NAME, self._console.width // 2), no_wrap=True, overflow="ellipsis")
        bars.add_column(ratio=1)
        bars.add_column(justify="right", no_wrap=True)
        whole = f"{work.asked - len(work.waiting) - len(work.under_way)} of {work.asked}"
        bars.add_row(Text(whole, "bold"), _bar(work.share), Text(f"{words.about(work.left)} left", "bold"))
        for experiment, at in work.under_way.items():
            rest = work.estimate.rest(at)
            loss = "" if at.progress is None else f"loss {at.progress.loss:.4f}, "
            bars.add_row(Text(experiment.name), _bar(at.share), Text(f"{loss}{words.about(rest)}"))
        return bars if self._above is None else Group(self._above(), Text(), bars)


def _bar(share: float) -> ProgressBar:
    return ProgressBar(total=1.0, completed=share)


def _how_far(work: Work) -> str:
    done = work.asked - len(work.waiting) - len(work.under_way)
    if done == work.asked:
        return ""
    return f" ({done} of {work.asked}; {words.about(work.left)} left)"
