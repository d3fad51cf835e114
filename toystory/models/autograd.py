"""A machine that derives: numbers that remember how they were made, and a two-layer network made of them.

The chain rule is the same small step every time, so a machine can take it. Every number of a calculation is
a `Value`, which holds
    data      the number itself
    inputs    the Values that it was made of
    slopes    ∂data/∂input, a number for each input, known as soon as the Value is made
    grad      dL/d(data), 0 until `backward` fills it in

Forward: an operation makes a new Value; these are all that there are.
    made by      data         slopes
    a + b        a + b        1, 1
    a b          a b          b, a
    aⁿ           aⁿ           n aⁿ⁻¹
    tanh a       tanh a       1 − tanh² a
    exp a        eᵃ           eᵃ
    log a        ln a         1 / a
    relu a       max(0, a)    1 where a > 0, else 0

Backward, from the loss L, whose own gradient is 1: every Value hands its gradient on to its inputs,
    input.grad += slope × grad
and does so only after all that it was used for have handed theirs to it: in topological order, from the end.
`+=`, because what is used twice matters in two ways, and the effects add up.

The network is that of models/two_layer.py, with the same first weights, one row and one unit at a time:
    h_j = tanh(Σ_i x_i W1_ij + b1_j)
    z   = Σ_j h_j w2_j + b2
    a   = σ(z)
    L   = mean over rows of log(1 + e^−z) where y is 1, log(1 + eᶻ) where it is 0
Its backward pass nobody has written.

Linnainmaa, 'Taylor expansion of the accumulated rounding error', BIT 16, 1976, for the method; Baydin,
Pearlmutter, Radul & Siskind, 'Automatic differentiation in machine learning: a survey', JMLR 18, 2018.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from toystory.models.model import Model
from toystory.models.parts.activations import sigmoid
from toystory.models.parts.arrays import Cache, Parameters
from toystory.models.parts.first_weights import gaussian

NODES = {"z1": "sums", "h": "h_values", "z": "z_values"}
"""Where the cache holds the Values of a name."""

LARGEST_EXPONENT = 709.0
"""e to anything above is more than a float holds."""


class Value:
    """A number that remembers what it was made of."""

    __slots__ = ("data", "grad", "inputs", "operation", "slopes")

    def __init__(
        self,
        data: float,
        inputs: tuple[Value, ...] = (),
        slopes: tuple[float, ...] = (),
        operation: str = "",
    ) -> None:
        self.data, self.inputs, self.slopes, self.operation = data, inputs, slopes, operation
        self.grad = 0.0

    def __add__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __mul__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "×")

    def __pow__(self, n: float) -> Value:
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),), f"^{n:g}")

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,), "tanh")

    def exp(self) -> Value:
        e = math.exp(self.data) if self.data <= LARGEST_EXPONENT else math.inf
        return Value(e, (self,), (e,), "exp")

    def log(self) -> Value:
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def relu(self) -> Value:
        on = self.data > 0
        return Value(self.data if on else 0.0, (self,), (1.0 if on else 0.0,), "relu")

    def sigmoid(self) -> Value:
        """σ(z) = ½ tanh(½ z) + ½, as in models/parts/activations.py."""
        return (self * 0.5).tanh() * 0.5 + 0.5

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -as_value(other)

    def __rsub__(self, other: float) -> Value:
        return -self + other

    def __truediv__(self, other: Value | float) -> Value:
        return self * as_value(other) ** -1

    def topological_order(self) -> list[Value]:
        """This Value and all that it was made of, every one after its inputs."""
        order: list[Value] = []
        seen: set[Value] = set()
        to_do = [(self, False)]
        while to_do:
            value, inputs_are_in = to_do.pop()
            if inputs_are_in:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                to_do.append((value, True))
                to_do.extend((each, False) for each in value.inputs)
        return order

    def backward(self) -> None:
        """Fill in `grad`, d(this)/d(that), of all that this was made of; what stands there is added to."""
        self.grad = 1.0
        for value in reversed(self.topological_order()):
            for each, slope in zip(value.inputs, value.slopes, strict=True):
                each.grad += slope * value.grad

    def __repr__(self) -> str:
        return f"Value(data={self.data:.6g}, grad={self.grad:.6g})"


def as_value(number: Value | float) -> Value:
    """`number` itself, if it is a Value; else a new one without inputs."""
    return number if isinstance(number, Value) else Value(float(number))


def weighted_sum(inputs: Iterable[Value | float], weights: Iterable[Value], bias: Value) -> Value:
    """Σ input × weight + bias.

    Args:
        inputs: Values or plain numbers.
        weights: As many.
        bias: Where the sum begins.
    """
    total = bias
    for each, weight in zip(inputs, weights, strict=True):
        total = total + weight * each
    return total


def cross_entropy(z: Value, y: float) -> Value:
    """−[y log σ(z) + (1 − y) log(1 − σ(z))] of a label 0 or 1, from the logit: log(1 + e^±z).

    Args:
        z: The logit.
        y: The label.
    """
    return ((-z if y else z).exp() + 1.0).log()


class AutogradNet(Model):
    """The two-layer network whose gradients a machine derives, number by number.

    columns: bits in a row. hidden: tanh units. weight_scale: standard deviation of the first weights.
    """

    rows_at_once = 64

    def __init__(
        self,
        columns: int,
        hidden: int,
        *,
        weight_scale: float = 1.0,
        seed: int = 0,
        dtype: DTypeLike = np.float64,
    ) -> None:
        super().__init__({"columns": columns, "hidden": hidden, "weight_scale": weight_scale}, seed, dtype)
        self.columns, self.hidden = columns, hidden
        rng = np.random.default_rng(seed)
        self._add_parameters(
            W1=gaussian(rng, (columns, hidden), weight_scale),
            b1=np.zeros(hidden),
            w2=gaussian(rng, (hidden,), weight_scale),
            b2=np.zeros(1),
        )

    def forward(self, x: ArrayLike) -> Cache:
        """Answer the rows `x`; beside the numbers the cache holds the Values.

        `W1` … `b2`, `sums` and `h_values` (rows, hidden), `z_values` (rows,).
        """
        x = self._rows(x, self.columns).astype(self.dtype)
        leaves = {name: _values(parameter) for name, parameter in self.parameters.items()}
        W1, b1, w2, b2 = (leaves[name] for name in ("W1", "b1", "w2", "b2"))

        h_values, z_values = _empty((len(x), self.hidden)), _empty((len(x),))
        for row, bits in enumerate(x.tolist()):
            for j in range(self.hidden):
                h_values[row, j] = weighted_sum(bits, W1[:, j], b1[j]).tanh()
            z_values[row] = weighted_sum(h_values[row], w2, b2[0])
        z = self._numbers(z_values, "data")
        sums = _array([h.inputs[0] for h in h_values.reshape(-1)]).reshape(h_values.shape)
        cache = {"x": x, "z1": self._numbers(sums, "data"), "h": self._numbers(h_values, "data")}
        cache |= {"z": z, "a": sigmoid(z)}
        return cache | leaves | {"sums": sums, "h_values": h_values, "z_values": z_values}

    def backward(self, cache: Cache, y: ArrayLike) -> Parameters:
        y = self._labels(y, cache["z_values"].shape)
        if "loss_value" in cache:  # it has been backward before: what stands there would be added to
            for value in cache["loss_value"][0].topological_order():
                value.grad = 0.0
        losses = [cross_entropy(z, label) for z, label in zip(cache["z_values"], y, strict=True)]
        total = losses[0]
        for loss in losses[1:]:
            total = total + loss
        mean = total * (1 / len(losses))
        mean.backward()
        cache.update({f"d{name}": self._numbers(cache[values], "grad") for name, values in NODES.items()})
        cache.update(y=y, loss_value=_array([mean]))
        return {name: self._numbers(cache[name], "grad") for name in self.parameters}

    def _numbers(self, values: NDArray[Any], what: str) -> NDArray[Any]:
        """The data or grad of Values, in the model's dtype and their own shape."""
        numbers = [getattr(value, what) for value in values.reshape(-1)]
        return np.array(numbers, self.dtype).reshape(values.shape)


def _empty(shape: tuple[int, ...]) -> NDArray[Any]:
    return np.empty(shape, object)


def _array(values: Sequence[Value]) -> NDArray[Any]:
    array = _empty((len(values),))
    array[:] = values
    return array


def _values(numbers: NDArray[Any]) -> NDArray[Any]:
    """A new Value for each number, of their shape."""
    return _array([Value(number) for number in numbers.reshape(-1).tolist()]).reshape(numbers.shape)
