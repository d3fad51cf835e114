"""How `compare` tells what happens: in plain lines, or with bars on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Console, RenderableType
from rich.text import Text

from toystory.cli.reporting.bars import Bar, Bars
from toystory.compare import status
from toystory.compare.driver import Work
from toystory.render import numbers
from toystory.training.checkpoints.result_store import Result
from toystory.training.pools.pool import Failed


class SilentReporter:
    """Says nothing: for --json, where the one object is the answer."""

    def __init__(self, line_of: Callable[[Result], object]) -> None:
        """Say nothing yet.

        Args:
            line_of: Is given each result, and says it in a line; what is empty is not said.
        """
        self._line_of = line_of

    def estimating(self) -> None:
        """The pace of every recipe is about to be tried."""

    def refresh(self, work: Work) -> None:
        """Something may have moved."""

    def finished(self, work: Work, result: Result) -> None:
        """An experiment is at its end, and kept.

        Args:
            work: All of it.
            result: What came of the experiment.
        """
        self._line_of(result)

    def failed(self, work: Work, failure: Failed) -> None:
        """An experiment came to no end: that is in the object.

        Args:
            work: All of it.
            failure: The experiment, and why.
        """

    def close(self) -> None:
        """Leave the terminal as it was, however it ended."""


class PlainReporter(SilentReporter):
    """A line for each result, and how much is left."""

    def finished(self, work: Work, result: Result) -> None:
        """Tell a result.

        Args:
            work: All of it.
            result: What came of the experiment.
        """
        if line := self._line_of(result):
            print(f"{line}{_how_far(work)}", flush=True)

    def failed(self, work: Work, failure: Failed) -> None:
        """Tell a failure.

        Args:
            work: All of it.
            failure: The experiment, and why.
        """
        print(f"{failure.experiment.name}: FAILED, {failure.reason}{_how_far(work)}", flush=True)


class TerminalReporter(SilentReporter):
    """A bar for the whole and one for each experiment under way; results come in above them."""

    def __init__(
        self,
        console: Console,
        line_of: Callable[[Result], object],
        above: Callable[[], RenderableType] | None = None,
    ) -> None:
        """Draw nothing yet.

        Args:
            console: The terminal.
            line_of: Is given each result, and says it in a line.
            above: What stands over the bars and changes with the results; without it each result gets a line.
        """
        super().__init__(line_of)
        self._console, self._above = console, above
        self._bars = Bars(console, above)

    def estimating(self) -> None:
        """Say so."""
        self._bars.say("trying every recipe for a moment, to tell how long it will take")

    def refresh(self, work: Work) -> None:
        """Draw the bars anew."""
        self._bars.draw(lambda: _bars_of(work))

    def finished(self, work: Work, result: Result) -> None:
        """Tell a result in a line with its curve.

        Args:
            work: All of it.
            result: What came of the experiment.
        """
        line = str(self._line_of(result))
        if self._above is None:
            curve = status.sparkline(result.loss_curve, 12)
            self._console.print(Text(f"{curve} ", "cyan").append(line, "default"))

    def failed(self, work: Work, failure: Failed) -> None:
        """Tell a failure.

        Args:
            work: All of it.
            failure: The experiment, and why.
        """
        self._console.print(Text(f"{failure.experiment.name}: FAILED, {failure.reason}", "bold red"))

    def close(self) -> None:
        """Take the bars away."""
        self._bars.stop()


def _bars_of(work: Work) -> Iterator[Bar]:
    yield Bar(f"{work.ended} of {work.asked}", work.share, f"{numbers.about(work.left)} left")
    for experiment, report in work.under_way.items():
        loss = "" if report.progress is None else f"loss {report.loss:.4f}, "
        rest = numbers.about(work.estimate.rest(report))
        yield Bar(experiment.name, report.share, f"{loss}{rest}")


def _how_far(work: Work) -> str:
    if work.ended == work.asked:
        return ""
    return f" ({work.ended} of {work.asked}; {numbers.about(work.left)} left)"
