"""A two-layer network: a layer of tanh units, and a logistic regression on what they say.

Notation and shapes, for a batch of `rows` rows:
    x    (rows, columns)      bits
    W1   (columns, hidden)    weights of the hidden units     b1   (hidden,)
    h    (rows, hidden)       hidden units, between −1 and 1
    w2   (hidden,)            weights of the output           b2   (1,)
    z    (rows,)              logits
    a    (rows,)              probabilities that the label is 1

Forward:
    z1 = x W1 + b1
    h  = tanh(z1)
    z  = h w2 + b2
    a  = σ(z)
    L  = mean over rows of −[y log a + (1 − y) log(1 − a)]

Backward, each line undone in reverse order:
    dz  = (a − y) / rows
    dw2 = hᵀ dz               db2 = Σ dz
    dh  = dz w2ᵀ              the delta of each hidden unit
    dz1 = dh ∘ (1 − h²)
    dW1 = xᵀ dz1              db1 = Σ dz1

Training computes this in the form of models/fast/layers.py: units × rows, W1 and b1 one matrix, and every
value written into a buffer that is there already, which costs less time.

Rumelhart, Hinton & Williams, 'Learning representations by back-propagating errors', Nature 323, 1986.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models.model import Model
from toystory.models.parts.activations import sigmoid
from toystory.models.parts.arrays import Cache, Parameters, column_sums
from toystory.models.parts.first_weights import gaussian


class TwoLayerNet(Model):
    """The smallest network that can bend a line.

    Args:
        columns: Bits in a row.
        hidden: Tanh units.
        weight_scale: Standard deviation of the first weights.
        seed: Of the first weights.
        dtype: float32, or float64.
    """

    def __init__(
        self,
        columns: int,
        hidden: int,
        *,
        weight_scale: float = 1.0,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__({"columns": columns, "hidden": hidden, "weight_scale": weight_scale}, seed, dtype)
        self.columns, self.hidden = columns, hidden
        rng = np.random.default_rng(seed)
        self._add_parameters(
            W1=gaussian(rng, (columns, hidden), weight_scale),
            b1=np.zeros(hidden),
            w2=gaussian(rng, (hidden,), weight_scale),
            b2=np.zeros(1),
        )

    def forward(self, x: ArrayLike) -> Cache:
        x = self._rows(x, self.columns).astype(self.dtype)
        W1, b1, w2, b2 = (self.parameters[name] for name in ("W1", "b1", "w2", "b2"))

        z1 = x @ W1 + b1
        h = np.tanh(z1)
        z = h @ w2 + b2
        a = sigmoid(z)
        return {"x": x, "z1": z1, "h": h, "z": z, "a": a}

    def backward(self, cache: Cache, y: ArrayLike) -> Parameters:
        x, h, a = cache["x"], cache["h"], cache["a"]
        w2 = self.parameters["w2"]
        y = self._labels(y, a.shape)

        dz = (a - y) / len(y)
        dw2 = dz @ h
        db2 = dz.sum(keepdims=True)
        dh = np.outer(dz, w2)
        dz1 = dh * (1 - h * h)
        dW1 = x.T @ dz1
        db1 = column_sums(dz1)
        cache.update(y=y, dz=dz, dh=dh, dz1=dz1)
        return {"W1": dW1, "b1": db1, "w2": dw2, "b2": db2}
