"""Gates: what is kept, what is written, what is shown, and the open road back."""

from __future__ import annotations

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
from toystory.course.derivation.shared_lines import answer, error, loss
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
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


DERIVATION = (
    DerivationStep(
        title="what is heard",
        equation="sₜ = hₜ₋₁ W_hh + xₜ W_xh + b_h",
        sentence="The RNN's line, four times as wide: a quarter of the columns each for i, f, o and g.",
        module="lstm",
        source="s[t] = h[t - 1] @ W_hh + x[t] @ W_xh + b_h",
        value="s",
        worked=heard,
    ),
    DerivationStep(
        title="the input gate",
        equation="iₜ = σ(s_iₜ)",
        sentence="A dimmer between 0 and 1: how much of the new is written.",
        module="lstm",
        source="i[t] = sigmoid(s_i[t])",
        value="i",
        worked=_gate("i"),
    ),
    DerivationStep(
        title="the forget gate",
        equation="fₜ = σ(s_fₜ)",
        sentence="How much of the old is kept. Its bias begins at 1: σ(1) = 0.73 of it outlives a step.",
        module="lstm",
        source="f[t] = sigmoid(s_f[t])",
        value="f",
        worked=_gate("f"),
    ),
    DerivationStep(
        title="the output gate",
        equation="oₜ = σ(s_oₜ)",
        sentence="How much of the cell anyone may see.",
        module="lstm",
        source="o[t] = sigmoid(s_o[t])",
        value="o",
        worked=_gate("o"),
    ),
    DerivationStep(
        title="what could be written",
        equation="gₜ = tanh(s_gₜ)",
        sentence="A proposal between −1 and 1.",
        module="lstm",
        source="g[t] = np.tanh(s_g[t])",
        value="g",
        worked=_gate("g"),
    ),
    DerivationStep(
        title="the cell",
        equation="cₜ = fₜ ∘ cₜ₋₁ + iₜ ∘ gₜ",
        sentence="Keep some of the old, write some of the new. It is added to, not worked out anew.",
        module="lstm",
        source="c[t] = f[t] * c[t - 1] + i[t] * g[t]",
        value="c",
        worked=_cell,
    ),
    DerivationStep(
        title="what is shown",
        equation="hₜ = oₜ ∘ tanh(cₜ)",
        sentence="As much of the cell as the output gate lets through.",
        module="lstm",
        source="h[t] = o[t] * tanh_c[t]",
        value="h",
        worked=_shown,
    ),
    DerivationStep(
        title="the answer's sum",
        equation="zₜ = hₜ w_hy + b_y",
        sentence="A logistic regression on what the cells show, as in the RNN.",
        module="lstm",
        source="z[t] = h[t] @ w_hy + b_y",
        value="z",
        worked=output_sum,
    ),
    DerivationStep(
        title="the answer",
        equation="aₜ = σ(zₜ)",
        sentence="The probability that the label so far is 1; for parity, that the ones so far are odd.",
        module="lstm",
        source="a[t] = sigmoid(z[t])",
        value="a",
        worked=answer,
    ),
    DerivationStep(
        title="the loss",
        equation="L = ln(1 + eᶻ) − y z, the mean over the labelled answers",
        sentence="Little when it is sure and right, much when it is sure and wrong.",
        module="loss",
        source="losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        value="L",
        worked=loss,
    ),
    DerivationStep(
        title="the error",
        equation="dzₜ = (aₜ − y) / labels, and 0 where no label is",
        sentence="As in the RNN: it enters where a label is, and nowhere else.",
        module="lstm",
        source="dz = (a - y) * (counts / self.dtype.type(counts.sum()))",
        value="dz",
        worked=error,
    ),
    DerivationStep(
        title="the answer's share",
        equation="dw_hy = Σₜ hₜᵀ dzₜ",
        sentence="The error times what was heard: here what the cells show.",
        module="lstm",
        source="dw_hy += dz[t] @ h[t]",
        value="dw_hy",
        worked=answers_share,
    ),
    DerivationStep(
        title="the answer's bias's share",
        equation="db_y = Σₜ dzₜ",
        sentence="The errors of all bits, added up.",
        module="lstm",
        source="db_y += dz[t].sum()",
        value="db_y",
        worked=answers_bias_share,
    ),
    DerivationStep(
        title="blame from the future",
        equation="dhₜ = dzₜ w_hyᵀ + dsₜ₊₁ W_hhᵀ",
        sentence="Its answer blames it, and so do the gates that heard it one bit later: dsₜ₊₁. The way back "
        "begins at the end, where that is 0.",
        module="lstm",
        source="dh[t] = np.outer(dz[t], w_hy) + ds[t + 1] @ W_hh.T",
        value="dh",
        worked=back_from_the_future,
    ),
    DerivationStep(
        title="blame of the cell",
        equation="dcₜ = dhₜ ∘ oₜ ∘ (1 − tanh²(cₜ)) + dcₜ₊₁ ∘ fₜ₊₁",
        sentence="From cell to cell only the forget gate multiplies it: an open gate passes it on whole.",
        module="lstm",
        source="dc[t] = dh[t] * o[t] * (1 - tanh_c[t] * tanh_c[t]) + dc[t + 1] * f[t + 1]",
        value="dc",
        worked=_cells_delta,
    ),
    DerivationStep(
        title="the proposal's share",
        equation="ds_gₜ = dcₜ ∘ iₜ ∘ (1 − gₜ²)",
        sentence="To blame in so far as it was written.",
        module="lstm",
        source="ds_g[t] = dc[t] * i[t] * (1 - g[t] * g[t])",
        value="ds_g",
        worked=_proposals_share,
    ),
    DerivationStep(
        title="the output gate's share",
        equation="ds_oₜ = dhₜ ∘ tanh(cₜ) ∘ oₜ (1 − oₜ)",
        sentence="To blame in so far as there was something to show.",
        module="lstm",
        source="ds_o[t] = dh[t] * tanh_c[t] * o[t] * (1 - o[t])",
        value="ds_o",
        worked=_gates_share("o", "dh", "tanh_c"),
    ),
    DerivationStep(
        title="the forget gate's share",
        equation="ds_fₜ = dcₜ ∘ cₜ₋₁ ∘ fₜ (1 − fₜ)",
        sentence="To blame in so far as there was something to keep.",
        module="lstm",
        source="ds_f[t] = dc[t] * c[t - 1] * f[t] * (1 - f[t])",
        value="ds_f",
        worked=_gates_share("f", "dc", "c", later=-1),
    ),
    DerivationStep(
        title="the input gate's share",
        equation="ds_iₜ = dcₜ ∘ gₜ ∘ iₜ (1 − iₜ)",
        sentence="To blame in so far as there was something to write. With it ds is whole.",
        module="lstm",
        source="ds_i[t] = dc[t] * g[t] * i[t] * (1 - i[t])",
        value="ds_i",
        worked=_gates_share("i", "dc", "g"),
    ),
    DerivationStep(
        title="the weights' share",
        equation="dW_hh = Σₜ hₜ₋₁ᵀ dsₜ",
        sentence="The same weights at every step, so the blame of all steps is added up.",
        module="lstm",
        source="dW_hh += h[t - 1].T @ ds[t]",
        value="dW_hh",
        worked=memorys_share,
    ),
    DerivationStep(
        title="the new bit's share",
        equation="dW_xh = Σₜ xₜᵀ dsₜ",
        sentence="The new bit spoke to all four: each quarter takes its own blame.",
        module="lstm",
        source="dW_xh += x[t].T @ ds[t]",
        value="dW_xh",
        worked=bits_share,
    ),
    DerivationStep(
        title="the biases' share",
        equation="db_h = Σₜ dsₜ",
        sentence="A bias speaks at every step: it takes the blame of all steps.",
        module="lstm",
        source="db_h += column_sums(ds[t])",
        value="db_h",
        worked=biases_share,
    ),
    optimizer_step("W_hh", "W_hh", "adam"),
)

