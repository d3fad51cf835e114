"""Cross-entropy of two classes and of several, computed from the logits so that it never overflows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.models.parts.arrays import FloatArray


def binary_cross_entropy(z: FloatArray, y: FloatArray) -> FloatArray:
    """The loss of each answer.

    L = −[y log a + (1 − y) log(1 − a)] with a = σ(z), which is the same as log(1 + eᶻ) − y z. The second
    form takes no logarithm of a rounded 0 or 1; with max(z, 0) taken out of it, e is never raised to
    anything above 0.

    Args:
        z: Logits.
        y: Labels, 0 or 1, of the same shape.

    Returns:
        Losses, of the shape of `z`.
    """
    losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))
    return losses


def softmax_cross_entropy(z: FloatArray, y: NDArray[Any]) -> FloatArray:
    """The loss of each row, where one of several classes is right.

    L = −log p[y] with p = softmax(z), which is the same as log Σⱼ e^zⱼ − z[y]. With the largest z taken
    out of the sum (log Σⱼ e^zⱼ = m + log Σⱼ e^(zⱼ − m), "log-sum-exp"), nothing overflows and no 0 comes
    under the logarithm.

    Args:
        z: Logits, (rows, classes).
        y: The right class of each row, whole numbers from 0, (rows,).

    Returns:
        Losses, (rows,).
    """
    m = z.max(axis=1, keepdims=True)
    log_sum = m[:, 0] + np.log(np.exp(z - m).sum(axis=1))
    losses: FloatArray = log_sum - z[np.arange(len(z)), y]
    return losses
