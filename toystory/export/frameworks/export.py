"""A model of ours for another framework, as the text or bytes of one file."""

from __future__ import annotations

from pathlib import Path

from toystory.base.errors import BadRequest
from toystory.export.frameworks.onnx_graph import to_onnx
from toystory.export.frameworks.safetensors_file import to_safetensors
from toystory.export.frameworks.script import script
from toystory.models.model import Model


def export_model(model: Model, to: str, path: Path) -> str | bytes:
    """The file's contents.

    Args:
        model: Any of ours.
        to: pytorch, keras, flax or equinox for a script that holds the weights; onnx; safetensors.
        path: Where the file will stand; a script names itself.

    Raises:
        BadRequest: The package that writes it is not installed.
    """
    if to == "safetensors":
        return to_safetensors(model)
    if to == "onnx":
        try:
            return to_onnx(model)
        except ModuleNotFoundError as error:
            raise BadRequest("writing ONNX needs the package onnx: pip install onnx") from error
    return script(model, to, path)
