"""A run: an experiment carried out, its curves recorded, its model measured on rows drawn afterwards."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from toystory.models.fast_form import fast_form
from toystory.models.model import Model, carry_on
from toystory.models.parts.arrays import FloatArray
from toystory.models.parts.batches import Batch
from toystory.models.parts.history import History
from toystory.models.train_step import predict_proba
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress, Training
from toystory.training.settings import SETTINGS

ROWS_AFTERWARDS = 10_000
"""Fresh rows on which a finished model is measured: chance is then 0.5 ± 0.005, one standard deviation."""

LEARNT = 0.99
"""A task is learnt where so large a share of fresh rows is answered right."""

TIE = 1e-3
"""When every answer is this near to one half, the model has not answered: its accuracy is a tie."""


COUNTED = ("seed", "columns", "relevant")
"""Settings of which a sweep asks how many of its runs are solved, not how they compare."""


CURVES = ("losses", "train_accuracies", "fresh_accuracies", "fresh_losses", "gradient_norms")
"""The histories of a run, by the names of its attributes."""


@dataclass(frozen=True)
class Sweep:
    """Experiments that belong together: one recipe with twenty seeds, or with more and more columns."""

    name: str
    experiments: tuple[Experiment, ...]


Study = Experiment | Sweep


def experiments_of(study: Study) -> tuple[Experiment, ...]:
    """The experiments of a study: its own, or itself."""
    return study.experiments if isinstance(study, Sweep) else (study,)


def tested_on(columns: int, seen: int) -> str:
    """What the accuracy after a run is measured on, in words.

    Rows count as fresh only where few of them can have been trained on.

    Args:
        columns: Bits in a row.
        seen: Rows that it was trained on.
    """
    every = 2 ** min(columns, 64)
    if every <= ROWS_AFTERWARDS:
        return f"all {every:,} rows"
    return "fresh rows" if seen < every / 100 else f"rows drawn from all {every:,}, most of them seen before"


def over_seeds(name: str, experiment: Experiment, seeds: int) -> Sweep:
    """The same recipe from several beginnings.

    Args:
        name: Of the sweep.
        experiment: The recipe, with the first seed.
        seeds: How many.
    """
    first = experiment.seed
    return Sweep(
        name,
        tuple(replace(experiment, name=f"{name}, no. {n + 1}", seed=first + n) for n in range(seeds)),
    )


def over_columns(name: str, experiment: Experiment, columns: tuple[int, ...]) -> Sweep:
    """The same recipe on rows of different width.

    Args:
        name: Of the sweep.
        experiment: The recipe.
        columns: The widths, in bits.
    """
    return Sweep(name, tuple(replace(experiment, name=f"{name}, {n} columns", columns=n) for n in columns))


def over_setting(name: str, experiment: Experiment, setting: str, values: tuple[Any, ...]) -> Sweep:
    """The same recipe with one setting changed: what comes of each is compared.

    Args:
        name: Of the sweep.
        experiment: The recipe.
        setting: The name of its field.
        values: What it is, in turn.
    """
    made = (replace(experiment, **{setting: value}) for value in values)
    return Sweep(name, tuple(replace(e, name=f"{name}: {value_text(e, setting)}") for e in made))


def compared_setting(experiments: Sequence[Experiment]) -> str:
    """The one setting in which experiments of a sweep differ, where they are there to be compared.

    Returns:
        The name of the field; empty where it is the seed or which columns there are or count, and where there
        are several or none.
    """
    settings = [name for name in SETTINGS if len({getattr(e, name) for e in experiments}) > 1]
    return settings[0] if len(settings) == 1 and settings[0] not in COUNTED else ""


def value_text(experiment: Experiment, setting: str) -> str:
    """One setting of an experiment in a word or two: momentum, rate 0.3, batches of 512.

    Args:
        experiment: The experiment.
        setting: The name of the field.
    """
    value = getattr(experiment, setting)
    kind = SETTINGS[setting]
    said = kind.none if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)
    return f"{kind.label if kind.short is None else kind.short} {said}".strip()


class Run:
    """Carries out an experiment: iterate over it, once.

    It records as it goes and measures when the last Progress has come; a run that is left early can be
    measured with `measure`.

    Attributes:
        experiment: What is carried out.
        losses: Of the batches, by update.
        train_accuracies: On rows trained on, by update, where they were measured.
        fresh_accuracies: On rows never seen, by update, where they were measured.
        fresh_losses: On the same rows.
        gradient_norms: Before clipping, by update.
        seconds: Spent training, not counting what whoever iterates does in between.
        progress: The last one; None before the first.
        train_accuracy: In the end, on rows trained on; NaN before.
        fresh_accuracy: In the end, on rows drawn afterwards; NaN before.
        tie: Whether every answer was so near to one half in the end that the model has not answered.
        finished: Whether it came to its end.
        interrupt: Called between pieces of long work; what it raises ends the run.
    """

    def __init__(self, experiment: Experiment, interrupt: Callable[[], None] | None = None) -> None:
        """Begin nothing yet: the rows are drawn with the first update."""
        self.experiment = experiment
        self.losses, self.train_accuracies, self.fresh_accuracies = History(), History(), History()
        self.fresh_losses, self.gradient_norms = History(), History()
        self.seconds = 0.0
        self.progress: Progress | None = None
        self.train_accuracy = self.fresh_accuracy = math.nan
        self.tie = False
        self.finished = False
        self.interrupt = interrupt
        self._begin: Callable[[], Training] | None = None
        self._training: Training | None = None
        self._model: Model | None = None

    def __iter__(self) -> Iterator[Progress]:
        """Train: each Progress is of one update more."""
        updates = iter(self.training)
        while True:
            started = time.perf_counter()
            progress = next(updates, None)
            self.seconds += time.perf_counter() - started
            if progress is None:
                break
            self._record(progress)
            yield progress
        self.measure()
        self.finished = True
        self._release()

    @property
    def training(self) -> Training:
        """The training itself, begun when first asked for."""
        if self._training is None:
            self._training = self._begin() if self._begin else Training(self.experiment, self.interrupt)
        return self._training

    @property
    def model(self) -> Model:
        """The model, in whatever state it is."""
        return self._model or self.training.model

    def restore(self, begin: Callable[[], Training] | None = None, model: Model | None = None) -> None:
        """Be a run of another time.

        Args:
            begin: Resumes its training, for one that is not finished.
            model: What it ended with, for one that is.
        """
        self._begin, self._model = begin, model

    @property
    def updates(self) -> int:
        """Updates made."""
        return self.progress.update if self.progress else 0

    @property
    def loss(self) -> float:
        """Of the last batch."""
        return self.progress.loss if self.progress else math.nan

    @property
    def diverged(self) -> bool:
        """Whether the loss left all bounds."""
        return self.progress is not None and self.progress.outcome == "diverged"

    @property
    def solved(self) -> bool:
        """Whether it got as good as it was to get; else whether it has learnt its task."""
        if self.experiment.stop_at is None:
            return self.fresh_accuracy >= LEARNT
        return self.progress is not None and self.progress.outcome == "solved"

    def measure(self) -> None:
        """Accuracy on the training rows and on rows drawn now."""
        if self.diverged:
            return
        self.train_accuracy = self.training.train_accuracy(ROWS_AFTERWARDS)
        fresh = self.fresh_rows()
        answers = self.training.train_step.predict_proba(fresh.x)
        self.fresh_accuracy = float(np.mean((answers > 0.5) == fresh.y))
        self.tie = bool(np.abs(answers - 0.5).max() < TIE)

    def loss_curve(self, most: int) -> list[tuple[int, float]]:
        """Thin the losses out.

        Args:
            most: How many points, and then the last update's.

        Returns:
            Updates with the loss of their batch.
        """
        points = self.losses.points[:: -(-len(self.losses.points) // most) or 1]
        if points and not self.diverged and points[-1][0] != self.updates:
            points.append((self.updates, self.loss))
        return points

    def fresh_rows(self, rows: int = ROWS_AFTERWARDS, columns: int | None = None) -> Batch:
        """Draw rows apart from those of the training, whole; the same at each call.

        Of a few columns there are so few rows that most, or all, were trained on: see `tested_on`.

        Args:
            rows: How many; where there are no more than these, every row there is.
            columns: Their length, for a model that reads bit by bit; None for the experiment's own.
        """
        columns = columns or self.experiment.columns
        rng = np.random.default_rng((self.experiment.seed, rows, columns))
        return self.experiment.task.test_rows(rng, rows, columns)

    @property
    def tested_on(self) -> str:
        """What its accuracy afterwards was measured on, in words."""
        e = self.experiment
        return tested_on(e.columns, e.rows or len(e.given) or self.updates * (e.batch or 1))

    @property
    def measured_on_all_rows(self) -> bool:
        """Whether there are so few rows that those drawn afterwards are all there are."""
        return 1 << self.experiment.columns <= ROWS_AFTERWARDS

    def answers(self, rows: ArrayLike) -> FloatArray:
        """Ask the model.

        Args:
            rows: Bits, (rows, columns).

        Returns:
            The probability for each row that its label is 1, (rows,); NaN if the run diverged.
        """
        if self.diverged:
            return np.full(len(np.asarray(rows)), np.nan)
        return self.model.predict_proba(rows)

    def accuracy_at(self, columns: int, rows: int) -> float:
        """Measure accuracy on fresh rows of another length, for a model that reads bit by bit.

        Args:
            columns: Their length.
            rows: How many at most.

        Returns:
            A share; NaN if the run diverged.
        """
        if self.diverged:
            return math.nan
        fresh = self.fresh_rows(rows, columns)
        answers = predict_proba(self.model, fresh.x, fast_form(self.model))
        return float(np.mean((answers > 0.5) == fresh.y))

    def accuracy_on_all_rows(self) -> float:
        """Accuracy on every row there is, for a few columns; NaN if the run diverged."""
        return self.accuracy_at(self.experiment.columns, rows=2**self.experiment.columns)

    def _release(self) -> None:
        """Keep the model and let go of its rows: what is left is small, and can be sent between processes."""
        self._model = self.training.model
        self._model.interrupt = carry_on
        self._training = self._begin = self.interrupt = None

    def _record(self, progress: Progress) -> None:
        self.progress = progress
        if progress.outcome == "diverged":
            return
        self.losses.add(progress.update, progress.loss)
        self.gradient_norms.add(progress.update, progress.gradient_norm)
        if progress.train_accuracy is not None:
            self.train_accuracies.add(progress.update, progress.train_accuracy)
        if progress.fresh_accuracy is not None:
            self.fresh_accuracies.add(progress.update, progress.fresh_accuracy)
        if progress.fresh_loss is not None:
            self.fresh_losses.add(progress.update, progress.fresh_loss)


class Runs:
    """The finished runs of a lesson, by the names of its experiments and sweeps."""

    def __init__(self, runs: Mapping[str, list[Run]]) -> None:
        self._runs = runs

    def __contains__(self, name: str) -> bool:
        return name in self._runs

    def one(self, name: str) -> Run:
        """The run of the experiment `name`."""
        return self._runs[name][0]

    def sweep(self, name: str) -> list[Run]:
        """The runs of the sweep `name`, in its order."""
        return self._runs[name]

    def of(self, experiments: Iterable[Experiment]) -> list[Run]:
        """The runs of these experiments, whatever they are called and whichever study they belong to.

        Raises:
            KeyError: Where one was not run.
        """
        every = {replace(run.experiment, name=""): run for runs in self._runs.values() for run in runs}
        return [every[replace(experiment, name="")] for experiment in experiments]

    def solved(self, name: str) -> int:
        """How many runs of a sweep answer every row there is."""
        return sum(run.accuracy_on_all_rows() == 1.0 for run in self.sweep(name))
