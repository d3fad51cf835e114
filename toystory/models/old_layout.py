"""Recurrent models that were saved when their arrays were units × inputs and the LSTM's had other names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

NEW_NAMES = {"W_h": "W_hh", "W_x": "W_xh", "b": "b_h", "w_y": "w_hy"}
"""Those that the LSTM's arrays had, and have now."""


def rows_first(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The parameters of a recurrent model (or what has their names and shapes) as they are laid out today.

    Args:
        arrays: By name. Old ones are told by their bias, which was a column, (units, 1).

    Returns:
        The same arrays where they are of today already, or of another model.
    """
    named = {NEW_NAMES.get(name, name): array for name, array in arrays.items()}
    if "W_hh" not in named or named["b_h"].ndim == 1:
        return dict(arrays)
    return {name: array[:, 0] if name == "b_h" else array.T for name, array in named.items()}
