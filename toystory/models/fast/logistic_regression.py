"""Logistic regression: nothing but reading the rows, so they are read once.

The form: so many rows at a time as fit the processor's cache as real numbers; from there they are taken
twice, forward and backward. Rows that come again and again are kept as real numbers where they are few, and
numbered where they are many (models/fast/codes.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from toystory.models.arrays import Bits, FloatArray, Lengths, Parameters, in_one_block, is_frozen
from toystory.models.batches import Batch
from toystory.models.fast.bit_codes import Codes
from toystory.models.fast.buffers import Spaces
from toystory.models.fast.loss import Answers
from toystory.models.fast_form import FastForm
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.packed_bits import PackedBits

NUMBERS_AT_ONCE = 500_000
"""Bits widened at a time, 2 MB of float32: fewer would cost more in calls than they save in cache."""


class _Space:
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
        self._spaces = Spaces(lambda rows, _: _Space(model.columns, rows, model.dtype))
        self._answers = Spaces(lambda rows, _: Answers(rows, model.dtype))
        self._numbered: tuple[Bits, Codes] | None = None

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        if not self._fits(x, y, lengths):
            return self.model.loss_and_gradients(x, y, lengths)  # which says what is wrong with them
        space = self._spaces.of(len(x))
        self._forward(space, x)
        space.answers.y[...] = y
        loss = space.answers.judge()
        np.matmul(space.answers.dz, space.x, out=self._gradients["w"])
        self._gradients["b"][...] = space.answers.dz.sum()
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
        space = self._spaces.of(len(x))
        self._forward(space, x)
        return space.answers.z

    def _fits(self, x: Bits, y: Bits, lengths: Lengths | None) -> bool:
        """Whether these are whole rows of the model's width, each with its label."""
        return x.shape == (len(y), self.model.columns) and y.ndim == 1 and lengths is None

    def _forward(self, space: _Space, x: Bits) -> None:
        if space.holds is not x:
            space.x[...] = x
            space.holds = x if is_frozen(x) else None
        np.matmul(space.x, self.model.parameters["w"], out=space.answers.z)
        space.answers.z += self.model.parameters["b"]

    def _of_numbered_rows(self, codes: Codes, y: Bits) -> tuple[float, Parameters]:
        codes.begin(self.model.parameters["w"], self.model.parameters["b"])
        loss = db = 0.0
        for part in codes.parts():
            self.model.interrupt()
            answers = self._answers.of(part.stop - part.start)
            codes.look_up(part, answers.z)
            answers.y[...] = y[part]
            share = len(answers.z) / len(codes)
            loss += share * answers.judge()
            answers.dz *= share
            codes.add(answers.dz)
            db += float(answers.dz.sum())
        self._gradients["w"][...] = codes.gradient()
        self._gradients["b"][...] = db
        return loss, self._gradients
