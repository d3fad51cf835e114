"""What the models that read a row bit by bit share: labels in time, rows of different lengths, long rows.

Inside, everything is counted by time first: x[t], h[t], z[t]. What stands there has the shapes of the other
models, rows first: a step is `h[t − 1] W_hh + x[t] W_xh + b_h` as a layer is `x W1 + b1`. Arrays of units
have one entry more than there are bits, the last one: as h[−1] it is what was before the first bit, as
ds[steps] what comes after the last, and 0 unless a state to start from is given.
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from numpy.typing import ArrayLike

from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, Cache, FloatArray, Lengths, Parameters
from toystory.models.parts.batches import Batch
from toystory.models.parts.loss import binary_cross_entropy

ROWS_AT_ONCE = 256
STEPS_AT_ONCE = 64

NAMES = ("W_hh", "W_xh", "b_h", "w_hy", "b_y")
"""The parameters of every recurrent model: memory to memory, bit to memory, bias; memory to answer, bias."""

State = tuple[FloatArray, ...]
"""What the model remembers between two bits: an array (rows, hidden) each."""


class RecurrentModel(Model):
    """A model that reads column t at time t and may answer after every bit."""

    rows_at_once = ROWS_AT_ONCE
    hidden: int

    @abstractmethod
    def forward(self, x: ArrayLike, start: State | None = None) -> Cache:
        """Read rows from a state on.

        Args:
            x: Bits, (rows, columns).
            start: All zeros unless given.

        Returns:
            The cache; its `a` (steps, rows) holds the answer after every bit.
        """

    @abstractmethod
    def backward(self, cache: Cache, y: ArrayLike, lengths: Lengths | None = None) -> Parameters:
        """The gradients, back through time.

        Args:
            cache: Of `forward`.
            y: (rows,), the label at each row's end, or (rows, columns), a label at every step.
            lengths: How many bits of each row count, (rows,); None for all.

        Returns:
            An array for each parameter, of its shape.
        """

    @abstractmethod
    def final_state(self, cache: Cache) -> State:
        """What the model remembers after the last bit of a forward pass."""

    def loss_and_gradients(
        self, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        cache = self.forward(x)
        gradients = self.backward(cache, y, lengths)
        return self._labelled_loss(cache), gradients

    def predict_proba(self, x: ArrayLike, lengths: Lengths | None = None) -> FloatArray:
        """The probability that each row's label is 1, after its last bit: (rows,).

        Args:
            x: Bits, (rows, columns).
            lengths: How many bits of each row count, (rows,); None for all.
        """
        x = self._rows(x)
        ends = self._lengths(lengths, len(x), x.shape[1])
        answers = np.zeros(len(x), self.dtype)
        for first in range(0, len(x), ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            answers[rows] = self._answers_at(x[rows], ends[rows])
        return answers

    def _answers_at(self, x: Bits, ends: Lengths) -> FloatArray:
        """Read a few columns at a time and carry the state on, so that memory does not grow with length."""
        answers = np.zeros(len(x), self.dtype)
        state: State | None = None
        for t in range(0, x.shape[1], STEPS_AT_ONCE):
            self.interrupt()
            cache = self.forward(x[:, t : t + STEPS_AT_ONCE], state)
            state = self.final_state(cache)
            row = np.flatnonzero((ends > t) & (ends <= t + STEPS_AT_ONCE))
            answers[row] = cache["a"][ends[row] - t - 1, row]
        return answers

    def _bits_in_time(self, x: ArrayLike) -> FloatArray:
        """`x` (rows, columns) as real numbers, time first: (steps, rows, 1)."""
        return np.ascontiguousarray(self._rows(x).T, dtype=self.dtype)[:, :, None]

    def _label(self, cache: Cache, y: ArrayLike, lengths: Lengths | None) -> None:
        """Lay the labels beside the answers: `y` and `counts`, (steps, rows); `counts` tells where one is."""
        steps, rows = cache["a"].shape
        ends = self._lengths(lengths, rows, steps)
        time = np.arange(1, steps + 1)[:, None]
        labels = np.asarray(y)
        if labels.ndim == 2:
            cache["y"] = np.ascontiguousarray(self._labels(labels, (rows, steps)).T)
            cache["counts"] = time <= ends
        else:
            cache["y"] = np.broadcast_to(self._labels(labels, (rows,)), (steps, rows))
            cache["counts"] = time == ends

    def _loss(self, batch: Batch) -> float:
        cache = self.forward(batch.x)
        self._label(cache, batch.y, batch.lengths)
        return self._labelled_loss(cache)

    def _labelled_loss(self, cache: Cache) -> float:
        counts = cache["counts"]
        return float(np.mean(binary_cross_entropy(cache["z"][counts], cache["y"][counts]), dtype=np.float64))

    def _lengths(self, lengths: Lengths | None, rows: int, columns: int) -> Lengths:
        """Each row's length. Raises ValueError where one is missing, or is not within 1…columns."""
        if lengths is None:
            return np.full(rows, columns, dtype=np.intp)
        lengths = np.asarray(lengths, dtype=np.intp)
        if lengths.shape != (rows,) or (rows and (lengths.min() < 1 or lengths.max() > columns)):
            raise ValueError(f"lengths: expected {rows} numbers, one a row, each from 1 to {columns}")
        return lengths
