"""A hidden layer: forward, and the chain rule back through it."""

from lessons.derivation import DerivationStep

DERIVATION = (
    DerivationStep(
        title="what each hidden unit hears",
        equation="z₁ = x W₁ + b₁",
        sentence="Every hidden unit is a little gate, with its own line through the square of rows.",
        module="two_layer",
        source="z1 = x @ W1 + b1",
        value="z1",
    ),
    DerivationStep(
        title="the bend",
        equation="h = tanh(z₁)",
        sentence="Without this bend, two layers of sums would be one sum again.",
        module="two_layer",
        source="h = np.tanh(z1)",
        value="h",
    ),
    DerivationStep(
        title="the output's sum",
        equation="z = h w₂ + b₂",
        sentence="The output draws one line too, but through the space of the hidden units.",
        module="two_layer",
        source="z = h @ w2 + b2",
        value="z",
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="From here on it is the gate of chapter 1.",
        module="two_layer",
        source="a = sigmoid(z)",
        value="a",
    ),
    DerivationStep(
        title="the error",
        equation="dz = (a − y) / rows",
        sentence="Sigmoid and cross-entropy cancel, as before.",
        module="two_layer",
        source="dz = (a - y) / len(y)",
        value="dz",
    ),
    DerivationStep(
        title="the blame of each hidden unit",
        equation="dh = dz w₂ᵀ",
        sentence="The error goes back along the wires: a unit with a strong weight takes more of it.",
        module="two_layer",
        source="dh = np.outer(dz, w2)",
        value="dh",
    ),
    DerivationStep(
        title="back through the bend",
        equation="dz₁ = dh ∘ (1 − h²)",
        sentence="Where tanh is flat, near −1 or 1, hardly anything gets through: the unit is saturated.",
        module="two_layer",
        source="dz1 = dh * (1 - h * h)",
        value="dz1",
    ),
    DerivationStep(
        title="the first layer's share",
        equation="dW₁ = xᵀ dz₁",
        sentence="And so weights learn that never touch the answer themselves.",
        module="two_layer",
        source="dW1 = x.T @ dz1",
        value="dW1",
    ),
)
