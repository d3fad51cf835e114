"""The hidden layers of the models that read a row at once, under one name."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from toystory.models.autograd import AutogradNet
from toystory.models.mlp import MLP
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.models.two_layer import TwoLayerNet
from toystory.training.data import Task

TWO_LAYERS = (TwoLayerNet, AutogradNet)
FeedForward = TwoLayerNet | AutogradNet | MLP

ROWS = 128
"""Rows that a layer is shown unless told which: all there are up to 7 columns."""


def columns_of(model: FeedForward) -> int:
    """Bits in a row."""
    return model.columns if isinstance(model, TWO_LAYERS) else model.layer_sizes[0]


def hidden_layers(model: FeedForward) -> int:
    """How many hidden layers there are; they count from 1."""
    return 1 if isinstance(model, TWO_LAYERS) else model.layers - 1


def activation_name(model: FeedForward) -> str:
    """relu, tanh or sigmoid: that of the hidden layers."""
    return "tanh" if isinstance(model, TWO_LAYERS) else str(model.settings["activation"])


def checked_layer(model: FeedForward, layer: int | None) -> int:
    """The number of a hidden layer of `model`.

    Args:
        model: A network that reads a row at once.
        layer: Counted from 1; None for the last hidden one.

    Raises:
        ValueError: There is no such hidden layer.
    """
    layers = hidden_layers(model)
    if layers == 0:
        raise ValueError(
            f"{type(model).__name__} of sizes {model.settings['layer_sizes']} has no hidden layer"
        )
    if layer is not None and not 1 <= layer <= layers:
        raise ValueError(f"hidden layer {layer}: expected one from 1 to {layers}")
    return layers if layer is None else layer


def activations(model: FeedForward, rows: ArrayLike, layer: int) -> FloatArray:
    """What the units of a hidden layer answer.

    Args:
        model: A network that reads a row at once.
        rows: Bits or real numbers, (rows, columns).
        layer: Counted from 1.

    Returns:
        The activations, (rows, units).
    """
    name = "h" if isinstance(model, TWO_LAYERS) else f"a{layer}"
    activity: FloatArray = model.forward(rows)[name]
    return activity


def incoming(model: FeedForward, layer: int) -> tuple[FloatArray, FloatArray]:
    """The weights and biases of a layer; the output is the last layer.

    Args:
        model: A network that reads a row at once.
        layer: Counted from 1.

    Returns:
        Weights (units before, units) and biases (units,).
    """
    if isinstance(model, TWO_LAYERS) and layer == 2:
        return model.parameters["w2"][:, None], model.parameters["b2"]
    return model.parameters[f"W{layer}"], model.parameters[f"b{layer}"]


def typical_rows(columns: int, rows: int = ROWS) -> Bits:
    """Rows to look at a layer with.

    Args:
        columns: Bits in a row.
        rows: How many at most.

    Returns:
        Every row there is, where that is at most `rows`; else that many random ones, always the same:
        (rows, columns).
    """
    return Task(columns).test_rows(np.random.default_rng(0), rows).x


def first_model(model: FeedForward) -> FeedForward:
    """The model as it was before any update: its settings, with the seed among them, tell all its weights."""
    return type(model)(**model.settings)
