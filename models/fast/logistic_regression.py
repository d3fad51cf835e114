"""Logistic regression: nothing but reading the rows, so they are read once.

The form: so many rows at a time as fit the processor's cache as real numbers; from there they are taken
twice, forward and backward.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from models.arrays import Bits, FloatArray, Lengths, Parameters, in_one_block
from models.fast.answers import Answers
from models.fast.space import Spaces
from models.logistic_regression import LogisticRegression

NUMBERS_AT_ONCE = 500_000
"""Bits widened at a time, 2 MB of float32: fewer would cost more in calls than they save in cache."""


class _Space:
    """The buffers for one number of rows."""

    steps = 1

    def __init__(self, columns: int, rows: int, dtype: DTypeLike) -> None:
        self.x = np.empty((rows, columns), dtype)
        self.answers = Answers(rows, dtype)


class FastLogisticRegression:
    """The fast form of a LogisticRegression."""

    def __init__(self, model: LogisticRegression) -> None:
        self.model = model
        self.rows_at_once = max(1, NUMBERS_AT_ONCE // model.columns)
        self._gradients = in_one_block(model.parameters)
        self._spaces = Spaces(lambda rows, _: _Space(model.columns, rows, model.dtype))

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        if x.ndim != 2 or x.shape[1] != self.model.columns or y.shape != (len(x),) or lengths is not None:
            return self.model.loss_and_gradients(x, y, lengths)  # which says what is wrong with them
        space = self._spaces.of(len(x))
        self._forward(space, x)
        space.answers.y[...] = y
        loss = space.answers.judge()
        np.matmul(space.answers.dz, space.x, out=self._gradients["w"])
        self._gradients["b"][...] = space.answers.dz.sum()
        return loss, self._gradients

    def logits(self, x: Bits) -> FloatArray:
        space = self._spaces.of(len(x))
        self._forward(space, x)
        return space.answers.z

    def _forward(self, space: _Space, x: Bits) -> None:
        space.x[...] = x
        np.matmul(space.x, self.model.parameters["w"], out=space.answers.z)
        space.answers.z += self.model.parameters["b"]
