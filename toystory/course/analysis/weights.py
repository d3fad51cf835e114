"""Weights as pictures: units down, inputs across, on a scale that is the same on both sides of zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import drawable, extent
from toystory.models.lstm import LSTM
from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray

GATES = ("i", "f", "o", "g")
"""The parts of an LSTM's weights, from the top."""


@dataclass(frozen=True)
class WeightPicture:
    """One parameter array: a row a unit, a column an input; a vector of output weights is one row.

    values: (units, inputs). scale: the value that is drawn as 1, 0 where all weights are 0. parts: names of
    equal shares of the units, from the top; empty where they are all of one kind.
    """

    name: str
    values: FloatArray
    scale: float
    parts: tuple[str, ...] = ()

    @property
    def shades(self) -> FloatArray:
        """The values from −1 to 1, (units, inputs): those beyond the scale at the ends, NaN where NaN."""
        if not self.scale:
            return self.values * 0
        with np.errstate(all="ignore"):
            shades: FloatArray = np.clip(self.values / self.scale, -1, 1)
        return shades

    def part(self, name: str) -> FloatArray:
        """The values of one of the parts, (units / parts, inputs). Raises ValueError where there is none."""
        values: FloatArray = np.split(self.values, len(self.parts))[self.parts.index(name)]
        return values


def weight_picture(model: Model, name: str, scale: float | None = None) -> WeightPicture:
    """One parameter as a picture.

    Args:
        model: Any model.
        name: Of the parameter.
        scale: Give the same one to pictures that shall be compared, as before and after training; unless
            given, the greatest finite distance from 0.

    Raises:
        KeyError: The model has no parameter of that name.
    """
    parameter = model.parameters[name]
    values = drawable(_units_down(name, parameter))
    parts = GATES if isinstance(model, LSTM) and parameter.shape[-1] == 4 * model.hidden else ()
    return WeightPicture(name, values, extent(values) if scale is None else scale, parts)


def weight_pictures(model: Model, biases: bool = False) -> tuple[WeightPicture, ...]:
    """All weights of the model, in the order in which a row passes through them; each on its own scale.

    Args:
        model: Any model.
        biases: Whether they are wanted too.
    """
    return tuple(
        weight_picture(model, name) for name in model.parameters if biases or not name.startswith("b")
    )


def _units_down(name: str, parameter: FloatArray) -> FloatArray:
    if parameter.ndim == 1:  # a bias stands at its unit, an output weight at its input
        return parameter[:, None] if name.startswith("b") else parameter[None]
    return parameter.T
