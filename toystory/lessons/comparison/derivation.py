"""How a model is marked: the same three lines for all of them."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, loss, mark
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol

DERIVATION = (
    DerivationStep(
        title="an answer",
        equation="a = σ(z)",
        sentence="Whatever is in it, each model ends in one number from 0 to 1.",
        module="logistic_regression",
        source="a = sigmoid(z)",
        value="a",
        worked=answer,
    ),
    DerivationStep(
        title="what it costs",
        equation="L = ln(1 + eᶻ) − y z",
        sentence="A model that knows nothing and says so answers one half and pays ln 2 a row.",
        module="loss",
        source="losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        value="L",
        worked=loss,
    ),
    DerivationStep(
        title="the mark",
        equation="ŷ = 1 where a > ½; accuracy = share of rows with ŷ = y",
        sentence="ŷ is what it says. On 10,000 fresh rows a coin gets 50 %, give or take half a point: "
        "√(½·½/10,000).",
        module="model",
        source="return (self.predict_proba(rows, lengths) > 0.5).astype(np.uint8)",
        value="a",
        worked=mark,
    ),
)

SYMBOLS = (
    Symbol("z", ("answers",), "the logit: any number"),
    Symbol("a", ("answers",), "the answer: the probability that the label is 1"),
    Symbol("y", ("answers",), "the label, 0 or 1"),
    Symbol("L", (), "the loss: the mean cross-entropy"),
)
