"""Logistic regression, from the bits of one row to its next weights."""

from __future__ import annotations

from pathlib import Path

from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer, bias_share, error_in_links, loss, loudest, updated
from toystory.course.derivation.worked import Now, Worked, dot, plus, product


def weighted_sum(now: Now) -> Worked:
    """z = x w + b."""
    b = now.parameter("b")[0]
    return Worked("z", f"{dot(now.row('x'), now.parameter('w'))}{plus(b)}", float(now.row("z")))


def weights_share(now: Now) -> Worked:
    """dw = xᵀ dz, for the weight of a bit that is on."""
    i = loudest(now.row("x"))
    return Worked(f"dw[{i}]", product(now.row("x")[i], now.row("dz")), float(now.parameter("dw")[i]))


DERIVATION, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "the sum": weighted_sum,
        "the answer": answer,
        "the loss": loss,
        "the error": error_in_links,
        "the weights' share": weights_share,
        "the bias's share": bias_share("b", "dz"),
        "the update": updated("w"),
        "the bias's update": updated("b"),
    },
)
