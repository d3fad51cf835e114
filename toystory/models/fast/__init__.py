"""The models once more, in the form that training runs: the same equations, arranged for speed.

`models/lstm.py` and its neighbours are there to be read, and keep every intermediate value for whoever
wants to see it. Here the same numbers are computed without a new array at any step: they are written into
buffers that live as long as the training. tests/models/test_fast.py holds the two to each other.
"""

from __future__ import annotations

from toystory.models.attention import Attention
from toystory.models.fast.attention import FastAttention
from toystory.models.fast.form import FastForm
from toystory.models.fast.layers import FastLayers
from toystory.models.fast.logistic_regression import FastLogisticRegression
from toystory.models.fast.lstm import FastLSTM
from toystory.models.fast.rnn import FastRNN
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.rnn import RNN
from toystory.models.two_layer import TwoLayerNet


def fast_form(model: Model) -> FastForm | None:
    """The fast form of `model`; None for a class that has none, such as a subclass with other equations."""
    if type(model) is LogisticRegression:
        return FastLogisticRegression(model)
    if type(model) is TwoLayerNet or (type(model) is MLP and model.layers > 1):
        return FastLayers(model)
    if type(model) is RNN:
        return FastRNN(model)
    if type(model) is LSTM:
        return FastLSTM(model)
    if type(model) is Attention:
        return FastAttention(model)
    return None
