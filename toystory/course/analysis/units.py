"""Units that have stopped learning: dead ReLUs, saturated tanhs and sigmoids; gates open or closed.

What is called saturated has less than 6 % of its greatest slope left: its share of the blame goes almost
nowhere. The bounds for gates are those of Karpathy, Johnson & Fei-Fei, 'Visualizing and Understanding
Recurrent Networks', ICLR workshop 2016.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import Mask
from toystory.course.analysis.layers import activation_name, hidden_layers
from toystory.models.attention import Attention
from toystory.models.autograd import AutogradNet
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.models.rnn import RNN
from toystory.models.two_layer import TwoLayerNet

SATURATED = 0.97
"""Mean |h| of a tanh unit, or mean |2a − 1| of a sigmoid unit, above which it is saturated."""

NEARLY_OPEN = 0.9
NEARLY_CLOSED = 0.1


@dataclass(frozen=True)
class LayerState:
    """The units of one hidden layer on some rows.

    name: of the activations in the cache. dead: ReLU units that no row turns on, none for other activations.
    saturated: tanh and sigmoid units that are at an end of their range on average, none for ReLU. Both
    (units,). A unit whose activation is not a number is neither.
    """

    name: str
    activation: str
    dead: Mask
    saturated: Mask

    @property
    def dead_share(self) -> float:
        return float(self.dead.mean())

    @property
    def saturated_share(self) -> float:
        return float(self.saturated.mean())


@dataclass(frozen=True)
class GateState:
    """How often a gate of an LSTM stands nearly open (above 0.9) or nearly closed (below 0.1).

    name: i, f or o. open, closed: shares of all bits of all rows, a number a cell, (hidden,).
    """

    name: str
    open: FloatArray
    closed: FloatArray

    @property
    def open_share(self) -> float:
        return float(self.open.mean())

    @property
    def closed_share(self) -> float:
        return float(self.closed.mean())


def layer_states(model: Model, rows: Bits) -> tuple[LayerState, ...]:
    """The state of every hidden layer; of what an LSTM's cells hold, tanh(c).

    A unit of a model that answers at every bit is judged over all bits of all rows. Logistic regression has
    no hidden layer.

    Args:
        model: Any model.
        rows: Bits, (rows, columns).
    """
    with np.errstate(all="ignore"):
        cache = model.forward(rows)
        match model:
            case TwoLayerNet() | AutogradNet():
                return (_state("h", "tanh", cache["h"]),)
            case MLP():
                names = [f"a{l}" for l in range(1, hidden_layers(model) + 1)]
                return tuple(_state(name, activation_name(model), cache[name]) for name in names)
            case RNN():
                return (_state("h", "tanh", _in_one_axis(cache["h"])),)
            case LSTM():
                return (_state("tanh_c", "tanh", _in_one_axis(cache["tanh_c"])),)
            case Attention():
                return (_state("h", "relu", cache["h"].reshape(-1, model.hidden)),)
            case _:
                return ()


def gate_states(model: LSTM, rows: Bits) -> tuple[GateState, ...]:
    """How often the input, the forget and the output gate are nearly open or nearly closed.

    Args:
        model: An LSTM.
        rows: Bits, (rows, steps).
    """
    with np.errstate(all="ignore"):
        cache = model.forward(rows)
    states = []
    for name in "ifo":
        gate = _in_one_axis(cache[name])
        states.append(GateState(name, (gate > NEARLY_OPEN).mean(axis=0), (gate < NEARLY_CLOSED).mean(axis=0)))
    return tuple(states)


def _in_one_axis(states: FloatArray) -> FloatArray:
    """What was after every bit, of (steps + 1, rows, units), as (steps × rows, units)."""
    return states[:-1].reshape(-1, states.shape[2])


def _state(name: str, activation: str, activity: FloatArray) -> LayerState:
    """activity: (rows, units)."""
    no_unit = np.zeros(activity.shape[1], dtype=np.bool_)
    if activation == "relu":
        dead: Mask = np.all(activity <= 0, axis=0)
        return LayerState(name, activation, dead=dead, saturated=no_unit)
    swing = np.abs(activity if activation == "tanh" else 2 * activity - 1)
    return LayerState(name, activation, dead=no_unit, saturated=swing.mean(axis=0) > SATURATED)
