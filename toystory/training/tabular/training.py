"""Training on rows of real numbers: stops when the validation rows say so, and keeps the best weights.

The training rows are learnt from. The validation rows are only looked at on the way: as long as their loss
falls, the network learns something that holds for other rows too. The test rows come once, at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.models.model import carry_on
from toystory.models.parts.arrays import Parameters
from toystory.models.parts.batches import Batch, given_batches
from toystory.models.parts.history import History
from toystory.models.parts.loss import softmax_cross_entropy
from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.models.train_step import TrainStep, Update, make_optimizer
from toystory.training.loop import Progress
from toystory.training.tabular.dataset import Dataset, Places, split_rows
from toystory.training.tabular.experiment import TabularExperiment

CURVE = 500
"""Points of a curve at most."""
MEASURED = 2000
"""Training rows at most that are looked at on the way, evenly taken from all of them."""


@dataclass(frozen=True, eq=False)
class Part:
    """How one part of the rows is answered.

    Attributes:
        name: training, validation or test.
        rows: How many there are.
        accuracy: Share answered right.
        loss: Mean cross-entropy.
        confusion: How many rows of each class (down) were answered as each class (across).
    """

    name: str
    rows: int
    accuracy: float
    loss: float
    confusion: NDArray[np.intp]


class TabularTraining:
    """One run of an experiment; iterate over it, one Progress a pull, and go on later where it was left.

    In its Progress, the fresh accuracy and loss are those of the validation rows.

    Attributes:
        experiment: What is carried out.
        data: All rows.
        split: Which of them are for what.
        model: Trained in place; at the end it has the best weights.
        learning_rate: May be set while it runs: the next update takes it.
        progress: The last one; None before the first.
        losses: Of the batches, by update; with dropout and weight decay, as they are while it learns.
        training_losses: Of training rows, by update, as it would answer them; of `MEASURED` at most.
        validation_losses: Of the validation rows, by update.
        best_update: After how many updates their loss was lowest.
        seconds: Spent training, not counting what whoever iterates does in between.
    """

    def __init__(
        self,
        experiment: TabularExperiment,
        data: Dataset | None = None,
        interrupt: Callable[[], None] = carry_on,
    ) -> None:
        """Read the data, split them, and build the model.

        Args:
            experiment: What to carry out.
            data: Its data, where they have been read already.
            interrupt: Called between pieces of long work; raise from it to abandon the run.

        Raises:
            BadTable: The file holds no table to learn from.
        """
        self.experiment = experiment
        self.data = experiment.load_data(interrupt) if data is None else data
        self.split = split_rows(self.data.y, experiment.split_rng())
        self.model: SoftmaxMLP = experiment.build_model(self.data)
        # Mean and spread of the training rows alone: the others are not to be known yet.
        self.model.standardise(self.data.x[self.split.training])
        self.model.interrupt = interrupt
        self.learning_rate = experiment.learning_rate
        self.train_step = TrainStep(
            self.model, make_optimizer(experiment.optimizer, experiment.learning_rate), clip=None
        )
        places = self.split.training
        few = np.linspace(0, len(places) - 1, min(len(places), MEASURED)).astype(np.intp)
        self._measured = places[few]
        rows = Batch(*self.data.rows(self.split.training))
        self.batches = given_batches(rows, experiment.batch_rng(), experiment.batch)
        self.progress: Progress | None = None
        self.losses, self.training_losses, self.validation_losses = (History(CURVE) for _ in range(3))
        self.best_update, self.best_loss = 0, float("inf")
        self._best: Parameters = {}
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Progress]:
        if self.over:
            return
        first = 0 if self.progress is None else self.progress.update + 1
        updates = self.train_step.updates(
            self.batches, self.experiment.updates, first, lambda _: self.learning_rate
        )
        while True:
            started = time.perf_counter()
            update = next(updates, None)
            if update is None:
                return
            self.progress = self._look(update)
            self.seconds += time.perf_counter() - started
            yield self.progress
            if self.over:
                return

    @property
    def over(self) -> bool:
        """Whether it has come to its end."""
        return self.progress is not None and self.progress.outcome != "running"

    @property
    def diverged(self) -> bool:
        """Whether the loss left all bounds."""
        return self.progress is not None and self.progress.outcome == "diverged"

    def keep_best(self) -> None:
        """Give the model the weights with which the validation loss was lowest."""
        for name, values in self._best.items():
            self.model.parameters[name][...] = values

    def parts(self) -> list[Part]:
        """How training, validation and test rows are answered now."""
        places = {name: getattr(self.split, name) for name in ("training", "validation", "test")}
        return [self._part(name, *self.data.rows(rows)) for name, rows in places.items()]

    def _part(self, name: str, x: NDArray[np.float64], y: NDArray[np.uint8]) -> Part:
        z = self.model.logits(x)
        table = confusion(y, z.argmax(axis=1), len(self.data.class_names))
        loss = float(np.mean(softmax_cross_entropy(z, y), dtype=np.float64))
        return Part(name, len(y), float(np.trace(table) / len(y)), loss, table)

    def _measure(self, places: Places) -> tuple[float, float]:
        """Accuracy and mean cross-entropy of some rows."""
        x, y = self.data.rows(places)
        z = self.model.logits(x)
        loss = float(np.mean(softmax_cross_entropy(z, y), dtype=np.float64))
        return float(np.mean(z.argmax(axis=1) == y)), loss

    def _look(self, at: Update) -> Progress:
        e, number = self.experiment, at.number
        now = (number, e.updates, at.loss, self.learning_rate, at.gradient_norm)
        if at.divergence:
            return Progress(*now, outcome="diverged", message=at.divergence)
        self.losses.add(number, at.loss)
        last = number == e.updates
        if not last and number % e.evaluate_every:
            return Progress(*now)
        training_accuracy, training_loss = self._measure(self._measured)
        accuracy, loss = self._measure(self.split.validation)
        self.training_losses.add(number, training_loss)
        self.validation_losses.add(number, loss)
        measured = (training_accuracy, accuracy, loss)
        if loss < self.best_loss:
            self.best_update, self.best_loss = number, loss
            self._best = {name: values.copy() for name, values in self.model.parameters.items()}
        stopped = e.patience is not None and number - self.best_update >= e.patience
        if not (last or stopped):
            return Progress(*now, *measured)
        self.keep_best()
        made = f"stopped after {number:,} updates" if stopped else f"made all {number:,} updates"
        message = f"{made}; the weights of update {self.best_update:,} are kept, best on the validation rows"
        return Progress(*now, *measured, outcome="done", message=message)


def confusion(y: NDArray[np.uint8], answers: NDArray[Any], classes: int) -> NDArray[np.intp]:
    """How many rows of each class were answered as each class.

    Args:
        y: The right classes, (rows,).
        answers: Those answered, (rows,).
        classes: How many there are.

    Returns:
        (classes, classes): right ones down, answers across.
    """
    flat = np.bincount(classes * y.astype(np.intp) + answers, minlength=classes * classes)
    return flat.reshape(classes, classes)
