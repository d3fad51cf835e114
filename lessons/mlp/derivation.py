"""Layers in a loop: one line forward and its lines back serve every layer."""

from lessons.derivation import DerivationStep

DERIVATION = (
    DerivationStep(
        title="the bits, signed",
        equation="a⁰ = 2x − 1",
        sentence="Off speaks as loudly as on: −1 and +1. (Alex's own network read 0 and 1.)",
        module="mlp",
        source='cache: Cache = {"a0": 2 * x - 1 if self.signed else x}',
        value="a0",
    ),
    DerivationStep(
        title="the sums of layer l",
        equation="zˡ = aˡ⁻¹ Wˡ + bˡ",
        sentence="Each layer reads the one before it. Here is the first.",
        module="mlp",
        source='z = cache[f"a{l - 1}"] @ W + b',
        value="z1",
    ),
    DerivationStep(
        title="the bend",
        equation="aˡ = f(zˡ), the last one a = σ(zⁿ)",
        sentence="ReLU lets what is positive pass and stops the rest, as a diode does.",
        module="mlp",
        source="a = self.f(z) if l < self.layers else sigmoid(z)",
        value="a1",
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="The last layer has one unit, and it is the gate of chapter 1.",
        module="mlp",
        source='cache["z"], cache["a"] = z[:, 0], a[:, 0]',
        value="a",
    ),
    DerivationStep(
        title="the blame goes back",
        equation="daˡ⁻¹ = dzˡ Wˡᵀ",
        sentence="Through the same weights, in the other direction.",
        module="mlp",
        source='da = dz @ self.parameters[f"W{l}"].T',
        value="da1",
    ),
    DerivationStep(
        title="back through the bend",
        equation="dzˡ⁻¹ = daˡ⁻¹ ∘ f′(zˡ⁻¹)",
        sentence="For ReLU f′ is 1 or 0, not the activation itself: a unit that was off takes no blame.",
        module="mlp",
        source='dz = da * self.f_derivative(cache[f"a{l - 1}"])',
        value="dz1",
    ),
    DerivationStep(
        title="the weights' share",
        equation="dWˡ = aˡ⁻¹ᵀ dzˡ",
        sentence="What came in, times the blame for what went out.",
        module="mlp",
        source='gradients[f"W{l}"] = cache[f"a{l - 1}"].T @ dz',
        value="dW1",
    ),
)
