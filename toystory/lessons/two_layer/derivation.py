"""A hidden layer: forward, and the chain rule back through it."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, bias_share, error, loss, loudest, slope_picture
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import Now, Worked, dot, factor, number, plus, product


def hidden_sum(now: Now) -> Worked:
    """z₁ = x W₁ + b₁, for one unit."""
    j = now.unit
    expression = f"{dot(now.row('x'), now.parameter('W1')[:, j])}{plus(now.parameter('b1')[j])}"
    return Worked(f"z1[{j}]", expression, float(now.row("z1")[j]))


def bend(now: Now) -> Worked:
    """h = tanh(z₁), for one unit."""
    j = now.unit
    return Worked(f"h[{j}]", f"tanh({number(now.row('z1')[j])})", float(now.row("h")[j]))


def output_sum(now: Now) -> Worked:
    """z = h w₂ + b₂."""
    expression = f"{dot(now.row('h'), now.parameter('w2'))}{plus(now.parameter('b2')[0])}"
    return Worked("z", expression, float(now.row("z")))


def _output_share(now: Now) -> Worked:
    j = now.unit
    return Worked(f"dw2[{j}]", product(now.row("dz"), now.row("h")[j]), float(now.parameter("dw2")[j]))


def _delta(now: Now) -> Worked:
    j = now.unit
    return Worked(f"dh[{j}]", product(now.row("dz"), now.parameter("w2")[j]), float(now.row("dh")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j = now.unit
    expression = f"{factor(now.row('dh')[j])}·(1 − {factor(now.row('h')[j])}²)"
    z1, h = float(now.row("z1")[j]), float(now.row("h")[j])
    return Worked(f"dz1[{j}]", expression, float(now.row("dz1")[j]), slope_picture("tanh", z1, h))


def first_share(now: Now) -> Worked:
    """dW₁ = xᵀ dz₁, for one unit and a bit that is on."""
    i, j = loudest(now.row("x")), now.unit
    expression = product(now.row("x")[i], now.row("dz1")[j])
    return Worked(f"dW1[{i}, {j}]", expression, float(now.parameter("dW1")[i, j]))


DERIVATION = (
    DerivationStep(
        title="what each unit hears",
        equation="z₁ = x W₁ + b₁",
        sentence="Every hidden unit is a little gate, with its own line through the square of rows. ₁ is the "
        "first layer, ₂ the second.",
        module="two_layer",
        source="z1 = x @ W1 + b1",
        value="z1",
        worked=hidden_sum,
    ),
    DerivationStep(
        title="the bend",
        equation="h = tanh(z₁)",
        sentence="tanh bends every sum to lie between −1 and 1. Else two layers of sums would be one sum "
        "again.",
        module="two_layer",
        source="h = np.tanh(z1)",
        value="h",
        worked=bend,
    ),
    DerivationStep(
        title="the output's sum",
        equation="z = h w₂ + b₂",
        sentence="The output draws one line too, but through the space of the hidden units.",
        module="two_layer",
        source="z = h @ w2 + b2",
        value="z",
        worked=output_sum,
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="From here on it is the gate of chapter 1.",
        module="two_layer",
        source="a = sigmoid(z)",
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
        equation="dz = (a − y) / rows",
        sentence="The chain rule of chapter 1: the slopes of loss and sigmoid leave a − y.",
        module="two_layer",
        source="dz = (a - y) / len(y)",
        value="dz",
        worked=error,
    ),
    DerivationStep(
        title="the output's share",
        equation="dw₂ = dz h",
        sentence="As in chapter 1, the error times what was heard: here the hidden units, there the bits.",
        module="two_layer",
        source="dw2 = dz @ h",
        value="dw2",
        worked=_output_share,
    ),
    DerivationStep(
        title="the output bias's share",
        equation="db₂ = Σ dz",
        sentence="The bias takes the whole error, added up over the rows.",
        module="two_layer",
        source="db2 = dz.sum(keepdims=True)",
        value="db2",
        worked=bias_share("b2", "dz"),
    ),
    DerivationStep(
        title="the blame of each unit",
        equation="dh = dz w₂ᵀ",
        sentence="The error goes back along the wires: a unit with a strong weight takes more of it.",
        module="two_layer",
        source="dh = np.outer(dz, w2)",
        value="dh",
        worked=_delta,
    ),
    DerivationStep(
        title="back through the bend",
        equation="dz₁ = dh ∘ (1 − h²)",
        sentence="∘ multiplies number by number; 1 − h² is the slope of tanh: near −1 or 1 little "
        "gets through.",
        module="two_layer",
        source="dz1 = dh * (1 - h * h)",
        value="dz1",
        worked=_back_through_the_bend,
    ),
    DerivationStep(
        title="the first layer's share",
        equation="dW₁ = xᵀ dz₁",
        sentence="And so weights learn that never touch the answer themselves.",
        module="two_layer",
        source="dW1 = x.T @ dz1",
        value="dW1",
        worked=first_share,
    ),
    DerivationStep(
        title="the first biases' share",
        equation="db₁ = Σ dz₁",
        sentence="Each unit's bias takes the blame of what the unit heard.",
        module="two_layer",
        source="db1 = column_sums(dz1)",
        value="db1",
        worked=bias_share("b1", "dz1"),
    ),
    optimizer_step("W1", "W₁", "momentum"),
)

SYMBOLS = (
    Symbol("x", ("rows", "columns"), "the bits of a row, 0 or 1"),
    Symbol("W1", ("columns", "hidden"), "weights from the bits to the hidden units"),
    Symbol("b1", ("hidden",), "a bias for each hidden unit"),
    Symbol("z1", ("rows", "hidden"), "what each hidden unit hears"),
    Symbol("h", ("rows", "hidden"), "what each hidden unit says, between −1 and 1"),
    Symbol("w2", ("hidden",), "weights from the hidden units to the output"),
    Symbol("b2", ("1",), "the output's bias"),
    Symbol("z", ("rows",), "the logit"),
    Symbol("a", ("rows",), "the answer: the probability that the label is 1"),
    Symbol("y", ("rows",), "the label, 0 or 1"),
    Symbol("L", (), "the loss: the mean cross-entropy"),
    Symbol("dz", ("rows",), "the error"),
    Symbol("dh", ("rows", "hidden"), "the blame of each hidden unit"),
    Symbol("dz1", ("rows", "hidden"), "the blame of what it heard"),
    Symbol("dW1", ("columns", "hidden"), "how the loss changes with W1"),
    Symbol("db1", ("hidden",), "how the loss changes with b1"),
    Symbol("dw2", ("hidden",), "how the loss changes with w2"),
    Symbol("db2", ("1",), "how the loss changes with b2"),
    Symbol("W1′", ("columns", "hidden"), "the first weights after one step"),
)
