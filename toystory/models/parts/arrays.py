"""The array types that every signature in this package uses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]
"""Real numbers: float32 in training, float64 where a gradient is checked."""

Bits = NDArray[np.uint8]
"""Zeros and ones, one byte each."""

Lengths = NDArray[np.intp]
"""How many bits of each row count, (rows,)."""

Cache = dict[str, Any]
"""Every named intermediate value of one forward pass, and, after `backward`, of the backward pass."""

Parameters = dict[str, FloatArray]
"""Arrays by name; gradients have the same names and shapes."""


def frozen(x: Bits) -> Bits:
    """`x` itself, and from now on nobody can write to it: what is computed from it once stays right."""
    x.flags.writeable = False
    return x


def is_frozen(x: Bits) -> bool:
    """Whether nobody can write to `x`: it is read-only, and no part of an array that may not be."""
    return isinstance(x, np.ndarray) and x.base is None and not x.flags.writeable


def are_bits(x: NDArray[Any]) -> bool:
    """Whether there is nothing but zeros and ones in `x`, of any shape and dtype."""
    if x.dtype.kind in "bu":  # the shortest way, since they are checked before every fit
        return bool(x.max(initial=0) <= 1)
    return bool(((x == 0) | (x == 1)).all())


def column_sums(a: FloatArray) -> FloatArray:
    """Σ over the rows of `a` (rows, units): (units,).

    A product with ones, since NumPy's own sum along the first axis is many times slower on narrow arrays.
    """
    sums: FloatArray = np.ones(len(a), a.dtype) @ a
    return sums


def in_one_block(arrays: Parameters) -> Parameters:
    """Copies of `arrays` that lie one behind the other in one stretch of memory, for `side_by_side`."""
    block = np.concatenate([array.reshape(-1) for array in arrays.values()])
    ends = np.cumsum([array.size for array in arrays.values()])
    views: Parameters = {}
    for (name, array), end in zip(arrays.items(), ends, strict=True):
        views[name] = block[end - array.size : end].reshape(array.shape)
    return views


def side_by_side(*groups: Parameters) -> list[tuple[FloatArray, ...]]:
    """The arrays of several groups by their names: a tuple for every name of the first group.

    Where every group is as `in_one_block` made it, one tuple of whole blocks: what is done to each number
    alike is then done once and not name by name, which for small arrays is many times faster.
    """
    blocks = []
    for group in groups:
        if (block := _block(group)) is None:
            return [tuple([group[name] for group in groups]) for name in groups[0]]
        blocks.append(block)
    return [tuple(blocks)]


def _block(arrays: Parameters) -> FloatArray | None:
    """All the numbers of `arrays` in a line, if they lie in one block."""
    base: FloatArray | None = None
    size = 0
    for array in arrays.values():
        if base is None:
            base = array.base
        if base is None or array.base is not base:
            return None
        size += array.size
    return base if base is not None and size == base.size and base.ndim == 1 else None
