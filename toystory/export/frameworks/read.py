"""A file of another framework as a model of ours: a PyTorch state_dict, ONNX or safetensors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from toystory.base.errors import BadRequest
from toystory.export.frameworks.layout import GATES, reordered
from toystory.export.frameworks.onnx_graph import from_onnx
from toystory.export.frameworks.safetensors_file import from_safetensors
from toystory.models.loading import LOADABLE
from toystory.models.lstm import LSTM
from toystory.models.model import Model
from toystory.models.parts.arrays import Parameters

STATE_DICT = (".pt", ".pth")
SUFFIXES = (*STATE_DICT, ".onnx", ".safetensors")

LAYERS = {"w": "W1", "b": "b1", "w2": "W2"}
"""What a first or second layer is called in a file that numbers all layers alike."""


def read_model(path: Path, like: Model | None = None) -> Model:
    """The model that a file holds.

    Args:
        path: A state_dict (.pt, .pth), .onnx or .safetensors of the shape that our export gives it.
        like: A model of the same class and settings, for a file that does not say them.

    Raises:
        OSError: The file can't be read.
        BadRequest: It holds no such model, or the package that reads it is not installed.
    """
    try:
        description, arrays = _contents(path)
        model = _untrained(description, arrays, like)
        _fill(model, arrays)
    except ModuleNotFoundError as error:
        raise BadRequest(
            f"reading {path} needs the package {error.name}: pip install {error.name}"
        ) from error
    except ValueError as error:
        raise BadRequest(f"{path}: {error}") from error
    return model


def _contents(path: Path) -> tuple[dict[str, Any] | None, Parameters]:
    """Class and settings where the file says them, and our arrays."""
    if path.suffix in STATE_DICT:
        return _from_state_dict(path)
    if path.suffix == ".onnx":
        return from_onnx(path.read_bytes())
    if path.suffix == ".safetensors":
        return from_safetensors(path.read_bytes())
    raise ValueError(f"expected a file that ends in {', '.join(SUFFIXES)}")


def _from_state_dict(path: Path) -> tuple[dict[str, Any] | None, Parameters]:
    import torch

    path.read_bytes()  # says in the usual words where it can't be read
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever PyTorch raises at a foreign file, or at one that would run code
        raise ValueError("it is no state_dict that can be read without running code") from error
    description = state.pop("_extra_state", None)
    arrays = {name: value.numpy() for name, value in state.items() if isinstance(value, torch.Tensor)}
    return description, our_arrays(arrays)


def our_arrays(state: Parameters) -> Parameters:
    """Our arrays out of those of our script for PyTorch. Raises ValueError."""
    names = list(state)
    if any(name.startswith("ours.") for name in names):
        return {name.removeprefix("ours."): array for name, array in state.items()}
    if any(name.startswith("layers.") for name in names):
        return {
            f"{'W' if name.endswith('weight') else 'b'}{int(name.split('.')[1]) + 1}": array.T
            for name, array in state.items()
        }
    cell = next((name.partition(".")[0] for name in names if name.endswith("weight_hh_l0")), None)
    if cell is None or not {"answer.weight", "answer.bias"} <= set(names):
        raise ValueError(
            "its arrays are not those of a model of ours: layers, rnn or lstm and answer, or ours"
        )
    ours = {
        "W_hh": state[f"{cell}.weight_hh_l0"].T,
        "W_xh": state[f"{cell}.weight_ih_l0"].T,
        "b_h": state[f"{cell}.bias_ih_l0"] + state[f"{cell}.bias_hh_l0"],
    }
    if len(ours["b_h"]) == 4 * len(ours["W_hh"]):
        ours = {name: reordered(a, GATES["pytorch"], GATES["ours"]) for name, a in ours.items()}
    return {**ours, "w_hy": state["answer.weight"][0], "b_y": state["answer.bias"]}


def _untrained(description: dict[str, Any] | None, arrays: Parameters, like: Model | None) -> Model:
    """A model of the class and settings that are said. Raises ValueError."""
    make: Callable[..., Model]
    if like is not None:
        make = type(like)
        return make(**like.settings)
    if description is not None:
        try:
            make = LOADABLE[description["class"]]
            return make(**description["settings"])
        except (KeyError, TypeError) as error:
            raise ValueError("what it says of its class and settings can't be read") from error
    if "b_h" in arrays and arrays["b_h"].shape == (4 * len(arrays["W_hh"]),):
        return LSTM(len(arrays["W_hh"]), dtype=arrays["W_hh"].dtype)
    raise ValueError(
        "it does not say how its model reads bits: give one of the same kind with --like MODEL.npz"
    )


def _fill(model: Model, arrays: Parameters) -> None:
    """Put the arrays into the model. Raises ValueError."""
    for name, parameter in model.parameters.items():
        array = arrays.get(name, arrays.get(LAYERS.get(name, "")))
        if array is None or array.size != parameter.size:
            raise ValueError(f"{name} is missing or of another size than a {type(model).__name__} has")
        parameter[...] = np.reshape(array, parameter.shape)
