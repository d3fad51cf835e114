"""A recurrent network: reads a row bit by bit and keeps a memory of what it has read.

Notation and shapes, for `rows` rows of `steps` bits; t counts the bits from 0:
    x[t]   (rows,)            bit t of every row, as −1 or +1 (or, if told so, as 0 or 1)
    h[t]   (hidden, rows)     the memory before bit t; h[t + 1] after it; h[0] = 0
    W_hh   (hidden, hidden)   memory to memory
    W_xh   (hidden, 1)        bit to memory                    b_h  (hidden, 1)
    w_hy   (hidden,)          memory to answer                 b_y  (1,)
    z, a   (steps, rows)      logit and probability after every bit

Forward, for t = 0 … steps − 1:
    h[t + 1] = tanh(W_hh h[t] + W_xh x[t] + b_h)
    z[t]     = w_hy h[t + 1] + b_y
    a[t]     = σ(z[t])
    L        = mean over the labelled answers of −[y log a + (1 − y) log(1 − a)]

Backward through time, for t = steps − 1 … 0. An answer without a label has dz = 0:
    dz[t]  = (a[t] − y[t]) / labelled answers
    dh     = w_hyᵀ dz[t] + W_hhᵀ ds[t + 1]      from the answer, and from the memory that came after
    ds[t]  = dh ∘ (1 − h[t + 1]²)
    dW_hh  = Σ_t ds[t] h[t]ᵀ      dW_xh = Σ_t ds[t] x[t]ᵀ      db_h = Σ ds
    dw_hy  = Σ_t h[t + 1] dz[t]                                db_y = Σ dz

W_hh stands once in every step back, so what reaches the first bits has been multiplied by it, and by
1 − h², fifty times in fifty steps: it tends to vanish or to explode.

Training computes this in the form of models/fast/rnn.py: h, x and 1 in one block, so that a step is one
product, and nothing allocated in the loop, which is four times as fast.

Elman, 'Finding structure in time', Cognitive Science 14, 1990; Werbos, 'Backpropagation through time',
Proc. IEEE 78, 1990; Bengio, Simard & Frasconi, IEEE Trans. Neural Networks 5, 1994, for the vanishing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models.activations import sigmoid
from toystory.models.arrays import Cache, Lengths, Parameters
from toystory.models.first_weights import gaussian, orthogonal
from toystory.models.recurrent import RecurrentModel, State


class RNN(RecurrentModel):
    """One layer of tanh units that hears itself, and one sigmoid that reads it.

    hidden: units of memory. signed: read the bits as −1 and +1 instead of 0 and 1.
    weight_scale: standard deviation of all first weights; unless given, the memory starts as a random
    orthogonal matrix, each bit speaks with standard deviation 1, and the answer has a size that fits `hidden`.
    bit_scale: standard deviation of the first weights from the bits, whatever the others are.
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
            W_xh = gaussian(rng, (hidden, 1), scale=1.0 if bit_scale is None else bit_scale)
            w_hy = gaussian(rng, (hidden,), scale=hidden**-0.5)
        else:
            W_hh = gaussian(rng, (hidden, hidden), weight_scale)
            W_xh = gaussian(rng, (hidden, 1), weight_scale if bit_scale is None else bit_scale)
            w_hy = gaussian(rng, (hidden,), weight_scale)
        self._keep(W_hh=W_hh, W_xh=W_xh, b_h=np.zeros((hidden, 1)), w_hy=w_hy, b_y=np.zeros(1))

    def forward(self, x: ArrayLike, start: State | None = None) -> Cache:
        x = self._bits_in_time(x)
        x = 2 * x - 1 if self.signed else x
        steps, rows = x.shape
        W_hh, W_xh, b_h, w_hy, b_y = (self.parameters[k] for k in ("W_hh", "W_xh", "b_h", "w_hy", "b_y"))
        h = np.zeros((steps + 1, self.hidden, rows), self.dtype)
        if start is not None:
            h[0] = start[0]

        from_bits = W_xh * x[:, None, :] + b_h
        for t in range(steps):
            h[t + 1] = np.tanh(W_hh @ h[t] + from_bits[t])
        z = w_hy @ h[1:] + b_y
        a = sigmoid(z)
        return {"x": x, "h": h, "z": z, "a": a}

    def backward(self, cache: Cache, y: ArrayLike, lengths: Lengths | None = None) -> Parameters:
        self._label(cache, y, lengths)
        x, h, a, y, counts = (cache[k] for k in ("x", "h", "a", "y", "counts"))
        W_hh, w_hy = self.parameters["W_hh"], self.parameters["w_hy"]
        steps = len(x)

        dz = (a - y) * (counts / self.dtype.type(counts.sum()))
        dh = w_hy[:, None] * dz[:, None, :]
        ds = np.empty_like(h[1:])
        for t in reversed(range(steps)):
            if t + 1 < steps:
                dh[t] += W_hh.T @ ds[t + 1]
            ds[t] = dh[t] * (1 - h[t + 1] * h[t + 1])
        dW_hh = (ds @ h[:-1].transpose(0, 2, 1)).sum(axis=0)
        dW_xh = (ds @ x[:, :, None]).sum(axis=0)
        db_h = ds.sum(axis=(0, 2))[:, None]
        dw_hy = (h[1:] @ dz[:, :, None]).sum(axis=(0, 2))
        db_y = dz.sum(keepdims=True)[0]
        cache.update(dz=dz, dh=dh, ds=ds)
        return {"W_hh": dW_hh, "W_xh": dW_xh, "b_h": db_h, "w_hy": dw_hy, "b_y": db_y}

    def final_state(self, cache: Cache) -> State:
        return (cache["h"][-1],)
