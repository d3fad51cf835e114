"""The learning curves of a session: its loss and its accuracies in two charts above each other."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import cycle
from operator import itemgetter

from textual.app import ComposeResult
from textual.containers import Vertical

from toystory.models.parts.history import History
from toystory.progress.studies import PastRun
from toystory.render.chart import Axes, Level, Series
from toystory.training.background import BackgroundRun
from toystory.training.run import Run, compared_setting, value_text
from toystory.tui.state.custom_experiments import knows_all_rows
from toystory.tui.widgets.training.chart import Chart

EARLIER_RUNS = 5
"""How many earlier runs of a sweep are drawn behind the current one."""
LEGEND_NAME = 16
"""Columns that the name of a former run may have."""
ZOOM_FROM = 0.8
"""Share of the updates made that a zoom leaves out."""
COMPARED = ("first", "second", "third", "fourth", "fifth", "earlier")
"""The colours of runs that are laid over each other."""
NO_RUN = "space begins the training"

Points = list[tuple[int, float]]
Limits = tuple[float, float]


def nice_end(update: int, updates: int) -> int:
    """Where the x axis ends: at 1, 2 or 5 times a power of ten, so that it seldom moves.

    Args:
        update: The last one made.
        updates: How many there are in all.
    """
    ends: Iterator[int] = (f * int(10**e) for e in range(1, 12) for f in (1, 2, 5))
    return max(1, min(next(end for end in ends if end >= update), updates))


def thinned(points: Points, most: int) -> Points:
    """At most about `most` of the points: the lowest and the highest of every few, so that spikes stay.

    Args:
        points: (update, value) pairs.
        most: How many points at most.
    """
    few = 1
    while 2 * len(points) > few * most:
        few *= 2  # doubled, so that a growing curve does not shimmer
    if few < 4:
        return points
    kept: Points = []
    for start in range(0, len(points), few):
        part = points[start : start + few]
        kept += sorted({min(part, key=itemgetter(1)), max(part, key=itemgetter(1))})
    return [*kept[:-1], points[-1]]


def curve(
    label: str, history: History, role: str, most: int, limits: Limits | None = None, scale: float = 1.0
) -> Series:
    """The part of a recorded curve that lies within the limits, thinned.

    What lies outside must not stretch the other axis. The thread may append meanwhile: a copy is taken at
    once.

    Args:
        label: In the legend.
        history: What was recorded.
        role: Its colour.
        most: Points.
        limits: Of both axes; None for all.
        scale: What the values are multiplied by.
    """
    points = list(history.points)
    if limits is not None:
        first = bisect_left(points, limits[0], key=itemgetter(0))
        points = points[first : bisect_right(points, limits[1], key=itemgetter(0))]
    points = thinned(points, most)
    return Series(label, [x for x, _ in points], [scale * y for _, y in points], role)


@lru_cache(maxsize=64)
def earlier_curve(run: Run, limits: Limits) -> Series:
    """The loss of a run that is over, as a faint line.

    Args:
        run: The run.
        limits: Of the axes; None for all.
    """
    return curve("earlier runs", run.losses, "earlier", 100, limits)


def shortened(name: str) -> str:
    """Of a study, as short as a legend needs it: yours 1, or the beginning."""
    name = name.partition(": ")[0] if name.startswith("yours ") else name
    return name if len(name) <= LEGEND_NAME else name[: LEGEND_NAME - 1] + "…"


class Curves(Vertical):
    """Draws what `show_loss` and `show_accuracy` are given, each when it is asked to.

    A chart takes some milliseconds, and two of them at once would keep a key waiting.
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.loss, self.accuracy = Chart(id="loss", without=NO_RUN), Chart(id="accuracy")

    def compose(self) -> ComposeResult:
        yield self.loss
        yield self.accuracy

    def show_loss(self, session: BackgroundRun, past: Sequence[PastRun], *, log: bool, zoom: bool) -> None:
        """The loss of the current run, over those of earlier ones. past: former runs to compare with.

        Args:
            session: The background run.
            past: Former runs to compare with.
            log: Whether the axes are logarithmic.
            zoom: Whether only the newest part is shown.
        """
        run, limits = session.run, _limits(session, past, zoom)
        # The level would hold the axis open: away with it where one looks closely.
        levels = () if zoom else (Level(math.log(2), "a coin, ln 2"),)
        axes = Axes("update", "loss", limits, log_y=log, levels=levels)
        series = [
            curve(shortened(one.name), one.run.losses, f"past-{place}", self._max_points, limits)
            for place, one in enumerate(past, start=1)
        ]
        if run and (told := compared_setting(session.experiments)):
            series += self._compared(session, told, "losses", limits)
        elif run:
            series += [earlier_curve(r, limits) for r in session.runs[-EARLIER_RUNS - 1 : -1]]
            name = "loss"
            if run.experiment.rows is not None and not knows_all_rows(run.experiment):
                name = "training"
                series.append(curve("fresh rows", run.fresh_losses, "fresh", self._max_points, limits))
            series.append(curve(name, run.losses, "train", self._max_points, limits))
        self.loss.show(series, axes)

    def show_accuracy(self, session: BackgroundRun, past: Sequence[PastRun], *, zoom: bool) -> None:
        """On the training rows and on fresh rows, in per cent, over the same updates as the loss.

        Args:
            session: The background run.
            past: Former runs to compare with.
            zoom: Whether only the newest part is shown.
        """
        run, limits = session.run, _limits(session, past, zoom)
        axes = Axes("update", "accuracy in %", limits, (0.0, 100.0), levels=(Level(50.0, "a coin"),))
        series = []
        if run and (told := compared_setting(session.experiments)):
            series = self._compared(session, told, "fresh_accuracies", limits, 100.0)
        elif run:
            others = "all rows" if knows_all_rows(run.experiment) else "fresh rows"
            series = [
                curve("training", run.train_accuracies, "train", self._max_points, limits, 100.0),
                curve(others, run.fresh_accuracies, "fresh", self._max_points, limits, 100.0),
            ]
        self.accuracy.show(series, axes)

    def show_gradient(self, session: BackgroundRun, past: Sequence[PastRun], *, zoom: bool) -> None:
        """In place of the accuracy: how long the gradient is before clipping, and where it is clipped.

        Args:
            session: The background run.
            past: Former runs to compare with.
            zoom: Whether only the newest part is shown.
        """
        run, limits = session.run, _limits(session, past, zoom)
        clips = {experiment.clip for experiment in session.experiments} - {None}
        levels = tuple(Level(clip, "clipped here") for clip in clips if clip)
        axes = Axes("update", "length of the gradient", limits, log_y=True, levels=levels)
        series = []
        if run and (told := compared_setting(session.experiments)):
            series = self._compared(session, told, "gradient_norms", limits)
        elif run:
            series = [curve("gradient", run.gradient_norms, "train", self._max_points, limits)]
        self.accuracy.show(series, axes)

    def _compared(
        self, session: BackgroundRun, setting: str, what: str, limits: Limits, scale: float = 1.0
    ) -> list[Series]:
        """The runs of a sweep that differ in one setting, each in a colour of its own.

        Args:
            session: The background run.
            setting: In which they differ.
            what: Which history of theirs.
            limits: Of the updates.
            scale: What the values are multiplied by.
        """
        names = [value_text(run.experiment, setting) for run in session.runs]
        # What the setting is stands at the first: all of it at every curve would leave no room in the legend.
        names[1:] = [name.rpartition(" ")[2] if name[-1].isdigit() else name for name in names[1:]]
        return [
            curve(name, getattr(run, what), role, self._max_points, limits, scale)
            for name, run, role in zip(names, session.runs, cycle(COMPARED), strict=False)
        ]

    @property
    def _max_points(self) -> int:
        """Points that a curve may have; a chart may be larger than this, when it fills the screen."""
        return 3 * max(self.size.width, self.loss.size.width, self.accuracy.size.width, 20)


def _limits(session: BackgroundRun, past: Sequence[PastRun], zoom: bool) -> Limits:
    """The updates that the x axes show."""
    run = session.run
    if zoom and run and run.updates:
        return ZOOM_FROM * run.updates, float(run.updates)
    drawn = [*session.runs[-EARLIER_RUNS:], *(one.run for one in past)]
    updates = max([session.experiment.updates, *(r.experiment.updates for r in drawn)])
    return 0.0, float(nice_end(max((r.updates for r in drawn), default=0), updates))
