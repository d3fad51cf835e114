"""The LSTM; the form is that of models/fast/recurrent.py, and all four sums of a step are bent at once.

That is done through σ(s) = ½ tanh(½ s) + ½: the rows of W for i, f and o are halved, tanh is taken of all
four blocks as one, τ, and its slope 1 − τ² is that of all four. The slope of σ is a quarter of it: this
quarter is left out of ds, and put back where ds meets W_h and where dW is done.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from models.fast.recurrent import FastRecurrent, Space
from models.lstm import LSTM


class LSTMSpace(Space):
    """And the gates and cells of every step, and what the way back needs."""

    def __init__(self, hidden: int, rows: int, steps: int, dtype: DTypeLike) -> None:
        super().__init__(hidden, rows, steps, dtype)
        self.tau_at = list(np.empty((steps, 4 * hidden, rows), dtype))
        self.gates_at = list(np.empty((steps, 3 * hidden, rows), dtype))
        self.bent_at = [tau[: 3 * hidden] for tau in self.tau_at]
        self.i_at, self.f_at, self.o_at = (
            [gates[k * hidden : (k + 1) * hidden] for gates in self.gates_at] for k in range(3)
        )
        self.g_at = [tau[3 * hidden :] for tau in self.tau_at]
        self.c_at = list(np.zeros((steps + 1, hidden, rows), dtype))
        self.tanh_c_at = list(np.empty((steps + 1, hidden, rows), dtype))
        self.ds = np.empty((4 * hidden, rows), dtype)
        self.dc, self.work = np.empty((2, hidden, rows), dtype)


class FastLSTM(FastRecurrent[LSTMSpace]):
    """The fast form of an LSTM."""

    def __init__(self, model: LSTM) -> None:
        super().__init__(model, blocks=4)
        H = model.hidden
        self._halves, self._quarters = np.ones((2, 4 * H, 1), model.dtype)
        self._halves[: 3 * H], self._quarters[: 3 * H] = 0.5, 0.25

    def make_space(self, rows: int, steps: int) -> LSTMSpace:
        return LSTMSpace(self.hidden, rows, steps, self.model.dtype)

    def take_weights(self) -> None:
        super().take_weights()
        self.W *= self._halves
        self.W_back *= self._quarters.T

    def give_gradients(self) -> None:
        self.dW *= self._quarters
        super().give_gradients()

    def begin(self, space: LSTMSpace, after: int | None) -> None:
        space.h_at[0][...] = 0 if after is None else space.h_at[after]
        space.c_at[0][...] = 0 if after is None else space.c_at[after]

    def forward(self, space: LSTMSpace, steps: int) -> None:
        W, u, h, c, tanh_c = self.W, space.u_at, space.h_at, space.c_at, space.tanh_c_at
        i, f, o, g, work = space.i_at, space.f_at, space.o_at, space.g_at, space.work
        tau, bent, gates, half = space.tau_at, space.bent_at, space.gates_at, space.half
        for t in range(steps):
            np.matmul(W, u[t], out=tau[t])
            np.tanh(tau[t], out=tau[t])
            np.multiply(bent[t], half, out=gates[t])
            np.add(gates[t], half, out=gates[t])
            np.multiply(f[t], c[t], out=c[t + 1])
            np.multiply(i[t], g[t], out=work)
            np.add(c[t + 1], work, out=c[t + 1])
            np.tanh(c[t + 1], out=tanh_c[t + 1])
            np.multiply(o[t], tanh_c[t + 1], out=h[t + 1])

    def backward(self, space: LSTMSpace, steps: int) -> None:
        H, h, c, tanh_c = self.hidden, space.h_at, space.c_at, space.tanh_c_at
        i, f, o, g, tau = space.i_at, space.f_at, space.o_at, space.g_at, space.tau_at
        dh, dc, ds, work, one = space.dh, space.dc, space.ds, space.work, space.one
        ds_i, ds_f, ds_o, ds_g = (ds[k * H : (k + 1) * H] for k in range(4))
        dc[...] = 0
        for t in reversed(range(steps)):
            self.blame(space, t, steps, ds)
            np.multiply(h[t + 1], tanh_c[t + 1], out=work)  # o (1 − tanh²c) = o − h tanh c
            np.subtract(o[t], work, out=work)
            np.multiply(work, dh, out=work)
            np.add(dc, work, out=dc)
            np.multiply(dh, tanh_c[t + 1], out=ds_o)
            np.multiply(dc, i[t], out=ds_g)
            np.multiply(dc, c[t], out=ds_f)
            np.multiply(dc, g[t], out=ds_i)
            np.multiply(dc, f[t], out=dc)
            np.multiply(tau[t], tau[t], out=tau[t])
            np.subtract(one, tau[t], out=tau[t])
            np.multiply(ds, tau[t], out=ds)
            self.add_gradient(space, t, ds)
