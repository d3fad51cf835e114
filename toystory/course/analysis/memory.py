"""What a recurrent model makes of a row, bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from toystory.course.analysis.finite import Mask
from toystory.models.lstm import LSTM
from toystory.models.parts.arrays import Bits, Cache, FloatArray
from toystory.models.recurrent import RecurrentModel
from toystory.training.data import Task, running_parity


@dataclass(frozen=True)
class Gates:
    """The gates and the cells of an LSTM at every bit, each (steps, hidden).

    i, f, o: input, forget and output gate, 0 to 1. g: what could be written, −1 to 1. cell: after the bit.
    """

    i: FloatArray
    f: FloatArray
    o: FloatArray
    g: FloatArray
    cell: FloatArray


@dataclass(frozen=True)
class Reading:
    """One row, read.

    bits, and their running `parity`: (steps,). states: the hidden units after every bit, (steps, hidden).
    answers: the probability after every bit, (steps,). gates: of an LSTM; None for another model.
    """

    bits: Bits
    parity: Bits
    states: FloatArray
    answers: FloatArray
    gates: Gates | None

    @property
    def right(self) -> Mask:
        """Whether the answer after each bit is the parity so far, (steps,).

        An answer that is not a number is not right.
        """
        right: Mask = ((self.answers > 0.5) == self.parity) & ~np.isnan(self.answers)
        return right


def read(model: RecurrentModel, bits: Sequence[int] | Bits) -> Reading:
    """Let a model read a row.

    Args:
        model: A recurrent model.
        bits: Of any length above zero.

    Raises:
        ValueError: They are anything but zeros and ones.
    """
    row = np.asarray(bits)
    if row.ndim != 1 or row.size == 0 or not np.isin(row, (0, 1)).all():
        raise ValueError("expected a row of zeros and ones, with at least one of them")
    row = row.astype(np.uint8)
    with np.errstate(all="ignore"):
        cache = model.forward(row[None])
    return Reading(
        bits=row,
        parity=running_parity(row[None])[0],
        states=cache["h"][:-1, 0],
        answers=cache["a"][:, 0],
        gates=_gates(cache) if isinstance(model, LSTM) else None,
    )


def running_labels(task: Task, bits: Bits) -> Bits:
    """What is asked of the first 1, 2, …, n bits of every row.

    Args:
        task: Which gate, and which columns count.
        bits: (rows, columns).

    Returns:
        Labels, of the shape of `bits`.
    """
    every_step = replace(task, lengths="full", labels="every step")
    return every_step.batch(np.random.default_rng(0), bits).y


def _gates(cache: Cache) -> Gates:
    return Gates(*(cache[name][:-1, 0] for name in "ifogc"))
