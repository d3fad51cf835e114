"""The recurrent network in the form of models/fast/recurrent.py: tanh in place, all its slopes at once."""

from __future__ import annotations

import numpy as np

from toystory.models.fast.recurrent import FastRecurrent, Space
from toystory.models.rnn import RNN


class FastRNN(FastRecurrent[Space]):
    """The fast form of an RNN."""

    def __init__(self, model: RNN) -> None:
        super().__init__(model, blocks=1)

    def make_space(self, rows: int, steps: int) -> Space:
        return Space(self.hidden, self.hidden, rows, steps, self.model.dtype)

    def begin(self, space: Space, after: int | None) -> None:
        space.h_at[0][...] = 0 if after is None else space.h_at[after]

    def forward(self, space: Space, steps: int) -> None:
        W, u, h = self.W, space.u_at, space.h_at
        for t in range(steps):
            np.matmul(W, u[t], out=h[t + 1])
            np.tanh(h[t + 1], out=h[t + 1])

    def backward(self, space: Space, steps: int) -> None:
        h, slope = space.h[1 : steps + 1], space.ds[:steps]
        np.multiply(h, h, out=slope)
        np.subtract(space.one, slope, out=slope)
        dh, ds = space.dh, space.ds_at
        for t in reversed(range(steps)):
            self.delta(space, t, steps)
            np.multiply(dh, ds[t], out=ds[t])
