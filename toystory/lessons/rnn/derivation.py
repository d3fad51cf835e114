"""One step of memory, and one step back through time."""

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
from toystory.course.derivation.worked import Now, Worked, factor, number


def _memory(now: Now) -> Worked:
    j = now.unit
    return Worked(f"h[{j}]", f"tanh({number(now.row('s')[j])})", float(now.row("h")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j = now.unit
    expression = f"{factor(now.row('dh')[j])}·(1 − {factor(now.row('h')[j])}²)"
    return Worked(f"ds[{j}]", expression, float(now.row("ds")[j]))


DERIVATION = (
    DerivationStep(
        title="what each unit hears",
        equation="sₜ = hₜ₋₁ W_hh + xₜ W_xh + b_h",
        sentence="t counts the bits. What was remembered, mixed with the new bit: the same weights each "
        "time.",
        module="rnn",
        source="s[t] = h[t - 1] @ W_hh + x[t] @ W_xh + b_h",
        value="s",
        worked=heard,
    ),
    DerivationStep(
        title="the memory, one bit later",
        equation="hₜ = tanh(sₜ)",
        sentence="The bend of chapter 3; what it says now, it hears itself at the next bit.",
        module="rnn",
        source="h[t] = np.tanh(s[t])",
        value="h",
        worked=_memory,
    ),
    DerivationStep(
        title="the answer's sum",
        equation="zₜ = hₜ w_hy + b_y",
        sentence="A logistic regression on the memory. Only at the row's end is it asked.",
        module="rnn",
        source="z[t] = h[t] @ w_hy + b_y",
        value="z",
        worked=output_sum,
    ),
    DerivationStep(
        title="the answer",
        equation="aₜ = σ(zₜ)",
        sentence="The probability that the label so far is 1; for parity, that the ones so far are odd.",
        module="rnn",
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
        sentence="With one label at the end, all that the network will learn enters here.",
        module="rnn",
        source="dz = (a - y) * (counts / self.dtype.type(counts.sum()))",
        value="dz",
        worked=error,
    ),
    DerivationStep(
        title="the answer's share",
        equation="dw_hy = Σₜ hₜᵀ dzₜ",
        sentence="The error times what was heard, as always. Σₜ adds up over the bits.",
        module="rnn",
        source="dw_hy += dz[t] @ h[t]",
        value="dw_hy",
        worked=answers_share,
    ),
    DerivationStep(
        title="the answer's bias's share",
        equation="db_y = Σₜ dzₜ",
        sentence="The errors of all bits, added up.",
        module="rnn",
        source="db_y += dz[t].sum()",
        value="db_y",
        worked=answers_bias_share,
    ),
    DerivationStep(
        title="blame from the future",
        equation="dhₜ = dzₜ w_hyᵀ + dsₜ₊₁ W_hhᵀ",
        sentence="The answer blames hₜ, and so does the next sum. Its blame, dsₜ₊₁, is known: the way back "
        "begins at the end, where it is 0.",
        module="rnn",
        source="dh[t] = np.outer(dz[t], w_hy) + ds[t + 1] @ W_hh.T",
        value="dh",
        worked=back_from_the_future,
    ),
    DerivationStep(
        title="back through the bend",
        equation="dsₜ = dhₜ ∘ (1 − hₜ²)",
        sentence="Times W_hh and 1 − h² at each step: small, and the gradient vanishes; large, it explodes.",
        module="rnn",
        source="ds[t] = dh[t] * (1 - h[t] * h[t])",
        value="ds",
        worked=_back_through_the_bend,
    ),
    DerivationStep(
        title="the memory's share",
        equation="dW_hh = Σₜ hₜ₋₁ᵀ dsₜ",
        sentence="One set of weights did the work at every step, so it takes the blame of all of them.",
        module="rnn",
        source="dW_hh += h[t - 1].T @ ds[t]",
        value="dW_hh",
        worked=memorys_share,
    ),
    DerivationStep(
        title="the new bit's share",
        equation="dW_xh = Σₜ xₜᵀ dsₜ",
        sentence="The bits that came in, times the blame of what was heard.",
        module="rnn",
        source="dW_xh += x[t].T @ ds[t]",
        value="dW_xh",
        worked=bits_share,
    ),
    DerivationStep(
        title="the biases' share",
        equation="db_h = Σₜ dsₜ",
        sentence="A bias speaks at every step: it takes the blame of all steps.",
        module="rnn",
        source="db_h += column_sums(ds[t])",
        value="db_h",
        worked=biases_share,
    ),
    optimizer_step("W_hh", "W_hh", "adam"),
)

SYMBOLS = (
    Symbol("x", ("steps", "rows", "1"), "the bits, one after another, as −1 and +1 or 0 and 1"),
    Symbol("s", ("steps + 1", "rows", "hidden"), "what each unit hears"),
    Symbol(
        "h", ("steps + 1", "rows", "hidden"), "the memory after each bit; the last entry, h[−1]: before all"
    ),
    Symbol("W_hh", ("hidden", "hidden"), "weights from the memory to the memory, one bit later"),
    Symbol("W_xh", ("1", "hidden"), "weights from the new bit to the memory"),
    Symbol("b_h", ("hidden",), "a bias for each unit of memory"),
    Symbol("w_hy", ("hidden",), "weights from the memory to the answer"),
    Symbol("b_y", ("1",), "the answer's bias"),
    Symbol("z", ("steps", "rows"), "the logit after each bit"),
    Symbol("a", ("steps", "rows"), "the answer after each bit"),
    Symbol("y", ("steps", "rows"), "the label"),
    Symbol("L", (), "the loss of the labelled answers"),
    Symbol("dz", ("steps", "rows"), "the error: 0 where no label is"),
    Symbol("dh", ("steps + 1", "rows", "hidden"), "the blame of the memory after each bit"),
    Symbol(
        "ds", ("steps + 1", "rows", "hidden"), "the blame of what was heard; the last entry: after all, 0"
    ),
    Symbol("dW_hh", ("hidden", "hidden"), "how the loss changes with W_hh"),
    Symbol("dW_xh", ("1", "hidden"), "how the loss changes with W_xh"),
    Symbol("db_h", ("hidden",), "how the loss changes with b_h"),
    Symbol("dw_hy", ("hidden",), "how the loss changes with w_hy"),
    Symbol("db_y", ("1",), "how the loss changes with b_y"),
    Symbol("W_hh″", ("hidden", "hidden"), "the weights of the memory after the first step of Adam"),
)
