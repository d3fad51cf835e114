"""Activation functions and their derivatives.

A derivative is written in terms of the activation's own output `a = f(z)`, which the forward pass has
kept: nothing needs to be computed twice.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from toystory.models.parts.arrays import FloatArray


def sigmoid(z: FloatArray) -> FloatArray:
    """σ(z) = 1 / (1 + e⁻ᶻ), of any shape; written through tanh, which never overflows."""
    a: FloatArray = 0.5 * np.tanh(0.5 * z) + 0.5
    return a


def relu(z: FloatArray) -> FloatArray:
    """max(0, z), of any shape."""
    a: FloatArray = np.maximum(z, 0)
    return a


def tanh(z: FloatArray) -> FloatArray:
    """(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ), of any shape."""
    a: FloatArray = np.tanh(z)
    return a


def softmax(z: FloatArray) -> FloatArray:
    """e^zᵢ / Σⱼ e^zⱼ along the last axis: what is at least 0 and sums to 1, of any shape.

    The largest z of a row is taken from all of its z first. That changes nothing in the quotient, and e is
    never raised to anything above 0.
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    a: FloatArray = e / e.sum(axis=-1, keepdims=True)
    return a


def sigmoid_derivative(a: FloatArray) -> FloatArray:
    """dσ/dz = a (1 − a)."""
    return a * (1 - a)


def relu_derivative(a: FloatArray) -> FloatArray:
    """1 where the unit is on, 0 where it is off (and 0 at the kink itself)."""
    return (a > 0).astype(a.dtype)


def tanh_derivative(a: FloatArray) -> FloatArray:
    """d tanh/dz = 1 − a²."""
    return 1 - a * a


ACTIVATIONS: dict[str, tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray]]] = {
    "relu": (relu, relu_derivative),
    "tanh": (tanh, tanh_derivative),
    "sigmoid": (sigmoid, sigmoid_derivative),
}
"""The function and its derivative, by name."""
