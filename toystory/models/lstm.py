"""A long short-term memory: a recurrent network whose memory is kept by gates.

Notation and shapes, for `rows` rows of `steps` bits; t counts the bits from 0:
    x[t]         (rows,)            bit t of every row
    c[t]         (hidden, rows)     the cell before bit t; c[t + 1] after it; c[0] = 0
    h[t]         (hidden, rows)     what the cell shows; h[0] = 0
    i, f, o [t]  (hidden, rows)     input, forget and output gate, between 0 and 1
    g[t]         (hidden, rows)     what could be written, between −1 and 1
    W_h  (4 hidden, hidden)         memory to gates, the rows of i, f, o and g in this order
    W_x  (4 hidden, 1)              bit to gates            b    (4 hidden, 1)
    w_y  (hidden,)                  memory to answer        b_y  (1,)
    z, a (steps, rows)              logit and probability after every bit

Forward, for t = 0 … steps − 1:
    s        = W_h h[t] + W_x x[t] + b      the four sums, one under the other
    i, f, o  = σ(s_i), σ(s_f), σ(s_o)
    g        = tanh(s_g)
    c[t + 1] = f ∘ c[t] + i ∘ g             keep some, write some
    h[t + 1] = o ∘ tanh(c[t + 1])           show some
    z[t]     = w_y h[t + 1] + b_y
    a[t]     = σ(z[t])
    L        = mean over the labelled answers of −[y log a + (1 − y) log(1 − a)]

Backward through time, for t = steps − 1 … 0. An answer without a label has dz = 0:
    dz[t]    = (a[t] − y[t]) / labelled answers
    dh       = w_yᵀ dz[t] + W_hᵀ ds[t + 1]
    do       = dh ∘ tanh(c[t + 1])
    dc       = dh ∘ o ∘ (1 − tanh²(c[t + 1])) + dc[t + 1] ∘ f[t + 1]
    dg       = dc ∘ i        df = dc ∘ c[t]        di = dc ∘ g
    ds       = (di ∘ i(1 − i), df ∘ f(1 − f), do ∘ o(1 − o), dg ∘ (1 − g²))
    dW_h     = Σ_t ds[t] h[t]ᵀ     dW_x = Σ_t ds[t] x[t]ᵀ     db = Σ ds
    dw_y     = Σ_t h[t + 1] dz[t]                            db_y = Σ dz

From cell to cell the gradient is multiplied by the forget gate alone: an open gate passes it on whole.

Training computes this in the form of models/fast/lstm.py: h, x and 1 in one block, so that a step is one
product, one tanh for all four sums, and nothing allocated in the loop, which is four times as fast.

Hochreiter & Schmidhuber, 'Long Short-Term Memory', Neural Computation 9, 1997; Gers, Schmidhuber & Cummins,
'Learning to Forget', Neural Computation 12, 2000, for the forget gate; Jozefowicz, Zaremba & Sutskever,
ICML 2015, for its bias of 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models.activations import sigmoid
from toystory.models.arrays import Cache, Lengths, Parameters
from toystory.models.first_weights import gaussian, orthogonal
from toystory.models.recurrent import RecurrentModel, State


class LSTM(RecurrentModel):
    """One layer of gated cells, and one sigmoid that reads what they show.

    hidden: cells. forget_bias: where the forget gate's bias starts: at 1 it keeps σ(1) = 0.73 of the cell in
    each step, at 5 it keeps 0.99. bit_scale: standard deviation of the first weights from the bits; 1/√hidden
    unless given.
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
        b = np.zeros((4 * hidden, 1))
        b[hidden : 2 * hidden] = forget_bias
        self._keep(
            W_h=np.concatenate([orthogonal(rng, hidden) for _ in range(4)]),
            W_x=gaussian(rng, (4 * hidden, 1), scale if bit_scale is None else bit_scale),
            b=b,
            w_y=gaussian(rng, (hidden,), scale),
            b_y=np.zeros(1),
        )

    def forward(self, x: ArrayLike, start: State | None = None) -> Cache:
        x = self._bits_in_time(x)
        steps, rows = x.shape
        W_h, W_x, b, w_y, b_y = (self.parameters[k] for k in ("W_h", "W_x", "b", "w_y", "b_y"))
        h = np.zeros((steps + 1, self.hidden, rows), self.dtype)
        c = np.zeros_like(h)
        tanh_c = np.zeros_like(h)
        gates = np.empty((steps, 4 * self.hidden, rows), self.dtype)
        i, f, o, g = np.split(gates, 4, axis=1)
        if start is not None:
            h[0], c[0] = start

        from_bits = W_x * x[:, None, :] + b
        for t in range(steps):
            s = W_h @ h[t] + from_bits[t]
            gates[t, : 3 * self.hidden] = sigmoid(s[: 3 * self.hidden])
            g[t] = np.tanh(s[3 * self.hidden :])
            c[t + 1] = f[t] * c[t] + i[t] * g[t]
            tanh_c[t + 1] = np.tanh(c[t + 1])
            h[t + 1] = o[t] * tanh_c[t + 1]
        z = w_y @ h[1:] + b_y
        a = sigmoid(z)
        return {"x": x, "h": h, "c": c, "tanh_c": tanh_c, "i": i, "f": f, "o": o, "g": g, "z": z, "a": a}

    def backward(self, cache: Cache, y: ArrayLike, lengths: Lengths | None = None) -> Parameters:
        self._label(cache, y, lengths)
        x, h, c, tanh_c, a, y, counts = (cache[k] for k in ("x", "h", "c", "tanh_c", "a", "y", "counts"))
        i, f, o, g = (cache[k] for k in "ifog")
        W_h, w_y = self.parameters["W_h"], self.parameters["w_y"]
        steps, rows = x.shape

        dz = (a - y) * (counts / self.dtype.type(counts.sum()))
        dh = w_y[:, None] * dz[:, None, :]
        dc = np.empty_like(dh)
        ds = np.empty((steps, 4 * self.hidden, rows), self.dtype)
        ds_i, ds_f, ds_o, ds_g = np.split(ds, 4, axis=1)
        for t in reversed(range(steps)):
            if t + 1 < steps:
                dh[t] += W_h.T @ ds[t + 1]
            dc[t] = dh[t] * o[t] * (1 - tanh_c[t + 1] * tanh_c[t + 1])
            if t + 1 < steps:
                dc[t] += dc[t + 1] * f[t + 1]
            ds_o[t] = dh[t] * tanh_c[t + 1] * o[t] * (1 - o[t])
            ds_g[t] = dc[t] * i[t] * (1 - g[t] * g[t])
            ds_f[t] = dc[t] * c[t] * f[t] * (1 - f[t])
            ds_i[t] = dc[t] * g[t] * i[t] * (1 - i[t])
        dW_h = (ds @ h[:-1].transpose(0, 2, 1)).sum(axis=0)
        dW_x = (ds @ x[:, :, None]).sum(axis=0)
        db = ds.sum(axis=(0, 2))[:, None]
        dw_y = (h[1:] @ dz[:, :, None]).sum(axis=(0, 2))
        db_y = dz.sum(keepdims=True)[0]
        cache.update(dz=dz, dh=dh, dc=dc, ds=ds)
        return {"W_h": dW_h, "W_x": dW_x, "b": db, "w_y": dw_y, "b_y": db_y}

    def final_state(self, cache: Cache) -> State:
        return cache["h"][-1], cache["c"][-1]
