"""Gates: what is kept, what is written, what is shown, and the open road back."""

from __future__ import annotations

from pathlib import Path

from toystory.course.derivation.in_time import (
    answers_bias_share,
    answers_share,
    back_from_the_future,
    biases_share,
    bits_share,
    heard,
    memorys_share,
    output_sum,
)
from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer, error, loss
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import Now, Worked, WorkedOut, number, product

ORDER = "ifog"
"""The quarters of the columns of W_hh, W_xh and b_h."""


def _gate(name: str) -> WorkedOut:
    """i, f or o = σ(s), or g = tanh(s), of its own quarter of s."""

    def worked(now: Now) -> Worked:
        j, bend = now.unit, "tanh" if name == "g" else "σ"
        s = now.row("s")[ORDER.index(name) * len(now.row("h")) + j]
        return Worked(f"{name}[{j}]", f"{bend}({number(s)})", float(now.row(name)[j]))

    return worked


def _cell(now: Now) -> Worked:
    j = now.unit
    kept = product(now.row("f")[j], now.row("c", later=-1)[j])
    written = product(now.row("i")[j], now.row("g")[j])
    return Worked(f"c[{j}]", f"{kept} + {written}", float(now.row("c")[j]))


def _shown(now: Now) -> Worked:
    j = now.unit
    expression = f"{number(now.row('o')[j])}·tanh({number(now.row('c')[j])})"
    return Worked(f"h[{j}]", expression, float(now.row("h")[j]))


def _cells_delta(now: Now) -> Worked:
    j = now.unit
    shown = f"(1 − tanh({number(now.row('c')[j])})²)"
    expression = f"{product(now.row('dh')[j], now.row('o')[j])}·{shown}"
    if not now.is_last:
        expression += f" + {product(now.row('dc', later=1)[j], now.row('f', later=1)[j])}"
    return Worked(f"dc[{j}]", expression, float(now.row("dc")[j]))


def _proposals_share(now: Now) -> Worked:
    j = now.unit
    g = now.row("g")[j]
    expression = f"{product(now.row('dc')[j], now.row('i')[j])}·(1 − {product(g, g)})"
    return Worked(f"ds_g[{j}]", expression, float(now.row("ds_g")[j]))


def _gates_share(name: str, delta: str, times: str, later: int = 0) -> WorkedOut:
    """ds of a gate: what it is to blame for, `delta` times `times`, and back through the sigmoid."""

    def worked(now: Now) -> Worked:
        j = now.unit
        gate = now.row(name)[j]
        blamed = product(now.row(delta)[j], now.row(times, later)[j], gate)
        return Worked(f"ds_{name}[{j}]", f"{blamed}·(1 − {number(gate)})", float(now.row(f"ds_{name}")[j]))

    return worked


STEPS, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "what is heard": heard,
        "the input gate": _gate("i"),
        "the forget gate": _gate("f"),
        "the output gate": _gate("o"),
        "what could be written": _gate("g"),
        "the cell": _cell,
        "what is shown": _shown,
        "the answer's sum": output_sum,
        "the answer": answer,
        "the loss": loss,
        "the error": error,
        "the answer's share": answers_share,
        "the answer's bias's share": answers_bias_share,
        "blame from the future": back_from_the_future,
        "blame of the cell": _cells_delta,
        "the proposal's share": _proposals_share,
        "the output gate's share": _gates_share("o", "dh", "tanh_c"),
        "the forget gate's share": _gates_share("f", "dc", "c", later=-1),
        "the input gate's share": _gates_share("i", "dc", "g"),
        "the weights' share": memorys_share,
        "the new bit's share": bits_share,
        "the biases' share": biases_share,
    },
)
DERIVATION = (*STEPS, optimizer_step("W_hh", "W_hh", "adam"))
