"""The recurrent network; the form is that of models/fast/recurrent.py, and tanh is taken in place."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from toystory.models.fast.recurrent import FastRecurrent, Space
from toystory.models.rnn import RNN


class RNNSpace(Space):
    """And what the way back needs."""

    def __init__(self, hidden: int, rows: int, steps: int, dtype: DTypeLike) -> None:
        super().__init__(hidden, rows, steps, dtype)
        self.ds, self.slope = np.empty((2, hidden, rows), dtype)


class FastRNN(FastRecurrent[RNNSpace]):
    """The fast form of an RNN."""

    def __init__(self, model: RNN) -> None:
        super().__init__(model, blocks=1)

    def make_space(self, rows: int, steps: int) -> RNNSpace:
        return RNNSpace(self.hidden, rows, steps, self.model.dtype)

    def begin(self, space: RNNSpace, after: int | None) -> None:
        space.h_at[0][...] = 0 if after is None else space.h_at[after]

    def forward(self, space: RNNSpace, steps: int) -> None:
        W, u, h = self.W, space.u_at, space.h_at
        for t in range(steps):
            np.matmul(W, u[t], out=h[t + 1])
            np.tanh(h[t + 1], out=h[t + 1])

    def backward(self, space: RNNSpace, steps: int) -> None:
        h, ds, slope, one = space.h_at, space.ds, space.slope, space.one
        for t in reversed(range(steps)):
            self.blame(space, t, steps, ds)
            np.multiply(h[t + 1], h[t + 1], out=slope)
            np.subtract(one, slope, out=slope)
            np.multiply(space.dh, slope, out=ds)
            self.add_gradient(space, t, ds)
