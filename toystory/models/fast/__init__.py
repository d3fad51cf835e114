"""The models once more, in the form that training runs: the same equations, arranged for speed.

`models/lstm.py` and its neighbours are there to be read, and keep every intermediate value for whoever
wants to see it. Here the same numbers are computed without a new array at any step: they are written into
buffers that live as long as the training. tests/models/test_fast.py holds the two to each other, and
`HELD_TO` says which source it was.
"""

from __future__ import annotations

from itertools import chain

from toystory.models.attention import Attention
from toystory.models.autograd import AutogradNet
from toystory.models.fast.held_to import HELD_TO
from toystory.models.fast_form import FastForm, register
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.parts.activations import ACTIVATIONS
from toystory.models.rnn import RNN
from toystory.models.two_layer import TwoLayerNet

# Each form is imported when a model of its class is first trained: whoever only predicts does without.


def _logistic_regression(model: LogisticRegression) -> FastForm:
    from toystory.models.fast.logistic_regression import FastLogisticRegression

    return FastLogisticRegression(model)


def _layers(model: TwoLayerNet | MLP) -> FastForm | None:
    from toystory.models.fast.layers import FastLayers

    return FastLayers(model) if isinstance(model, TwoLayerNet) or model.layers > 1 else None


def _rnn(model: RNN) -> FastForm:
    from toystory.models.fast.rnn import FastRNN

    return FastRNN(model)


def _lstm(model: LSTM) -> FastForm:
    from toystory.models.fast.lstm import FastLSTM

    return FastLSTM(model)


def _attention(model: Attention) -> FastForm:
    from toystory.models.fast.attention import FastAttention

    return FastAttention(model)


register(LogisticRegression, _logistic_regression, HELD_TO["LogisticRegression"])
register(TwoLayerNet, _layers, HELD_TO["TwoLayerNet"])
register(MLP, _layers, HELD_TO["MLP"], chain(*ACTIVATIONS.values()))
register(RNN, _rnn, HELD_TO["RNN"])
register(LSTM, _lstm, HELD_TO["LSTM"])
register(AutogradNet, lambda model: None, HELD_TO["AutogradNet"])
register(Attention, _attention, HELD_TO["Attention"])
