"""Layers in a loop: one line forward and its lines back serve every layer."""

from __future__ import annotations

from pathlib import Path

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import (
    answer,
    bias_share,
    error,
    loss,
    loudest,
    slope_picture,
)
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import Now, Worked, dot, factor, number, plus, product
from toystory.models.parts.arrays import FloatArray


def _bits(now: Now) -> Worked:
    bit = now.row("a0")[0]
    if now.model.settings["signed"]:
        return Worked("a0[0]", f"2·{number((bit + 1) / 2)} − 1", float(bit))
    sentence = "It reads the bits as they are, 0 and 1: a bit that is off adds nothing."
    return Worked("a0[0]", number(bit), float(bit), equation="a⁰ = x", sentence=sentence)


def _sum(now: Now) -> Worked:
    j, l = now.unit, now.layer
    heard = dot(now.row(f"a{l - 1}"), now.parameter(f"W{l}")[:, j])
    return Worked(f"z{l}[{j}]", f"{heard}{plus(now.parameter(f'b{l}')[j])}", float(now.row(f"z{l}")[j]))


def _bend(now: Now) -> Worked:
    j, l, bend = now.unit, now.layer, now.model.settings["activation"]
    form = {"relu": "max(0, {})", "tanh": "tanh({})", "sigmoid": "σ({})"}[bend]
    z, a = number(now.row(f"z{l}")[j]), float(now.row(f"a{l}")[j])
    equation = "" if bend == "relu" else f"aˡ = {form.format('zˡ')}"
    return Worked(f"a{l}[{j}]", form.format(z), a, equation=equation)


def _last_sum(now: Now) -> Worked:
    heard = dot(_last_heard(now), now.parameter("W")[:, 0])
    return Worked("z", f"{heard}{plus(now.parameter('b')[0])}", float(now.row("z")))


def _last_share(now: Now) -> Worked:
    j = loudest(_last_heard(now))
    return Worked(
        f"dW[{j}, 0]", product(_last_heard(now)[j], now.row("dz")[0]), float(now.parameter("dW")[j, 0])
    )


def _last_heard(now: Now) -> FloatArray:
    """The activations that the last layer reads."""
    return now.row(f"a{len(now.model.settings['layer_sizes']) - 2}")


def _delta(now: Now) -> Worked:
    j, l = now.unit, now.layer
    blame = dot(now.row(f"dz{l + 1}"), now.parameter(f"W{l + 1}")[j])
    return Worked(f"da{l}[{j}]", blame, float(now.row(f"da{l}")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j, l, bend = now.unit, now.layer, now.model.settings["activation"]
    z, a = float(now.row(f"z{l}")[j]), float(now.row(f"a{l}")[j])
    slope = {
        "relu": number(a > 0),
        "tanh": f"(1 − {factor(a)}²)",
        "sigmoid": f"{number(a)}·(1 − {number(a)})",
    }
    expression = f"{factor(now.row(f'da{l}')[j])}·{slope[bend]}"
    return Worked(f"dz{l}[{j}]", expression, float(now.row(f"dz{l}")[j]), slope_picture(bend, z, a))


def _share(now: Now) -> Worked:
    j, l = now.unit, now.layer
    heard = now.row(f"a{l - 1}")
    i = loudest(heard)
    expression = product(heard[i], now.row(f"dz{l}")[j])
    return Worked(f"dW{l}[{i}, {j}]", expression, float(now.parameter(f"dW{l}")[i, j]))


STEPS, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "the bits": _bits,
        "the sums of layer l": _sum,
        "the bend": _bend,
        "the sum of the last layer": _last_sum,
        "the answer": answer,
        "the loss": loss,
        "the error": error,
        "the last weights' share": _last_share,
        "the last bias's share": bias_share("b", "dz"),
        "the blame goes back": _delta,
        "back through the bend": _back_through_the_bend,
        "the weights' share": _share,
        "the biases' share": bias_share("b1", "dz1"),
    },
)
DERIVATION = (*STEPS, optimizer_step("W1", "Wˡ", "adam"))
