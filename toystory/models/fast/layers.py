"""The two-layer network and the MLP: hidden layers, and one unit that reads the last of them.

The form: everything is units × rows, so that a unit's numbers lie side by side; the rows of bits have a last
column of ones, so that weights and biases are one matrix, [W; b], and a layer and its gradient one product.
"""

from __future__ import annotations

import numpy as np

from toystory.models.fast.buffers import BufferSets
from toystory.models.fast.exponentials import Exponentials
from toystory.models.fast.loss import Answers
from toystory.models.fast_form import FastForm
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray, Lengths, Parameters, in_one_block
from toystory.models.two_layer import TwoLayerNet

SMALL_PRODUCT = 1_000_000
"""Multiplications up to which OpenBLAS takes a product as it is, without packing its operands first: for the
few units that a layer has here, twice as fast."""
FEWEST, MOST = 512, 5000
"""Rows at once."""


class _Buffers:
    """The buffers for one number of rows: bits and ones, activations and errors of the hidden layers."""

    steps = 1

    def __init__(self, sizes: tuple[int, ...], rows: int, model: Model) -> None:
        self.x = np.ones((rows, sizes[0] + 1), model.dtype)
        self.scaled = np.empty_like(self.x) if _is_wide(sizes) else None
        self.bits = self.x[:, :-1]
        self.a = [np.empty((units, rows), model.dtype) for units in sizes[1:-1]]
        self.da = [np.empty((units, rows), model.dtype) for units in sizes[1:-1]]
        self.on = [np.empty((units, rows), np.bool_) for units in sizes[1:-1]]
        self.ones = np.ones(rows, model.dtype)
        self.zeros = np.zeros((max(sizes[1:-1]), rows), model.dtype)
        self.answers = Answers(rows, model.dtype)


