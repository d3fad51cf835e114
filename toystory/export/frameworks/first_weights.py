"""How our models draw their first weights, as the text of a NumPy function for a script that stands alone."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from toystory.models.attention import EMBEDDING_SCALE
from toystory.models.mlp import SHARED_SIZE
from toystory.models.parts import first_weights
from toystory.training.experiment import Experiment

FUNCTION = '''\
def arrays() -> dict[str, np.ndarray]:
    """First weights, drawn as toystory/models/{file}.py draws them: both start from the same numbers."""
    rng = np.random.default_rng({seed})
{body}
    return {{name: np.asarray(array, "{dtype}") for name, array in ours.items()}}
'''
LOGISTIC = """\
ours = {{"w": np.array({weights}), "b": np.array([{bias}])}}
"""
TWO_LAYERS = """\
ours = {{
    "W1": gaussian(rng, ({columns}, {hidden}), {scale}),
    "b1": np.zeros({hidden}),
    "w2": gaussian(rng, ({hidden},), {scale}),
    "b2": np.zeros(1),
}}
"""
MLP = """\
ours = {{}}
for l, shape in enumerate({shapes}, start=1):
    ours[f"W{{l}}"] = {first} if l == 1 else {others}
    ours[f"b{{l}}"] = np.zeros(shape[1])
"""
MLP_SHARED = """\
ours = {{}}
for l, shape in enumerate({shapes}, start=1):
    b = np.zeros(shape[1])
    if l == 1:
        W, b = shared_signs(rng, shape, {size})
    else:
        W = he(rng, shape) / {size}
    ours[f"W{{l}}"], ours[f"b{{l}}"] = W, b
"""
RNN = """\
hidden = {hidden}
ours = {{
    "W_hh": {memory},
    "W_xh": gaussian(rng, (1, hidden), {bit_scale}),
    "b_h": np.zeros(hidden),
    "w_hy": gaussian(rng, (hidden,), {answer_scale}),
    "b_y": np.zeros(1),
}}
"""
LSTM = """\
hidden = {hidden}
b_h = np.zeros(4 * hidden)
b_h[hidden : 2 * hidden] = {forget_bias}  # the forget gates begin mostly open
ours = {{
    "W_hh": np.concatenate([orthogonal(rng, hidden) for _ in range(4)], axis=1),  # each gate by itself
    "W_xh": gaussian(rng, (1, 4 * hidden), {bit_scale}),
    "b_h": b_h,
    "w_hy": gaussian(rng, (hidden,), hidden**-0.5),
    "b_y": np.zeros(1),
}}
"""
ATTENTION = """\
width, hidden = {width}, {hidden}
square, scale = (width, width), width**-0.5
ours = {{
    "E_bit": gaussian(rng, (3, width), {embedding_scale}),
    "E_kind": gaussian(rng, (2, width), {embedding_scale}),
    "W_q": gaussian(rng, square, scale),
    "W_k": gaussian(rng, square, scale),
    "W_v": gaussian(rng, square, scale),
    "W_o": gaussian(rng, square, scale),
    "b_d": np.zeros(5),
    "W1": he(rng, (width, hidden)),
    "b1": np.zeros(hidden),
    "W2": gaussian(rng, (hidden, width), hidden**-0.5),
    "b2": np.zeros(width),
    "w_y": gaussian(rng, (width,), scale),
    "b_y": np.zeros(1),
}}
"""
FILES = {"LogisticRegression": "logistic_regression", "TwoLayerNet": "two_layer", "AutogradNet": "autograd"}


def first_weights_code(experiment: Experiment) -> str:
    """The function `arrays` for the experiment's model, after the functions that it calls."""
    body = _body(experiment)
    function = FUNCTION.format(
        file=FILES.get(experiment.model, experiment.model.lower()),
        seed=experiment.seed,
        body=textwrap.indent(body.strip("\n"), "    "),
        dtype=experiment.dtype,
    )
    draws: list[Callable[..., Any]] = [
        f for name, f in vars(first_weights).items() if inspect.isfunction(f) and f"{name}(" in body
    ]
    if first_weights.he in draws and first_weights.gaussian not in draws:
        draws.insert(0, first_weights.gaussian)
    return "\n\n".join([*map(_source, draws), function.rstrip("\n")])


def _body(e: Experiment) -> str:
    scale = e.weight_scale
    match e.model:
        case "LogisticRegression":
            weights = list(e.start[:-1]) or [0.0] * e.columns
            shown = f"{weights}" if e.start else f"[0.0] * {e.columns}"
            return LOGISTIC.format(weights=shown, bias=e.start[-1] if e.start else 0.0)
        case "TwoLayerNet" | "AutogradNet":
            return TWO_LAYERS.format(
                columns=e.columns, hidden=e.hidden[0], scale=1.0 if scale is None else scale
            )
        case "MLP":
            sizes = (e.columns, *e.hidden, 1)
            shapes = list(pairwise(sizes))
            if e.first_weights == "shared signs":
                return MLP_SHARED.format(shapes=shapes, size=SHARED_SIZE)
            normal = f"gaussian(rng, shape, {0.01 if scale is None else scale})"
            first = {"gaussian": normal, "signs": "signs(rng, shape)", "he": "he(rng, shape)"}[
                e.first_weights
            ]
            others = normal if e.first_weights == "gaussian" else "he(rng, shape)"
            return MLP.format(shapes=shapes, first=first, others=others)
        case "RNN":
            memory = (
                "orthogonal(rng, hidden)" if scale is None else f"gaussian(rng, (hidden, hidden), {scale}).T"
            )
            bits = e.bit_scale if e.bit_scale is not None else 1.0 if scale is None else scale
            answer = "hidden**-0.5" if scale is None else str(scale)
            return RNN.format(hidden=e.hidden[0], memory=memory, bit_scale=bits, answer_scale=answer)
        case "LSTM":
            bits_scale = "hidden**-0.5" if e.bit_scale is None else str(e.bit_scale)
            return LSTM.format(hidden=e.hidden[0], forget_bias=e.forget_bias, bit_scale=bits_scale)
        case "Attention":
            return ATTENTION.format(width=e.width, hidden=e.hidden[0], embedding_scale=EMBEDDING_SCALE)


def _source(function: Callable[..., Any]) -> str:
    return inspect.getsource(function).replace("FloatArray", "np.ndarray")
