"""How large the signals are: what every layer, or every step, says of some rows, and the gradient there.

A layer multiplies what it hears by about σ√n on the way forward, for n inputs and weights of spread σ, and a
ReLU lets half of the square of that through: σ√(n/2). On the way back it is σ√(n/2) with n the units above.
Where that is far below 1 the signal dies out after a few layers, and where it is far above 1 it explodes.

Glorot & Bengio, 'Understanding the difficulty of training deep feedforward neural networks', AISTATS 2010; He
et al., ICCV 2015.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import drawable
from toystory.course.analysis.layers import FeedForward, activation_name, hidden_layers, incoming
from toystory.models.attention import Attention
from toystory.models.autograd import AutogradNet
from toystory.models.gradient_check import in_float64
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.models.recurrent import RecurrentModel
from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.models.two_layer import TwoLayerNet

LET_THROUGH = {"relu": 0.5**0.5, "tanh": 1.0, "sigmoid": 0.25}
"""What is left of a small signal behind an activation: half the square, all of it, the slope at 0."""


@dataclass(frozen=True)
class Signal:
    """What one layer, or the memory after one bit, says of some rows.

    Attributes:
        name: "layer 1", "bit 50", "answer".
        values: All its activations, of the answer its logits, NaN where not finite, (rows × units,).
        gradients: The gradient of each row's own loss at the same place, before the bend of a layer, at the
            memory of a step; (rows × units,).
    """

    name: str
    values: FloatArray
    gradients: FloatArray

    @property
    def size(self) -> float:
        """√ of the mean square of the values."""
        return root_mean_square(self.values)

    @property
    def gradient_size(self) -> float:
        """√ of the mean square of the gradients."""
        return root_mean_square(self.gradients)


def root_mean_square(values: FloatArray) -> float:
    """√ of the mean of the squares; NaN where a number is not finite."""
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def has_signals(model: type[Model]) -> bool:
    """Whether there are layers or steps to follow a signal through."""
    return issubclass(model, TwoLayerNet | AutogradNet | MLP | SoftmaxMLP | RecurrentModel | Attention)


def signals(model: Model, rows: Bits | FloatArray, labels: Bits, steps: int = 5) -> tuple[Signal, ...]:
    """Send rows through the model and their losses back, in float64.

    Args:
        model: One that `has_signals`.
        rows: Bits, or what else it reads, (rows, columns).
        labels: (rows,).
        steps: At so many bits of a row the memory is looked at, the first and the last among them.

    Returns:
        One for each layer or step looked at, in the order of the forward pass; the answer is the last.
    """
    # A network of Values becomes the one derived by hand, which has the same numbers and is quicker.
    exact = in_float64(model, TwoLayerNet if isinstance(model, AutogradNet) else None)
    with np.errstate(all="ignore"):
        cache = exact.forward(rows)
        exact.backward(cache, labels)
        if isinstance(exact, RecurrentModel):
            found = _through_time(exact, cache, rows.shape[1], steps)
        elif isinstance(exact, Attention):
            found = _through_the_head(cache)
        else:
            assert isinstance(exact, TwoLayerNet | MLP | SoftmaxMLP)
            found = _through_layers(exact, cache)
        return tuple(
            Signal(name, _flat(values), _flat(gradients) * len(rows)) for name, values, gradients in found
        )


def by_formula(model: FeedForward, before: float) -> tuple[float, ...]:
    """The sizes that the layers' activations should have, by σ√n and what the bend lets through.

    Args:
        model: A network that reads a row at once, with first weights.
        before: The size of what the first layer reads.

    Returns:
        Of each hidden layer and then of the logits; biases of 0 and small signals are taken for granted.
    """
    sizes = []
    last = hidden_layers(model) + 1
    for layer in range(1, last + 1):
        weights, _ = incoming(model, layer)
        before *= root_mean_square(weights) * len(weights) ** 0.5
        before *= 1.0 if layer == last else LET_THROUGH[activation_name(model)]
        sizes.append(before)
    return tuple(sizes)


Found = list[tuple[str, FloatArray, FloatArray]]


def _through_layers(model: TwoLayerNet | MLP | SoftmaxMLP, cache: dict[str, FloatArray]) -> Found:
    if isinstance(model, TwoLayerNet):
        return [("layer 1", cache["h"], cache["dz1"]), ("answer", cache["z"], cache["dz"])]
    layers = [(f"layer {l}", cache[f"a{l}"], cache[f"dz{l}"]) for l in range(1, model.layers)]
    return [*layers, ("answer", cache["z"], cache[f"dz{model.layers}"])]


def _through_the_head(cache: dict[str, FloatArray]) -> Found:
    """At the last place that is written."""
    parts = (("head", "r", "dr"), ("vector", "u", "du"), ("ReLU", "h", "dz1"), ("answer", "z", "dz"))
    return [(name, cache[says][:, -1], cache[blame][:, -1]) for name, says, blame in parts]


def _through_time(model: RecurrentModel, cache: dict[str, FloatArray], columns: int, steps: int) -> Found:
    name = "c" if isinstance(model, LSTM) else "h"
    bits = np.unique(np.linspace(0, columns - 1, min(steps, columns)).round().astype(int))
    found: Found = [(f"bit {t + 1}", cache[name][t], cache[f"d{name}"][t]) for t in bits.tolist()]
    return [*found, ("answer", cache["z"][columns - 1], cache["dz"][columns - 1])]


def _flat(values: FloatArray) -> FloatArray:
    return drawable(np.ravel(values).astype(np.float64))