class FastLayers(FastForm):
    """The fast form of a TwoLayerNet, or of an MLP with a hidden layer at least."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.sizes, self.activation, self.signed = _shape(model)
        self._names = list(zip(*[iter(model.parameters)] * 2, strict=True))
        """(weights, bias) of every layer."""
        self._first = np.empty((self.sizes[0] + 1, self.sizes[1]), model.dtype)
        self.rows_at_once = min(max(SMALL_PRODUCT // self._first.size, FEWEST), MOST)
        self._d_first = np.empty((self.sizes[1], self.sizes[0] + 1), model.dtype)
        self._gradients = in_one_block(model.parameters)
        self._exponentials = Exponentials(model.dtype)
        self._zero = np.array(0, model.dtype)
        self._one, self._two = self._exponentials.one, self._exponentials.two
        self._buffers = BufferSets(lambda rows, _: _Buffers(self.sizes, rows, model))

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        if x.ndim != 2 or x.shape[1] != self.sizes[0] or y.shape != (len(x),) or lengths is not None:
            return self.model.loss_and_gradients(x, y, lengths)  # which says what is wrong with them
        buffers = self._buffers.of(len(x))
        self._forward(buffers, x)
        buffers.answers.y[...] = y
        loss = buffers.answers.loss()
        self._backward(buffers)
        return loss, self._gradients

    def logits(self, x: Bits) -> FloatArray:
        buffers = self._buffers.of(len(x))
        self._forward(buffers, x)
        return buffers.answers.z

    def _forward(self, buffers: _Buffers, x: Bits) -> None:
        parameters = self.model.parameters
        W, b = (parameters[name] for name in self._names[0])
        if self.signed:  # (2x − 1) W + b = x 2W + (b − Σ W), and so back: the bits stay as they are
            np.multiply(W, self._two, out=self._first[:-1])
            np.subtract(b, W.sum(axis=0), out=self._first[-1])
        else:
            self._first[:-1], self._first[-1] = W, b
        buffers.bits[...] = x
        np.matmul(self._first.T, buffers.x.T, out=buffers.a[0])
        self._activate(buffers, 0)
        for l in range(1, len(buffers.a)):
            W, b = (parameters[name] for name in self._names[l])
            np.matmul(W.T, buffers.a[l - 1], out=buffers.a[l])
            buffers.a[l] += b[:, None]
            self._activate(buffers, l)
        w, b = (parameters[name] for name in self._names[-1])
        np.matmul(w.reshape(-1), buffers.a[-1], out=buffers.answers.z)
        buffers.answers.z += b

    def _activate(self, buffers: _Buffers, l: int) -> None:
        """a = f(z), where z stands."""
        a = buffers.a[l]
        if self.activation == "relu":
            np.maximum(a, buffers.zeros[: len(a)], out=a)  # an array of zeros: the number 0 is slower
        elif self.activation == "tanh":
            self._exponentials.tanh(a, a)
        else:
            self._exponentials.sigmoid(a)

    def _derivative(self, buffers: _Buffers, l: int) -> FloatArray:
        """f′(z), where a stands."""
        a = buffers.a[l]
        if self.activation == "relu":
            np.greater(a, self._zero, out=buffers.on[l])
            a[...] = buffers.on[l]
        elif self.activation == "tanh":
            a *= a
            np.subtract(1, a, out=a)
        else:  # a (1 − a) = ¼ − (a − ½)²
            a -= 0.5
            a *= a
            np.subtract(0.25, a, out=a)
        return a

    def _backward(self, buffers: _Buffers) -> None:
        parameters, gradients, dz = self.model.parameters, self._gradients, buffers.answers.dz
        w_name, b_name = self._names[-1]
        np.matmul(buffers.a[-1], dz, out=gradients[w_name].reshape(-1))
        gradients[b_name][...] = dz.sum()
        w = parameters[w_name].reshape(-1, 1)
        if buffers.scaled is not None:
            # dW = (w ⊗ dz ∘ f′)ᵀ x = w ∘ (f′ᵀ (dz ∘ x)): it is the rows that dz multiplies, not the units.
            np.multiply(buffers.x, dz[:, None], out=buffers.scaled)
            np.matmul(self._derivative(buffers, 0), buffers.scaled, out=self._d_first)
            self._give_first(parameters[w_name].reshape(-1))
        else:
            np.multiply(w, dz, out=buffers.da[-1])
            self._backward_from_last(buffers)
            self._give_first(self._one)

    def _backward_from_last(self, buffers: _Buffers) -> None:
        """From the error of the last hidden layer's activations, through all of them."""
        parameters, gradients = self.model.parameters, self._gradients
        for l in range(len(buffers.a) - 1, 0, -1):
            buffers.da[l] *= self._derivative(buffers, l)
            w_name, b_name = self._names[l]
            np.matmul(buffers.a[l - 1], buffers.da[l].T, out=gradients[w_name])
            np.matmul(buffers.da[l], buffers.ones, out=gradients[b_name])
            np.matmul(parameters[w_name], buffers.da[l], out=buffers.da[l - 1])
        buffers.da[0] *= self._derivative(buffers, 0)
        np.matmul(buffers.da[0], buffers.x, out=self._d_first)

    def _give_first(self, times: FloatArray) -> None:
        """The gradient of [W; b] as those of its two parts.

        Args:
            times: What it still has to be multiplied by, (units,) or a number.
        """
        dW, db = (self._gradients[name] for name in self._names[0])
        np.multiply(self._d_first[:, -1], times, out=db)
        if self.signed:
            np.multiply(self._d_first[:, :-1].T, self._two * times, out=dW)
            dW -= db
        else:
            np.multiply(self._d_first[:, :-1].T, times, out=dW)


def _is_wide(sizes: tuple[int, ...]) -> bool:
    """Whether there is one hidden layer, of more units than the rows have columns."""
    return len(sizes) == 3 and sizes[1] > sizes[0]


def _shape(model: Model) -> tuple[tuple[int, ...], str, bool]:
    """Units of every layer, the bits first; the bend of the hidden ones; whether bits are read as ±1."""
    if isinstance(model, TwoLayerNet):
        return (model.columns, model.hidden, 1), "tanh", False
    if isinstance(model, MLP):
        return model.layer_sizes, model.settings["activation"], model.signed
    raise TypeError(f"{type(model).__name__} has no layers of this kind")
