"""Templates of a training script for PyTorch. The models are those of `pytorch.py`, without the weights."""

from toystory.export.frameworks import pytorch

NAME = "PyTorch"
IMPORTS = """
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

DTYPE = torch.«DTYPE»
"""
ACTIVATIONS = pytorch.ACTIVATIONS
LINEAR = "nn.Linear draws its first weights and its biases from ±1/√inputs; ours are put in their place."
DIFFERENCES = {
    "always": ["BCEWithLogitsLoss takes the mean over all labels, as ours does."],
    "DENSE": [LINEAR],
    "RNN": [
        LINEAR,
        "nn.RNN has two biases. Trained, both would get the same gradient, their sum would move twice\n"
        "  as far and the gradient's norm would count it twice: the second one is kept at zero.",
        "nn.RNN draws all its weights from ±1/√hidden; ours begin orthogonal.",
    ],
    "LSTM": [
        LINEAR,
        "nn.LSTM has two biases. Trained, both would get the same gradient, their sum would move twice\n"
        "  as far and the gradient's norm would count it twice: the second one is kept at zero.",
        "nn.LSTM draws everything from ±1/√hidden, the forget gates' biases too; ours begin at 1. And\n"
        "  nn.init.orthogonal_ would make one matrix of all four gates orthogonal; ours are, gate by gate.",
    ],
    "ATTENTION": [
        "nn.MultiheadAttention adds biases to its four matrices, and knows neither a bias by distance nor\n"
        "  the factor that keeps longer rows sharp: the head is written out, and its arrays are ours.",
        "PyTorch takes bytes in square brackets for a mask and not for places: bits become long first.",
        "Ours trains in a form that counts tokens of one kind and does not look at each: the same sums in\n"
        "  another order, so the last digits differ.",
    ],
    "adam": [
        "Adam has the same β₁, β₂ and ε = 1e-8, added after the bias correction, as ours. (Its\n"
        "  first step is little more than the gradient's sign: next to zero, rounding in float32 decides.)"
    ],
    "clip": [
        "clip_grad_norm_ divides by the norm + 1e-6 and scales a gradient that lies on the bound, too;\n"
        "  ours does not. A millionth: it is kept.",
    ],
}

_PREDICT = '''

def predict_proba(net: Net, x: np.ndarray) -> np.ndarray:
    """P(label is 1) of each row. x: bits, (rows, columns)."""
    with torch.no_grad():
        return torch.sigmoid(net(torch.as_tensor(x, dtype=DTYPE))).numpy()
'''

RIGHT_BITS = '''

def right_bits(y: np.ndarray) -> np.ndarray:
    """What is written for it while it learns: START, and the right bits but for the last. y: (rows, n)."""
    return np.insert(y[:, :-1], 0, START, axis=1)

'''


def _trainable(template: str, predict: str = _PREDICT) -> str:
    """The class alone: no weights to say what they are of, another `predict_proba`."""
    return template.partition("\n    def get_extra_state")[0] + predict


DENSE, RNN, LSTM = (_trainable(template) for template in (pytorch.DENSE, pytorch.RNN, pytorch.LSTM))
ATTENTION = _trainable(pytorch.ATTENTION, RIGHT_BITS + pytorch.THINK_ALOUD)

OPTIMIZERS = {
    "adam": "torch.optim.Adam(trained, lr=LEARNING_RATE)",
    "momentum": "torch.optim.SGD(trained, lr=LEARNING_RATE, momentum=0.9)",
    "gradient descent": "torch.optim.SGD(trained, lr=LEARNING_RATE)",
}
CLIP = """    nn.utils.clip_grad_norm_([p for p in net.parameters() if p.requires_grad], «NORM»)
"""
FREEZE = {
    "RNN": "    net.rnn.bias_hh_l0.requires_grad_(False)  # one bias, as ours\n",
    "LSTM": "    net.lstm.bias_hh_l0.requires_grad_(False)  # one bias, as ours\n",
}
HOW = {
    "whole rows": {"ANSWERS": "net(torch.as_tensor(x, dtype=DTYPE))"},
    "thinking aloud": {"ANSWERS": "net(torch.as_tensor(x).long(), torch.as_tensor(right_bits(y)).long())"},
    "at once": {"ANSWERS": "net(torch.as_tensor(x).long(), torch.full((len(x), 1), START))[:, 0]"},
}
"""How a batch is asked for its logits."""
UPDATE = '''
def start() -> tuple[Net, torch.optim.Optimizer]:
    """The untrained model, and what trains it."""
    net = Net()
«FREEZE»    trained = [p for p in net.parameters() if p.requires_grad]
    return net, «OPTIMIZER»


def update(net: Net, optimizer: torch.optim.Optimizer, x: np.ndarray, y: np.ndarray, number: int) -> float:
    """Learn one batch; the loss before it. number: updates made so far."""
    for group in optimizer.param_groups:
        group["lr"] = LEARNING_RATE - (LEARNING_RATE - LAST_RATE) * min(number / UPDATES, 1.0)
    optimizer.zero_grad()
    z = «ANSWERS»
    loss = nn.functional.binary_cross_entropy_with_logits(z, torch.as_tensor(y, dtype=DTYPE))
    loss.backward()
«CLIP»    optimizer.step()
    return loss.item()
'''
