"""A sweep over settings: every combination of some values, from several seeds; how many solve it.

Nothing here trains. Results are kept with those of the comparison, so that a second call goes on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from statistics import median
from typing import Any

from toystory.training.checkpoints.result_store import Result, load
from toystory.training.command_line import command_line
from toystory.training.experiment import Experiment
from toystory.training.settings import SETTINGS, WrongSetting

MOST_RUNS = 100_000
MARGIN = 0.2
"""A run may end early where it lacks so small a part of what it may lack at the end: it is measured on few
rows on the way, and on other ones afterwards."""
NORMAL = 1.96
"""Standard deviations of a normal distribution that hold 95 % of it."""


@dataclass
class SweepCell:
    """One combination of values.

    Attributes:
        values: By the name of the setting, in the order of the axes.
        experiments: One for each seed.
        bar: The share of fresh rows from which a run counts as solved.
        results: By the experiment, of those that have been trained.
    """

    values: dict[str, Any]
    experiments: tuple[Experiment, ...]
    bar: float
    results: dict[Experiment, Result]

    @property
    def name(self) -> str:
        """The values in words."""
        return ", ".join(f"{name.replace('_', ' ')} {text_of(value)}" for name, value in self.values.items())

    @property
    def complete(self) -> bool:
        """Whether every seed has been trained."""
        return len(self.results) == len(self.experiments)

    @property
    def solved(self) -> int:
        """How many runs solved the task."""
        return len(self._solved)

    @property
    def share(self) -> float:
        """Of the runs there are; NaN where there are none."""
        return self.solved / len(self.results) if self.results else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of all seeds there are lies, with 95 % certainty (Wilson's interval)."""
        n = len(self.results)
        if n == 0:
            return 0.0, 1.0
        z = NORMAL**2 / n
        middle = (self.share + z / 2) / (1 + z)
        half = NORMAL / (1 + z) * math.sqrt(self.share * (1 - self.share) / n + z / (4 * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def median_updates(self) -> float:
        """Of the runs that solved it, the updates until they did; NaN where there are none."""
        solved = self._solved
        return median(_updates_to(result, self.bar) for result in solved) if solved else math.nan

    @property
    def median_seconds(self) -> float:
        """Of all runs there are; NaN where there are none."""
        return median(r.seconds for r in self.results.values()) if self.results else math.nan

    @property
    def command(self) -> str:
        """What to type so that its first run runs again."""
        return command_line(self.experiments[0])

    @property
    def _solved(self) -> list[Result]:
        return [result for result in self.results.values() if is_solved(result, self.bar)]


def is_solved(result: Result, bar: float) -> bool:
    """Whether so large a share of fresh rows was answered right.

    Args:
        result: Of one run.
        bar: The share.
    """
    return not result.diverged and not result.tie and result.fresh_accuracy >= bar


def _updates_to(result: Result, bar: float) -> int:
    """Updates until it first was that good on rows drawn on the way, as far as the stored curve tells."""
    return next((update for update, share in result.fresh_curve if share >= bar), result.updates)


def stop_at(bar: float) -> float:
    """Where a run may end early, so that it is very likely to reach `bar` on other rows afterwards."""
    return 1 - MARGIN * (1 - bar)


def stored_sweep(
    settings: Mapping[str, Any],
    vary: Mapping[str, Sequence[Any]],
    *,
    seeds: int,
    bar: float,
    again: bool = False,
    complaints: list[str] | None = None,
) -> list[SweepCell]:
    """The cells of a sweep with what is kept of them, the last axis running fastest.

    Args:
        settings: Of every experiment, by name.
        vary: Values of those that are varied, by name.
        seeds: How many, from that of `settings` on.
        bar: The share of fresh rows from which a run counts as solved.
        again: Whether to look for no results.
        complaints: A damaged file is set aside, and a sentence about it is added here.

    Raises:
        WrongSetting: The settings make no experiment; the message says at which values.
    """
    cells = math.prod(map(len, vary.values()))
    if cells * seeds > MOST_RUNS:
        raise WrongSetting("", f"{cells * seeds:,} runs are too many: expected at most {MOST_RUNS:,}")
    common = {"stop_at": stop_at(bar)} | dict(settings)
    made = []
    for combination in product(*vary.values()):
        values = dict(zip(vary, combination, strict=True))
        told = ", ".join(f"{name.replace('_', ' ')} {text_of(value)}" for name, value in values.items())
        try:
            first = Experiment(name=told, **common | values)
        except WrongSetting as error:
            raise WrongSetting(error.setting, f"{error} (where {told})" if told else str(error)) from error
        experiments = tuple(
            replace(first, name=f"{told}, seed {seed}", seed=seed)
            for seed in range(first.seed, first.seed + seeds)
        )
        found = {} if again else {e: result for e in experiments if (result := load(e, complaints))}
        made.append(SweepCell(values, experiments, bar, found))
    return made


def missing(cells: Sequence[SweepCell]) -> list[Experiment]:
    """What has not been trained: the first seeds of all cells first, so that a picture comes early."""
    most = max((len(cell.experiments) for cell in cells), default=0)
    in_order = (cell.experiments[n] for n in range(most) for cell in cells if n < len(cell.experiments))
    found = {e for cell in cells for e in cell.results}
    return [experiment for experiment in in_order if experiment not in found]


def text_of(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join("".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def label(name: str) -> str:
    """What an axis is called."""
    return SETTINGS[name].label
