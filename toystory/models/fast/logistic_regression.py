"""Logistic regression: nothing but reading the rows, so they are read once.

The form: so many rows at a time as fit the processor's cache as real numbers; from there they are taken
twice, forward and backward. Rows that come again and again are kept as real numbers where they are few, and
numbered where they are many (models/fast/bit_codes.py).
"""

from __future__ import annotations

from operator import mul

import numpy as np
from numpy.typing import DTypeLike

from toystory.models.fast.bit_codes import Codes
from toystory.models.fast.buffers import BufferSets
from toystory.models.fast.loss import Answers, loss_and_error
from toystory.models.fast_form import FastForm
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.parts.arrays import Bits, FloatArray, Lengths, Parameters, in_one_block, is_frozen
from toystory.models.parts.batches import Batch
from toystory.models.parts.packed_bits import PackedBits

FEW = 8
"""Bits of a batch, up to which Python's own numbers are quicker than a call of NumPy for every step."""
NUMBERS_AT_ONCE = 500_000
"""Bits widened at a time, 2 MB of float32: fewer would cost more in calls than they save in cache."""


class _Buffers:
    """The buffers for one number of rows. holds: the frozen rows that stand in `x`, None for any others."""

    steps = 1

    def __init__(self, columns: int, rows: int, dtype: DTypeLike) -> None:
        self.x = np.empty((rows, columns), dtype)
        self.holds: Bits | None = None
        self.answers = Answers(rows, dtype)


class FastLogisticRegression(FastForm):
    """The fast form of a LogisticRegression."""

    def __init__(self, model: LogisticRegression) -> None:
        self.model = model
        self.rows_at_once = max(1, NUMBERS_AT_ONCE // model.columns)
        self._gradients = in_one_block(model.parameters)
        self._buffers = BufferSets(lambda rows, _: _Buffers(model.columns, rows, model.dtype))
        self._answers = BufferSets(lambda rows, _: Answers(rows, model.dtype))
        self._numbered: tuple[Bits, Codes] | None = None
        self._few = FEW if model.dtype == np.float64 else 0  # Python's own numbers are float64

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        if not self._fits(x, y, lengths):
            return self.model.loss_and_gradients(x, y, lengths)  # which says what is wrong with them
        if x.size <= self._few:
            return self._of_few(x.tolist(), y.tolist())
        buffers = self._buffers.of(len(x))
        self._forward(buffers, x)
        buffers.answers.y[...] = y
        loss = buffers.answers.loss()
        np.matmul(buffers.answers.dz, buffers.x, out=self._gradients["w"])
        self._gradients["b"][...] = buffers.answers.dz.sum()
        return loss, self._gradients

    def of_frozen_rows(self, batch: Batch) -> tuple[float, Parameters] | None:
        x, y, lengths = batch
        packed = isinstance(x, PackedBits)  # which nobody writes to either
        if not ((packed or is_frozen(x)) and self._fits(x, y, lengths)):
            return None
        if len(x) <= self.rows_at_once:
            return None if packed else self.loss_and_gradients(x, y)
        if self._numbered is None or self._numbered[0] is not x:
            self._numbered = (x, Codes(x, self.model.dtype))
        return self._of_numbered_rows(self._numbered[1], y)

    def logits(self, x: Bits) -> FloatArray:
        buffers = self._buffers.of(len(x))
        self._forward(buffers, x)
        return buffers.answers.z

    def _fits(self, x: Bits, y: Bits, lengths: Lengths | None) -> bool:
        """Whether these are whole rows of the model's width, each with its label."""
        return x.shape == (len(y), self.model.columns) and y.ndim == 1 and lengths is None

    def _forward(self, buffers: _Buffers, x: Bits) -> None:
        if buffers.holds is not x:
            buffers.x[...] = x
            buffers.holds = x if is_frozen(x) else None
        np.matmul(buffers.x, self.model.parameters["w"], out=buffers.answers.z)
        buffers.answers.z += self.model.parameters["b"]

    def _of_few(self, x: list[list[int]], y: list[int]) -> tuple[float, Parameters]:
        w, b = self.model.parameters["w"].tolist(), self.model.parameters["b"].item()
        dw, db, total = [0.0] * len(w), 0.0, 0.0
        for row, label in zip(x, y, strict=True):
            loss, error = loss_and_error(sum(map(mul, row, w)) + b, label)
            total += loss
            db += error / len(y)
            for column, bit in enumerate(row):
                dw[column] += bit * error / len(y)
        for column, gradient in enumerate(dw):
            self._gradients["w"][column] = gradient
        self._gradients["b"][0] = db
        return total / len(y), self._gradients

    def _of_numbered_rows(self, codes: Codes, y: Bits) -> tuple[float, Parameters]:
        codes.begin(self.model.parameters["w"], self.model.parameters["b"])
        loss = db = 0.0
        for part in codes.parts():
            self.model.interrupt()
            answers = self._answers.of(part.stop - part.start)
            codes.look_up(part, answers.z)
            answers.y[...] = y[part]
            share = len(answers.z) / len(codes)
            loss += share * answers.loss()
            answers.dz *= share
            codes.add(answers.dz)
            db += float(answers.dz.sum())
        self._gradients["w"][...] = codes.gradient()
        self._gradients["b"][...] = db
        return loss, self._gradients
