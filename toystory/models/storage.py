"""Models into files: an .npz of arrays and one JSON text. `models.loading` reads them."""

from __future__ import annotations

import io
import json
import os
import shutil
from operator import methodcaller
from os import PathLike
from typing import Any, Protocol

import numpy as np

from toystory.models.arrays import Parameters

DESCRIPTION = "model"
"""The entry of the file that tells the model's class and settings."""


class Saved(Protocol):
    """What of a model is saved."""

    settings: dict[str, Any]
    parameters: Parameters


def save(model: Saved, path: str | PathLike[str]) -> None:
    """Write `model` to exactly `path`, whole or not at all; into a device or a pipe it is written.

    Raises:
        OSError: it can't be written; what was there before still is.
    """
    target = os.path.realpath(path)
    replaces = os.path.isfile(target)
    if os.path.exists(target) and not replaces:
        with open(path, "wb") as file:
            file.write(to_bytes(model))
        return
    beside = f"{target}.{os.getpid()}.part"
    try:
        with open(beside, "wb") as file:
            file.write(to_bytes(model))
        if replaces:
            shutil.copymode(target, beside)
        os.replace(beside, target)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def to_bytes(model: Saved) -> bytes:
    """What `save` writes."""
    description = {"class": type(model).__name__, "settings": model.settings}
    as_text = json.dumps(description, default=methodcaller("item"))  # NumPy's numbers as Python's
    arrays: dict[str, Any] = {DESCRIPTION: np.array(as_text), **model.parameters}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
