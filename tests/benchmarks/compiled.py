"""One update of every model against compilers, in processor time: JAX with jit, and torch.compile.

Ours runs twice: as the app trains, on one batch after another, and through `fit`, whose costs are shared by
the updates of a call. Theirs is the whole update as one compiled function: forward, backward, clipping,
optimiser. The losses of the first updates are held to each other before anything is timed.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np

from tests.benchmarks.pairs import Row, in_turn, row
from tests.benchmarks.updates import LESSONS, rows_of
from toystory.models import LSTM, MLP, RNN, Attention, LogisticRegression, Model
from toystory.models.train_step import TrainStep, make_optimizer
from toystory.training.experiment import Experiment

PART = "update, compiled"
BAR, MEAN_BAR = 0.85, 0.65
CLOSE = 2e-3
"""Between losses: with first weights of ±1 many sums are 0 but for rounding, where a ReLU has two slopes."""
FIT_UPDATES = 50
"""Updates of one call of fit."""

Forward = Callable[[dict[str, Any], Any], Any]


def forward_of(model: Model, bits: int) -> Forward:
    """The logits of rows as JAX computes them, from parameters with our names and shapes.

    Args:
        model: Whose logits they are.
        bits: Of a row: they come as (rows, bits), to attention as the tokens that these make.
    """
    if isinstance(model, Attention):
        return _look(model, bits)
    if isinstance(model, LogisticRegression):
        return lambda p, x: x @ p["w"] + p["b"]
    if isinstance(model, RNN | LSTM):
        return lambda p, x: _read(model, p, x)
    if isinstance(model, MLP):
        return lambda p, x: _layers(model, p, x)
    return lambda p, x: jnp.tanh(x @ p["W1"] + p["b1"]) @ p["w2"] + p["b2"]


def _layers(model: MLP, p: dict[str, Any], x: Any) -> Any:
    bend = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid}[model.settings["activation"]]
    a = 2 * x - 1 if model.signed else x
    for layer in range(1, model.layers):
        a = bend(a @ p[f"W{layer}"] + p[f"b{layer}"])
    return (a @ p[f"W{model.layers}"] + p[f"b{model.layers}"])[:, 0]


def _read(model: RNN | LSTM, p: dict[str, Any], x: Any) -> Any:
    bits = (2 * x - 1 if model.settings.get("signed") else x).T[:, :, None]
    zeros = jnp.zeros((x.shape[0], model.hidden), x.dtype)

    def rnn(h: Any, bit: Any) -> Any:
        return jnp.tanh(h @ p["W_hh"] + bit @ p["W_xh"] + p["b_h"]), None

    def lstm(state: Any, bit: Any) -> Any:
        h, c = state
        i, f, o, g = jnp.split(h @ p["W_hh"] + bit @ p["W_xh"] + p["b_h"], 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

    if isinstance(model, RNN):
        h, _ = jax.lax.scan(rnn, zeros, bits)
    else:
        (h, _), _ = jax.lax.scan(lstm, (zeros, zeros), bits)
    return h @ p["w_hy"] + p["b_y"]


def _look(model: Attention, bits: int) -> Forward:
    at = np.arange(bits)[:, None]
    kind = np.repeat([0, 1], bits)
    distance, unseen = model.distances(bits, at, 2 * bits), np.arange(2 * bits) > bits + at
    c = model.factor(bits + at + 1)

    def forward(p: dict[str, Any], token: Any) -> Any:
        e = p["E_bit"][token] + p["E_kind"][kind]
        e_w = e[:, bits:]
        q, k, v = e_w @ p["W_q"], e @ p["W_k"], e @ p["W_v"]
        g = q @ k.transpose(0, 2, 1) / math.sqrt(model.width) + p["b_d"][distance]
        u = e_w + jax.nn.softmax(jnp.where(unseen, -jnp.inf, c * g), axis=2) @ v @ p["W_o"]
        o = u + jax.nn.relu(u @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        return o @ p["w_y"] + p["b_y"]

    return forward


def jax_update(experiment: Experiment, model: Model, x: Any, y: Any) -> Callable[[], float]:
    """A function that makes one compiled update and returns the loss before it."""
    forward = forward_of(model, experiment.columns)

    def loss_of(p: dict[str, Any], x: Any, y: Any) -> Any:
        z = forward(p, x)
        return jnp.mean(jax.nn.softplus(z) - y * z)

    @jax.jit
    def step(p: Any, m: Any, s: Any, t: Any, x: Any, y: Any) -> Any:
        y = y.astype(jnp.float32)
        x = x if isinstance(model, Attention) else x.astype(jnp.float32)
        loss, g = jax.value_and_grad(loss_of)(p, x, y)
        if experiment.clip is not None:
            norm = jnp.sqrt(sum(jnp.vdot(a, a) for a in jax.tree_util.tree_leaves(g)))
            g = jax.tree_util.tree_map(lambda a: a * jnp.minimum(1.0, experiment.clip / norm), g)
        rate, tree = experiment.learning_rate, jax.tree_util.tree_map
        if experiment.optimizer == "adam":
            m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            s = tree(lambda s, g: 0.999 * s + 0.001 * g * g, s, g)
            a, b = 1 - 0.9**t, 1 - 0.999**t
            p = tree(lambda p, m, s: p - rate * (m / a) / (jnp.sqrt(s / b) + 1e-8), p, m, s)
        else:
            m = tree(lambda m, g: (0.9 if experiment.optimizer == "momentum" else 0.0) * m + g, m, g)
            p = tree(lambda p, m: p - rate * m, p, m)
        return p, m, s, t + 1, loss

    state: list[Any] = [{name: jnp.asarray(value) for name, value in model.parameters.items()}]
    state += [jax.tree_util.tree_map(jnp.zeros_like, state[0]) for _ in range(2)]
    state.append(jnp.float32(1))

    def update() -> float:
        *state[:], loss = step(*state, x, y)
        return float(loss)

    return update


def torch_compiled_update(experiment: Experiment, model: Model, batch: Any) -> Callable[[], float]:
    """The same by torch.compile: forward, backward and optimiser, the loss before the update."""
    import torch

    from tests.benchmarks.peers import make_optimizer as torch_optimizer
    from tests.benchmarks.peers import module_for, tensors

    torch._dynamo.reset()
    module = module_for(experiment)
    x, y = tensors(experiment, model, batch)
    optimizer, cost = torch_optimizer(experiment, module), torch.nn.BCEWithLogitsLoss()
    parameters = [p for p in module.parameters() if p.requires_grad]
    compiled = torch.compile(lambda x, y: cost(module(x)[:, 0], y))

    def update() -> float:
        optimizer.zero_grad(set_to_none=True)
        loss = compiled(x, y)
        loss.backward()
        if experiment.clip is not None:
            torch.nn.utils.clip_grad_norm_(parameters, experiment.clip)
        optimizer.step()
        return float(loss.detach())

    return update


def rows_for(experiment: Experiment, quick: bool) -> Iterator[Row]:
    """Ours on both ways beside each compiler."""
    rounds = 5 if quick else 15
    batch = experiment.task.fresh(np.random.default_rng(0), rows_of(experiment))
    name = f"{experiment.model} {'-'.join(map(str, (experiment.columns, *experiment.hidden)))}"
    what = f"{name}, {rows_of(experiment):,} rows"

    def ours_of(model: Model) -> Callable[[], float]:
        optimizer = make_optimizer(experiment.optimizer, experiment.learning_rate)
        train_step = TrainStep(model, optimizer, experiment.clip)

        def ours() -> float:
            loss, _ = train_step.compute_gradients(batch)
            train_step.apply_gradients()
            return loss

        return ours

    model = experiment.build_model()
    x = model.tokens(batch.x, batch.y) if isinstance(model, Attention) else batch.x[:]
    peers = {"JAX jit": jax_update(experiment, model, jnp.asarray(x), jnp.asarray(batch.y))}
    if not quick:
        peers["torch.compile"] = torch_compiled_update(experiment, model, batch)
    fitted = experiment.build_model()

    def fit() -> None:
        fitted.fit(
            batch.x,
            batch.y,
            updates=FIT_UPDATES,
            batch=None,
            optimizer=experiment.optimizer,
            learning_rate=experiment.learning_rate,
            clip=experiment.clip,
        )

    for against, peer in peers.items():
        ours = ours_of(experiment.build_model())
        for _ in range(5):
            a, b = ours(), peer()
            if not math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE):
                raise ValueError(f"{what}: our loss is {a}, that of {against} {b}")
        yield row(PART, what, against, *in_turn(ours, peer, rounds, time.process_time), BAR)
    ours_times, peer_times = in_turn(fit, peers["JAX jit"], rounds, time.process_time)
    yield row(f"{PART}, fit", what, "JAX jit", [t / FIT_UPDATES for t in ours_times], peer_times, BAR)


def measure(quick: bool) -> Iterator[Row]:
    """A row for each lesson's model and way, and the geometric mean of each way; torch.compile, which takes a
    minute to compile a model that reads in time, not where it is to be quick."""
    ratios: dict[tuple[str, str], list[float]] = {}
    seen = set()
    for lesson in LESSONS:
        experiment = replace(
            lesson,
            given=(),
            start=(),
            rows=None,
            batch=rows_of(lesson),
            dtype="float32",
            lengths="full",
            labels=lesson.labels if lesson.model == "Attention" else "end",
        )
        key = (experiment.model, experiment.columns, experiment.hidden, experiment.batch)
        if key in seen:
            continue
        seen.add(key)
        for measured in rows_for(experiment, quick):
            ratios.setdefault((measured.part, measured.against), []).append(measured.ratio)
            yield measured
    for (part, against), found in ratios.items():
        mean = math.exp(statistics.fmean(map(math.log, found)))
        yield Row(part, "geometric mean", against, mean, 1.0, mean, min(found), max(found), MEAN_BAR, "×")