_IN_TIME = ("steps + 1", "rows", "hidden")

SYMBOLS = (
    Symbol("x", ("steps", "rows", "1"), "the bits, one after another"),
    Symbol("s", ("steps + 1", "rows", "4 hidden"), "what i, f, o and g hear, side by side"),
    Symbol("i", _IN_TIME, "input gate: how much is written, between 0 and 1"),
    Symbol("f", _IN_TIME, "forget gate: how much is kept, between 0 and 1"),
    Symbol("o", _IN_TIME, "output gate: how much is shown, between 0 and 1"),
    Symbol("g", _IN_TIME, "what could be written, between −1 and 1"),
    Symbol("c", _IN_TIME, "the cells, what is kept: after each bit; the last entry, c[−1]: before all"),
    Symbol("tanh_c", _IN_TIME, "the cells, squeezed between −1 and 1"),
    Symbol("h", _IN_TIME, "what the cells show: after each bit; the last entry, h[−1]: before all"),
    Symbol("W_hh", ("hidden", "4 hidden"), "weights from what is shown to the gates i, f, o and to g"),
    Symbol("W_xh", ("1", "4 hidden"), "weights from the new bit to the gates and to g"),
    Symbol("b_h", ("4 hidden",), "biases; the forget gate's start at 1"),
    Symbol("w_hy", ("hidden",), "weights from what is shown to the answer"),
    Symbol("b_y", ("1",), "the answer's bias"),
    Symbol("z", ("steps", "rows"), "the logit after each bit"),
    Symbol("a", ("steps", "rows"), "the answer after each bit"),
    Symbol("y", ("steps", "rows"), "the label"),
    Symbol("L", (), "the loss of the labelled answers"),
    Symbol("dz", ("steps", "rows"), "the error: 0 where no label is"),
    Symbol("dh", _IN_TIME, "the blame of what was shown"),
    Symbol("dc", _IN_TIME, "the blame of the cells"),
    Symbol("ds", ("steps + 1", "rows", "4 hidden"), "the blame of what i, f, o and g heard, side by side"),
    Symbol("ds_i", _IN_TIME, "its first quarter: the blame of what i heard"),
    Symbol("ds_f", _IN_TIME, "its second quarter: the blame of what f heard"),
    Symbol("ds_o", _IN_TIME, "its third quarter: the blame of what o heard"),
    Symbol("ds_g", _IN_TIME, "its last quarter: the blame of what g heard"),
    Symbol("dW_hh", ("hidden", "4 hidden"), "how the loss changes with W_hh"),
    Symbol("dW_xh", ("1", "4 hidden"), "how the loss changes with W_xh"),
    Symbol("db_h", ("4 hidden",), "how the loss changes with b_h"),
    Symbol("dw_hy", ("hidden",), "how the loss changes with w_hy"),
    Symbol("db_y", ("1",), "how the loss changes with b_y"),
    Symbol("W_hh″", ("hidden", "4 hidden"), "the weights of the memory after the first step of Adam"),
)
