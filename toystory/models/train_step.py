"""One update after another: the part of training that every run shares, whatever its data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np

from toystory.models.fast_form import FastForm, fast_form, notice
from toystory.models.parts.activations import sigmoid
from toystory.models.parts.arrays import Bits, FloatArray, Parameters, side_by_side
from toystory.models.parts.batches import Batch
from toystory.models.parts.loss import binary_cross_entropy
from toystory.models.parts.optimizers import (
    Adam,
    GradientDescent,
    Momentum,
    Optimizer,
    clip_by_norm,
    gradient_norm,
    zeros_like,
)


class Trainable(Protocol):
    """What of a model its training needs; `models.model.Model` has it."""

    parameters: Parameters
    interrupt: Callable[[], None]

    @property
    def rows_at_once(self) -> int: ...

    def loss_and_gradients(self, x: Any, y: Any, lengths: Any = None) -> tuple[float, Parameters]: ...

    def loss(self, x: Any, y: Any, lengths: Any = None) -> float: ...

    def score(self, x: Any, y: Any, lengths: Any = None) -> float: ...

    def predict_proba(self, x: Any, lengths: Any = None) -> FloatArray: ...


DIVERGED_ABOVE = 1e4
"""A mean loss beyond this has left the road for good: a coin toss costs 0.69."""

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient descent": GradientDescent,
    "momentum": Momentum,
    "adam": Adam,
}


def make_optimizer(name: str, learning_rate: float) -> Optimizer:
    """An optimiser by its name.

    Args:
        name: "gradient descent", "momentum" or "adam".
        learning_rate: How far a step goes.

    Raises:
        ValueError: There is none of that name, or the learning rate is not above 0.
    """
    if name not in OPTIMIZERS:
        raise ValueError(f"optimizer is {name!r}: expected one of {', '.join(OPTIMIZERS)}")
    if not learning_rate > 0:
        raise ValueError(f"learning rate is {learning_rate}: expected a number above zero")
    return OPTIMIZERS[name](learning_rate)


class Update(NamedTuple):
    """A look at a model after `number` updates.

    Attributes:
        batch: The rows that the next update will learn from.
        loss: Mean cross-entropy of the batch under the weights that the model has now.
        gradient_norm: Before clipping.
        divergence: What went wrong and what to do, in two sentences; empty where nothing did.
    """

    number: int
    batch: Batch
    loss: float
    gradient_norm: float
    divergence: str


class TrainStep:
    """The steps of a training: compute the gradients of a batch, apply the update that follows from them.

    Gradients come first, so that they and the loss belong to the weights that the model has in between.

    Args:
        model: Trained in place, in its fast form where its class has one.
        optimizer: What becomes of a gradient.
        clip: The longest gradient let through, above zero; None for any.
        weight_decay: λ of a term ½ λ Σ w² that is added to the loss: each weight's gradient grows by λ w.
            Biases are left alone, and the losses that are told are without it.
    """

    def __init__(
        self, model: Trainable, optimizer: Optimizer, clip: float | None, weight_decay: float = 0.0
    ) -> None:
        if clip is not None and not clip > 0:
            raise ValueError(f"clip is {clip}: expected a number above zero")
        self.model, self.optimizer, self.clip = model, optimizer, clip
        self.weight_decay = weight_decay
        self._form = fast_form(model)
        self.gradients: Parameters = {}
        """Of the last batch, clipped, not yet applied."""

    @property
    def notice(self) -> str:
        """What whoever trains should say; empty where there is nothing to say."""
        return notice(type(self.model))

    def updates(
        self,
        batches: Iterator[Batch],
        last: int,
        first: int = 0,
        learning_rate: Callable[[int], float] | None = None,
    ) -> Iterator[Update]:
        """The training loop: each pull makes the update that the last one computed, and looks.

        Args:
            batches: One is taken at every pull.
            last: How many updates are made in all, so that the numbers run from `first` to it.
            first: The first number; above 0, the gradients must be those of the one before.
            learning_rate: For each update by its number, counted from 0; as in the optimiser unless given.
        """
        for number in range(first, last + 1):
            with np.errstate(all="ignore"):
                if number:
                    if learning_rate is not None:
                        self.optimizer.learning_rate = learning_rate(number - 1)
                    self.apply_gradients()
                batch = next(batches)
                loss, norm = self.compute_gradients(batch)
            yield Update(number, batch, loss, norm, self.divergence(number, loss, norm))

    def compute_gradients(self, batch: Batch) -> tuple[float, float]:
        """The loss of `batch`, and the norm of its gradients before clipping.

        Where a training diverges, NumPy warns: whoever calls silences it, as `updates` does.

        Args:
            batch: The rows, packed ones too.
        """
        loss, self.gradients = batch_loss_and_gradients(self.model, batch, self._form)
        if self.weight_decay:
            for name, weights in self.model.parameters.items():
                if not name.startswith("b"):
                    self.gradients[name] += self.weight_decay * weights
        norm = gradient_norm(self.gradients)
        if self.clip is not None:
            clip_by_norm(self.gradients, norm, self.clip)
        return loss, norm

    def apply_gradients(self) -> None:
        """Make the update. NumPy's warnings are silenced by the caller, as for `compute_gradients`."""
        self.optimizer.update(self.model.parameters, self.gradients)

    def evaluate(self, batch: Batch) -> tuple[float, float]:
        """Accuracy and mean loss of `batch`, whose rows each have one label, at their end."""
        model, form = self.model, self._form
        if batch.lengths is not None or form is None:
            return model.score(*batch), model.loss(*batch)
        right, loss = 0, 0.0
        with np.errstate(all="ignore"):
            for part in batch.parts(form.rows_at_once):
                model.interrupt()
                z = form.logits(part.x)
                right += int(np.count_nonzero((sigmoid(z) > 0.5) == part.y))
                loss += float(binary_cross_entropy(z, part.y.astype(z.dtype)).sum(dtype=np.float64))
        return right / len(batch.x), loss / len(batch.x)

    def predict_proba(self, x: Bits) -> FloatArray:
        """The model's answers to whole rows.

        Args:
            x: Bits, (rows, columns).

        Returns:
            Probabilities that the label is 1, (rows,).
        """
        return predict_proba(self.model, x, self._form)

    def divergence(self, update: int, loss: float, norm: float) -> str:
        """What went wrong and what to do, in two sentences; empty where nothing did.

        Args:
            update: Which one, from 0.
            loss: Of its batch.
            norm: Of the gradients before clipping.
        """
        if math.isfinite(loss) and math.isfinite(norm) and loss < DIVERGED_ABOVE:
            return ""
        what = f"the gradient's norm is {norm:.3g}" if loss < DIVERGED_ABOVE else f"the loss is {loss:.3g}"
        return (
            f"diverged at update {update:,} with learning rate {self.optimizer.learning_rate:g}: {what}. "
            "Try a smaller learning rate."
        )


