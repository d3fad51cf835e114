"""Templates of a script for PyTorch."""

NAME = "PyTorch"
IMPORTS = """
import numpy as np
import torch
from torch import nn

DTYPE = torch.«DTYPE»
"""
ACTIVATIONS = {"tanh": "torch.tanh", "relu": "torch.relu", "sigmoid": "torch.sigmoid"}

DENSE = '''
class Net(nn.Module):
    """Layers, one after the other, and a sigmoid."""

    def __init__(self) -> None:
        super().__init__()
        ours = arrays()
        pairs = «PAIRS»
        self.layers = nn.ModuleList(nn.Linear(*W.shape, dtype=DTYPE) for W, b in pairs)
        with torch.no_grad():
            for layer, (W, b) in zip(self.layers, pairs):
                layer.weight.copy_(torch.from_numpy(W.T.copy()))  # nn.Linear computes x Wᵀ + b
                layer.bias.copy_(torch.from_numpy(b))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits (rows,) of the rows x (rows, columns)."""
        a = «SIGNED»
        *hidden, last = self.layers
        for layer in hidden:
            a = «ACTIVATION»(layer(a))
        return last(a)[:, 0]

    def get_extra_state(self) -> dict:
        """What the state_dict has beside the arrays, so that `toystory export --from` knows the model."""
        return SETTINGS

    def set_extra_state(self, state: dict) -> None:
        assert state["class"] == SETTINGS["class"]


def predict_proba(x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row. x: bits, (rows, columns)."""
    with torch.no_grad():
        return torch.sigmoid(Net()(torch.as_tensor(x, dtype=DTYPE))).numpy()
'''

TABLE = '''
MEANS, SPREADS = (
    torch.tensor(SETTINGS["settings"][name], dtype=torch.float64) for name in ("means", "spreads")
)
"""Of the columns, as they were in the training rows."""


class Net(nn.Module):
    """Standardised columns, layers of ReLU units, and a logit for every class."""

    def __init__(self) -> None:
        super().__init__()
        ours = arrays()
        pairs = «PAIRS»
        self.layers = nn.ModuleList(nn.Linear(*W.shape, dtype=DTYPE) for W, b in pairs)
        with torch.no_grad():
            for layer, (W, b) in zip(self.layers, pairs):
                layer.weight.copy_(torch.from_numpy(W.T.copy()))  # nn.Linear computes x Wᵀ + b
                layer.bias.copy_(torch.from_numpy(b))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits (rows, classes) of the rows x (rows, columns), as they were measured."""
        a = ((x - MEANS) / SPREADS).to(DTYPE)
        *hidden, last = self.layers
        for layer in hidden:
            a = torch.relu(layer(a))  # dropout, if there was any, is for training
        return last(a)

    def get_extra_state(self) -> dict:
        """What the state_dict has beside the arrays, so that `toystory export --from` knows the model."""
        return SETTINGS

    def set_extra_state(self, state: dict) -> None:
        assert state["class"] == SETTINGS["class"]


def predict_proba(x: np.ndarray) -> np.ndarray:
    """The probability of every class for each row: (rows, classes). x: real numbers, (rows, columns)."""
    with torch.no_grad():
        return torch.softmax(Net()(torch.as_tensor(x, dtype=torch.float64)), dim=1).numpy()
'''

_RECURRENT = '''
    def forward(self, x: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """The logits (rows,) at the ends of the rows x (rows, steps). lengths: bits of each that count."""
        x = «SIGNED»
        h, _ = self.«LAYER»(x[:, :, None])  # after every bit, from zeros
        if lengths is None:
            lengths = torch.full((len(x),), x.shape[1])
        # What a row's memory becomes after its end is not looked at, so nothing has to be packed.
        return self.answer(h[torch.arange(len(x)), lengths - 1])[:, 0]

    def get_extra_state(self) -> dict:
        """What the state_dict has beside the arrays, so that `toystory export --from` knows the model."""
        return SETTINGS

    def set_extra_state(self, state: dict) -> None:
        assert state["class"] == SETTINGS["class"]


def predict_proba(x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
    """P(label is 1) of each row. x: (rows, steps). lengths: bits of each row."""
    ends = None if lengths is None else torch.as_tensor(lengths)
    with torch.no_grad():
        return torch.sigmoid(Net()(torch.as_tensor(x, dtype=DTYPE), ends)).numpy()
'''

