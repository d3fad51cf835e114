"""Layers in a loop: one line forward and its lines back serve every layer."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import (
    adams_first_step,
    answer,
    bias_share,
    error,
    loss,
    slope_picture,
)
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.worked import Now, Worked, dot, factor, number, plus, product


def _bits(now: Now) -> Worked:
    bit = now.row("a0")[0]
    expression = f"2·{number((bit + 1) / 2)} − 1" if now.model.settings["signed"] else number(bit)
    equation = "" if now.model.settings["signed"] else "a⁰ = x"
    return Worked("a0[0]", expression, float(bit), equation=equation)


def _sum(now: Now) -> Worked:
    j = now.unit
    expression = f"{dot(now.row('a0'), now.parameter('W1')[:, j])}{plus(now.parameter('b1')[j])}"
    return Worked(f"z1[{j}]", expression, float(now.row("z1")[j]))


def _bend(now: Now) -> Worked:
    j = now.unit
    form = {"relu": "max(0, {})", "tanh": "tanh({})", "sigmoid": "σ({})"}[now.model.settings["activation"]]
    return Worked(f"a1[{j}]", form.format(number(now.row("z1")[j])), float(now.row("a1")[j]))


def _delta(now: Now) -> Worked:
    j = now.unit
    return Worked(f"da1[{j}]", dot(now.row("dz2"), now.parameter("W2")[j]), float(now.row("da1")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j = now.unit
    a = now.row("a1")[j]
    slope = {
        "relu": number(a > 0),
        "tanh": f"(1 − {factor(a)}²)",
        "sigmoid": f"{number(a)}·(1 − {number(a)})",
    }
    expression = f"{factor(now.row('da1')[j])}·{slope[now.model.settings['activation']]}"
    drawn = slope_picture(now.model.settings["activation"], float(now.row("z1")[j]), float(a))
    return Worked(f"dz1[{j}]", expression, float(now.row("dz1")[j]), drawn)


def _share(now: Now) -> Worked:
    j = now.unit
    expression = product(now.row("a0")[0], now.row("dz1")[j])
    return Worked(f"dW1[0, {j}]", expression, float(now.parameter("dW1")[0, j]))


DERIVATION = (
    DerivationStep(
        title="the bits, signed",
        equation="a⁰ = 2x − 1",
        sentence="Off speaks as loudly as on: −1 and +1. (Alex's own network read 0 and 1.)",
        module="mlp",
        source='cache: Cache = {"a0": 2 * x - 1 if self.signed else x}',
        value="a0",
        worked=_bits,
    ),
    DerivationStep(
        title="the sums of layer l",
        equation="zˡ = aˡ⁻¹ Wˡ + bˡ",
        sentence="Each layer reads the one before it. Here is the first.",
        module="mlp",
        source='z = cache[f"a{l - 1}"] @ W + b',
        value="z1",
        worked=_sum,
    ),
    DerivationStep(
        title="the bend",
        equation="aˡ = f(zˡ), the last one a = σ(zⁿ)",
        sentence="ReLU lets what is positive pass and stops the rest, as a diode does.",
        module="mlp",
        source="a = self.f(z) if l < self.layers else sigmoid(z)",
        value="a1",
        worked=_bend,
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="The last layer has one unit, and it is the gate of chapter 1.",
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
        title="the blame goes back",
        equation="daˡ⁻¹ = dzˡ Wˡᵀ",
        sentence="Through the same weights, in the other direction.",
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
        equation="dWˡ = aˡ⁻¹ᵀ dzˡ",
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
    DerivationStep(
        title="Adam's first step",
        equation="Wˡ ← Wˡ − η m / (r + ε)",
        sentence="m: the mean gradient, r: its usual size. At first m / r is a sign: a step of about η.",
        module="optimizers",
        source="parameter -= change",
        value="W1″",
        worked=adams_first_step("W1"),
    ),
)

SYMBOLS = (
    Symbol("a0", ("rows", "columns"), "the bits of a row, as the first layer reads them"),
    Symbol("W1", ("columns", "hidden"), "weights from the bits to the first layer's units"),
    Symbol("b1", ("hidden",), "a bias for each unit of the first layer"),
    Symbol("z1", ("rows", "hidden"), "what each unit of the first layer hears"),
    Symbol("a1", ("rows", "hidden"), "what it says: its activation"),
    Symbol("z", ("rows",), "the logit"),
    Symbol("a", ("rows",), "the answer: the probability that the label is 1"),
    Symbol("y", ("rows",), "the label, 0 or 1"),
    Symbol("L", (), "the loss: the mean cross-entropy"),
    Symbol("dz", ("rows", "1"), "the error: how the loss changes with zⁿ, which has one column"),
    Symbol("da1", ("rows", "hidden"), "the blame of each unit of the first layer"),
    Symbol("dz1", ("rows", "hidden"), "the blame of what it heard"),
    Symbol("dW1", ("columns", "hidden"), "how the loss changes with W1"),
    Symbol("db1", ("hidden",), "how the loss changes with b1"),
    Symbol("W1″", ("columns", "hidden"), "the first weights after the first step of Adam"),
)
