"""What a fast form can do."""

from __future__ import annotations

from typing import Protocol

from toystory.models.arrays import Bits, FloatArray, Lengths, Parameters
from toystory.models.batches import Batch


class FastForm(Protocol):
    """One model in its fast form; it reads the model's own parameters at every call. One thread at a time.

    rows_at_once: pieces of so many rows are fastest.
    """

    rows_at_once: int

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        """As that of the model. The gradients are the form's own arrays: good until the next call."""

    def of_frozen_rows(self, batch: Batch) -> tuple[float, Parameters] | None:
        """The same of a whole large batch whose rows stay as they are (`models.arrays.is_frozen`), for a form
        that gains by knowing them from one update to the next. None: take it in pieces."""
        return None

    def logits(self, x: Bits) -> FloatArray:
        """The logit at the end of every row, (rows,); the form's own array, good until the next call."""
