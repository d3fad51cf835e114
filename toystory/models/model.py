"""What every model here can do, whatever is inside it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from os import PathLike
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models import storage
from toystory.models.parts.arrays import (
    Bits,
    Cache,
    FloatArray,
    Lengths,
    Parameters,
    are_bits,
    frozen,
    in_one_block,
)
from toystory.models.parts.batches import Batch, given_batches
from toystory.models.parts.history import History
from toystory.models.parts.loss import binary_cross_entropy
from toystory.models.train_step import TrainStep, make_optimizer

ROWS_AT_ONCE = 2048
"""Rows widened to real numbers at a time: few enough that they stay in the processor's cache."""


def carry_on() -> None:
    """Nobody wants the work abandoned."""


class Model(ABC):
    """Parameters, forward, loss, backward, predict.

    A subclass says in `settings` how it was made (its constructor's arguments, as plain values), fills
    `parameters`, and writes `forward` and `backward`.
    """

    rows_at_once: ClassVar[int] = ROWS_AT_ONCE
    settings: dict[str, Any]
    parameters: Parameters
    loss_curve_: list[tuple[int, float]]
    """After `fit`: (updates made, loss) pairs, in order, at most a thousand."""

    def __init__(self, settings: dict[str, Any], seed: int, dtype: DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype is {self.dtype}: a model computes in float32 or float64")
        for name in ("columns", "hidden"):
            if settings.get(name, 1) < 1:
                raise ValueError(f"{name} is {settings[name]}: expected a whole number above zero")
        self.settings = {**settings, "seed": seed, "dtype": self.dtype.name}
        self.parameters = {}
        self.interrupt: Callable[[], None] = carry_on
        """Called between pieces of long work; raise from it to abandon the work."""

    @abstractmethod
    def forward(self, x: ArrayLike) -> Cache:
        """Answer the rows `x` (rows, columns) and keep every intermediate value, `a` the probabilities."""

    @abstractmethod
    def backward(self, cache: Cache, y: ArrayLike) -> Parameters:
        """The gradient of the mean loss with respect to every parameter; adds its own steps to the cache.

        Args:
            cache: Of a forward pass.
            y: Labels, (rows,).

        Returns:
            Arrays with the names and shapes of the parameters.
        """

    def loss_and_gradients(
        self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        """The mean cross-entropy, and its gradients.

        Args:
            x: Bits, (rows, columns).
            y: Labels, (rows,).
            lengths: How many bits of each row count, (rows,), for a model that reads bit by bit; None for
                all.
        """
        self._lengths(lengths, *self._rows(x).shape)
        cache = self.forward(x)
        return self._mean_loss(cache["z"], y), self.backward(cache, y)

    def loss(self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None) -> float:
        """The mean cross-entropy.

        Args:
            x: Bits, (rows, columns).
            y: Labels, (rows,).
            lengths: How many bits of each row count, (rows,); None for all.
        """
        batch = self._batch(x, y, lengths)
        total = 0.0
        for part in batch.parts(self.rows_at_once):
            self.interrupt()
            total += part.labelled * self._loss(part)
        return total / batch.labelled

    def drawn_by_chance(self, rows: int) -> dict[str, Any]:
        """What the next training pass of so many rows draws at random: more arguments of its forward pass.

        Hold them still to make the same pass again. Nothing, unless a model has dropout.
        """
        return {}

    def predict_proba(self, x: ArrayLike, lengths: Lengths | None = None) -> FloatArray:
        """The probability that the label is 1, for each row.

        Args:
            x: Bits, (rows, columns).
            lengths: How many bits of each row count, (rows,); None for all.

        Returns:
            (rows,).
        """
        x = self._rows(x)
        self._lengths(lengths, *x.shape)
        answers = np.zeros(len(x), self.dtype)
        for first in range(0, len(x), self.rows_at_once):
            self.interrupt()
            rows = slice(first, first + self.rows_at_once)
            answers[rows] = self.forward(x[rows])["a"]
        return answers

    def predict(self, x: ArrayLike, lengths: Lengths | None = None) -> Bits:
        """0 or 1 for each row: 1 where the probability is above one half.

        Args:
            x: Bits, (rows, columns).
            lengths: How many bits of each row count, (rows,); None for all.

        Returns:
            (rows,).
        """
        rows = self._rows(x)
        if not np.isin(rows, (0, 1)).all():
            raise ValueError("x holds something else than bits: expected zeros and ones")
        return (self.predict_proba(rows, lengths) > 0.5).astype(np.uint8)

    def score(self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None) -> float:
        """Accuracy: the share of rows answered right.

        Args:
            x: Bits, (rows, columns).
            y: Labels, (rows,).
            lengths: How many bits of each row count, (rows,); None for all.
        """
        batch = self._batch(x, y, lengths)
        labels = self._labels(batch.y, (len(batch.x),))
        return float(np.mean(self.predict(batch.x, batch.lengths) == labels))

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        updates: int = 1000,
        batch: int | None = 256,
        optimizer: str = "adam",
        learning_rate: float = 3e-3,
        clip: float | None = None,
        lengths: Lengths | None = None,
        seed: int = 0,
    ) -> Self:
        """Learn rows with their labels.

        Args:
            x: Bits, (rows, columns).
            y: Labels, (rows,).
            updates: How many steps to make.
            batch: Rows an update, None for all of them.
            optimizer: "gradient descent", "momentum" or "adam".
            learning_rate: How far a step goes.
            clip: The longest gradient let through, None for any.
            lengths: How many bits of each row count, (rows,); None for all.
            seed: Of the order of the rows.

        Returns:
            The model itself.

        Raises:
            ValueError: The rows and labels do not fit together.
            ArithmeticError: It diverges.
        """
        whole = self._batch(x, y, lengths)
        if updates < 0 or (batch is not None and batch < 1):
            raise ValueError(f"updates is {updates} and batch {batch}: expected at least 0 updates of 1 row")
        whole = self._to_learn_from(whole if lengths is not None else whole._replace(lengths=None))
        batches = given_batches(whole, np.random.default_rng(seed), batch)
        train_step = TrainStep(self, make_optimizer(optimizer, learning_rate), clip)
        history = History()
        for update in train_step.updates(batches, updates):
            if update.divergence:
                raise ArithmeticError(update.divergence)
            history.add(update.number, update.loss)
        self.loss_curve_ = history.points
        return self

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to `path` as .npz: its arrays, its class and its settings. No pickle."""
        storage.save(self, path)

    def __repr__(self) -> str:
        arguments = ", ".join(f"{k}={v!r}" for k, v in self.settings.items() if k not in ("seed", "dtype"))
        return f"{type(self).__name__}({arguments}) with {self.size:,} parameters"

    @property
    def size(self) -> int:
        """How many numbers training adjusts."""
        return sum(p.size for p in self.parameters.values())

    def _add_parameters(self, **arrays: FloatArray) -> None:
        """Make `arrays` parameters too, in the model's own dtype; all of them in one block."""
        new = {name: np.asarray(values, self.dtype) for name, values in arrays.items()}
        self.parameters = in_one_block({**self.parameters, **new})

    def _rows(self, x: ArrayLike, columns: int | None = None) -> Bits:
        """`x` as an array of rows. Raises ValueError where it is not two-dimensional or of another width."""
        rows = np.asarray(x)
        if rows.ndim != 2 or rows.shape[1] == 0:
            raise ValueError(f"x has shape {rows.shape}: expected (rows, columns)")
        if columns is not None and rows.shape[1] != columns:
            raise ValueError(f"x has {rows.shape[1]} columns: this model was made for {columns}")
        return rows

    def _labels(self, y: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
        """`y` in the model's own dtype. Raises ValueError where it does not stand beside the answers."""
        labels = np.asarray(y).astype(self.dtype)
        if labels.shape != shape:
            raise ValueError(f"y has shape {labels.shape}: expected {shape}, a label for each answer")
        return labels

    def _lengths(self, lengths: Lengths | None, rows: int, columns: int) -> Lengths | None:
        """Each row's length, or None. Raises ValueError where the model can't read rows of these lengths."""
        if lengths is not None:
            raise ValueError(f"{type(self).__name__} reads whole rows: it takes no lengths")
        return None

    def _batch(self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None) -> Batch:
        """The three as arrays. Raises ValueError where they are not of the same rows, or there are none."""
        rows, labels = self._rows(x), np.asarray(y)
        if len(rows) == 0 or labels.shape[:1] != rows.shape[:1]:
            raise ValueError(f"x has shape {rows.shape}, y {labels.shape}: expected a label for every row")
        return Batch(rows, labels, self._lengths(lengths, *rows.shape))

    def _to_learn_from(self, batch: Batch) -> Batch:
        """The rows that `fit` learns from, as narrow as can be. Raises ValueError where there is more."""
        if not (are_bits(batch.x) and are_bits(batch.y)):
            raise ValueError("x and y must hold bits: zeros and ones only")
        # Rows that are all of one length have no lengths: telling them apart would cost as much as an update.
        return Batch(frozen(batch.x.astype(np.uint8)), batch.y.astype(np.uint8), batch.lengths)

    def _loss(self, batch: Batch) -> float:
        """The mean loss of a batch small enough for one forward pass."""
        return self._mean_loss(self.forward(batch.x)["z"], batch.y)

    def _mean_loss(self, z: FloatArray, y: ArrayLike) -> float:
        return float(np.mean(binary_cross_entropy(z, self._labels(y, z.shape)), dtype=np.float64))
