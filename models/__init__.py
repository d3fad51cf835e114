"""Neural networks from scratch, in NumPy: forward, backward, optimisers and the training loop.

>>> from models import LSTM
>>> model = LSTM(hidden=16, seed=0)
>>> model.parameters.keys()
dict_keys(['W_h', 'W_x', 'b', 'w_y', 'b_y'])
"""

from models.experiment import Experiment
from models.gradient_check import GradientCheck, gradient_check
from models.logistic_regression import LogisticRegression
from models.lstm import LSTM
from models.mlp import MLP
from models.model import Model
from models.rnn import RNN
from models.storage import MODELS, load
from models.training import Progress, Training, train
from models.two_layer import TwoLayerNet

__all__ = [
    "LSTM",
    "MLP",
    "MODELS",
    "RNN",
    "Experiment",
    "GradientCheck",
    "LogisticRegression",
    "Model",
    "Progress",
    "Training",
    "TwoLayerNet",
    "gradient_check",
    "load",
    "train",
]
