"""Worked lines that the derivations of models that read in time share."""

from __future__ import annotations

from toystory.course.derivation.worked import TERMS, WHOLE, Now, Worked, dot, number, plus, product
from toystory.models.parts.arrays import FloatArray


def heard(now: Now) -> Worked:
    """sₜ = hₜ₋₁ W_hh + xₜ W_xh + b_h, for one unit."""
    j = now.unit
    return Worked(f"s[{j}]", weighted(now, j), float(now.row("s")[j]))


def weighted(now: Now, column: int) -> str:
    """What one column of the weights makes of the memory before the bit, and of the bit.

    Args:
        now: The step.
        column: Of the weights.
    """
    remembered = dot(now.row("h", later=-1), now.parameter("W_hh")[:, column])
    from_bit = product(now.row("x")[0], now.parameter("W_xh")[0, column])
    return f"{remembered} + {from_bit}{plus(now.parameter('b_h')[column])}"


def output_sum(now: Now) -> Worked:
    """zₜ = hₜ w_hy + b_y."""
    expression = f"{dot(now.row('h'), now.parameter('w_hy'))}{plus(now.parameter('b_y')[0])}"
    return Worked("z", expression, float(now.row("z")[0]))


def answers_share(now: Now) -> Worked:
    """dw_hy = Σₜ hₜᵀ dzₜ, for one unit."""
    j = now.unit
    said, errors = now.parameter("h")[: now.bits, 0, j], now.parameter("dz")[:, 0]
    return Worked(f"dw_hy[{j}]", dot(said, errors), float(now.parameter("dw_hy")[j]))


def back_from_the_future(now: Now) -> Worked:
    """dhₜ = dzₜ w_hyᵀ + dsₜ₊₁ W_hhᵀ, for one unit."""
    j = now.unit
    expression = product(now.row("dz")[0], now.parameter("w_hy")[j])
    if not now.is_last:
        expression += f" + {dot(now.row('ds', later=1), now.parameter('W_hh')[j])}"
    return Worked(f"dh[{j}]", expression, float(now.row("dh")[j]))


def bits_share(now: Now) -> Worked:
    """dW_xh = Σₜ xₜᵀ dsₜ, for one unit."""
    j = now.unit
    bits, heard = now.parameter("x")[: now.bits, 0, 0], now.parameter("ds")[: now.bits, 0, j]
    return Worked(f"dW_xh[0, {j}]", dot(bits, heard), float(now.parameter("dW_xh")[0, j]))


def biases_share(now: Now) -> Worked:
    """db_h = Σₜ dsₜ, for one unit."""
    j = now.unit
    blame = now.parameter("ds")[: now.bits, 0, j]
    return Worked(f"db_h[{j}]", added(blame), float(now.parameter("db_h")[j]))


def answers_bias_share(now: Now) -> Worked:
    """db_y = Σₜ dzₜ."""
    return Worked("db_y", added(now.parameter("dz")[:, 0]), float(now.parameter("db_y")[0]))


def added(terms: FloatArray) -> str:
    """Numbers added up: the first few written out, the others together."""
    shown = len(terms) if len(terms) <= WHOLE else TERMS
    text = number(terms[0]) + "".join(plus(term) for term in terms[1:shown])
    rest = terms[shown:]
    return text + (f" + ({len(rest)} more: {number(float(rest.sum()))})" if len(rest) else "")


def memorys_share(now: Now) -> Worked:
    """dW_hh = Σₜ hₜ₋₁ᵀ dsₜ, for the weight from one unit to itself."""
    j = now.unit
    before = now.parameter("h")[range(-1, now.bits - 1), 0, j]
    heard = now.parameter("ds")[: now.bits, 0, j]
    return Worked(f"dW_hh[{j}, {j}]", dot(before, heard), float(now.parameter("dW_hh")[j, j]))
