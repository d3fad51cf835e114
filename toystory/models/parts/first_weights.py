"""The weights a model starts from. Each function returns float64; a model keeps them in its own dtype."""

from __future__ import annotations

import numpy as np

from toystory.models.parts.arrays import FloatArray


def gaussian(rng: np.random.Generator, shape: tuple[int, ...], scale: float = 0.01) -> FloatArray:
    """Normal numbers with mean 0: small, and different for every unit.

    Args:
        rng: Where they come from.
        shape: Of the array.
        scale: Standard deviation.
    """
    return scale * rng.standard_normal(shape)


def he(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Normal with variance 2 / inputs, which keeps the size of ReLU activations from layer to layer.

    He, Zhang, Ren & Sun, 'Delving Deep into Rectifiers', ICCV 2015.

    Args:
        rng: Where they come from.
        shape: (inputs, units).
    """
    return gaussian(rng, shape, scale=float(np.sqrt(2 / shape[0])))


def signs(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """+1/√inputs or −1/√inputs, a fair coin each: every unit then counts ones, each in its own way.

    Abbe, Cornacchia, Hązła & Kougang-Yombi, 'Learning High-Degree Parities: the crucial role of
    initialization', ICLR 2025.

    Args:
        rng: Where they come from.
        shape: (inputs, units).
    """
    coins: FloatArray = 2.0 * rng.integers(0, 2, size=shape) - 1.0
    return coins / float(np.sqrt(shape[0]))


def shared_signs(
    rng: np.random.Generator, shape: tuple[int, ...], size: float = 3.0, different: int = 32, levels: int = 3
) -> tuple[FloatArray, FloatArray]:
    """A few rows of signs, each shared by several units that bend at different places.

    Every unit counts, as from `signs`. Those that share a row count the same thing, some of them turned over,
    and bend at different places of it: together they can make any function of that one count, a tooth too.

    Args:
        rng: Where they come from.
        shape: (inputs, units).
        size: How many times larger than 1/√inputs the weights are.
        different: So many rows of signs at most.
        levels: The biases are on 2·levels + 1 steps, so that a unit bends at most levels/size bits to
            either side of the middle of its count.

    Returns:
        Weights of ±size/√inputs, (inputs, units), and biases of 2k/√inputs with k from −levels to levels,
        (units,).
    """
    inputs, units = shape
    rows = 2.0 * rng.integers(0, 2, size=(inputs, min(different, units))) - 1.0
    turned = 2.0 * rng.integers(0, 2, size=units) - 1.0
    k = rng.integers(-levels, levels + 1, size=units)
    weights: FloatArray = size / np.sqrt(inputs) * rows[:, np.arange(units) % rows.shape[1]] * turned
    biases: FloatArray = 2.0 * k / np.sqrt(inputs)
    return weights, biases


def orthogonal(rng: np.random.Generator, units: int) -> FloatArray:
    """A random orthogonal matrix: a vector multiplied by it again and again keeps its length.

    A rotation in half of all draws, and in the other half one with a reflection. Saxe, McClelland & Ganguli,
    'Exact solutions to the nonlinear dynamics of learning in deep linear neural networks', ICLR 2014.

    Args:
        rng: Where it comes from.
        units: Rows and columns.

    Returns:
        (units, units).
    """
    q, r = np.linalg.qr(rng.standard_normal((units, units)))
    drawn: FloatArray = (q * np.sign(np.diag(r))).T
    return drawn
