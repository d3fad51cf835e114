"""A network as units and wires: what each unit says for one row, how much it is blamed, and its weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import drawable
from toystory.course.analysis.layers import TWO_LAYERS
from toystory.models.arrays import Bits, FloatArray
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.mlp import MLP
from toystory.models.model import Model


@dataclass(frozen=True)
class Layer:
    """One column of units.

    Attributes:
        name: What stands over it.
        says: What each unit says for the row, (units,).
        blame: How the loss changes with what each unit says, or with the sum behind the answer, (units,).
    """

    name: str
    says: FloatArray
    blame: FloatArray


@dataclass(frozen=True)
class Network:
    """All of it for one row.

    Attributes:
        layers: From the bits to the answer.
        weights: Between two layers each, (units before, units after).
    """

    layers: tuple[Layer, ...]
    weights: tuple[FloatArray, ...]


def can_be_drawn(model: Model | type[Model]) -> bool:
    """Whether it reads a row at once, in layers."""
    kinds = (LogisticRegression, *TWO_LAYERS, MLP)
    return issubclass(model, kinds) if isinstance(model, type) else isinstance(model, kinds)


def network_of(model: Model, row: Bits, label: int) -> Network:
    """One forward and one backward pass of a row.

    Args:
        model: One that `can_be_drawn`.
        row: Its bits, (columns,).
        label: 0 or 1.
    """
    cache = model.forward(row[None])
    model.backward(cache, np.array([label], np.uint8))
    parameters = model.parameters
    if isinstance(model, MLP):
        sizes = range(1, model.layers + 1)
        weights = [parameters[f"W{l}"] for l in sizes]
        hidden = [(f"layer {l}", f"a{l}", f"da{l}") for l in sizes[:-1]]
        bits, error = cache["a0"][0], cache[f"dz{model.layers}"].reshape(-1)[:1]
    elif isinstance(model, LogisticRegression):
        weights, hidden = [parameters["w"][:, None]], []
        bits, error = row, cache["dz"].reshape(-1)[:1]
    else:
        weights = [parameters["W1"], parameters["w2"][:, None]]
        hidden = [("hidden", "h", "dh")]
        bits, error = row, cache["dz"].reshape(-1)[:1]
    first_sums = cache[hidden[0][2].replace("da", "dz").replace("dh", "dz1")][0] if hidden else error
    layers = [
        Layer("bits", drawable(np.asarray(bits, float)), drawable(weights[0] @ first_sums)),
        *(Layer(name, drawable(cache[says][0]), drawable(cache[blame][0])) for name, says, blame in hidden),
        Layer("answer", drawable(cache["a"].reshape(-1)[:1]), drawable(error)),
    ]
    return Network(tuple(layers), tuple(drawable(w) for w in weights))


def kept_units(network: Network, most: int) -> tuple[tuple[int, ...], ...]:
    """Which units of each layer are drawn: all up to `most`, else those that weigh most, one place kept free.

    Args:
        network: All of it.
        most: Units of a layer.
    """
    kept = []
    for place, layer in enumerate(network.layers):
        units = len(layer.says)
        weight = np.zeros(units)
        if place < len(network.weights):
            weight += np.abs(network.weights[place]).sum(axis=1)
        if place:
            weight += np.abs(network.weights[place - 1]).sum(axis=0)
        heaviest = np.argsort(-weight, kind="stable")[: most - 1]
        kept.append(tuple(range(units)) if units <= most else tuple(sorted(int(unit) for unit in heaviest)))
    return tuple(kept)
