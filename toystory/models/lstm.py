"""A long short-term memory: a recurrent network whose memory is kept by gates.

Notation and shapes, for `rows` rows of `steps` bits; t counts the bits from 0:
    x[t]         (rows, 1)           bit t of every row
    s[t]         (rows, 4 hidden)    what i, f, o and g hear, side by side
    c[t]         (rows, hidden)      the cells after bit t; c[−1] = 0, the cells before the first one
    h[t]         (rows, hidden)      what the cells show; h[−1] = 0
    i, f, o [t]  (rows, hidden)      input, forget and output gate, between 0 and 1
    g[t]         (rows, hidden)      what could be written, between −1 and 1
    W_hh  (hidden, 4 hidden)         memory to gates, the columns of i, f, o and g in this order
    W_xh  (1, 4 hidden)              bit to gates            b_h  (4 hidden,)
    w_hy  (hidden,)                  memory to answer        b_y  (1,)
    z[t], a[t]   (rows,)             logit and probability after bit t

Forward, for t = 0 … steps − 1:
    s[t] = h[t − 1] W_hh + x[t] W_xh + b_h      s_i, s_f, s_o and s_g, side by side
    i[t] = σ(s_i[t])        f[t] = σ(s_f[t])        o[t] = σ(s_o[t])
    g[t] = tanh(s_g[t])
    c[t] = f[t] ∘ c[t − 1] + i[t] ∘ g[t]        keep some, write some
    h[t] = o[t] ∘ tanh(c[t])                    show some
    z[t] = h[t] w_hy + b_y
    a[t] = σ(z[t])
    L    = mean over the labelled answers of −[y log a + (1 − y) log(1 − a)]

Backward through time, for t = steps − 1 … 0, each line undone in reverse order. An answer without a label
has dz = 0, and ds[steps] = dc[steps] = 0: nothing comes after the last bit.
    dz[t]   = (a[t] − y[t]) / labelled answers
    dw_hy   = Σ_t h[t]ᵀ dz[t]                          db_y = Σ dz
    dh[t]   = dz[t] w_hyᵀ + ds[t + 1] W_hhᵀ
    dc[t]   = dh[t] ∘ o[t] ∘ (1 − tanh²(c[t])) + dc[t + 1] ∘ f[t + 1]
    ds_g[t] = dc[t] ∘ i[t] ∘ (1 − g[t]²)
    ds_o[t] = dh[t] ∘ tanh(c[t]) ∘ o[t] (1 − o[t])
    ds_f[t] = dc[t] ∘ c[t − 1] ∘ f[t] (1 − f[t])
    ds_i[t] = dc[t] ∘ g[t] ∘ i[t] (1 − i[t])
    dW_hh   = Σ_t h[t − 1]ᵀ ds[t]     dW_xh = Σ_t x[t]ᵀ ds[t]     db_h = Σ ds

From cell to cell the gradient is multiplied by the forget gate alone: an open gate passes it on whole.

Training computes this in the form of models/fast/lstm.py: h, x and 1 in one block, so that a step is one
product, one tanh for all four sums, and nothing allocated in the loop.

Hochreiter & Schmidhuber, 'Long Short-Term Memory', Neural Computation 9, 1997; Gers, Schmidhuber & Cummins,
'Learning to Forget', Neural Computation 12, 2000, for the forget gate; Jozefowicz, Zaremba & Sutskever,
ICML 2015, for its bias of 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models.parts.activations import sigmoid
from toystory.models.parts.arrays import Cache, Lengths, Parameters, column_sums
from toystory.models.parts.first_weights import gaussian, orthogonal
from toystory.models.recurrent import NAMES, RecurrentModel, State


class LSTM(RecurrentModel):
    """One layer of gated cells, and one sigmoid that reads what they show.

    Args:
        hidden: Cells.
        forget_bias: Where the forget gate's bias starts: at 1 it keeps σ(1) = 0.73 of the cell in each step,
            at 5 it keeps 0.99.
        bit_scale: Standard deviation of the first weights from the bits; 1/√hidden unless given.
        seed: Of the first weights.
        dtype: float32, or float64.
    """

    def __init__(
        self,
        hidden: int,
        *,
        forget_bias: float = 1.0,
        bit_scale: float | None = None,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        settings = {"hidden": hidden, "forget_bias": forget_bias, "bit_scale": bit_scale}
        super().__init__(settings, seed, dtype)
        self.hidden = hidden
        rng = np.random.default_rng(seed)
        scale = hidden**-0.5
        b_h = np.zeros(4 * hidden)
        b_h[hidden : 2 * hidden] = forget_bias
        self._add_parameters(
            W_hh=np.concatenate([orthogonal(rng, hidden) for _ in range(4)], axis=1),
            W_xh=gaussian(rng, (1, 4 * hidden), scale if bit_scale is None else bit_scale),
            b_h=b_h,
            w_hy=gaussian(rng, (hidden,), scale),
            b_y=np.zeros(1),
        )

    def forward(self, x: ArrayLike, start: State | None = None) -> Cache:
        x = self._bits_in_time(x)
        steps, rows, _ = x.shape
        W_hh, W_xh, b_h, w_hy, b_y = (self.parameters[name] for name in NAMES)
        s = np.zeros((steps + 1, rows, 4 * self.hidden), self.dtype)
        s_i, s_f, s_o, s_g = np.split(s, 4, axis=2)
        i, f, o, g, c, tanh_c, h = np.zeros((7, steps + 1, rows, self.hidden), self.dtype)
        z, a = np.zeros((2, steps, rows), self.dtype)
        if start is not None:
            h[-1], c[-1] = start

        for t in range(steps):
            s[t] = h[t - 1] @ W_hh + x[t] @ W_xh + b_h
            i[t] = sigmoid(s_i[t])
            f[t] = sigmoid(s_f[t])
            o[t] = sigmoid(s_o[t])
            g[t] = np.tanh(s_g[t])
            c[t] = f[t] * c[t - 1] + i[t] * g[t]
            tanh_c[t] = np.tanh(c[t])
            h[t] = o[t] * tanh_c[t]
            z[t] = h[t] @ w_hy + b_y
            a[t] = sigmoid(z[t])
        gates = {"s": s, "i": i, "f": f, "o": o, "g": g}
        return {"x": x, **gates, "c": c, "tanh_c": tanh_c, "h": h, "z": z, "a": a}

    def backward(self, cache: Cache, y: ArrayLike, lengths: Lengths | None = None) -> Parameters:
        self._label(cache, y, lengths)
        x, c, tanh_c, h, a, y, counts = (cache[k] for k in ("x", "c", "tanh_c", "h", "a", "y", "counts"))
        i, f, o, g = (cache[name] for name in "ifog")
        W_hh, w_hy = self.parameters["W_hh"], self.parameters["w_hy"]
        dh, dc = np.zeros_like(h), np.zeros_like(c)
        ds = np.zeros((*h.shape[:2], 4 * self.hidden), self.dtype)
        ds_i, ds_f, ds_o, ds_g = np.split(ds, 4, axis=2)
        dW_hh, dW_xh, db_h, dw_hy, db_y = (np.zeros_like(self.parameters[name]) for name in NAMES)

        dz = (a - y) * (counts / self.dtype.type(counts.sum()))
        for t in reversed(range(len(x))):
            dw_hy += dz[t] @ h[t]
            db_y += dz[t].sum()
            dh[t] = np.outer(dz[t], w_hy) + ds[t + 1] @ W_hh.T
            dc[t] = dh[t] * o[t] * (1 - tanh_c[t] * tanh_c[t]) + dc[t + 1] * f[t + 1]
            ds_g[t] = dc[t] * i[t] * (1 - g[t] * g[t])
            ds_o[t] = dh[t] * tanh_c[t] * o[t] * (1 - o[t])
            ds_f[t] = dc[t] * c[t - 1] * f[t] * (1 - f[t])
            ds_i[t] = dc[t] * g[t] * i[t] * (1 - i[t])
            dW_hh += h[t - 1].T @ ds[t]
            dW_xh += x[t].T @ ds[t]
            db_h += column_sums(ds[t])
        cache.update(dz=dz, dh=dh, dc=dc, ds=ds, ds_i=ds_i, ds_f=ds_f, ds_o=ds_o, ds_g=ds_g)
        return {"W_hh": dW_hh, "W_xh": dW_xh, "b_h": db_h, "w_hy": dw_hy, "b_y": db_y}

    def final_state(self, cache: Cache) -> State:
        last = len(cache["x"]) - 1
        return cache["h"][last], cache["c"][last]
