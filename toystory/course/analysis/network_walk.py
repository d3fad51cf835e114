"""A walk through a drawn network, layer by layer: forward to the answer, then back; and where an update is.

A step of the walk is a number: 0 before it, 1 at the first layer, and twice the number of layers at the end,
when the first layer has its blame. An LSTM is walked through once for each bit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toystory.course.analysis.network import places_in
from toystory.models.attention import Attention
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.rnn import RNN
from toystory.models.softmax_mlp import SoftmaxMLP

ANSWER = -1
"""The last layer, whichever number that has."""
# In which layer a value is worked out, from 0, or how the loss changes with it; all others at the answer.
OF_AN_LSTM = {
    **dict.fromkeys(("s", "i", "f", "o", "g", "s_i", "s_f", "s_o", "s_g"), 1),
    "c": 2,
    "h": 3,
}
OF_ATTENTION = {
    **dict.fromkeys(("e", "q", "k", "v", "g", "s", "p", "W_q", "W_k", "W_v", "E_bit", "E_kind", "b_d"), 0),
    **dict.fromkeys(("r", "W_o"), 1),
    **dict.fromkeys(("u", "W1", "b1"), 2),
    **dict.fromkeys(("z1", "h", "W2", "b2"), 3),
}
OF_TWO_LAYERS = dict.fromkeys(("z1", "h", "W1", "b1"), 1)


@dataclass(frozen=True)
class Wave:
    """How far a walk has come: layers that have spoken, and the first that has its blame.

    Attributes:
        spoken: Layers.
        blamed: Layer, the number of layers for none.
        layer: Where it is; −1 for nowhere.
        place: Which drawing of the row, from 0; −1 for the last.
    """

    spoken: int
    blamed: int
    layer: int
    place: int

    @classmethod
    def at(cls, step: int, layers: int, places: int) -> Wave:
        """The wave at a step of the walk.

        Args:
            step: From 0 to twice `layers * places`.
            layers: Of one drawing.
            places: Drawings that the row takes.
        """
        there = layers * places
        if not step:
            return cls(layers, layers, -1, -1)
        if step <= there:
            place, layer = divmod(step - 1, layers)
            return cls(layer + 1, layers, layer, place)
        place, layer = divmod(2 * there - step, layers)
        return cls(layers, layer, layer, place)


def layers_in(model: Model, bits: int) -> int:
    """How many layers a drawing of a model has, that of the answer included.

    Args:
        model: Any model.
        bits: Of the row.
    """
    match model:
        case RNN():
            return bits + 2
        case LSTM() | Attention():
            return 5
        case MLP() | SoftmaxMLP():
            return model.layers + 1
        case LogisticRegression():
            return 2
        case _:
            return 3


def last_step(model: Model, bits: int) -> int:
    """The step of the walk at which it has come back to the bits.

    Args:
        model: Any model.
        bits: Of the row.
    """
    return 2 * layers_in(model, bits) * places_in(model, bits)


def step_at(model: Model, value: str, bits: int, t: int | None = None) -> int:
    """The step of the walk at which an update works a value out, on its way forward or back.

    Args:
        model: Any model.
        value: Its name, as a derivation has it: `z1`, or `dW1` for how the loss changes with it.
        bits: Of the row.
        t: For a model that reads in time, the bit that is looked at, from 0.
    """
    layers = layers_in(model, bits)
    back = value.startswith("d")
    layer, place = _where(model, value.removeprefix("d"), bits, bits - 1 if t is None else t)
    at = place * layers + layer % layers
    return last_step(model, bits) - at if back else at + 1


def _where(model: Model, name: str, bits: int, t: int) -> tuple[int, int]:
    """The layer and the drawing of a value."""
    match model:
        case RNN() | LSTM():
            return _in_time(model, name, bits, t)
        case Attention():
            return OF_ATTENTION.get(name, ANSWER), 0
        case MLP() | SoftmaxMLP():
            numbered = re.fullmatch(r"\D+(\d+)", name)
            return (int(numbered[1]) if numbered else ANSWER), 0
        case LogisticRegression():
            return ANSWER, 0
        case _:
            return OF_TWO_LAYERS.get(name, ANSWER), 0


def _in_time(model: RNN | LSTM, name: str, bits: int, t: int) -> tuple[int, int]:
    last = bits - 1
    if name in ("W_hh", "W_xh", "b_h"):  # the blame of all bits, added up: the way back is done
        return 0, 0
    if name in ("L", "w_hy", "b_y"):  # the label is at the end
        return ANSWER, (last if isinstance(model, LSTM) else 0)
    if isinstance(model, LSTM):
        return OF_AN_LSTM.get(name, ANSWER), t
    # Of an RNN all bits are in one drawing, with the last answer alone.
    return (ANSWER if name in ("z", "a") and t == last else t + 1), 0
