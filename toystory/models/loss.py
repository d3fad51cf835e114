"""Binary cross-entropy, computed from the logit so that it never overflows."""

from __future__ import annotations

import numpy as np

from toystory.models.arrays import FloatArray


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
