"""Optimisers: how a gradient becomes an update. The parameters are changed in place."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from models.arrays import FloatArray, Parameters


class Optimizer(ABC):
    """Holds the learning rate, which may be changed between updates, and whatever it remembers."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    @abstractmethod
    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        """Take one step: change every array of `parameters` in place."""


class GradientDescent(Optimizer):
    """θ ← θ − η g."""

    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        for name, gradient in gradients.items():
            parameters[name] -= self.learning_rate * gradient


class Momentum(Optimizer):
    """v ← μ v + g;  θ ← θ − η v. (Polyak 1964; Sutskever, Martens, Dahl & Hinton, ICML 2013.)"""

    def __init__(self, learning_rate: float, momentum: float = 0.9) -> None:
        super().__init__(learning_rate)
        self.momentum = momentum
        self.velocity: Parameters = {}

    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        for name, gradient in gradients.items():
            v = self.velocity.setdefault(name, np.zeros_like(gradient))
            v *= self.momentum
            v += gradient
            parameters[name] -= self.learning_rate * v


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g;  s ← β₂ s + (1 − β₂) g²;  θ ← θ − η m̂ / (√ŝ + ε).

    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) undo the start from zero. Kingma & Ba, 'Adam: A Method for
    Stochastic Optimization', ICLR 2015.
    """

    def __init__(
        self, learning_rate: float, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        super().__init__(learning_rate)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.mean: Parameters = {}
        self.mean_square: Parameters = {}
        self.updates = 0

    def update(self, parameters: Parameters, gradients: Parameters) -> None:
        self.updates += 1
        step = self.learning_rate / (1 - self.beta_1**self.updates)
        correction = 1 / np.sqrt(1 - self.beta_2**self.updates)
        for name, gradient in gradients.items():
            m = self.mean.setdefault(name, np.zeros_like(gradient))
            s = self.mean_square.setdefault(name, np.zeros_like(gradient))
            m += (1 - self.beta_1) * (gradient - m)
            s += (1 - self.beta_2) * (gradient * gradient - s)
            parameters[name] -= step * m / (float(correction) * np.sqrt(s) + self.epsilon)


def gradient_norm(gradients: Parameters) -> float:
    """The length of all gradients together, seen as one vector: √Σ g²."""
    return float(np.sqrt(sum(float(np.vdot(g, g)) for g in gradients.values())))


def clip_by_norm(gradients: Parameters, norm: float, limit: float) -> None:
    """Shorten the gradients in place so that their norm is at most `limit`; the direction stays.

    norm: their norm now. Pascanu, Mikolov & Bengio, 'On the difficulty of training recurrent neural
    networks', ICML 2013.
    """
    if norm > limit:
        gradient: FloatArray
        for gradient in gradients.values():
            gradient *= limit / norm


def linear_decay(learning_rate: float, final_fraction: float, update: int, updates: int) -> float:
    """The learning rate at `update`, falling in a straight line to `final_fraction` of its start."""
    return learning_rate * (1 - (1 - final_fraction) * min(update / max(updates, 1), 1.0))
