"""How much gradient reaches the bits far from the end: the reason why a recurrent network forgets.

The answer stands at the end of the row. What its loss says about the memory d bits earlier has gone back
through d steps, and been multiplied in each: in an RNN by W_hhᵀ and 1 − h²; from cell to cell of an LSTM by
the forget gate, and by what comes round through the other gates. The same factor at every step makes a
straight line on a logarithmic axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import drawable, number
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.models.recurrent import RecurrentModel
from toystory.training.data import parity


@dataclass(frozen=True)
class GradientFlow:
    """Gradient against distance from the end.

    distances: 0…steps − 1 bits, (steps,). hidden: ‖dL/dh‖ of the memory so many bits before the end, mean
    over the rows, in float64, (steps,). cell: the same for dL/dc of an LSTM; None for another model.
    """

    distances: FloatArray
    hidden: FloatArray
    cell: FloatArray | None

    @property
    def log_hidden(self) -> FloatArray:
        """log₁₀ of `hidden`, NaN where that is zero."""
        return _log10(self.hidden)

    @property
    def log_cell(self) -> FloatArray | None:
        """log₁₀ of `cell`."""
        return None if self.cell is None else _log10(self.cell)

    @property
    def per_step(self) -> float:
        """The factor that one step back multiplies `hidden` by.

        The geometric mean from the end to the furthest bit that a gradient above zero reaches; NaN for one
        bit.
        """
        logs = self.log_hidden
        reached = np.flatnonzero(np.isfinite(logs))
        if reached.size < 2:
            return float("nan")
        first, last = reached[0], reached[-1]
        return number(float(10 ** ((logs[last] - logs[first]) / (last - first))))


def gradient_flow(model: RecurrentModel, rows: Bits, labels: Bits | None = None) -> GradientFlow:
    """Send the loss at the end of every row back to its beginning.

    Computed in float64, whatever the model's own dtype: in float32 what is below 1e-45 is zero.

    Args:
        model: A recurrent model.
        rows: Bits, (rows, steps).
        labels: (rows,); None for the parities.
    """
    exact = type(model)(**{**model.settings, "dtype": "float64"})
    with np.errstate(all="ignore"):
        for name, parameter in model.parameters.items():
            exact.parameters[name][...] = parameter
        cache = exact.forward(rows)
        exact.backward(cache, parity(rows) if labels is None else labels)
        hidden = _mean_norms(cache["dh"])
        cell = _mean_norms(cache["dc"]) if "dc" in cache else None
    return GradientFlow(np.arange(len(hidden), dtype=np.float64), hidden, cell)


def _mean_norms(gradients: FloatArray) -> FloatArray:
    """The norm over the units, a row at a time; its mean, from the end back.

    The loss is a mean over the rows, so a row's own gradient is `rows` times what stands there.

    Args:
        gradients: (steps + 1, rows, units), the last entry being what comes after the row.
    """
    rows = gradients.shape[1]
    norms = np.linalg.norm(gradients[:-1], axis=2) * rows
    return drawable(norms.mean(axis=1)[::-1])


def _log10(values: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        return drawable(np.log10(values))
