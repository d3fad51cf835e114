"""Logistic regression: one weight a column, one bias, one sigmoid.

Notation and shapes, for a batch of `rows` rows:
    x   (rows, columns)   bits
    w   (columns,)        weights
    b   (1,)              bias
    z   (rows,)           logits
    a   (rows,)           probabilities that the label is 1
    y   (rows,)           labels, 0 or 1

Forward:
    z = x w + b
    a = σ(z)
    L = mean over rows of −[y log a + (1 − y) log(1 − a)]

Backward, the same lines in reverse. The sigmoid and the cross-entropy cancel to a difference:
    dz = (a − y) / rows       since dL/da · da/dz = [(a − y) / (a (1 − a))] · a (1 − a)
    dw = xᵀ dz
    db = Σ dz

Training computes this in the form of models/fast/logistic_regression.py: every value written into a buffer
that is there already, and for many rows that stay the same, sums looked up instead of computed.

Cox, 'The regression analysis of binary sequences', J. R. Stat. Soc. B, 1958.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models.model import Model
from toystory.models.parts.activations import sigmoid
from toystory.models.parts.arrays import Cache, Parameters


class LogisticRegression(Model):
    """A line (a plane, in more columns) and on which side of it a row lies.

    Args:
        columns: Bits in a row.
        weights: Where to start, one each; all zeros unless told.
        bias: Where to start.
        seed: Kept in the settings; nothing is drawn here.
        dtype: float32, or float64.
    """

    def __init__(
        self,
        columns: int,
        *,
        weights: tuple[float, ...] | None = None,
        bias: float = 0.0,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__({"columns": columns}, seed, dtype)
        self.columns = columns
        start = np.zeros(columns) if weights is None else np.array(weights, dtype=float)
        if start.shape != (columns,):
            raise ValueError(f"{start.size} weights for {columns} columns: give one each")
        self._add_parameters(w=start, b=np.array([bias]))

    def forward(self, x: ArrayLike) -> Cache:
        x = self._rows(x, self.columns).astype(self.dtype)
        w, b = self.parameters["w"], self.parameters["b"]

        z = x @ w + b
        a = sigmoid(z)
        return {"x": x, "z": z, "a": a}

    def backward(self, cache: Cache, y: ArrayLike) -> Parameters:
        x, a = cache["x"], cache["a"]
        y = self._labels(y, a.shape)

        dz = (a - y) / len(y)
        dw = dz @ x
        db = dz.sum(keepdims=True)
        cache.update(y=y, dz=dz)
        return {"w": dw, "b": db}
