"""Is training well? How fast the parameters move, how large their gradients are, which units have given up.

The measure to watch is the change of a parameter in one update over its own size: about a thousandth is
usual, far more than that tears the network about, far less is standing still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import norm, number
from toystory.course.analysis.units import GateState, LayerState, gate_states, layer_states
from toystory.models.lstm import LSTM
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, Parameters


@dataclass(frozen=True)
class Health:
    """A model after `update` updates.

    ratios: for every parameter, how far an update moved it, over its norm; empty at the first look.
    gradients: the norm of each parameter's gradient; empty where none were shown. layers: dead and saturated
    units of every hidden layer. gates: of an LSTM; empty for another model.
    """

    update: int
    ratios: dict[str, float]
    gradients: dict[str, float]
    layers: tuple[LayerState, ...]
    gates: tuple[GateState, ...]


class Watch:
    """Is shown one training from time to time, and compares what it sees with what it saw before.

    rows: bits on which the units are judged, (rows, columns).
    """

    def __init__(self, rows: Bits) -> None:
        self.rows = rows
        self._update = 0
        self._before: Parameters = {}
        self._ratios: dict[str, float] = {}

    def look(self, model: Model, update: int, gradients: Parameters | None = None) -> Health:
        """Compare a model with what it was at the look before.

        With k updates since then, a ratio is the way from there to here over k: the mean step of parameters
        that move straight on, less than that for those that go to and fro. A second look at the same update
        repeats the ratios; a look at an earlier update begins anew.

        Args:
            model: The model, after `update` updates.
            update: How many it has made.
            gradients: Those of its last batch, by the names of the parameters; None where there are none.
        """
        made = update - self._update
        if not self._before or made < 0:
            self._ratios = {}
        elif made:
            self._ratios = {
                name: number(ratio / made)
                for name, ratio in change_over_size(self._before, model.parameters).items()
            }
        self._update = update
        self._before = {name: parameter.copy() for name, parameter in model.parameters.items()}
        return Health(
            update=update,
            ratios=self._ratios,
            gradients=norms(gradients or {}),
            layers=layer_states(model, self.rows),
            gates=gate_states(model, self.rows) if isinstance(model, LSTM) else (),
        )


def norms(arrays: Parameters) -> dict[str, float]:
    """√Σ v² of every array by its name, NaN where that is not finite."""
    return {name: norm(values) for name, values in arrays.items()}


def change_over_size(before: Parameters, after: Parameters) -> dict[str, float]:
    """How far every parameter moved, in its own size.

    Args:
        before: Arrays by name.
        after: The same arrays later.

    Returns:
        ‖after − before‖ / ‖before‖ by name; NaN for one that was all zeros or is not finite. A bias is
        measured by the weights beside it where those are larger: it may begin near 0, and what it adds to a
        sum is little or much beside what they add.
    """
    ratios = {}
    with np.errstate(all="ignore"):
        for name, was in before.items():
            size = _size(name, before)
            change = norm(after[name].astype(np.float64) - was)
            ratios[name] = number(change / size) if size else float("nan")
    return ratios


def _size(name: str, arrays: Parameters) -> float:
    """‖θ‖; of a bias the root mean square of the weights beside it, as many times, where that is more."""
    values = arrays[name]
    own = norm(values)
    if not name.startswith("b") or not own:
        return own
    level = name[1:]
    beside = [
        weights
        for other, weights in arrays.items()
        if other[0] in "Ww" and (weights.shape[-1] == values.size or values.size == 1)
    ]
    of_level = [arrays[other] for other in (f"W{level}", f"w{level}") if other in arrays] or beside
    if not of_level:
        return own
    weights = of_level[0]
    return max(own, norm(weights) * float(np.sqrt(values.size / weights.size)))
