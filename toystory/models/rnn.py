"""A recurrent network: reads a row bit by bit and keeps a memory of what it has read.

Notation and shapes, for `rows` rows of `steps` bits; t counts the bits from 0:
    x[t]   (rows, 1)          bit t of every row, as −1 or +1 (or, if told so, as 0 or 1)
    s[t]   (rows, hidden)     what the memory's units hear
    h[t]   (rows, hidden)     the memory after bit t; h[−1] = 0, the memory before the first one
    W_hh   (hidden, hidden)   memory to memory
    W_xh   (1, hidden)        bit to memory                    b_h  (hidden,)
    w_hy   (hidden,)          memory to answer                 b_y  (1,)
    z[t], a[t]  (rows,)       logit and probability after bit t

Forward, for t = 0 … steps − 1. It is the two-layer network, which now hears its own hidden units too:
    s[t] = h[t − 1] W_hh + x[t] W_xh + b_h
    h[t] = tanh(s[t])
    z[t] = h[t] w_hy + b_y
    a[t] = σ(z[t])
    L    = mean over the labelled answers of −[y log a + (1 − y) log(1 − a)]

Backward through time, for t = steps − 1 … 0, each line undone in reverse order. An answer without a label
has dz = 0, and ds[steps] = 0: nothing comes after the last bit.
    dz[t] = (a[t] − y[t]) / labelled answers
    dw_hy = Σ_t h[t]ᵀ dz[t]                      db_y = Σ dz
    dh[t] = dz[t] w_hyᵀ + ds[t + 1] W_hhᵀ        from the answer, and from the memory that came after
    ds[t] = dh[t] ∘ (1 − h[t]²)
    dW_hh = Σ_t h[t − 1]ᵀ ds[t]      dW_xh = Σ_t x[t]ᵀ ds[t]      db_h = Σ ds

W_hh stands once in every step back, so what reaches the first bits has been multiplied by it, and by
1 − h², fifty times in fifty steps: it tends to vanish or to explode.

Training computes this in the form of models/fast/rnn.py: h, x and 1 in one block, so that a step is one
product, and nothing allocated in the loop.

Elman, 'Finding structure in time', Cognitive Science 14, 1990; Werbos, 'Backpropagation through time',
Proc. IEEE 78, 1990; Bengio, Simard & Frasconi, IEEE Trans. Neural Networks 5, 1994, for the vanishing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models.parts.activations import sigmoid
from toystory.models.parts.arrays import Cache, Lengths, Parameters, column_sums
from toystory.models.parts.first_weights import gaussian, orthogonal
from toystory.models.recurrent import NAMES, RecurrentModel, State


class RNN(RecurrentModel):
    """One layer of tanh units that hears itself, and one sigmoid that reads it.

    Args:
        hidden: Units of memory.
        weight_scale: Standard deviation of all first weights; unless given, the memory starts as a random
            orthogonal matrix, each bit speaks with standard deviation 1, and the answer has a size that fits
            `hidden`.
        bit_scale: Standard deviation of the first weights from the bits, whatever the others are.
        signed: Read the bits as −1 and +1 instead of 0 and 1.
        seed: Of the first weights.
        dtype: float32, or float64.
    """

    def __init__(
        self,
        hidden: int,
        *,
        weight_scale: float | None = None,
        bit_scale: float | None = None,
        signed: bool = True,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        settings = {"hidden": hidden, "weight_scale": weight_scale, "bit_scale": bit_scale, "signed": signed}
        super().__init__(settings, seed, dtype)
        self.hidden, self.signed = hidden, signed
        rng = np.random.default_rng(seed)
        if weight_scale is None:
            W_hh = orthogonal(rng, hidden)
            W_xh = gaussian(rng, (1, hidden), scale=1.0 if bit_scale is None else bit_scale)
            w_hy = gaussian(rng, (hidden,), scale=hidden**-0.5)
        else:
            W_hh = gaussian(rng, (hidden, hidden), weight_scale).T  # as `orthogonal`: drawn unit by unit
            W_xh = gaussian(rng, (1, hidden), weight_scale if bit_scale is None else bit_scale)
            w_hy = gaussian(rng, (hidden,), weight_scale)
        self._add_parameters(W_hh=W_hh, W_xh=W_xh, b_h=np.zeros(hidden), w_hy=w_hy, b_y=np.zeros(1))

    def forward(self, x: ArrayLike, start: State | None = None) -> Cache:
        x = self._bits_in_time(x)
        x = 2 * x - 1 if self.signed else x
        steps, rows, _ = x.shape
        W_hh, W_xh, b_h, w_hy, b_y = (self.parameters[name] for name in NAMES)
        s, h = np.zeros((2, steps + 1, rows, self.hidden), self.dtype)
        z, a = np.zeros((2, steps, rows), self.dtype)
        if start is not None:
            h[-1] = start[0]

        for t in range(steps):
            s[t] = h[t - 1] @ W_hh + x[t] @ W_xh + b_h
            h[t] = np.tanh(s[t])
            z[t] = h[t] @ w_hy + b_y
            a[t] = sigmoid(z[t])
        return {"x": x, "s": s, "h": h, "z": z, "a": a}

    def backward(self, cache: Cache, y: ArrayLike, lengths: Lengths | None = None) -> Parameters:
        self._label(cache, y, lengths)
        x, h, a, y, counts = (cache[name] for name in ("x", "h", "a", "y", "counts"))
        W_hh, w_hy = self.parameters["W_hh"], self.parameters["w_hy"]
        dh, ds = np.zeros_like(h), np.zeros_like(h)
        dW_hh, dW_xh, db_h, dw_hy, db_y = (np.zeros_like(self.parameters[name]) for name in NAMES)

        dz = (a - y) * (counts / self.dtype.type(counts.sum()))
        for t in reversed(range(len(x))):
            dw_hy += dz[t] @ h[t]
            db_y += dz[t].sum()
            dh[t] = np.outer(dz[t], w_hy) + ds[t + 1] @ W_hh.T
            ds[t] = dh[t] * (1 - h[t] * h[t])
            dW_hh += h[t - 1].T @ ds[t]
            dW_xh += x[t].T @ ds[t]
            db_h += column_sums(ds[t])
        cache.update(dz=dz, dh=dh, ds=ds)
        return {"W_hh": dW_hh, "W_xh": dW_xh, "b_h": db_h, "w_hy": dw_hy, "b_y": db_y}

    def final_state(self, cache: Cache) -> State:
        return (cache["h"][len(cache["x"]) - 1],)
