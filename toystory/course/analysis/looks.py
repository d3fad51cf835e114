"""Who looks at whom: what an attention model attends to, and how that softens on longer rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.models.attention import Attention, softmax
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.training.data import random_bits, running_parity

ROWS = 4
"""Rows of each length that `sharpness` averages over."""


@dataclass(frozen=True)
class Looks:
    """What an attention model does with one row.

    Attributes:
        bits: read, (n,).
        written: what it writes, place by place, (m,): the answer to the row is the last.
        attention: from every written place to every token, (m, n + m), each line adding up to 1: first the
            tokens read, then those written, the start before all.
    """

    bits: Bits
    written: Bits
    attention: FloatArray


def looks(model: Attention, bits: tuple[int, ...]) -> Looks:
    """Have the model write for itself, and note where each written place looks.

    Args:
        model: A machine that thinks aloud, or not.
        bits: The row it reads.
    """
    row = np.array([bits], np.uint8)
    with np.errstate(all="ignore"):
        cache = model.forward(row)
    return Looks(row[0], (cache["a"][0] > 0.5).astype(np.uint8), cache["p"][0])


def sharpness(model: Attention, length: int, factor_of: int | None = None) -> float:
    """How much of its attention the last written place has for the bit that it still has to read.

    Args:
        model: One that thinks aloud.
        length: Bits in a row.
        factor_of: The length whose factor the scores are multiplied by; None for the model's own rule.

    Returns:
        The mean share over a few rows, always the same ones.
    """
    rows = random_bits(np.random.default_rng(length), ROWS, length)
    E_bit, E_kind, W_q, W_k, b_d = (
        model.parameters[name] for name in ("E_bit", "E_kind", "W_q", "W_k", "b_d")
    )
    token = model.tokens(rows, running_parity(rows))
    m = token.shape[1] - length
    with np.errstate(all="ignore"):
        e = E_bit[token] + E_kind[np.repeat([0, 1], [length, m])]
        scores = (e @ W_k @ (e[:, -1] @ W_q)[:, :, None])[:, :, 0] / np.sqrt(model.width)
        distance = model.distances(length, m - 1, length + m)
        c = model.factor(np.array(length + m))
        if factor_of is not None:
            c = np.asarray(np.log(2 * factor_of) / np.log(50), model.dtype)
        p = softmax(c * (scores + b_d[distance]))
    return float(p[:, length - 1].mean())
