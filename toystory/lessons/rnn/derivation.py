"""One step of memory, and one step back through time."""

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
from toystory.course.derivation.worked import Now, Worked, factor, number


def _memory(now: Now) -> Worked:
    j = now.unit
    return Worked(f"h[{j}]", f"tanh({number(now.row('s')[j])})", float(now.row("h")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j = now.unit
    expression = f"{factor(now.row('dh')[j])}·(1 − {factor(now.row('h')[j])}²)"
    return Worked(f"ds[{j}]", expression, float(now.row("ds")[j]))


STEPS, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "what each unit hears": heard,
        "the memory, one bit later": _memory,
        "the answer's sum": output_sum,
        "the answer": answer,
        "the loss": loss,
        "the error": error,
        "the answer's share": answers_share,
        "the answer's bias's share": answers_bias_share,
        "blame from the future": back_from_the_future,
        "back through the bend": _back_through_the_bend,
        "the memory's share": memorys_share,
        "the new bit's share": bits_share,
        "the biases' share": biases_share,
    },
)
DERIVATION = (*STEPS, optimizer_step("W_hh", "W_hh", "adam"))
