"""Why a million rows teach a line nothing: every weight's gradient is an average of opposites."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, error, updated
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
        title="the update",
        equation="w ← w − η dw",
        sentence="What moves the weights is the chance of the draw; with more rows the pulls cancel better.",
        module="optimizers",
        source="parameter -= self.learning_rate * gradient",
        value="w′",
        worked=updated("w"),
    ),
)
