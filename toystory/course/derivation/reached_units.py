"""A row and a unit at which something happens: where no error gets through the ReLUs, all numbers are 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.models.attention import Attention
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.activations import relu
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.training.data import Task, random_bits, truth_table

OTHERS = 32
"""Rows that are tried, where there are more than so many."""


@dataclass(frozen=True)
class Place:
    """A row (1, columns), a unit from 0, and what is said where it is not the one asked for."""

    row: Bits
    unit: int
    said: str = ""


def where_something_happens(
    model: Model, task: Task, row: Bits, unit: int | None, layer: int = 1, *, keep_row: bool = False
) -> Place:
    """The row and the unit asked for; where that unit gets no error, another unit or another row.

    Args:
        model: Any model.
        task: What is asked of its rows.
        row: Bits, (1, columns).
        unit: From 0; None for the first that an error reaches.
        layer: Hidden layer of a tower, from 1.
        keep_row: Whether no other row may be taken.
    """
    errors = _errors(model, task, row, layer)
    if errors is None or (unit is not None and errors[0, unit]):
        return Place(row, unit or 0)
    if unit is None and errors.any():
        first = int(np.argmax(errors[0] > 0))
        return Place(row, first, f"unit {first}: the first that the error reaches" if first else "")
    wanted = unit or 0
    if keep_row:
        return Place(row, wanted, f"no error reaches unit {wanted} on this row: n for the next")
    others = _other_rows(row.shape[1])
    found = _errors(model, task, others, layer)
    assert found is not None
    if unit is None and found.any():
        wanted = int(np.argmax(found.any(axis=0)))
    if not found[:, wanted].any():
        return Place(row, wanted, f"no error of {len(others)} rows reaches unit {wanted}: n for the next")
    best = others[[int(np.argmax(found[:, wanted]))]]
    return Place(best, wanted, f"a row whose error reaches unit {wanted}")


def _errors(model: Model, task: Task, rows: Bits, layer: int) -> FloatArray | None:
    """The size of the error that reaches each ReLU of a layer; None where the model has no ReLU.

    Returns:
        (rows, units), above zero or zero.
    """
    if isinstance(model, Attention):
        name = "dz1"
    elif isinstance(model, MLP) and model.f is relu and layer < model.layers:
        name = f"dz{layer}"
    else:
        return None
    with np.errstate(all="ignore"):
        cache = model.forward(rows)
        model.backward(cache, task.whole_rows(rows).y)
    errors: FloatArray = np.abs(cache[name])
    return np.nan_to_num(errors[:, -1] if isinstance(model, Attention) else errors)


def _other_rows(columns: int) -> Bits:
    """All rows where there are few; else some, always the same ones."""
    if 2**columns <= OTHERS:
        return truth_table(columns)
    return random_bits(np.random.default_rng(0), OTHERS, columns)
