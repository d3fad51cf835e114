"""The recurrent network in the form of models/fast/recurrent.py: tanh in place, all its slopes at once.

tanh s = 2 / (1 + e^−2s) − 1, as in models/fast/exponentials.py, with the −2 in the weights.
"""

from __future__ import annotations

import numpy as np

from toystory.models.fast.recurrent import Buffers, FastRecurrent
from toystory.models.rnn import RNN


class FastRNN(FastRecurrent[Buffers]):
    """The fast form of an RNN."""

    def __init__(self, model: RNN) -> None:
        super().__init__(model, blocks=1)

    def make_buffers(self, rows: int, steps: int) -> Buffers:
        return Buffers(self.hidden, self.hidden, rows, steps, self.model.dtype)

    def take_weights(self) -> None:
        super().take_weights()
        self.W *= -2

    def begin(self, buffers: Buffers, after: int | None) -> None:
        buffers.h_at[0][...] = 0 if after is None else buffers.h_at[after]

    def forward(self, buffers: Buffers, steps: int) -> None:
        W, u, h = self.W, buffers.u_at, buffers.h_at
        one, two = buffers.exponentials.one, buffers.exponentials.two
        for t in range(steps):
            now = h[t + 1]
            np.matmul(W, u[t], out=now)  # −2s
            np.exp(now, out=now)
            np.add(now, one, out=now)
            np.divide(two, now, out=now)
            np.subtract(now, one, out=now)

    def backward(self, buffers: Buffers, steps: int) -> None:
        h, derivative = buffers.h[1 : steps + 1], buffers.ds[:steps]
        np.multiply(h, h, out=derivative)
        np.subtract(buffers.one, derivative, out=derivative)
        dh, ds = buffers.dh, buffers.ds_at
        for t in reversed(range(steps)):
            self.delta(buffers, t, steps)
            np.multiply(dh, ds[t], out=ds[t])
