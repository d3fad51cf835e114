"""Attention; keys are counted, and not looked at one by one.

There are five different tokens (0 read, 1 read, 0 written, 1 written, start) and five distances, and a score
depends on nothing else: tokens that agree in both share one score. So for every written place it is counted
how many there are of each kind; 17 kinds can occur. Attention to all of a kind together is

    (how many there are) e^score / Σ over the kinds of the same,

the softmax of the equations, term by term. And e^score depends on the bit that asks and, through the factor
c, on its place, and on nothing else of a row: one small table for the whole batch.

From there to the ReLU layer everything is linear in who asks (one of three) and in the attention to the five
tokens: these eight numbers and one matrix stand for values, head, residual and layer.

Everything is kinds × places × rows, so that rows lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from toystory.models.attention import FARTHEST, PARAMETER_NAMES, Attention
from toystory.models.fast.buffers import BufferSets
from toystory.models.fast.loss import Answers
from toystory.models.fast_form import FastForm
from toystory.models.parts.arrays import Bits, FloatArray, Lengths, Parameters, in_one_block

TOKEN = np.array([0, 1] * 5 + [2, 3] * 3 + [4])
"""Of every kind: 0 or 1 read at five distances, 0 or 1 written at three, and the start."""
DISTANCE = np.repeat([0, 1, 2, 3, 4, 0, 1, 2, 0], [2] * 8 + [1])
"""Its distance, as an index of b_d; that of the start from place 2 on."""
KINDS, ASKERS, TOKENS, DISTANCES = len(TOKEN), 3, 5, 2 * FARTHEST + 1
FEATURES = ASKERS + TOKENS
ASKING = slice(2, 5)
"""The tokens that ask: 0 written, 1 written, start."""
BIT_OF, KIND_OF = np.eye(3)[[0, 1, 0, 1, 2]], np.eye(2)[[0, 0, 1, 1, 1]]
"""Which embeddings each token is the sum of."""
EDGE = 2
"""Places before the first: empty, and there so that no neighbour is missing."""
WIDEST = 60.0
"""The scores at one place may lie so far apart: e^−60 has room in float32."""
ROWS_AT_ONCE = 256


class Table(NamedTuple):
    """What the rows of a batch share at each place.

    weight: e^score of every kind, over that of the highest, for who has written 0 (or nothing yet), and how
    much more for who has written 1: (2, kinds, places). c: the factor, (places,). spread: how far the scores
    at one place lie apart, at most.
    """

    weight: FloatArray
    c: FloatArray
    spread: float


class Buffers:
    """The buffers for one number of rows: bits of so many steps, and values of so many places at once."""

    def __init__(self, rows: int, steps: int, places: int, model: Attention) -> None:
        self.rows, self.steps, self.hidden, self.dtype = rows, steps, model.hidden, model.dtype
        # Bits by place, and how many ones there are up to each.
        self.read, self.ones_read, self.written, self.ones_written = np.zeros(
            (4, EDGE + steps + 1, rows), model.dtype
        )
        self.flat = {
            units: np.zeros((count, units * places * rows), model.dtype)
            for units, count in ((KINDS, 3), (TOKENS, 3), (FEATURES, 2), (1, 2))
        }
        self.of_units = np.zeros((3, model.hidden * places * rows), model.dtype)
        self._views: dict[int, View] = {}

    def view(self, places: int) -> View:
        """The same memory for so many places."""
        if places not in self._views:
            self._views[places] = View(self, places)
        return self._views[places]


class View:
    """The buffers of a buffers, cut to so many places; the last axis is places × rows."""

    def __init__(self, buffers: Buffers, places: int) -> None:
        rows, answers = buffers.rows, places * buffers.rows

        def cut(units: int) -> list[FloatArray]:
            return [a[: units * answers].reshape(units, answers) for a in buffers.flat[units]]

        self.counts, self.weights, self.parts = cut(KINDS)
        self.attended, self.shares, self.d_shares = cut(TOKENS)
        self.features, self.scaled = cut(FEATURES)
        self.total, self.work = (a[0] for a in cut(1))
        self.h, self.on, self.zeros = (
            a[: buffers.hidden * answers].reshape(buffers.hidden, answers) for a in buffers.of_units
        )
        by_place = (-1, places, rows)
        self.pairs = self.counts[:-1].reshape(8, 2, places, rows)
        self.weights_at, self.parts_at = self.weights.reshape(by_place), self.parts.reshape(by_place)
        self.asker, self.attention = self.features[:ASKERS].reshape(by_place), self.features[ASKERS:]
        self.read_parts = self.parts[:10].reshape(5, 2, answers)
        self.written_parts = self.parts[10:-1].reshape(3, 2, answers)
        self.answers = Answers(answers, buffers.dtype)


class FastAttention(FastForm):
    """The fast form of an Attention."""

    rows_at_once = ROWS_AT_ONCE

    def __init__(self, model: Attention) -> None:
        self.model = model
        aloud, dtype = model.thinks_aloud, model.dtype
        self._gradients = in_one_block(model.parameters)
        self._buffers = BufferSets(lambda rows, steps: Buffers(rows, steps, steps if aloud else 1, model))
        self._spaces_in_turn = BufferSets(lambda rows, steps: Buffers(rows, steps, 1, model))
        self._by_token = np.eye(TOKENS, dtype=dtype)[:, TOKEN]
        self._by_distance = np.eye(DISTANCES, dtype=dtype)[:, DISTANCE]
        self._bit_of, self._kind_of = BIT_OF.astype(dtype), KIND_OF.astype(dtype)
        self._root = model.width**-0.5

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        rows, n = x.shape
        aloud = self.model.thinks_aloud
        if y.shape != ((rows, n) if aloud else (rows,)) or lengths is not None:
            return self.model.loss_and_gradients(x, y, lengths)  # which says what is wrong, if anything is
        m = n if aloud else 1
        self._take_weights()
        table = self._table(n, 0, m)
        if table.spread > WIDEST:
            return self.model.loss_and_gradients(x, y)
        buffers = self._buffers.of(rows, n)
        view = buffers.view(m)
        self._read(buffers, x)
        if aloud:
            written = buffers.written[EDGE + 1 : EDGE + n]
            written[...] = y[:, :-1].T
            np.cumsum(written, axis=0, out=buffers.ones_written[EDGE + 1 : EDGE + n])
        self._count(buffers, view, n, 0)
        self._forward(view, buffers.written[EDGE : EDGE + m], table.weight, 0)
        view.answers.y.reshape(m, rows)[...] = y.T
        loss = view.answers.loss()
        self._backward(view, buffers.written[EDGE : EDGE + m], table)
        return loss, self._gradients

    def logits(self, x: Bits) -> FloatArray:
        last = np.zeros(len(x), self.model.dtype)
        for _, z in self._in_turn(x):
            last = z
        return last

    def think_aloud(self, x: Bits) -> Bits:
        """As that of the model."""
        written = np.empty(x.shape, np.uint8)
        for t, z in self._in_turn(x):
            np.greater(z, 0, out=written[:, t])
        return written

    def _in_turn(self, x: Bits) -> Iterator[tuple[int, FloatArray]]:
        """The logits (rows,) of one written bit after the other, the model reading its own."""
        rows, n = x.shape
        m = n if self.model.thinks_aloud else 1
        self._take_weights()
        buffers = self._spaces_in_turn.of(rows, n)
        view = buffers.view(1)
        self._read(buffers, x)
        table = self._table(n, 0, m)
        if table.spread > WIDEST:
            yield from enumerate(self.model.logits_in_turn(x))
            return
        for t in range(m):
            self.model.interrupt()
            self._count(buffers, view, n, t)
            place = EDGE + t
            self._forward(view, buffers.written[place : place + 1], table.weight[:, :, t : t + 1], t)
            z = view.answers.z
            yield t, z
            np.greater(z, 0, out=buffers.written[place + 1], casting="unsafe")
            np.add(
                buffers.ones_written[place], buffers.written[place + 1], out=buffers.ones_written[place + 1]
            )

    def _parameters(self) -> list[FloatArray]:
        return [self.model.parameters[name] for name in PARAMETER_NAMES]

    def _take_weights(self) -> None:
        """From the model's parameters, what a token is, asks, shows and says, and the layer's matrix."""
        E_bit, E_kind, W_q, W_k, W_v, W_o, _, W1, b1, W2, b2, w_y, b_y = self._parameters()
        self.e = self._bit_of @ E_bit + self._kind_of @ E_kind
        self.q, self.k, self.v = self.e[ASKING] @ W_q, self.e @ W_k, self.e @ W_v
        self.u = np.concatenate([self.e[ASKING], self.v @ W_o])
        """What each of the eight features adds to the vector: (features, width)."""
        self.to_units = self.u @ W1
        self.to_units[:ASKERS] += b1
        self.to_answer, self.from_units = self.u @ w_y, W2 @ w_y
        self.bias = b2 @ w_y + b_y

    def _table(self, n: int, first: int, places: int) -> Table:
        t = np.arange(first, first + places)
        c = self.model.factor(n + t + 1)
        b_d = self.model.parameters["b_d"]
        scores = (self.q @ self.k.T * self._root)[:, TOKEN] + b_d[DISTANCE]
        table = np.empty((2, KINDS, places), self.model.dtype)
        table[...] = scores[:2, :, None]
        # Place 0 is where the start asks, and itself at distance 0; from place 1 it is at distance −1.
        table[:, :, 0] = scores[2]
        table[:, -1, :2] += b_d[[2, 1]][:places] - b_d[0]
        table *= c
        table -= table.max(axis=1, keepdims=True)
        spread = -float(table.min())
        np.exp(table, out=table)
        table[1] -= table[0]
        return Table(table, c, spread)

    def _read(self, buffers: Buffers, x: Bits) -> None:
        n = x.shape[1]
        read = buffers.read[EDGE + 1 : EDGE + 1 + n]
        read[...] = x.T
        np.cumsum(read, axis=0, out=buffers.ones_read[EDGE + 1 : EDGE + 1 + n])

    def _count(self, buffers: Buffers, view: View, n: int, first: int) -> None:
        """How many tokens of each kind the places from `first` on can look at."""
        pairs = view.pairs
        places = pairs.shape[2]
        t = np.arange(first, first + places)
        begin = first + EDGE - 2
        far, near, at, after = (slice(begin + j, begin + j + places) for j in range(4))
        ones = pairs[:, 1]
        ones[0], ones[1], ones[2] = buffers.ones_read[far], buffers.read[near], buffers.read[at]
        ones[3] = buffers.read[after]
        np.subtract(buffers.ones_read[EDGE + n], buffers.ones_read[after], out=ones[4])
        ones[5], ones[6], ones[7] = buffers.ones_written[far], buffers.written[near], buffers.written[at]
        left, one, two = np.maximum(t - 2, 0), t >= 1, t >= 2
        both = np.array([left, two, one, np.ones_like(t), n - t - 1, left, two, one], view.counts.dtype)
        np.subtract(both[:, :, None], ones, out=pairs[:, 0])
        view.counts[-1] = 1  # the start; the same memory serves other numbers of places

    def _forward(self, view: View, bit: FloatArray, weight: FloatArray, first: int) -> None:
        np.multiply(weight[1][:, :, None], bit, out=view.weights_at)
        view.weights_at += weight[0][:, :, None]
        np.multiply(view.counts, view.weights, out=view.parts)
        np.matmul(self._by_token, view.parts, out=view.attended)
        np.sum(view.attended, axis=0, out=view.total)
        np.divide(view.attended, view.total, out=view.attention)
        view.asker[1] = bit
        np.subtract(1, bit, out=view.asker[0])
        view.asker[2] = 0
        if first == 0:
            view.asker[0, 0], view.asker[2, 0] = 0, 1
        np.matmul(self.to_units.T, view.features, out=view.h)
        np.maximum(view.h, view.zeros, out=view.h)
        np.matmul(self.to_answer, view.features, out=view.answers.z)
        view.answers.z += np.matmul(self.from_units, view.h, out=view.work)
        view.answers.z += self.bias

    def _backward(self, view: View, bit: FloatArray, table: Table) -> None:
        dz = view.answers.dz
        np.sign(view.h, out=view.on)
        np.multiply(view.features, dz, out=view.scaled)
        d_to_units = (view.on @ view.scaled.T * self.from_units[:, None]).T
        d_to_answer = view.scaled.sum(axis=1)
        d_from_units = view.h @ dz
        # The error of the attention to each token, and through the division by the total.
        np.matmul(self.to_units[ASKERS:] * self.from_units, view.on, out=view.d_shares)
        view.d_shares += self.to_answer[ASKERS:, None]
        view.d_shares *= dz
        np.multiply(view.attention, view.d_shares, out=view.shares)
        np.sum(view.shares, axis=0, out=view.work)
        view.d_shares -= view.work
        view.d_shares /= view.total
        view.read_parts *= view.d_shares[:2]
        view.written_parts *= view.d_shares[2:4]
        view.parts[-1] *= view.d_shares[4]
        of_all = view.parts_at.sum(axis=2)
        of_ones = np.matmul(view.parts_at.transpose(1, 0, 2), bit[:, :, None])[:, :, 0].T
        of_all *= table.c
        of_ones *= table.c
        self._give_gradients(d_to_units, d_to_answer, d_from_units, dz.sum(), of_all, of_ones)

    def _give_gradients(
        self,
        d_to_units: FloatArray,
        d_to_answer: FloatArray,
        d_from_units: FloatArray,
        d_bias: FloatArray,
        of_all: FloatArray,
        of_ones: FloatArray,
    ) -> None:
        """Back through `_table` and `_take_weights`."""
        _, _, W_q, W_k, W_v, W_o, _, W1, _, W2, b2, w_y, _ = self._parameters()
        g = self._gradients
        np.sum(d_to_units[:ASKERS], axis=0, out=g["b1"])
        np.matmul(self.u.T, d_to_units, out=g["W1"])
        du = d_to_units @ W1.T
        du += d_to_answer[:, None] * w_y
        np.multiply(d_from_units[:, None], w_y, out=g["W2"])
        np.multiply(d_bias, w_y, out=g["b2"])
        g["b_y"][0] = d_bias
        np.matmul(d_to_answer, self.u, out=g["w_y"])
        g["w_y"] += d_from_units @ W2
        g["w_y"] += d_bias * b2

        np.matmul(self.v.T, du[ASKERS:], out=g["W_o"])
        dv = du[ASKERS:] @ W_o.T
        np.matmul(self.e.T, dv, out=g["W_v"])
        of_ones = of_ones[:, 1:].sum(axis=1)
        of_start, of_kind = of_all[:, 0], of_all.sum(axis=1)
        ds = self._root * (self._by_token @ np.array([of_kind - of_start - of_ones, of_ones, of_start]).T).T
        dq, dk = ds @ self.k, ds.T @ self.q
        np.matmul(self.e[ASKING].T, dq, out=g["W_q"])
        np.matmul(self.e.T, dk, out=g["W_k"])
        np.matmul(self._by_distance, of_kind, out=g["b_d"])
        for j, d in enumerate(of_all[-1, :2]):  # the start, from places 0 and 1
            g["b_d"][0] -= d
            g["b_d"][2 - j] += d
        de = dv @ W_v.T
        de += dk @ W_k.T
        de[ASKING] += dq @ W_q.T
        de[ASKING] += du[:ASKERS]
        np.matmul(self._bit_of.T, de, out=g["E_bit"])
        np.matmul(self._kind_of.T, de, out=g["E_kind"])
