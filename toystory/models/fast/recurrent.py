"""What the fast forms of the recurrent models share.

The form: the memory, the bit and a 1 stand one under the other, `u` (hidden + 2, rows), so that a step is one
product with [W_hh; W_xh; b_h]ᵀ. The way back leaves the deltas of all steps where their activations stood,
and the gradient is the product of these with all of `u`, in one call. Nothing is allocated in the loops.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from toystory.models.fast.buffers import BufferSets
from toystory.models.fast.exponentials import Exponentials
from toystory.models.fast.loss import Answers
from toystory.models.fast_form import FastForm
from toystory.models.parts.arrays import Bits, FloatArray, Lengths, Parameters, in_one_block
from toystory.models.recurrent import NAMES, RecurrentModel

STEPS_AT_ONCE = 8
"""Steps whose states are kept where no way back is needed."""


class Buffers:
    """The buffers for one number of rows, up to so many steps; `‹name›_at` holds a view for every step.

    Args:
        hidden: Units of memory.
        units: Sums that a step makes.
        rows: Rows.
        steps: Bits of a row, at most.
        dtype: Of all of it.
    """

    def __init__(self, hidden: int, units: int, rows: int, steps: int, dtype: DTypeLike) -> None:
        self.steps = steps
        self.ds = np.empty((steps, units, rows), dtype)
        """On the way back, the delta of every sum; before, what its derivative is made of."""
        self.ds_at = list(self.ds)
        self.products = np.empty((steps, units, hidden + 2), dtype)
        self.u = np.ones((steps + 1, hidden + 2, rows), dtype)
        self.h, self.x = self.u[:, :hidden], self.u[:, hidden]
        self.u_at, self.h_at = list(self.u), list(self.h)
        self.u_across = self.u.transpose(0, 2, 1)
        self.answers = Answers(rows, dtype)
        self.dz: FloatArray | None = None
        """The error after every bit, (steps, rows); None where only the last one has labels."""
        self.dh, self.from_answer = np.empty((2, hidden, rows), dtype)
        self.exponentials = Exponentials(dtype)
        self.one = self.exponentials.one


S = TypeVar("S", bound=Buffers)


class FastRecurrent(FastForm, ABC, Generic[S]):
    """blocks: how many times `hidden` sums a step makes."""

    def __init__(self, model: RecurrentModel, blocks: int) -> None:
        self.model, self.hidden = model, model.hidden
        self.rows_at_once = model.rows_at_once
        self.signed = bool(model.settings.get("signed", False))
        units = blocks * model.hidden
        self.W, self.dW = np.empty((2, units, model.hidden + 2), model.dtype)
        self.W_back = np.empty((model.hidden, units), model.dtype)
        self._gradients = in_one_block(model.parameters)
        self._buffers: BufferSets[S] = BufferSets(self.make_buffers)

    @abstractmethod
    def make_buffers(self, rows: int, steps: int) -> S: ...

    @abstractmethod
    def begin(self, buffers: S, after: int | None) -> None:
        """Fill in the state before the first bit.

        Args:
            buffers: To be filled.
            after: None for zeros, or the number of bits after which the state is taken.
        """

    @abstractmethod
    def forward(self, buffers: S, steps: int) -> None:
        """From `x` to `h`.

        Args:
            buffers: With the bits in `x`.
            steps: Bits of a row.
        """

    @abstractmethod
    def backward(self, buffers: S, steps: int) -> None:
        """From the errors to `ds`.

        Args:
            buffers: After `forward`, with the errors of the answers.
            steps: Bits of a row.
        """

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        rows, steps = x.shape
        if y.shape not in ((rows,), (rows, steps)):
            return self.model.loss_and_gradients(x, y, lengths)  # which says what is wrong with it
        buffers = self._buffers.of(rows, steps)
        self.take_weights()
        self._read(buffers, x)
        self.begin(buffers, None)
        self.forward(buffers, steps)
        if y.ndim == 1 and lengths is None:
            loss = self._loss_at_the_end(buffers, steps, y)
        else:
            loss = self._loss_of_labels(buffers, steps, y, lengths)
        self.backward(buffers, steps)
        np.matmul(buffers.ds[:steps], buffers.u_across[:steps], out=buffers.products[:steps])
        np.sum(buffers.products[:steps], axis=0, out=self.dW)
        self.give_gradients()
        return loss, self._gradients

    def logits(self, x: Bits) -> FloatArray:
        buffers = self._buffers.of(len(x), min(x.shape[1], STEPS_AT_ONCE))
        self.take_weights()
        done = 0
        for first in range(0, x.shape[1], STEPS_AT_ONCE):
            self.model.interrupt()
            part = x[:, first : first + STEPS_AT_ONCE]
            self.begin(buffers, done or None)
            self._read(buffers, part)
            done = part.shape[1]
            self.forward(buffers, done)
        self._answer(buffers, done)
        return buffers.answers.z

    def take_weights(self) -> None:
        """`W` and `W_back` from the model's parameters."""
        W_hh, W_xh, b_h = (self.model.parameters[name] for name in NAMES[:3])
        H = self.hidden
        self.W[:, :H], self.W[:, H], self.W[:, H + 1] = W_hh.T, W_xh[0], b_h
        self.W_back[...] = W_hh

    def give_gradients(self) -> None:
        """The gradients of `W` as those of its three parts."""
        dW_hh, dW_xh, db_h = (self._gradients[name] for name in NAMES[:3])
        H = self.hidden
        dW_hh[...], dW_xh[0], db_h[...] = self.dW[:, :H].T, self.dW[:, H], self.dW[:, H + 1]

    def delta(self, buffers: S, t: int, steps: int) -> None:
        """dh = W_hh ds[t + 1] + w_hy dz[t], units × rows.

        Args:
            buffers: Where `dh` is left.
            t: The step.
            steps: Bits of a row.
        """
        if t + 1 < steps:
            np.matmul(self.W_back, buffers.ds_at[t + 1], out=buffers.dh)
            if buffers.dz is None:
                return
        dz = buffers.answers.dz if buffers.dz is None else buffers.dz[t]
        w_hy = self.model.parameters["w_hy"][:, None]
        if t + 1 == steps:
            np.multiply(w_hy, dz, out=buffers.dh)
        else:
            np.multiply(w_hy, dz, out=buffers.from_answer)
            buffers.dh += buffers.from_answer

    def _read(self, buffers: S, x: Bits) -> None:
        bits = buffers.x[: x.shape[1]]
        bits[...] = x.T
        if self.signed:
            bits *= 2
            bits -= 1

    def _answer(self, buffers: S, steps: int) -> None:
        w_hy, b_y = (self.model.parameters[name] for name in NAMES[3:])
        np.matmul(w_hy, buffers.h_at[steps], out=buffers.answers.z)
        buffers.answers.z += b_y

    def _loss_at_the_end(self, buffers: S, steps: int, y: Bits) -> float:
        """One label a row, after its last bit; the same one for all rows."""
        self._answer(buffers, steps)
        buffers.answers.y[...] = y
        buffers.dz = None
        loss = buffers.answers.loss()
        dw_hy, db_y = (self._gradients[name] for name in NAMES[3:])
        np.matmul(buffers.h_at[steps], buffers.answers.dz, out=dw_hy)
        db_y[...] = buffers.answers.dz.sum()
        return loss

    def _loss_of_labels(self, buffers: S, steps: int, y: Bits, lengths: Lengths | None) -> float:
        """Labels wherever they stand."""
        rows = len(y)
        ends = self.model._lengths(lengths, rows, steps)
        time = np.arange(1, steps + 1)[:, None]
        counts = time <= ends if y.ndim == 2 else time == ends
        w_hy, b_y = (self.model.parameters[name] for name in NAMES[3:])
        h = buffers.h[1 : steps + 1]
        answers = Answers(int(counts.sum()), self.model.dtype)
        answers.z[...] = (w_hy @ h + b_y)[counts]
        answers.y[...] = np.broadcast_to(y.T, (steps, rows))[counts]
        loss = answers.loss()
        buffers.dz = np.zeros((steps, rows), self.model.dtype)
        buffers.dz[counts] = answers.dz
        dw_hy, db_y = (self._gradients[name] for name in NAMES[3:])
        dw_hy[...] = (h @ buffers.dz[:, :, None]).sum(axis=(0, 2))
        db_y[...] = answers.dz.sum()
        return loss
