"""Softmax with cross-entropy, from real numbers to the error a − onehot(y), in the model's own numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from toystory.course.derivation.shared_lines import bias_share, loudest
from toystory.course.derivation.steps import DerivationStep, at_layer
from toystory.course.derivation.symbols import Symbol
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


DERIVATION = (
    DerivationStep(
        title="the columns, standardised",
        equation="a⁰ = (x − m) / s",
        sentence="Mean m and spread s are those of the training rows. Now no column is louder than another.",
        module="softmax_mlp",
        source="a0 = ((x - self.means) / self.spreads).astype(self.dtype)",
        value="a0",
        worked=_standardised,
    ),
    DerivationStep(
        title="the sums of layer l",
        equation="zˡ = aˡ⁻¹ Wˡ + bˡ",
        sentence="As in the tower. The last layer has a unit for every class.",
        module="softmax_mlp",
        source='z = cache[f"a{l - 1}"] @ W + b',
        value="z1",
        worked=_sum,
    ),
    DerivationStep(
        title="the bend",
        equation="aˡ = max(0, zˡ)",
        sentence="ReLU: what is positive passes, and all else becomes 0.",
        module="softmax_mlp",
        source="a = relu(z)",
        value="a1",
        worked=_bend,
    ),
    DerivationStep(
        title="softmax: a share for every class",
        equation="a = eᶻ / Σ eᶻ",
        sentence="Each share is above 0, and together they make 1. Of two classes it is the sigmoid.",
        module="softmax_mlp",
        source="a = softmax(z)",
        value="a",
        worked=_softmax,
    ),
    DerivationStep(
        title="the loss: cross-entropy",
        equation="L = ln Σ eᶻ − z_y",
        sentence="That is −ln of the share of y, the right class. All the others are in the sum.",
        module="loss",
        source="losses: FloatArray = log_sum - z[np.arange(len(z)), y]",
        value="L",
        worked=_loss,
    ),
    DerivationStep(
        title="the slope of z_y",
        equation="dz_y / dz = onehot(y)",
        sentence="1 at the right class, 0 at all others: moving another logit does not move this one.",
        module="softmax_mlp",
        source="onehot[np.arange(len(y)), y] = 1",
        value="onehot",
        worked=_onehot,
    ),
    DerivationStep(
        title="the error: a − onehot(y)",
        equation="dz = (a − onehot(y)) / rows",
        sentence="The slope of ln Σ eᶻ is eᶻ / Σ eᶻ, and that is a. Take off the slope of z_y: done.",
        module="softmax_mlp",
        source="dz = (a - onehot) / len(y)",
        value="dz",
        worked=_error,
    ),
    DerivationStep(
        title="the last weights' share",
        equation="dWⁿ = (aⁿ⁻¹)ᵀ dz + λ Wⁿ",
        sentence="What the last layer heard, times the error; and λ pulls each weight towards 0.",
        module="softmax_mlp",
        source='gradients[f"W{l}"] = cache[f"a{l - 1}"].T @ dz + self.weight_decay * W',
        value="dW",
        worked=_last_share,
    ),
    DerivationStep(
        title="the last biases' share",
        equation="dbⁿ = Σ dz",
        sentence="The errors, added up over the rows.",
        module="softmax_mlp",
        source='gradients[f"b{l}"] = column_sums(dz)',
        value="db",
        worked=_last_biases_share,
    ),
    DerivationStep(
        title="the blame goes back",
        equation="daˡ⁻¹ = dzˡ (Wˡ)ᵀ",
        sentence="Through the same weights, in the other direction.",
        module="softmax_mlp",
        source="da = dz @ W.T",
        value="da1",
        worked=_blame,
    ),
    DerivationStep(
        title="back through the bend",
        equation="dzˡ⁻¹ = daˡ⁻¹ ∘ f′(zˡ⁻¹)",
        sentence="f′ is 1 or 0: a unit that was off takes no blame.",
        module="softmax_mlp",
        source='dz = da * relu_derivative(cache[f"a{l - 1}"])',
        value="dz1",
        worked=_back_through_the_bend,
    ),
    DerivationStep(
        title="the weights' share",
        equation="dWˡ = (aˡ⁻¹)ᵀ dzˡ + λ Wˡ",
        sentence="What came in, times the blame for what went out; and λ pulls each weight towards 0.",
        module="softmax_mlp",
        source='gradients[f"W{l}"] = cache[f"a{l - 1}"].T @ dz + self.weight_decay * W',
        value="dW1",
        worked=_share,
    ),
    DerivationStep(
        title="the biases' share",
        equation="dbˡ = Σ dzˡ",
        sentence="The blame of each unit, added up over the rows.",
        module="softmax_mlp",
        source='gradients[f"b{l}"] = column_sums(dz)',
        value="db1",
        worked=bias_share("b1", "dz1"),
    ),
)
"""For a SoftmaxMLP with one hidden layer or more, on one row."""
WITHOUT_HIDDEN_LAYERS = tuple(
    step for step in DERIVATION if step.value not in ("a1", "dW", "db", "da1", "dz1")
)
"""The same where the first layer is the last one."""


def _with_dropout(step: DerivationStep) -> tuple[DerivationStep, ...]:
    """A step, and what dropout adds to it."""
    if step.title == "the bend":
        return (replace(step, equation="hˡ = max(0, zˡ)", value="h1"), *_DROPOUT)
    if step.title == "the blame goes back":
        return (step, _BACK_THROUGH_DROPOUT)
    if step.title == "back through the bend":
        return (replace(step, equation="dzˡ⁻¹ = dhˡ⁻¹ ∘ f′(zˡ⁻¹)"),)
    return (step,)


_DROPOUT = (
    DerivationStep(
        title="dropout: the mask",
        equation="mˡ = 0 or 1 / (1 − p)",
        sentence="A coin for each unit and row, new at each update. With the chance p a unit is left out: 0.",
        module="softmax_mlp",
        source="return [((self.dropout_rng.random(s) < kept) / kept).astype(self.dtype) for s in shapes]",
        value="m1",
        worked=_mask,
    ),
    DerivationStep(
        title="dropout: some are left out",
        equation="aˡ = hˡ ∘ mˡ",
        sentence="The others count more, so that the sums above stay as large as without dropout.",
        module="softmax_mlp",
        source="a = a * masks[l - 1]",
        value="a1",
        worked=_masked("a1", "h1"),
    ),
)
_BACK_THROUGH_DROPOUT = DerivationStep(
    title="back through dropout",
    equation="dhˡ⁻¹ = daˡ⁻¹ ∘ mˡ⁻¹",
    sentence="The same mask. A unit that was left out said nothing, so it takes no blame.",
    module="softmax_mlp",
    source='da = da * cache[f"m{l - 1}"]',
    value="dh1",
    worked=_masked("dh1", "da1"),
)
WITH_DROPOUT = tuple(step for before in DERIVATION for step in _with_dropout(before))
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


SYMBOLS = (
    Symbol("x", ("rows", "columns"), "the row, as it was measured"),
    Symbol("a0", ("rows", "columns"), "the same, standardised"),
    Symbol("W1", ("before", "hidden"), "weights of the layer, from each unit before it to each of its own"),
    Symbol("z1", ("rows", "hidden"), "what each unit of the layer hears"),
    Symbol("h1", ("rows", "hidden"), "with dropout: what it would say, were none left out"),
    Symbol("m1", ("rows", "hidden"), "dropout's mask: 0 for a unit left out, 1 / (1 − p) for one kept"),
    Symbol("a1", ("rows", "hidden"), "what it says: its activation"),
    Symbol("W", ("last but one", "classes"), "Wⁿ, the weights of the last layer"),
    Symbol("z", ("rows", "classes"), "the logits, one for each class"),
    Symbol("a", ("rows", "classes"), "the answer: a share for each class"),
    Symbol("y", ("rows",), "the right class, from 0"),
    Symbol("onehot", ("rows", "classes"), "1 at the right class, 0 elsewhere"),
    Symbol("L", (), "the loss: the mean cross-entropy, and what weight decay adds"),
    Symbol("dz", ("rows", "classes"), "the error: how the loss changes with the logits"),
    Symbol("dW", ("last but one", "classes"), "how the loss changes with the last weights"),
    Symbol("db", ("classes",), "how the loss changes with the last biases"),
    Symbol("da1", ("rows", "hidden"), "the blame of each unit of the layer"),
    Symbol("dh1", ("rows", "hidden"), "with dropout: the same, through the mask"),
    Symbol("dz1", ("rows", "hidden"), "the blame of what it heard"),
    Symbol("dW1", ("before", "hidden"), "how the loss changes with the weights of the layer"),
    Symbol("db1", ("hidden",), "how the loss changes with its biases"),
)
