"""A multi-layer perceptron: any number of layers, each reading the one before it.

Notation and shapes, for a batch of `rows` rows and layers l = 1 … n of the given sizes:
    a0    (rows, columns)            the bits, as 0 and 1 or as −1 and +1
    W‹l›  (units before, units)      weights of layer l      b‹l›  (units,)
    z‹l›  (rows, units)              sums                    a‹l›  (rows, units)   activations
    z, a  (rows,)                    logits and probabilities: the last layer has one unit and a sigmoid

Forward, for l = 1 … n:
    z‹l› = a‹l−1› W‹l› + b‹l›
    a‹l› = f(z‹l›)            f is relu, tanh or sigmoid in the hidden layers
    a    = σ(z)               in the last one
    L    = mean over rows of −[y log a + (1 − y) log(1 − a)]

Backward, for l = n … 1:
    dz‹n›   = (a − y) / rows
    dW‹l›   = a‹l−1›ᵀ dz‹l›       db‹l› = Σ dz‹l›
    da‹l−1› = dz‹l› W‹l›ᵀ
    dz‹l−1› = da‹l−1› ∘ f′(z‹l−1›)

Training computes this in the form of models/fast/layers.py: units × rows, the first W and b one matrix, and
every value written into a buffer that is there already, which costs less time.

Rumelhart, Hinton & Williams, Nature 323, 1986; He et al., ICCV 2015, for the weights of ReLU layers; Abbe
et al., ICLR 2025, for first weights of one size and random signs.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from toystory.models.model import Model
from toystory.models.parts.activations import ACTIVATIONS, sigmoid
from toystory.models.parts.arrays import Cache, FloatArray, Parameters, column_sums
from toystory.models.parts.first_weights import gaussian, he, shared_signs, signs

FirstWeights = Literal["gaussian", "he", "signs", "shared signs"]
"""gaussian: normal × weight_scale in every layer. he: He's in every layer. signs: ±1/√columns in the first
layer, He's above it. shared signs: ±3/√columns in the first layer, the same signs for every 32nd unit up to a
sign of its own, biases that set the bends apart, and a third of He's above it."""
SHARED_SIZE = 3.0
"""With shared signs the first layer starts so many times larger, those above so many times smaller."""

FIRST_WEIGHTS: tuple[FirstWeights, ...] = get_args(FirstWeights)


class MLP(Model):
    """Layers of units, stacked.

    Args:
        layer_sizes: All of them, input and output too, for example (50, 4, 3, 1).
        activation: Of the hidden layers: relu, tanh or sigmoid.
        first_weights: Where they start, see `FirstWeights`.
        weight_scale: Standard deviation of gaussian first weights.
        signed: Read the bits as −1 and +1 instead of 0 and 1.
        seed: Of the first weights.
        dtype: float32, or float64.
    """

    def __init__(
        self,
        layer_sizes: tuple[int, ...],
        *,
        activation: str = "relu",
        first_weights: FirstWeights = "he",
        weight_scale: float = 0.01,
        signed: bool = True,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        layer_sizes = tuple(layer_sizes)
        if len(layer_sizes) < 2 or layer_sizes[-1] != 1 or min(layer_sizes) < 1:
            raise ValueError(f"layer sizes {layer_sizes}: expected columns, hidden layers, and 1 at the end")
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation {activation!r}: expected one of {', '.join(ACTIVATIONS)}")
        if first_weights not in FIRST_WEIGHTS:
            raise ValueError(f"first weights {first_weights!r}: expected one of {', '.join(FIRST_WEIGHTS)}")
        settings = {"layer_sizes": layer_sizes, "activation": activation, "first_weights": first_weights}
        super().__init__({**settings, "weight_scale": weight_scale, "signed": signed}, seed, dtype)
        self.layer_sizes, self.signed = layer_sizes, signed
        self.layers = len(layer_sizes) - 1
        self.f, self.f_derivative = ACTIVATIONS[activation]

        rng = np.random.default_rng(seed)
        for l in range(1, self.layers + 1):
            shape = (layer_sizes[l - 1], layer_sizes[l])
            b: FloatArray = np.zeros(layer_sizes[l])
            if first_weights == "gaussian":
                W = gaussian(rng, shape, weight_scale)
            elif first_weights == "signs" and l == 1:
                W = signs(rng, shape)
            elif first_weights == "shared signs" and l == 1:
                W, b = shared_signs(rng, shape, SHARED_SIZE)
            elif first_weights == "shared signs":
                W = he(rng, shape) / SHARED_SIZE
            else:
                W = he(rng, shape)
            self._add_parameters(**{f"W{l}": W, f"b{l}": b})

    def forward(self, x: ArrayLike) -> Cache:
        x = self._rows(x, self.layer_sizes[0]).astype(self.dtype)
        cache: Cache = {"a0": 2 * x - 1 if self.signed else x}

        for l in range(1, self.layers + 1):
            W, b = self.parameters[f"W{l}"], self.parameters[f"b{l}"]
            z = cache[f"a{l - 1}"] @ W + b
            a = self.f(z) if l < self.layers else sigmoid(z)
            cache[f"z{l}"], cache[f"a{l}"] = z, a
        cache["z"], cache["a"] = z[:, 0], a[:, 0]
        return cache

    def backward(self, cache: Cache, y: ArrayLike) -> Parameters:
        a = cache["a"]
        y = self._labels(y, a.shape)
        gradients: Parameters = {}

        dz = ((a - y) / len(y))[:, None]
        for l in range(self.layers, 0, -1):
            cache[f"dz{l}"] = dz
            gradients[f"W{l}"] = cache[f"a{l - 1}"].T @ dz
            gradients[f"b{l}"] = column_sums(dz)
            if l > 1:
                da = dz @ self.parameters[f"W{l}"].T
                dz = da * self.f_derivative(cache[f"a{l - 1}"])
                cache[f"da{l - 1}"] = da
        cache["y"] = y
        return {name: gradients[name] for name in self.parameters}
