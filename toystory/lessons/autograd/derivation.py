"""Forward, every number with its slopes; then back, and every line of the way back is the same one."""

from __future__ import annotations

from pathlib import Path

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer, bias_share
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import Now, Worked, factor, number, product
from toystory.lessons.two_layer.derivation import bend, first_share, hidden_sum, output_sum


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


STEPS, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "a sum of products": hidden_sum,
        "the tanh, with its slope": bend,
        "the output's sum": output_sum,
        "the loss": _loss,
        "the answer": answer,
        "back to the logit": _error,
        "back to a weight of the output": _output_weight,
        "back to the output's bias": bias_share("b2", "dz"),
        "back to a unit": _unit,
        "back through the tanh": _through_tanh,
        "back to a first weight": first_share,
        "back to a first bias": bias_share("b1", "dz1"),
    },
)
DERIVATION = (*STEPS, optimizer_step("W1", "W₁", "momentum"))
