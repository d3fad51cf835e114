"""Logistic regression, from the bits of one row to its next weights."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, bias_share, error_in_links, loss, loudest, updated
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.worked import Now, Worked, dot, plus, product


def weighted_sum(now: Now) -> Worked:
    """z = x w + b."""
    b = now.parameter("b")[0]
    return Worked("z", f"{dot(now.row('x'), now.parameter('w'))}{plus(b)}", float(now.row("z")))


def weights_share(now: Now) -> Worked:
    """dw = xᵀ dz, for the weight of a bit that is on."""
    i = loudest(now.row("x"))
    return Worked(f"dw[{i}]", product(now.row("x")[i], now.row("dz")), float(now.parameter("dw")[i]))


DERIVATION = (
    DerivationStep(
        title="the sum",
        equation="z = w₁x₁ + w₂x₂ + b",
        sentence="Each bit that is on adds its weight, and the bias is always added.",
        module="logistic_regression",
        source="z = x @ w + b",
        value="z",
        worked=weighted_sum,
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z) = 1 / (1 + e⁻ᶻ)",
        sentence="σ, the sigmoid, turns any number into one from 0 to 1: how likely a 1 is. e is about "
        "2.718.",
        module="logistic_regression",
        source="a = sigmoid(z)",
        value="a",
        worked=answer,
    ),
    DerivationStep(
        title="the loss",
        equation="L = −y ln a − (1 − y) ln(1 − a) = ln(1 + eᶻ) − y z",
        sentence="Little when the gate is sure and right, much when it is sure and wrong. ln is the "
        "logarithm to the base e.",
        module="loss",
        source="losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        value="L",
        worked=loss,
    ),
    DerivationStep(
        title="the error",
        equation="dz = dL/dz = dL/da · da/dz = (a − y) / rows",
        sentence="The chain rule: z moves a, and a moves L. Their slopes, da/dz and dL/da, are multiplied, "
        "and a (1 − a) cancels.",
        module="logistic_regression",
        source="dz = (a - y) / len(y)",
        value="dz",
        worked=error_in_links,
    ),
    DerivationStep(
        title="the weights' share",
        equation="dw = xᵀ dz",
        sentence="xᵀ is x turned on its side: each bit meets the error. Where x is 0, its weight learns "
        "nothing.",
        module="logistic_regression",
        source="dw = dz @ x",
        value="dw",
        worked=weights_share,
    ),
    DerivationStep(
        title="the bias's share",
        equation="db = Σ dz",
        sentence="Σ adds up over the rows. The bias belongs to every row, so it takes the whole error.",
        module="logistic_regression",
        source="db = dz.sum(keepdims=True)",
        value="db",
        worked=bias_share("b", "dz"),
    ),
    DerivationStep(
        title="the update",
        equation="w ← w − η dw",
        sentence="Gradient descent: ← puts the new weights in place of the old, one small step downhill. η "
        "is the learning rate.",
        module="optimizers",
        source="parameter -= self.learning_rate * gradient",
        value="w′",
        worked=updated("w"),
    ),
    DerivationStep(
        title="the bias's update",
        equation="b ← b − η db",
        sentence="The same step for the bias. Then comes the next update, with new numbers.",
        module="optimizers",
        source="parameter -= self.learning_rate * gradient",
        value="b′",
        worked=updated("b"),
    ),
)

SYMBOLS = (
    Symbol("x", ("rows", "columns"), "the bits of a row, 0 or 1"),
    Symbol("w", ("columns",), "a weight for each column: how loudly its bit speaks"),
    Symbol("b", ("1",), "the bias: what is added to every row"),
    Symbol("z", ("rows",), "the logit: a sum, any number"),
    Symbol("a", ("rows",), "the answer: the probability that the label is 1"),
    Symbol("y", ("rows",), "the label, 0 or 1"),
    Symbol("L", (), "the loss: the mean cross-entropy"),
    Symbol("dz", ("rows",), "how the loss changes with z: the error"),
    Symbol("dw", ("columns",), "how the loss changes with each weight"),
    Symbol("db", ("1",), "how the loss changes with the bias"),
    Symbol("w′", ("columns",), "the weights after one step of gradient descent"),
    Symbol("b′", ("1",), "the bias after one step of gradient descent"),
)
