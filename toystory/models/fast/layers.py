"""The two-layer network and the MLP: hidden layers, and one unit that reads the last of them.

The form: everything is units × rows, so that a unit's numbers lie side by side; the rows of bits have a last
column of ones, so that weights and biases are one matrix, [W; b], and a layer and its gradient one product.
"""

from __future__ import annotations

import numpy as np

from toystory.models.arrays import Bits, FloatArray, Lengths, Parameters, in_one_block
from toystory.models.fast.buffers import Spaces
from toystory.models.fast.loss import Answers
from toystory.models.fast_form import FastForm
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.two_layer import TwoLayerNet

SMALL_PRODUCT = 1_000_000
"""Multiplications up to which OpenBLAS takes a product as it is, without packing its operands first: for the
few units that a layer has here, twice as fast."""
FEWEST, MOST = 512, 5000
"""Rows at once."""


class _Space:
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
        self._spaces = Spaces(lambda rows, _: _Space(self.sizes, rows, model))

    def loss_and_gradients(
        self, x: Bits, y: Bits, lengths: Lengths | None = None
    ) -> tuple[float, Parameters]:
        if x.ndim != 2 or x.shape[1] != self.sizes[0] or y.shape != (len(x),) or lengths is not None:
            return self.model.loss_and_gradients(x, y, lengths)  # which says what is wrong with them
        space = self._spaces.of(len(x))
        self._forward(space, x)
        space.answers.y[...] = y
        loss = space.answers.judge()
        self._backward(space)
        return loss, self._gradients

    def logits(self, x: Bits) -> FloatArray:
        space = self._spaces.of(len(x))
        self._forward(space, x)
        return space.answers.z

    def _forward(self, space: _Space, x: Bits) -> None:
        parameters = self.model.parameters
        W, b = (parameters[name] for name in self._names[0])
        self._first[:-1], self._first[-1] = W, b
        if self.signed:  # (2x − 1) W + b = x 2W + (b − Σ W), and so back: the bits stay as they are
            self._first[-1] -= self._first[:-1].sum(axis=0)
            self._first[:-1] *= 2
        space.bits[...] = x
        np.matmul(self._first.T, space.x.T, out=space.a[0])
        self._bend(space, 0)
        for l in range(1, len(space.a)):
            W, b = (parameters[name] for name in self._names[l])
            np.matmul(W.T, space.a[l - 1], out=space.a[l])
            space.a[l] += b[:, None]
            self._bend(space, l)
        w, b = (parameters[name] for name in self._names[-1])
        np.matmul(w.reshape(-1), space.a[-1], out=space.answers.z)
        space.answers.z += b

    def _bend(self, space: _Space, l: int) -> None:
        """a = f(z), where z stands."""
        a = space.a[l]
        if self.activation == "relu":
            np.maximum(a, space.zeros[: len(a)], out=a)  # an array of zeros: the number 0 is slower
        elif self.activation == "tanh":
            np.tanh(a, out=a)
        else:
            a *= 0.5
            np.tanh(a, out=a)
            a *= 0.5
            a += 0.5

    def _slope(self, space: _Space, l: int) -> FloatArray:
        """f′(z), where a stands."""
        a = space.a[l]
        if self.activation == "relu":
            np.greater(a, space.zeros[: len(a)], out=space.on[l])
            a[...] = space.on[l]
        elif self.activation == "tanh":
            a *= a
            np.subtract(1, a, out=a)
        else:  # a (1 − a) = ¼ − (a − ½)²
            a -= 0.5
            a *= a
            np.subtract(0.25, a, out=a)
        return a

    def _backward(self, space: _Space) -> None:
        parameters, gradients, dz = self.model.parameters, self._gradients, space.answers.dz
        w_name, b_name = self._names[-1]
        np.matmul(space.a[-1], dz, out=gradients[w_name].reshape(-1))
        gradients[b_name][...] = dz.sum()
        w = parameters[w_name].reshape(-1, 1)
        if space.scaled is not None:
            # dW = (w ⊗ dz ∘ f′)ᵀ x = w ∘ (f′ᵀ (dz ∘ x)): it is the rows that dz multiplies, not the units.
            np.multiply(space.x, dz[:, None], out=space.scaled)
            np.matmul(self._slope(space, 0), space.scaled, out=self._d_first)
            self._d_first *= w
        else:
            np.multiply(w, dz, out=space.da[-1])
            self._backward_from_last(space)
        self._give_first()

    def _backward_from_last(self, space: _Space) -> None:
        """From the error of the last hidden layer's activations, through all of them."""
        parameters, gradients = self.model.parameters, self._gradients
        for l in range(len(space.a) - 1, 0, -1):
            space.da[l] *= self._slope(space, l)
            w_name, b_name = self._names[l]
            np.matmul(space.a[l - 1], space.da[l].T, out=gradients[w_name])
            np.matmul(space.da[l], space.ones, out=gradients[b_name])
            np.matmul(parameters[w_name], space.da[l], out=space.da[l - 1])
        space.da[0] *= self._slope(space, 0)
        np.matmul(space.da[0], space.x, out=self._d_first)

    def _give_first(self) -> None:
        """The gradient of [W; b] as those of its two parts."""
        dW, db = (self._gradients[name] for name in self._names[0])
        if self.signed:
            self._d_first[:, :-1] *= 2
            self._d_first[:, :-1] -= self._d_first[:, -1:]
        dW[...], db[...] = self._d_first[:, :-1].T, self._d_first[:, -1]


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