def batch_loss_and_gradients(
    model: Trainable, batch: Batch, form: FastForm | None = None
) -> tuple[float, Parameters]:
    """As `model.loss_and_gradients`, in pieces that fit the processor's cache, summed by share of labels.

    Args:
        model: Any model.
        batch: The rows, packed ones too.
        form: Computes the pieces; the model itself unless given.
    """
    if form is not None and (found := form.of_frozen_rows(batch)) is not None:
        return found
    computer = form or model
    if len(batch.x) <= computer.rows_at_once:
        return computer.loss_and_gradients(*batch.rows(0, len(batch.x)))  # unpacked, if they were packed
    loss, labelled = 0.0, batch.labelled
    gradients = zeros_like(model.parameters)
    for part in batch.parts(computer.rows_at_once):
        model.interrupt()
        share = part.labelled / labelled
        part_loss, part_gradients = computer.loss_and_gradients(*part)
        loss += share * part_loss
        for total, gradient in side_by_side(gradients, part_gradients):
            total += share * gradient
    return loss, gradients


def predict_proba(model: Trainable, x: Bits, form: FastForm | None = None) -> FloatArray:
    """As `model.predict_proba`, of whole rows.

    Args:
        model: Any model.
        x: Bits, (rows, columns).
        form: Computes the answers; the model itself unless given.

    Returns:
        Probabilities that the label is 1, (rows,).
    """
    if form is None:
        return model.predict_proba(x)
    answers = np.empty(len(x))
    with np.errstate(all="ignore"):
        for first in range(0, len(x), form.rows_at_once):
            model.interrupt()
            rows = slice(first, first + form.rows_at_once)
            answers[rows] = sigmoid(form.logits(x[rows]))
    return answers
