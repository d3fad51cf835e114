"""Models out of files that `models.storage` wrote. Nothing in them is ever executed."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from itertools import pairwise
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.models.attention import Attention
from toystory.models.autograd import AutogradNet
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.old_layout import rows_first
from toystory.models.rnn import RNN
from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.models.storage import DESCRIPTION
from toystory.models.two_layer import TwoLayerNet

MODELS: dict[str, type[Model]] = {
    m.__name__: m for m in (LogisticRegression, TwoLayerNet, AutogradNet, MLP, RNN, LSTM, Attention)
}
"""Every model that reads bits and gives one answer, by the name of its class."""
LOADABLE: dict[str, type[Model]] = {**MODELS, SoftmaxMLP.__name__: SoftmaxMLP}
"""Every model there is, by the name of its class."""


def replace_model(kind: type[Model]) -> None:
    """Let a class stand in the place of ours of that name, wherever the project names it.

    For a notebook, where a cell has a model's source: what stands there is what trains and what is measured.
    The fast form is not taken along, since it was held to our source.

    Raises KeyError where no model of ours has that name.
    """
    name = kind.__name__
    ours = LOADABLE[name]
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == "toystory" and getattr(module, name, None) is ours:
            setattr(module, name, kind)
    for models in (MODELS, LOADABLE):
        if name in models:
            models[name] = kind


def load(path: str | PathLike[str]) -> Model:
    """The model that `save` wrote to `path`.

    Raises OSError where the file can't be read, ValueError where it holds no model.
    """
    with open(path, "rb") as file:
        contents = file.read()
    try:
        return _read(contents)
    except Exception as error:  # whatever zip, NumPy and JSON raise at a foreign or damaged file
        raise ValueError(f"{path} holds no model saved by this program") from error


def _read(contents: bytes) -> Model:
    import json

    with np.load(io.BytesIO(contents), allow_pickle=False) as file:
        arrays = dict(file)
    description = json.loads(str(arrays.pop(DESCRIPTION)))
    arrays = rows_first(arrays)
    _look_through(arrays, description["class"], description["settings"])
    model = LOADABLE[description["class"]](**description["settings"])
    if arrays.keys() != model.parameters.keys():
        raise ValueError("its arrays are not those of its class")
    for name, parameter in model.parameters.items():
        if arrays[name].shape != parameter.shape or arrays[name].dtype != parameter.dtype:
            raise ValueError(f"{name} has another shape or dtype than its settings say")
        parameter[...] = arrays[name]
    return model


def _look_through(arrays: Mapping[str, NDArray[Any]], name: str, settings: Mapping[str, Any]) -> None:
    """See, before anything is built, that the numbers are finite and as many as such a model needs.

    Between layers of m and n units lie m × n weights, and a model that reads bit by bit has n × n of memory.

    Args:
        arrays: by their names.
        name: of the model's class.
        settings: those that the model would be built with.

    Raises:
        ValueError: they are not.
    """
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("it holds numbers that are not finite")
    values = [value for key, value in settings.items() if key != "seed"]
    sizes = [n for value in values for n in (value if isinstance(value, list) else [value]) if type(n) is int]
    squares = [n * n for n in sizes] if name in ("RNN", "LSTM", "Attention") else []
    numbers = sum(array.size for array in arrays.values())
    if max([*sizes, *squares, *(m * n for m, n in pairwise(sizes))], default=0) > numbers:
        raise ValueError("its settings are those of a larger model")
