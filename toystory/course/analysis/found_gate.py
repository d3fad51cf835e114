"""The gate of two bits inside an attention model: what its ReLU layer makes of the parity so far and a bit.

With the right bits given, a place where the parity so far is s and the next bit is b has the same small
question wherever it stands. There are four of them, and the layer that answers is a two-layer network: the
truth table of XOR, found again inside a machine for fifty bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.models.attention import Attention
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.training.data import random_bits, running_parity

LENGTH = 50
ROWS = 8
"""Rows that the means are taken over: always the same ones."""


@dataclass(frozen=True)
class FoundGate:
    """The four questions, and what becomes of them.

    Attributes:
        questions: the parity so far and the next bit, (4, 2).
        hidden: mean of every ReLU unit, (4, hidden).
        answers: mean probability that the bit to be written is 1, (4,).
        spread: the greatest standard deviation of an answer over its places: 0 where only the question
            counts.
    """

    questions: Bits
    hidden: FloatArray
    answers: FloatArray
    spread: float

    @property
    def is_xor(self) -> bool:
        """Whether all four answers are those of XOR."""
        return [answer > 0.5 for answer in self.answers] == [False, True, True, False]


def found_gate(model: Attention) -> FoundGate:
    """Ask a model that thinks aloud at all places of a few rows, and sort its answers by the question.

    Args:
        model: One that thinks aloud.
    """
    rows = random_bits(np.random.default_rng(0), ROWS, LENGTH)
    written = running_parity(rows)
    with np.errstate(all="ignore"):
        cache = model.forward(rows, written)
    so_far = written[:, :-1].reshape(-1)  # the first place has written nothing yet
    bit = rows[:, 1:].reshape(-1)
    h = cache["h"][:, 1:].reshape(-1, cache["h"].shape[2]).astype(np.float64)
    a = cache["a"][:, 1:].reshape(-1).astype(np.float64)
    questions = np.array([(0, 0), (0, 1), (1, 0), (1, 1)], np.uint8)
    places = [(so_far == s) & (bit == b) for s, b in questions]
    return FoundGate(
        questions,
        np.array([h[there].mean(axis=0) for there in places]),
        np.array([a[there].mean() for there in places]),
        max(float(a[there].std()) for there in places),
    )
