"""Softmax with cross-entropy, from real numbers to the error a − onehot(y), in the model's own numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import bias_share, loudest
from toystory.course.derivation.steps import DerivationStep, at_layer
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import Now, Worked, dot, exponentials, factor, number, plus, product
from toystory.models.parts.arrays import FloatArray
from toystory.models.softmax_mlp import SoftmaxMLP
from toystory.training.settings import OptimizerName


def _standardised(now: Now) -> Worked:
    mean, spread = (now.model.settings[name][0] for name in ("means", "spreads"))
    x = float(now.row("x")[0])
    expression = f"({number(x)}{plus(-mean) if mean else ' − 0'}) / {number(spread)}"
    return Worked("a0[0]", expression, float(now.row("a0")[0]))


def _sum(now: Now) -> Worked:
    j, l = now.unit, now.layer
    heard = dot(now.row(f"a{l - 1}"), now.parameter(f"W{l}")[:, j])
    return Worked(f"z{l}[{j}]", f"{heard}{plus(now.parameter(f'b{l}')[j])}", float(now.row(f"z{l}")[j]))


def _bend(now: Now) -> Worked:
    j, l = now.unit, now.layer
    name = f"h{l}" if f"m{l}" in now.values else f"a{l}"
    return Worked(f"{name}[{j}]", f"max(0, {number(now.row(f'z{l}')[j])})", float(now.row(name)[j]))


def _mask(now: Now) -> Worked:
    name, p = now.at_layer("m1"), now.model.settings["dropout"]
    kept = float(now.row(name)[now.unit])
    return Worked(f"{name}[{now.unit}]", f"1 / (1 − {number(p)})" if kept else "0", kept)


def _masked(name: str, of: str) -> Callable[[Now], Worked]:
    """Times the mask, forward or back."""

    def work(now: Now) -> Worked:
        j, left = now.unit, now.at_layer(name)
        expression = product(now.row(now.at_layer(of))[j], now.row(now.at_layer("m1"))[j])
        return Worked(f"{left}[{j}]", expression, float(now.row(left)[j]))

    return work


def _softmax(now: Now) -> Worked:
    z, y = now.row("z"), _right(now)
    return Worked(f"a[{y}]", f"exp({number(z[y])}) / ({exponentials(z)})", float(now.row("a")[y]))


def _loss(now: Now) -> Worked:
    z, y = now.row("z"), _right(now)
    expression = f"ln({exponentials(z)}){plus(-z[y])}"
    loss, decay = float(now.values["L"]), now.model.settings["weight_decay"]
    if not decay:
        return Worked("L", expression, loss)
    squares = sum(
        float(np.square(W.astype(np.float64)).sum())
        for name, W in now.model.parameters.items()
        if name.startswith("W")
    )
    penalty = f" + {number(decay / 2)}·{number(squares)}"
    return Worked("L", expression + penalty, loss, equation="L = ln Σ eᶻ − z_y + λ/2 Σ W²")


def _onehot(now: Now) -> Worked:
    return Worked(f"onehot[{_right(now)}]", "1", float(now.row("onehot")[_right(now)]))


def _error(now: Now) -> Worked:
    y = _right(now)
    return Worked(f"dz[{y}]", f"{number(now.row('a')[y])} − 1", float(now.row("dz")[y]))


def _blame(now: Now) -> Worked:
    j, l = now.unit, now.layer
    blame = dot(now.row(f"dz{l + 1}"), now.parameter(f"W{l + 1}")[j])
    return Worked(f"da{l}[{j}]", blame, float(now.row(f"da{l}")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j, l = now.unit, now.layer
    given, said = (f"dh{l}", f"h{l}") if f"m{l}" in now.values else (f"da{l}", f"a{l}")
    expression = f"{factor(now.row(given)[j])}·{number(now.row(said)[j] > 0)}"
    return Worked(f"dz{l}[{j}]", expression, float(now.row(f"dz{l}")[j]))


def _share(now: Now) -> Worked:
    l = now.layer
    return _weights_share(now, f"dW{l}", f"W{l}", now.row(f"a{l - 1}"), now.row(f"dz{l}"), now.unit)


def _last_share(now: Now) -> Worked:
    heard = now.row(f"a{len(now.model.settings['layer_sizes']) - 2}")
    return _weights_share(now, "dW", "W", heard, now.row("dz"), _right(now))


def _weights_share(
    now: Now, left: str, weights: str, heard: FloatArray, errors: FloatArray, unit: int
) -> Worked:
    """What came in times the blame for what went out, for the loudest that came in, and the decay."""
    i, decay = loudest(heard), now.model.settings["weight_decay"]
    expression = product(heard[i], errors[unit])
    if decay:
        expression += f" + {product(decay, now.parameter(weights)[i, unit])}"
    return Worked(f"{left}[{i}, {unit}]", expression, float(now.parameter(left)[i, unit]))


def _last_biases_share(now: Now) -> Worked:
    y = _right(now)
    return Worked(f"db[{y}]", number(now.row("dz")[y]), float(now.parameter("db")[y]))


def _right(now: Now) -> int:
    return int(np.asarray(now.values["y"])[0])


_ALL, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "the columns, standardised": _standardised,
        "the sums of layer l": _sum,
        "the bend": _bend,
        "dropout: the mask": _mask,
        "dropout: some are left out": _masked("a1", "h1"),
        "softmax: a share for every class": _softmax,
        "the loss: cross-entropy": _loss,
        "the slope of z_y": _onehot,
        "the error: a − onehot(y)": _error,
        "the last weights' share": _last_share,
        "the last biases' share": _last_biases_share,
        "the blame goes back": _blame,
        "back through dropout": _masked("dh1", "da1"),
        "back through the bend": _back_through_the_bend,
        "the weights' share": _share,
        "the biases' share": bias_share("b1", "dz1"),
    },
)
DERIVATION = tuple(step for step in _ALL if "dropout" not in step.title)
"""For a SoftmaxMLP with one hidden layer or more, on one row."""
WITHOUT_HIDDEN_LAYERS = tuple(
    step for step in DERIVATION if step.value not in ("a1", "dW", "db", "da1", "dz1")
)
"""The same where the first layer is the last one."""


def _in_dropout(step: DerivationStep) -> DerivationStep:
    """A step as it is with dropout, where what the bend makes is still to be masked."""
    match step.title:
        case "the bend":
            return replace(step, equation="hˡ = max(0, zˡ)", value="h1")
        case "back through the bend":
            return replace(step, equation="dzˡ⁻¹ = dhˡ⁻¹ ∘ f′(zˡ⁻¹)")
    return step


WITH_DROPOUT = tuple(map(_in_dropout, _ALL))
"""The same as it learns with dropout: the next mask of the model's own is drawn for it."""


def derivation_of(
    model: SoftmaxMLP, layer: int = 1, optimizer: OptimizerName = "adam"
) -> tuple[DerivationStep, ...]:
    """The steps of this very model, and the first of its optimiser.

    Args:
        model: The model.
        layer: The hidden layer that is looked at, from 1.
        optimizer: What trains it.
    """
    steps = WITHOUT_HIDDEN_LAYERS if model.layers == 1 else WITH_DROPOUT if model.dropout else DERIVATION
    return tuple(at_layer(step, layer) for step in (*steps, optimizer_step("W1", "Wˡ", optimizer)))
