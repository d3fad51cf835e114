"""Neural networks from scratch, in NumPy: forward, backward and optimisers.

>>> from toystory.models import LSTM
>>> model = LSTM(hidden=16, seed=0)
>>> model.parameters.keys()
dict_keys(['W_hh', 'W_xh', 'b_h', 'w_hy', 'b_y'])
"""

from toystory.models import fast
from toystory.models.attention import Attention
from toystory.models.autograd import AutogradNet, Value
from toystory.models.gradient_check import GradientCheck, gradient_check
from toystory.models.loading import MODELS, load
from toystory.models.logistic_regression import LogisticRegression
from toystory.models.lstm import LSTM
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.rnn import RNN
from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.models.two_layer import TwoLayerNet

__all__ = [
    "LSTM",
    "MLP",
    "MODELS",
    "RNN",
    "Attention",
    "AutogradNet",
    "GradientCheck",
    "LogisticRegression",
    "Model",
    "SoftmaxMLP",
    "TwoLayerNet",
    "Value",
    "fast",
    "gradient_check",
    "load",
]
