"""The models of the lessons in PyTorch: eager modules of the same shapes, the same clipping and steps."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from toystory.models import LSTM, MLP, RNN, Attention, Model, TwoLayerNet
from toystory.models.parts.batches import Batch
from toystory.training.experiment import Experiment

BENDS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class Recurrent(nn.Module):
    """PyTorch's own nn.RNN or nn.LSTM, all steps in one call, and a linear layer on its last state."""

    def __init__(self, kind: str, hidden: int) -> None:
        super().__init__()
        self.memory = (nn.RNN if kind == "RNN" else nn.LSTM)(1, hidden)
        self.memory.bias_hh_l0.requires_grad_(False).zero_()  # one bias, as here
        self.answer = nn.Linear(hidden, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        states, _ = self.memory(x)
        logits: torch.Tensor = self.answer(states[-1])
        return logits


class Looking(nn.Module):
    """Attention as it is written in eager PyTorch, with its own fused scaled_dot_product_attention."""

    def __init__(self, model: Attention, bits: int) -> None:
        super().__init__()
        for name, values in model.parameters.items():
            self.register_parameter(name, nn.Parameter(torch.from_numpy(values.copy())))
        places = bits if model.thinks_aloud else 1
        at = np.arange(places)[:, None]
        self.bits = bits
        self.kind = torch.from_numpy(np.repeat([0, 1], [bits, places]))
        self.distance = torch.from_numpy(model.distances(bits, at, bits + places))
        self.unseen = torch.from_numpy(np.arange(bits + places) > bits + at)
        self.c = torch.from_numpy(model.factor(bits + at + 1))

    def forward(self, token: torch.Tensor) -> torch.Tensor:
        e = self.E_bit[token] + self.E_kind[self.kind]
        e_w = e[:, self.bits :]
        q, k, v = e_w @ self.W_q * self.c, e @ self.W_k, e @ self.W_v
        bias = (self.c * self.b_d[self.distance]).masked_fill(self.unseen, -torch.inf)
        read = nn.functional.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None], attn_mask=bias)
        u = e_w + read[:, 0] @ self.W_o
        o = u + torch.relu(u @ self.W1 + self.b1) @ self.W2 + self.b2
        z: torch.Tensor = o @ self.w_y + self.b_y
        return z[:, None]


def module_for(experiment: Experiment) -> nn.Module:
    """As `experiment` has it, with the very same first weights."""
    model = experiment.build_model()
    if isinstance(model, Attention):
        return Looking(model, experiment.columns)
    if isinstance(model, RNN | LSTM):
        module: nn.Module = Recurrent(experiment.model, model.hidden)
    else:
        sizes = (experiment.columns, *experiment.hidden, 1)
        bend = nn.Tanh if isinstance(model, TwoLayerNet) else BENDS[experiment.activation]
        layers: list[nn.Module] = []
        for inputs, units in pairwise(sizes):
            layers += [nn.Linear(inputs, units), bend()]
        module = nn.Sequential(*layers[:-1])
    _copy_weights(model, module)
    return module


def _copy_weights(model: Model, module: nn.Module) -> None:
    arrays = [np.array(p) for p in model.parameters.values()]
    if isinstance(module, Recurrent):
        W_hh, W_xh, b_h, w_hy, b_y = arrays
        if isinstance(model, LSTM):  # i, f, o, g here; i, f, g, o there
            i, f, o, g = np.split(np.arange(4 * model.hidden), 4)
            order = np.concatenate([i, f, g, o])
            W_hh, W_xh, b_h = W_hh[:, order], W_xh[:, order], b_h[order]
        memory, answer = module.memory, module.answer
        pairs = [
            (memory.weight_hh_l0, W_hh.T),
            (memory.weight_ih_l0, W_xh.T),
            (memory.bias_ih_l0, b_h),
            (answer.weight, w_hy[None]),
            (answer.bias, b_y),
        ]
    else:
        pairs = []
        linear = [layer for layer in module.modules() if isinstance(layer, nn.Linear)]
        for layer, W, b in zip(linear, arrays[::2], arrays[1::2], strict=True):
            pairs += [(layer.weight, W.reshape(len(W), -1).T), (layer.bias, b)]
    with torch.no_grad():
        for parameter, values in pairs:
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))


def tensors(experiment: Experiment, model: Model, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """A batch as the module reads it."""
    if isinstance(model, Attention):
        return torch.from_numpy(model.tokens(batch.x, batch.y)), torch.from_numpy(batch.y.astype(np.float32))
    x = torch.from_numpy(batch.x[:].astype(np.float32))
    y = torch.from_numpy(batch.y.astype(np.float32))
    if isinstance(model, MLP | RNN) and experiment.signed:
        x = 2 * x - 1
    return (x.T.contiguous()[:, :, None] if experiment.recurrent else x), y


def make_optimizer(experiment: Experiment, module: nn.Module) -> torch.optim.Optimizer:
    """The fused forms: one call for all parameters, the fastest there is on a processor."""
    parameters = [p for p in module.parameters() if p.requires_grad]
    if experiment.optimizer == "adam":
        return torch.optim.Adam(parameters, experiment.learning_rate, fused=True)
    momentum = 0.9 if experiment.optimizer == "momentum" else 0.0
    return torch.optim.SGD(parameters, experiment.learning_rate, momentum=momentum, fused=True)


def update_of(experiment: Experiment, module: nn.Module) -> Callable[[torch.Tensor, torch.Tensor], float]:
    """A function that makes one update on a batch of tensors and returns the loss before it."""
    optimizer = make_optimizer(experiment, module)
    cost = nn.BCEWithLogitsLoss()
    clipped: list[Any] = [p for p in module.parameters() if p.requires_grad]

    def update(x: torch.Tensor, y: torch.Tensor) -> float:
        optimizer.zero_grad(set_to_none=True)
        loss = cost(module(x)[:, 0], y)
        loss.backward()
        if experiment.clip is not None:
            nn.utils.clip_grad_norm_(clipped, experiment.clip)
        optimizer.step()
        return float(loss.detach())

    update.optimizer = optimizer  # type: ignore[attr-defined]
    return update
