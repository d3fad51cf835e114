"""Why a million rows teach a line nothing: every weight's gradient is an average of opposites."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, bias_share, error, loss, updated
from toystory.course.derivation.steps import DerivationStep
from toystory.lessons.gate.derivation import SYMBOLS as SYMBOLS
from toystory.lessons.gate.derivation import weighted_sum, weights_share

DERIVATION = (
    DerivationStep(
        title="fifty bits, one sum",
        equation="z = x w + b",
        sentence="As before, with a weight for each of the fifty columns.",
        module="logistic_regression",
        source="z = x @ w + b",
        value="z",
        worked=weighted_sum,
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="All weights start at 0, so every answer starts at one half.",
        module="logistic_regression",
        source="a = sigmoid(z)",
        value="a",
        worked=answer,
    ),
    DerivationStep(
        title="the loss",
        equation="L = ln(1 + eᶻ) − y z",
        sentence="An answer of one half costs ln 2, whatever the label is.",
        module="loss",
        source="losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        value="L",
        worked=loss,
    ),
    DerivationStep(
        title="the error",
        equation="dz = (a − y) / rows",
        sentence="At the start every row pulls with the same strength: one half, upwards or downwards.",
        module="logistic_regression",
        source="dz = (a - y) / len(y)",
        value="dz",
        worked=error,
    ),
    DerivationStep(
        title="the weights' share",
        equation="dwⱼ = Σ xⱼ dz",
        sentence="With bit j on, half of all rows are odd and half even: the pulls cancel, for every column.",
        module="logistic_regression",
        source="dw = dz @ x",
        value="dw",
        worked=weights_share,
    ),
    DerivationStep(
        title="the bias's share",
        equation="db = Σ dz",
        sentence="Half of all rows are odd and half even: here, too, the pulls cancel.",
        module="logistic_regression",
        source="db = dz.sum(keepdims=True)",
        value="db",
        worked=bias_share("b", "dz"),
    ),
    DerivationStep(
        title="the update",
        equation="w ← w − η dw",
        sentence="What moves the weights is the chance of the draw; with more rows the pulls cancel better. "
        "The bias moves in the same way.",
        module="optimizers",
        source="parameter -= self.learning_rate * gradient",
        value="w′",
        worked=updated("w"),
    ),
)
