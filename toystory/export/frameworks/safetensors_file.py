"""Our arrays as a safetensors file: names, shapes and the plain numbers. Nothing in it is ever executed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from toystory.models.model import Model
from toystory.models.parts.arrays import Parameters

TYPES = {"F32": np.float32, "F64": np.float64}


def to_safetensors(model: Model) -> bytes:
    """The file's bytes: our arrays as they are, and the model's class and settings beside them.

    The numbers are written row after row, whatever way an array lies in memory: the format knows no other,
    and would take a transposed array's numbers for those of the array itself.
    """
    header: dict[str, Any] = {"__metadata__": {"toystory": _description(model)}}
    numbers = b""
    for name, array in model.parameters.items():
        data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": "F32" if array.dtype == np.float32 else "F64",
            "shape": list(array.shape),
            "data_offsets": [len(numbers), len(numbers) + len(data)],
        }
        numbers += data
    text = json.dumps(header).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + numbers


def from_safetensors(contents: bytes) -> tuple[dict[str, Any] | None, Parameters]:
    """Class and settings, None where another program wrote the file; and the arrays.

    Raises:
        ValueError: It is no safetensors file of real numbers.
    """
    try:
        size = int.from_bytes(contents[:8], "little")
        header = json.loads(contents[8 : 8 + size])
        said = header.pop("__metadata__", {}).get("toystory")
        arrays = {}
        for name, entry in header.items():
            first, end = entry["data_offsets"]
            data = np.frombuffer(contents[8 + size + first : 8 + size + end], np.dtype(TYPES[entry["dtype"]]))
            arrays[name] = data.reshape(entry["shape"])
        return json.loads(said) if said else None, arrays
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("it is no safetensors file of float32 or float64") from error


def _description(model: Model) -> str:
    return json.dumps({"class": type(model).__name__, "settings": model.settings})
