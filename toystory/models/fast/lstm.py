"""The LSTM in the form of models/fast/recurrent.py: one exponential a step for all four sums.

σ(s) = 1 / (1 + e^−s) and tanh s = 2 / (1 + e^−2s) − 1, as in models/fast/exponentials.py: the rows of W for
i, f and o are turned over and those for g doubled too, and e is raised to all four blocks as one. Only the
gates, the cell and its tanh are kept of a step: on long rows, waiting for memory is what costs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from toystory.models.fast.recurrent import Buffers, FastRecurrent
from toystory.models.lstm import LSTM


class LSTMBuffers(Buffers):
    """And the gates and cells of every step, and what the way back needs."""

    def __init__(self, hidden: int, rows: int, steps: int, dtype: DTypeLike) -> None:
        super().__init__(hidden, 4 * hidden, rows, steps, dtype)
        self.gates_at = [activations[: 3 * hidden] for activations in self.ds_at]
        self.i_at, self.f_at, self.o_at, self.g_at = (
            [activations[k * hidden : (k + 1) * hidden] for activations in self.ds_at] for k in range(4)
        )
        self.c_at = list(np.zeros((steps + 1, hidden, rows), dtype))
        self.tanh_c_at = list(np.empty((steps + 1, hidden, rows), dtype))
        self.deltas, self.derivative = np.empty((2, 4 * hidden, rows), dtype)
        self.dc, self.work = np.empty((2, hidden, rows), dtype)


class FastLSTM(FastRecurrent[LSTMBuffers]):
    """The fast form of an LSTM."""

    def __init__(self, model: LSTM) -> None:
        super().__init__(model, blocks=4)
        H = model.hidden
        self._signs = np.full((4 * H, 1), -1, model.dtype)
        self._signs[3 * H :] = -2

    def make_buffers(self, rows: int, steps: int) -> LSTMBuffers:
        return LSTMBuffers(self.hidden, rows, steps, self.model.dtype)

    def take_weights(self) -> None:
        super().take_weights()
        self.W *= self._signs

    def begin(self, buffers: LSTMBuffers, after: int | None) -> None:
        buffers.h_at[0][...] = 0 if after is None else buffers.h_at[after]
        buffers.c_at[0][...] = 0 if after is None else buffers.c_at[after]

    def forward(self, buffers: LSTMBuffers, steps: int) -> None:
        W, u, h, c, tanh_c = self.W, buffers.u_at, buffers.h_at, buffers.c_at, buffers.tanh_c_at
        i, f, o, g, work = buffers.i_at, buffers.f_at, buffers.o_at, buffers.g_at, buffers.work
        activations, gates, exponentials = buffers.ds_at, buffers.gates_at, buffers.exponentials
        one, two = exponentials.one, exponentials.two
        for t in range(steps):
            np.matmul(W, u[t], out=activations[t])
            np.exp(activations[t], out=activations[t])
            np.add(activations[t], one, out=activations[t])
            np.divide(one, gates[t], out=gates[t])
            np.divide(two, g[t], out=g[t])
            np.subtract(g[t], one, out=g[t])
            np.multiply(f[t], c[t], out=c[t + 1])
            np.multiply(i[t], g[t], out=work)
            np.add(c[t + 1], work, out=c[t + 1])
            exponentials.tanh(c[t + 1], tanh_c[t + 1])
            np.multiply(o[t], tanh_c[t + 1], out=h[t + 1])

    def backward(self, buffers: LSTMBuffers, steps: int) -> None:
        H, h, c, tanh_c = self.hidden, buffers.h_at, buffers.c_at, buffers.tanh_c_at
        i, f, o, g = buffers.i_at, buffers.f_at, buffers.o_at, buffers.g_at
        activations, gates = buffers.ds_at, buffers.gates_at
        dh, dc, deltas, work, one = buffers.dh, buffers.dc, buffers.deltas, buffers.work, buffers.one
        derivative = buffers.derivative
        derivative_of_gates, derivative_of_g = derivative[: 3 * H], derivative[3 * H :]
        di, df, do, dg = (deltas[k * H : (k + 1) * H] for k in range(4))
        dc[...] = 0
        for t in reversed(range(steps)):
            self.delta(buffers, t, steps)
            np.multiply(h[t + 1], tanh_c[t + 1], out=work)  # o (1 − tanh²c) = o − h tanh c
            np.subtract(o[t], work, out=work)
            np.multiply(work, dh, out=work)
            np.add(dc, work, out=dc)
            np.multiply(dh, tanh_c[t + 1], out=do)
            np.multiply(dc, i[t], out=dg)
            np.multiply(dc, c[t], out=df)
            np.multiply(dc, g[t], out=di)
            np.multiply(dc, f[t], out=dc)
            np.multiply(activations[t], activations[t], out=derivative)  # σ − σ² and 1 − g²
            np.subtract(gates[t], derivative_of_gates, out=derivative_of_gates)
            np.subtract(one, derivative_of_g, out=derivative_of_g)
            np.multiply(deltas, derivative, out=activations[t])
