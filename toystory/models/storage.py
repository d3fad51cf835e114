"""Models into files: an .npz of arrays and one JSON text. `models.loading` reads them."""

from __future__ import annotations

import io
import os
from operator import methodcaller
from os import PathLike
from typing import Any, Protocol

import numpy as np

from toystory.models.parts.arrays import Parameters

DESCRIPTION = "model"
"""The entry of the file that tells the model's class and settings."""


class Saved(Protocol):
    """What of a model is saved."""

    settings: dict[str, Any]
    parameters: Parameters


def save(model: Saved, path: str | PathLike[str]) -> None:
    """Write a model to exactly `path`, whole or not at all; into a device or a pipe it is written.

    Args:
        model: Which one.
        path: With its ending.

    Raises:
        OSError: It can't be written; what was there before still is.
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
            os.chmod(beside, os.stat(target).st_mode & 0o7777)
        os.replace(beside, target)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def to_bytes(model: Saved) -> bytes:
    """What `save` writes."""
    import json  # here and not above, since it takes as long as half of all that is imported beside NumPy

    description = {"class": type(model).__name__, "settings": model.settings}
    as_text = json.dumps(description, default=methodcaller("item"))  # NumPy's numbers as Python's
    arrays: dict[str, Any] = {DESCRIPTION: np.array(as_text), **model.parameters}
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()
