"""Optimisers: how a gradient becomes an update. The parameters are changed in place."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from toystory.models.parts.arrays import FloatArray, Parameters, in_one_block, side_by_side


class Optimizer(ABC):
    """Holds the learning rate, which may be changed between updates, and whatever it remembers."""

    remembers: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes that it remembers from update to update: numbers, and arrays by name."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    @abstractmethod
    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        """Take one step: change every array of the parameters in place.

        Args:
            parameters: Arrays by name.
            gradients: Of the same names and shapes.
        """


class GradientDescent(Optimizer):
    """θ ← θ − η g."""

    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        for gradient, parameter in side_by_side(gradients, parameters):
            parameter -= self.learning_rate * gradient


class Momentum(Optimizer):
    """v ← μ v + g;  θ ← θ − η v.

    Polyak, 'Some methods of speeding up the convergence of iteration methods', USSR Comput. Math. 4, 1964;
    Sutskever, Martens, Dahl & Hinton, 'On the importance of initialization and momentum', ICML 2013.
    """

    remembers = ("velocity",)

    def __init__(self, learning_rate: float, momentum: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.momentum = momentum
        self.velocity: Parameters = {}

    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        self.velocity = self.velocity or zeros_like(gradients)
        for g, v, parameter in side_by_side(gradients, self.velocity, parameters):
            v *= self.momentum
            v += g
            parameter -= self.learning_rate * v


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g;  s ← β₂ s + (1 − β₂) g²;  θ ← θ − η m̂ / (√ŝ + ε).

    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) undo the start from zero. Kingma & Ba, 'Adam: A Method for
    Stochastic Optimization', ICLR 2015.
    """

    remembers = ("mean", "mean_square", "updates")

    def __init__(
        self, learning_rate: float, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.mean: Parameters = {}
        self.mean_square: Parameters = {}
        self.updates = 0
        self._kept: dict[tuple[int, ...], FloatArray] = {}

    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        self.updates += 1
        step = self.learning_rate / (1 - self.beta_1**self.updates)
        correction = float(1 / np.sqrt(1 - self.beta_2**self.updates))
        self.mean = self.mean or zeros_like(gradients)
        self.mean_square = self.mean_square or zeros_like(gradients)
        # In place, a line at a time: for thousands of weights new arrays would cost more than the sums.
        for g, m, s, parameter in side_by_side(gradients, self.mean, self.mean_square, parameters):
            change = self._work(g)
            np.subtract(g, m, out=change)  # m += (1 − β₁) (g − m)
            change *= 1 - self.beta_1
            m += change
            np.multiply(g, g, out=change)  # s += (1 − β₂) (g² − s)
            change -= s
            change *= 1 - self.beta_2
            s += change
            np.sqrt(s, out=change)  # θ −= η m̂ / (√ŝ + ε)
            change *= correction
            change += self.epsilon
            np.divide(m, change, out=change)
            change *= step
            parameter -= change

    def _work(self, like: FloatArray) -> FloatArray:
        """An array to compute in, always the same one for one shape."""
        if like.shape not in self._kept:
            self._kept[like.shape] = np.empty_like(like)
        return self._kept[like.shape]


def zeros_like(gradients: Parameters) -> Parameters:
    """A zero for every number, in one block."""
    return in_one_block({name: np.zeros_like(gradient) for name, gradient in gradients.items()})


def gradient_norm(gradients: Parameters) -> float:
    """The length of all gradients together, seen as one vector: √Σ g²."""
    return math.sqrt(sum(float(np.vdot(g, g)) for (g,) in side_by_side(gradients)))


def clip_by_norm(gradients: Parameters, norm: float, limit: float) -> None:
    """Shorten the gradients in place so that their norm is at most a limit; the direction stays.

    Pascanu, Mikolov & Bengio, 'On the difficulty of training recurrent neural networks', ICML 2013.

    Args:
        gradients: Arrays by name.
        norm: Their norm now.
        limit: What it may be.
    """
    if norm > limit:
        for (gradient,) in side_by_side(gradients):
            gradient *= limit / norm


def linear_decay(learning_rate: float, final_fraction: float, update: int, updates: int) -> float:
    """The learning rate at an update, falling in a straight line.

    Args:
        learning_rate: At the start.
        final_fraction: The share of it that is left at the last update.
        update: From 0.
        updates: How many there are.
    """
    return learning_rate * (1 - (1 - final_fraction) * min(update / max(updates, 1), 1.0))
