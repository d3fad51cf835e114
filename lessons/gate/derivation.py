"""Logistic regression, from the bits of one row to its next weights."""

from lessons.derivation import DerivationStep

DERIVATION = (
    DerivationStep(
        title="the sum",
        equation="z = w₁x₁ + w₂x₂ + b",
        sentence="Each bit that is on adds its weight, and the bias is always added.",
        module="logistic_regression",
        source="z = x @ w + b",
        value="z",
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z) = 1 / (1 + e⁻ᶻ)",
        sentence="The sigmoid turns any number into a probability between 0 and 1.",
        module="logistic_regression",
        source="a = sigmoid(z)",
        value="a",
    ),
    DerivationStep(
        title="the loss",
        equation="L = −[y log a + (1 − y) log(1 − a)] = log(1 + eᶻ) − y z",
        sentence="Little when the gate is sure and right, much when it is sure and wrong.",
        module="loss",
        source="losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        value="L",
    ),
    DerivationStep(
        title="the error",
        equation="dz = dL/dz = a − y",
        sentence="Sigmoid and cross-entropy cancel to a difference (divided by the number of rows).",
        module="logistic_regression",
        source="dz = (a - y) / len(y)",
        value="dz",
    ),
    DerivationStep(
        title="the weights' share",
        equation="dw = xᵀ dz",
        sentence="Only a bit that was on carries blame: where x is 0, its weight learns nothing.",
        module="logistic_regression",
        source="dw = dz @ x",
        value="dw",
    ),
    DerivationStep(
        title="the bias's share",
        equation="db = Σ dz",
        sentence="The bias belongs to every row, so it takes the whole error.",
        module="logistic_regression",
        source="db = dz.sum(keepdims=True)",
        value="db",
    ),
    DerivationStep(
        title="the update",
        equation="w ← w − η dw",
        sentence="Gradient descent: one small step downhill, η the learning rate.",
        module="optimizers",
        source="parameters[name] -= self.learning_rate * gradient",
        value="w′",
    ),
)
