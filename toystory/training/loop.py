"""The training loop, as a generator: whoever pulls decides the pace.

Pause is not pulling, one step is pulling once, cancel is closing. Each pull first applies the update that
the last one computed and then looks: the loss in a Progress belongs to the weights that the model has while
the caller holds it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from toystory.models.fast_form import notice
from toystory.models.loading import MODELS
from toystory.models.parts.arrays import Bits, Parameters, frozen
from toystory.models.parts.batches import Batch
from toystory.models.parts.optimizers import linear_decay
from toystory.models.parts.packed_bits import PackedBits, draw_rows
from toystory.models.train_step import TrainStep, Update, make_optimizer
from toystory.training.data import FixedBatches, fresh_batches
from toystory.training.experiment import Experiment

VALIDATION = 1
"""Beside the seed: another stream of random rows than those of the training."""
EVALUATION_ROWS = 1000
"""Rows on which accuracy is measured while training runs."""
EVALUATION_ROWS_BIT_BY_BIT = 512
"""The same for models that read bit by bit: there a row of fifty bits costs fifty steps."""

Outcome = Literal["running", "done", "solved", "diverged"]


class Progress(NamedTuple):
    """What training looks like after `update` of `updates` updates.

    loss: mean cross-entropy of the current batch under the current weights. gradient_norm: before clipping.
    learning_rate: that of the update to come, unless it is set before.
    train_accuracy, fresh_accuracy, fresh_loss: on training rows and on rows drawn for this measurement;
    None where none was due. outcome: running until the last record. message: what ended the run.
    """

    update: int
    updates: int
    loss: float
    learning_rate: float
    gradient_norm: float
    train_accuracy: float | None = None
    fresh_accuracy: float | None = None
    fresh_loss: float | None = None
    outcome: Outcome = "running"
    message: str = ""


@dataclass
class Best:
    """The weights with the lowest loss on the validation rows so far: kept where a run may stop early.

    Attributes:
        update: After how many updates.
        loss: On the validation rows.
        parameters: Copies; empty before the first look.
    """

    update: int = 0
    loss: float = math.inf
    parameters: Parameters = field(default_factory=dict)


class Training:
    """One run of an experiment; iterate over it, and go on later where it was left.

    Three streams of random numbers come from the one seed (rows, batches, measurements), so that measuring
    changes nothing of the training. `learning_rate` may be set while it runs: the next update takes it.
    interrupt: called between pieces of long work; raise from it to abandon the run.
    """

    def __init__(self, experiment: Experiment, interrupt: Callable[[], None] | None = None) -> None:
        self.experiment = experiment
        self.learning_rate = experiment.learning_rate
        self.model = experiment.build_model()
        if interrupt is not None:
            self.model.interrupt = interrupt
        self.train_step = TrainStep(
            self.model,
            make_optimizer(experiment.optimizer, experiment.learning_rate),
            experiment.clip,
            experiment.weight_decay,
        )
        streams = np.random.SeedSequence(experiment.seed).spawn(3)
        rows_rng, self.batch_rng, self.evaluation_rng = map(np.random.default_rng, streams)
        self.bits = self._draw_rows(rows_rng)
        """The rows to learn from, or None where every batch is drawn afresh."""
        self.batches: Iterator[Batch]
        if self.bits is None:
            self.batches = fresh_batches(experiment.task, self.batch_rng, experiment.batch or 1)
        else:
            self.batches = FixedBatches(experiment.task, self.batch_rng, self.bits, experiment.batch)
        self.batch = Batch(np.zeros((0, experiment.columns), np.uint8), np.zeros(0, np.uint8))
        """The rows of the last Progress."""
        self.progress: Progress | None = None
        """The last one; None before the first."""
        self.reached_at: int | None = None
        """The update at which it was first as good as `stop_at` asks; None before."""
        self.best = Best()

    def __iter__(self) -> Iterator[Progress]:
        if self.progress is not None and self.progress.outcome != "running":
            return
        first = 0 if self.progress is None else self.progress.update + 1
        for update in self.train_step.updates(self.batches, self.experiment.updates, first, self._rate):
            self.batch = update.batch
            self.progress = self._progress(update)
            yield self.progress
            if self.progress.outcome != "running":
                return

    def train_accuracy(self, rows: int) -> float:
        """Accuracy on whole rows trained on, at most `rows` of them.

        On the last batch where all are drawn afresh.
        """
        if self.bits is not None:
            batch = self.experiment.task.whole_rows(self.bits[:rows])
        else:
            batch = self.batch.at_the_end()
        return self.train_step.evaluate(batch)[0]

    def fresh_rows(self, rng: np.random.Generator, rows: int, columns: int | None = None) -> Batch:
        """Whole rows: all there are, where that is not more than asked for; else drawn now.

        Args:
            rng: Where they come from.
            rows: How many.
            columns: Another length than the experiment's own, for a model that reads bit by bit.
        """
        return self.experiment.task.test_rows(rng, rows, columns)

    def _draw_rows(self, rng: np.random.Generator) -> Bits | PackedBits | None:
        if self.experiment.given:
            return frozen(np.array(self.experiment.given, dtype=np.uint8))
        if self.experiment.rows is None:
            return None
        return draw_rows(rng, self.experiment.rows, self.experiment.columns)

    def _rate(self, update: int) -> float:
        e = self.experiment
        return linear_decay(self.learning_rate, e.final_learning_rate, update, e.updates)

    def _rows_to_measure_on(self) -> Batch:
        """Fresh rows each time; where they decide when to stop, the same validation rows each time."""
        rows = evaluation_rows(self.experiment)
        if self.experiment.patience is None:
            return self.fresh_rows(self.evaluation_rng, rows)
        seed = np.random.SeedSequence((self.experiment.seed, VALIDATION))
        return self.fresh_rows(np.random.default_rng(seed), rows)

    def _stops_early(self, update: int, loss: float, last: bool) -> bool:
        """Whether the loss on the validation rows did not fall for too long; then the best weights return."""
        if loss < self.best.loss:
            kept = {name: values.copy() for name, values in self.model.parameters.items()}
            self.best = Best(update, loss, kept)
        patience = self.experiment.patience
        if not last and (patience is None or update - self.best.update < patience):
            return False
        for name, values in self.best.parameters.items():
            self.model.parameters[name][...] = values
        return True

    @property
    def notice(self) -> str:
        """What whoever trains should say; empty where there is nothing to say."""
        return self.train_step.notice

    def _progress(self, now_at: Update) -> Progress:
        e, update = self.experiment, now_at.number
        now = (update, e.updates, now_at.loss, self._rate(update), now_at.gradient_norm)
        if now_at.divergence:
            return Progress(*now, outcome="diverged", message=now_at.divergence)
        last = update == e.updates
        if not last and update % e.evaluate_every:
            return Progress(*now)

        fresh = self._rows_to_measure_on()
        fresh_accuracy, fresh_loss = self.train_step.evaluate(fresh)
        measured = (self.train_accuracy(evaluation_rows(e)), fresh_accuracy, fresh_loss)
        if e.stop_at is not None and fresh_accuracy >= e.stop_at and self.reached_at is None:
            self.reached_at = update
        if (
            e.stop_at is not None
            and self.reached_at is not None
            and (last or update >= self.reached_at + e.stop_after)
        ):
            further = f", and went on to {update:,}" if update > self.reached_at else ""
            message = f"reached {100 * e.stop_at:.2f} % after {self.reached_at:,} updates{further}"
            return Progress(*now, *measured, outcome="solved", message=message)
        if e.patience is not None and self._stops_early(update, fresh_loss, last):
            message = (
                f"made {update:,} updates; the weights of update {self.best.update:,} are kept: "
                f"there the loss on the validation rows was lowest, {self.best.loss:.4f}"
            )
            return Progress(*now, *measured, outcome="done", message=message)
        if last:
            made = "made its one update" if update == 1 else f"made all {update:,} updates"
            return Progress(*now, *measured, outcome="done", message=made)
        return Progress(*now, *measured)


def evaluation_rows(experiment: Experiment) -> int:
    """On how many rows accuracy is measured while this one trains; on all, where there are fewer."""
    return EVALUATION_ROWS_BIT_BY_BIT if experiment.recurrent else EVALUATION_ROWS


def notices(experiments: Iterable[Experiment]) -> list[str]:
    """What whoever trains these should say beforehand, each sentence once; usually none."""
    return list(filter(None, dict.fromkeys(notice(MODELS[e.model]) for e in experiments)))


def train(experiment: Experiment) -> Iterator[Progress]:
    """Run `experiment`, one Progress a pull: at update 0 before any update, and then after every one."""
    yield from Training(experiment)