RNN = '''
class Net(nn.Module):
    """One layer of tanh units that hears itself, and a sigmoid that reads it."""

    def __init__(self) -> None:
        super().__init__()
        ours = {name: torch.from_numpy(array.copy()) for name, array in arrays().items()}
        self.rnn = nn.RNN(1, len(ours["b_h"]), batch_first=True, dtype=DTYPE)  # tanh, as ours
        self.answer = nn.Linear(len(ours["b_h"]), 1, dtype=DTYPE)
        with torch.no_grad():
            # nn.RNN computes W h: its weights are ours transposed, (units, inputs).
            self.rnn.weight_hh_l0.copy_(ours["W_hh"].T)
            self.rnn.weight_ih_l0.copy_(ours["W_xh"].T)
            # It has two biases and adds them: ours is the first, the second stays zero.
            self.rnn.bias_ih_l0.copy_(ours["b_h"])
            self.rnn.bias_hh_l0.zero_()
            self.answer.weight.copy_(ours["w_hy"][None, :])
            self.answer.bias.copy_(ours["b_y"])
''' + _RECURRENT.replace("«LAYER»", "rnn")

LSTM = '''
def gates(columns: torch.Tensor) -> torch.Tensor:
    """Our columns i, f, o, g in PyTorch's order i, f, g, o."""
    i, f, o, g = columns.chunk(4, dim=-1)
    return torch.cat([i, f, g, o], dim=-1)


class Net(nn.Module):
    """One layer of gated cells, and a sigmoid that reads what they show."""

    def __init__(self) -> None:
        super().__init__()
        ours = {name: torch.from_numpy(array.copy()) for name, array in arrays().items()}
        hidden = len(ours["w_hy"])
        self.lstm = nn.LSTM(1, hidden, batch_first=True, dtype=DTYPE)
        self.answer = nn.Linear(hidden, 1, dtype=DTYPE)
        with torch.no_grad():
            # nn.LSTM computes W h: its weights are ours transposed, (4 hidden, inputs).
            self.lstm.weight_hh_l0.copy_(gates(ours["W_hh"]).T)
            self.lstm.weight_ih_l0.copy_(gates(ours["W_xh"]).T)
            # It has two biases and adds them: ours is the first, the second stays zero.
            self.lstm.bias_ih_l0.copy_(gates(ours["b_h"]))
            self.lstm.bias_hh_l0.zero_()
            self.answer.weight.copy_(ours["w_hy"][None, :])
            self.answer.bias.copy_(ours["b_y"])
''' + _RECURRENT.replace("«LAYER»", "lstm")

_ATTENTION = '''
START, FARTHEST = 2, 2


class Net(nn.Module):
    """Attention that thinks aloud. nn.MultiheadAttention knows neither the bias by distance nor the factor by
    which longer rows keep their attention sharp, so the head is written out; the arrays are ours."""

    def __init__(self) -> None:
        super().__init__()
        ours = {name: torch.from_numpy(array.copy()) for name, array in arrays().items()}
        self.ours = nn.ParameterDict(ours)

    def forward(self, read: torch.Tensor, written: torch.Tensor, first: int = 0) -> torch.Tensor:
        """The logits (rows, places) of what follows each written place, from place `first` on.

        read: (rows, n). written: START, then bits, (rows, m)."""
        p = self.ours
        n, m = read.shape[1], written.shape[1]
        e = torch.cat([p["E_bit"][read] + p["E_kind"][0], p["E_bit"][written] + p["E_kind"][1]], dim=1)
        e_w = e[:, n + first :]  # of the places that answer
        t = np.arange(first, m)[:, None]
        place = np.concatenate([np.arange(1, n + 1), np.arange(m)])
        distance = torch.from_numpy(np.clip(place - t, -FARTHEST, FARTHEST) + FARTHEST)
        c = torch.as_tensor(«FACTOR», dtype=DTYPE)
        scores = (e_w @ p["W_q"]) @ (e @ p["W_k"]).transpose(1, 2) / e.shape[2] ** 0.5
        s = c * (scores + p["b_d"][distance])
        unseen = torch.from_numpy(np.arange(n + m) > n + t)  # what is written later
        attention = torch.softmax(s.masked_fill(unseen, -torch.inf), dim=2)
        u = e_w + attention @ (e @ p["W_v"]) @ p["W_o"]
        o = u + torch.relu(u @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return o @ p["w_y"] + p["b_y"]

    def get_extra_state(self) -> dict:
        """What the state_dict has beside the arrays, so that `toystory export --from` knows the model."""
        return SETTINGS

    def set_extra_state(self, state: dict) -> None:
        assert state["class"] == SETTINGS["class"]

'''

THINK_ALOUD = '''
def predict_proba(net: Net, x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row: of the last bit that it writes. x: (rows, n)."""
    read = torch.as_tensor(x, dtype=torch.long)
    n = read.shape[1]
    written = torch.full((len(read), 1), START)
    with torch.no_grad():
        for t in range(«PLACES»):
            z = net(read, written, t)[:, 0]
            written = torch.cat([written, (z > 0).long()[:, None]], dim=1)
        return torch.sigmoid(z).numpy()
'''

ATTENTION = _ATTENTION + THINK_ALOUD.replace("net: Net, ", "").replace(
    "    read =", "    net = Net()\n    read ="
)
