"""Forward, every number with its slopes; then back, and every line of the way back is the same one."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, bias_share
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import Now, Worked, factor, number, product
from toystory.lessons.two_layer.derivation import bend, first_share, hidden_sum, output_sum

STEP_BACK = "each.grad += slope * value.grad"
"""The only line of the way back."""


def _loss(now: Now) -> Worked:
    z, y = float(now.row("z")), float(now.row("y"))
    return Worked("L", f"ln(exp({number(-z if y else z)}) + 1)", float(now.parameter("L")))


def _error(now: Now) -> Worked:
    z, y = float(now.row("z")), float(now.row("y"))
    signed, sign = number(-z if y else z), "(−1)" if y else "1"
    return Worked("dz", f"1 / (exp({signed}) + 1)·exp({signed})·{sign}", float(now.row("dz")))


def _output_weight(now: Now) -> Worked:
    j = now.unit
    return Worked(f"dw2[{j}]", product(now.row("h")[j], now.row("dz")), float(now.parameter("dw2")[j]))


def _unit(now: Now) -> Worked:
    j = now.unit
    return Worked(f"dh[{j}]", product(now.parameter("w2")[j], now.row("dz")), float(now.row("dh")[j]))


def _through_tanh(now: Now) -> Worked:
    j = now.unit
    expression = f"(1 − {factor(now.row('h')[j])}²)·{factor(now.row('dh')[j])}"
    return Worked(f"dz1[{j}]", expression, float(now.row("dz1")[j]))


DERIVATION = (
    DerivationStep(
        title="a sum of products",
        equation="z₁ = x W₁ + b₁",
        sentence="Each product remembers two slopes, each sum remembers 1 and 1.",
        module="autograd",
        source="total = total + weight * each",
        value="z1",
        worked=hidden_sum,
    ),
    DerivationStep(
        title="the tanh, with its slope",
        equation="h = tanh(z₁)",
        sentence="The slope, 1 − h², is written down on the way forward already.",
        module="autograd",
        source='return Value(t, (self,), (1 - t * t,), "tanh")',
        value="h",
        worked=bend,
    ),
    DerivationStep(
        title="the output's sum",
        equation="z = h w₂ + b₂",
        sentence="The same products and sums once more, this time of units and their weights.",
        module="autograd",
        source="z_values[row] = weighted_sum(h_values[row], w2, b2[0])",
        value="z",
        worked=output_sum,
    ),
    DerivationStep(
        title="the loss",
        equation="L = ln(exp(±z) + 1)",
        sentence="Plus z where the label is 0, minus z where it is 1. exp(z) is eᶻ. An exp, a sum, a log: "
        "here the graph ends.",
        module="autograd",
        source="return ((-z if y else z).exp() + 1.0).log()",
        value="L",
        worked=_loss,
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="The loss did not need it: it is only for the reader.",
        module="autograd",
        source='cache |= {"z": z, "a": sigmoid(z)}',
        value="a",
        worked=answer,
    ),
    DerivationStep(
        title="back to the logit",
        equation="dz = 1 / (exp(±z) + 1) · exp(±z) · ±1",
        sentence="Log, sum, exp and sign each give their slope, and the product of them is a − y.",
        module="autograd",
        source=STEP_BACK,
        value="dz",
        worked=_error,
    ),
    DerivationStep(
        title="back to a weight of the output",
        equation="dw₂ = h dz",
        sentence="Of the product w₂ h: the other factor, times the error.",
        module="autograd",
        source=STEP_BACK,
        value="dw2",
        worked=_output_weight,
    ),
    DerivationStep(
        title="back to the output's bias",
        equation="db₂ = Σ dz",
        sentence="The bias was a part of the sum z: it takes the error as it is.",
        module="autograd",
        source=STEP_BACK,
        value="db2",
        worked=bias_share("b2", "dz"),
    ),
    DerivationStep(
        title="back to a unit",
        equation="dh = w₂ dz",
        sentence="Of the same product, the other side.",
        module="autograd",
        source=STEP_BACK,
        value="dh",
        worked=_unit,
    ),
    DerivationStep(
        title="back through the tanh",
        equation="dz₁ = (1 − h²) ∘ dh",
        sentence="The slope that was written down on the way forward, times the error.",
        module="autograd",
        source=STEP_BACK,
        value="dz1",
        worked=_through_tanh,
    ),
    DerivationStep(
        title="back to a first weight",
        equation="dW₁ = xᵀ dz₁",
        sentence="A weight is used once in every row: += adds up what all of them say.",
        module="autograd",
        source=STEP_BACK,
        value="dW1",
        worked=first_share,
    ),
    DerivationStep(
        title="back to a first bias",
        equation="db₁ = Σ dz₁",
        sentence="Of a sum: passed on as it is, and added up over the rows.",
        module="autograd",
        source=STEP_BACK,
        value="db1",
        worked=bias_share("b1", "dz1"),
    ),
    optimizer_step("W1", "W₁", "momentum"),
)

SYMBOLS = (
    Symbol("x", ("rows", "columns"), "the bits of a row, 0 or 1"),
    Symbol("W1", ("columns", "hidden"), "weights from the bits to the hidden units"),
    Symbol("b1", ("hidden",), "a bias for each hidden unit"),
    Symbol("z1", ("rows", "hidden"), "the weighted sum of each hidden unit"),
    Symbol("h", ("rows", "hidden"), "the activation of each hidden unit, between −1 and 1"),
    Symbol("w2", ("hidden",), "weights from the hidden units to the output"),
    Symbol("b2", ("1",), "the output's bias"),
    Symbol("z", ("rows",), "the logit"),
    Symbol("a", ("rows",), "the answer: the probability that the label is 1"),
    Symbol("y", ("rows",), "the label, 0 or 1"),
    Symbol("L", (), "the loss: the mean cross-entropy"),
    Symbol("dz", ("rows",), "the gradient of the logit, filled in by the machine"),
    Symbol("dh", ("rows", "hidden"), "the gradient of each hidden unit"),
    Symbol("dz1", ("rows", "hidden"), "the gradient of each unit's sum"),
    Symbol("dW1", ("columns", "hidden"), "how the loss changes with W1"),
    Symbol("db1", ("hidden",), "how the loss changes with b1"),
    Symbol("dw2", ("hidden",), "how the loss changes with w2"),
    Symbol("db2", ("1",), "how the loss changes with b2"),
    Symbol("W1′", ("columns", "hidden"), "the first weights after one step"),
)
