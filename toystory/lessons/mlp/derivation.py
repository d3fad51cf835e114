"""Layers in a loop: one line forward and its lines back serve every layer."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import (
    answer,
    bias_share,
    error,
    loss,
    loudest,
    slope_picture,
)
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import Now, Worked, dot, factor, number, plus, product
from toystory.models.parts.arrays import FloatArray


def _bits(now: Now) -> Worked:
    bit = now.row("a0")[0]
    if now.model.settings["signed"]:
        return Worked("a0[0]", f"2·{number((bit + 1) / 2)} − 1", float(bit))
    sentence = "It reads the bits as they are, 0 and 1: a bit that is off adds nothing."
    return Worked("a0[0]", number(bit), float(bit), equation="a⁰ = x", sentence=sentence)


def _sum(now: Now) -> Worked:
    j, l = now.unit, now.layer
    heard = dot(now.row(f"a{l - 1}"), now.parameter(f"W{l}")[:, j])
    return Worked(f"z{l}[{j}]", f"{heard}{plus(now.parameter(f'b{l}')[j])}", float(now.row(f"z{l}")[j]))


def _bend(now: Now) -> Worked:
    j, l, bend = now.unit, now.layer, now.model.settings["activation"]
    form = {"relu": "max(0, {})", "tanh": "tanh({})", "sigmoid": "σ({})"}[bend]
    z, a = number(now.row(f"z{l}")[j]), float(now.row(f"a{l}")[j])
    equation = "" if bend == "relu" else f"aˡ = {form.format('zˡ')}"
    return Worked(f"a{l}[{j}]", form.format(z), a, equation=equation)


def _last_sum(now: Now) -> Worked:
    heard = dot(_last_heard(now), now.parameter("W")[:, 0])
    return Worked("z", f"{heard}{plus(now.parameter('b')[0])}", float(now.row("z")))


def _last_share(now: Now) -> Worked:
    j = loudest(_last_heard(now))
    return Worked(
        f"dW[{j}, 0]", product(_last_heard(now)[j], now.row("dz")[0]), float(now.parameter("dW")[j, 0])
    )


def _last_heard(now: Now) -> FloatArray:
    """The activations that the last layer reads."""
    return now.row(f"a{len(now.model.settings['layer_sizes']) - 2}")


def _delta(now: Now) -> Worked:
    j, l = now.unit, now.layer
    blame = dot(now.row(f"dz{l + 1}"), now.parameter(f"W{l + 1}")[j])
    return Worked(f"da{l}[{j}]", blame, float(now.row(f"da{l}")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j, l, bend = now.unit, now.layer, now.model.settings["activation"]
    z, a = float(now.row(f"z{l}")[j]), float(now.row(f"a{l}")[j])
    slope = {
        "relu": number(a > 0),
        "tanh": f"(1 − {factor(a)}²)",
        "sigmoid": f"{number(a)}·(1 − {number(a)})",
    }
    expression = f"{factor(now.row(f'da{l}')[j])}·{slope[bend]}"
    return Worked(f"dz{l}[{j}]", expression, float(now.row(f"dz{l}")[j]), slope_picture(bend, z, a))


def _share(now: Now) -> Worked:
    j, l = now.unit, now.layer
    heard = now.row(f"a{l - 1}")
    i = loudest(heard)
    expression = product(heard[i], now.row(f"dz{l}")[j])
    return Worked(f"dW{l}[{i}, {j}]", expression, float(now.parameter(f"dW{l}")[i, j]))


DERIVATION = (
    DerivationStep(
        title="the bits",
        equation="a⁰ = 2x − 1",
        sentence="As −1 and +1, off speaks as loudly as on. (Alex's own network read 0 and 1.)",
        module="mlp",
        source='cache: Cache = {"a0": 2 * x - 1 if self.signed else x}',
        value="a0",
        worked=_bits,
    ),
    DerivationStep(
        title="the sums of layer l",
        equation="zˡ = aˡ⁻¹ Wˡ + bˡ",
        sentence="Each layer reads the one before it. l counts the layers, the first reads the bits.",
        module="mlp",
        source='z = cache[f"a{l - 1}"] @ W + b',
        value="z1",
        worked=_sum,
    ),
    DerivationStep(
        title="the bend",
        equation="aˡ = f(zˡ)",
        sentence="f is the bend. ReLU lets what is positive pass and stops the rest, as a diode does.",
        module="mlp",
        source="a = self.f(z) if l < self.layers else sigmoid(z)",
        value="a1",
        worked=_bend,
    ),
    DerivationStep(
        title="the sum of the last layer",
        equation="zⁿ = aⁿ⁻¹ Wⁿ + bⁿ",
        sentence="n is the last layer. It has one unit, so this is one number: the logit z.",
        module="mlp",
        source='z = cache[f"a{l - 1}"] @ W + b',
        value="z",
        worked=_last_sum,
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="The last layer is the gate of chapter 1, without a bend f.",
        module="mlp",
        source='cache["z"], cache["a"] = z[:, 0], a[:, 0]',
        value="a",
        worked=answer,
    ),
    DerivationStep(
        title="the loss",
        equation="L = ln(1 + eᶻ) − y z",
        sentence="Little when it is sure and right, much when it is sure and wrong.",
        module="loss",
        source="losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        value="L",
        worked=loss,
    ),
    DerivationStep(
        title="the error",
        equation="dzⁿ = (a − y) / rows",
        sentence="The way back begins at the last layer, with the a − y of chapter 1.",
        module="mlp",
        source="dz = ((a - y) / len(y))[:, None]",
        value="dz",
        worked=error,
    ),
    DerivationStep(
        title="the last weights' share",
        equation="dWⁿ = (aⁿ⁻¹)ᵀ dzⁿ",
        sentence="What the last layer heard, times the error.",
        module="mlp",
        source='gradients[f"W{l}"] = cache[f"a{l - 1}"].T @ dz',
        value="dW",
        worked=_last_share,
    ),
    DerivationStep(
        title="the last bias's share",
        equation="dbⁿ = Σ dzⁿ",
        sentence="The error, added up over the rows.",
        module="mlp",
        source='gradients[f"b{l}"] = column_sums(dz)',
        value="db",
        worked=bias_share("b", "dz"),
    ),
    DerivationStep(
        title="the blame goes back",
        equation="daˡ⁻¹ = dzˡ (Wˡ)ᵀ",
        sentence="To the layer below, through the same weights in the other direction.",
        module="mlp",
        source='da = dz @ self.parameters[f"W{l}"].T',
        value="da1",
        worked=_delta,
    ),
    DerivationStep(
        title="back through the bend",
        equation="dzˡ⁻¹ = daˡ⁻¹ ∘ f′(zˡ⁻¹)",
        sentence="f′ is the slope of f. For ReLU it is 1 or 0: a unit that was off takes no blame.",
        module="mlp",
        source='dz = da * self.f_derivative(cache[f"a{l - 1}"])',
        value="dz1",
        worked=_back_through_the_bend,
    ),
    DerivationStep(
        title="the weights' share",
        equation="dWˡ = (aˡ⁻¹)ᵀ dzˡ",
        sentence="What came in, times the blame for what went out.",
        module="mlp",
        source='gradients[f"W{l}"] = cache[f"a{l - 1}"].T @ dz',
        value="dW1",
        worked=_share,
    ),
    DerivationStep(
        title="the biases' share",
        equation="dbˡ = Σ dzˡ",
        sentence="The blame of each unit, added up over the rows.",
        module="mlp",
        source='gradients[f"b{l}"] = column_sums(dz)',
        value="db1",
        worked=bias_share("b1", "dz1"),
    ),
    optimizer_step("W1", "Wˡ", "adam"),
)

SYMBOLS = (
    Symbol("a0", ("rows", "columns"), "the bits of a row, as the first layer reads them"),
    Symbol("W1", ("before", "units"), "weights of a layer: from each unit before it to each of its own"),
    Symbol("b1", ("units",), "a bias for each unit of the layer"),
    Symbol("z1", ("rows", "units"), "what each unit of the layer hears"),
    Symbol("a1", ("rows", "units"), "what it says: its activation"),
    Symbol("W", ("last but one", "1"), "Wⁿ, the weights of the last layer"),
    Symbol("b", ("1",), "bⁿ, the bias of the last layer"),
    Symbol("z", ("rows",), "the logit: the only column of zⁿ"),
    Symbol("a", ("rows",), "the answer: the probability that the label is 1"),
    Symbol("y", ("rows",), "the label, 0 or 1"),
    Symbol("L", (), "the loss: the mean cross-entropy"),
    Symbol("dz", ("rows", "1"), "the error: how the loss changes with zⁿ, which has one column"),
    Symbol("dW", ("last but one", "1"), "how the loss changes with the last weights"),
    Symbol("db", ("1",), "how the loss changes with the last bias"),
    Symbol("da1", ("rows", "units"), "the blame of each unit of the layer"),
    Symbol("dz1", ("rows", "units"), "the blame of what it heard"),
    Symbol("dW1", ("before", "units"), "how the loss changes with the weights of the layer"),
    Symbol("db1", ("units",), "how the loss changes with its biases"),
    Symbol("W1″", ("before", "units"), "the weights of the layer after the first step of Adam"),
)
