"""A hidden layer: forward, and the chain rule back through it."""

from __future__ import annotations

from pathlib import Path

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer, bias_share, error, loss, loudest, slope_picture
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


STEPS, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "what each unit hears": hidden_sum,
        "the bend": bend,
        "the output's sum": output_sum,
        "the answer": answer,
        "the loss": loss,
        "the error": error,
        "the output's share": _output_share,
        "the output bias's share": bias_share("b2", "dz"),
        "the blame of each unit": _delta,
        "back through the bend": _back_through_the_bend,
        "the first layer's share": first_share,
        "the first biases' share": bias_share("b1", "dz1"),
    },
)
DERIVATION = (*STEPS, optimizer_step("W1", "W₁", "momentum"))
