"""One step of memory, and one step back through time."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, error
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.worked import Now, Worked, dot, factor, plus, product


def _memory(now: Now) -> Worked:
    j = now.unit
    remembered = dot(now.parameter("W_hh")[j], now.row("h"))
    from_bit = product(now.parameter("W_xh")[j, 0], now.row("x")[0])
    expression = f"tanh({remembered} + {from_bit}{plus(now.parameter('b_h')[j, 0])})"
    return Worked(f"h[{j}]", expression, float(now.row("h", later=1)[j]))


def _output_sum(now: Now) -> Worked:
    expression = f"{dot(now.parameter('w_hy'), now.row('h', later=1))}{plus(now.parameter('b_y')[0])}"
    return Worked("z", expression, float(now.row("z")[0]))


def _blame(now: Now) -> Worked:
    j = now.unit
    expression = product(now.parameter("w_hy")[j], now.row("dz")[0])
    if not now.is_last:
        expression += f" + {dot(now.parameter('W_hh')[:, j], now.row('ds', later=1))}"
    return Worked(f"dh[{j}]", expression, float(now.row("dh")[j]))


def _back_through_the_bend(now: Now) -> Worked:
    j = now.unit
    expression = f"{factor(now.row('dh')[j])}·(1 − {factor(now.row('h', later=1)[j])}²)"
    return Worked(f"ds[{j}]", expression, float(now.row("ds")[j]))


def _share(now: Now) -> Worked:
    j = now.unit
    blame, remembered = now.parameter("ds")[:, j, 0], now.parameter("h")[:-1, j, 0]
    return Worked(f"dW_hh[{j}, {j}]", dot(blame, remembered), float(now.parameter("dW_hh")[j, j]))


DERIVATION = (
    DerivationStep(
        title="the memory, one bit later",
        equation="hₜ = tanh(W_hh hₜ₋₁ + W_xh xₜ + b_h)",
        sentence="What was remembered, mixed with the new bit and bent: the same weights at every step.",
        module="rnn",
        source="h[t + 1] = np.tanh(W_hh @ h[t] + from_bits[t])",
        value="h",
        time=1,
        worked=_memory,
    ),
    DerivationStep(
        title="the answer's sum",
        equation="zₜ = w_hy hₜ + b_y",
        sentence="A logistic regression on the memory. Only at the row's end is it asked.",
        module="rnn",
        source="z = w_hy @ h[1:] + b_y",
        value="z",
        time=0,
        worked=_output_sum,
    ),
    DerivationStep(
        title="the answer",
        equation="aₜ = σ(zₜ)",
        sentence="The probability that the label so far is 1; for parity, that the ones so far are odd.",
        module="rnn",
        source="a = sigmoid(z)",
        value="a",
        time=0,
        worked=answer,
    ),
    DerivationStep(
        title="the error",
        equation="dzₜ = (aₜ − y) / labels, and 0 where no label is",
        sentence="With one label at the end, all that the network will learn enters here.",
        module="rnn",
        source="dz = (a - y) * (counts / self.dtype.type(counts.sum()))",
        value="dz",
        time=0,
        worked=error,
    ),
    DerivationStep(
        title="blame from the future",
        equation="dhₜ = w_hyᵀ dzₜ + W_hhᵀ dsₜ₊₁",
        sentence="From its own answer, and from every later step that built on this memory.",
        module="rnn",
        source="dh[t] += W_hh.T @ ds[t + 1]",
        value="dh",
        time=0,
        worked=_blame,
    ),
    DerivationStep(
        title="back through the bend",
        equation="dsₜ = dhₜ ∘ (1 − hₜ²)",
        sentence="Times a number below 1, at every step back: this is how a gradient vanishes.",
        module="rnn",
        source="ds[t] = dh[t] * (1 - h[t + 1] * h[t + 1])",
        value="ds",
        time=0,
        worked=_back_through_the_bend,
    ),
    DerivationStep(
        title="the memory's share",
        equation="dW_hh = Σₜ dsₜ hₜ₋₁ᵀ",
        sentence="One set of weights did the work at every step, so it takes the blame of all of them.",
        module="rnn",
        source="dW_hh = (ds @ h[:-1].transpose(0, 2, 1)).sum(axis=0)",
        value="dW_hh",
        worked=_share,
    ),
)

SYMBOLS = (
    Symbol("x", ("steps", "rows"), "the bits, one after another, as −1 and +1 or 0 and 1"),
    Symbol("h", ("steps + 1", "hidden", "rows"), "the memory: before the first bit, and after each"),
    Symbol("W_hh", ("hidden", "hidden"), "weights from the memory to the memory, one bit later"),
    Symbol("W_xh", ("hidden", "1"), "weights from the new bit to the memory"),
    Symbol("b_h", ("hidden", "1"), "a bias for each unit of memory"),
    Symbol("w_hy", ("hidden",), "weights from the memory to the answer"),
    Symbol("b_y", ("1",), "the answer's bias"),
    Symbol("z", ("steps", "rows"), "the logit after each bit"),
    Symbol("a", ("steps", "rows"), "the answer after each bit"),
    Symbol("y", ("steps", "rows"), "the label"),
    Symbol("L", (), "the loss of the labelled answers"),
    Symbol("dz", ("steps", "rows"), "the error: 0 where no label is"),
    Symbol("dh", ("steps", "hidden", "rows"), "the blame of the memory after each bit"),
    Symbol("ds", ("steps", "hidden", "rows"), "the blame of what was bent into it"),
    Symbol("dW_hh", ("hidden", "hidden"), "how the loss changes with W_hh"),
    Symbol("dW_xh", ("hidden", "1"), "how the loss changes with W_xh"),
    Symbol("db_h", ("hidden", "1"), "how the loss changes with b_h"),
    Symbol("dw_hy", ("hidden",), "how the loss changes with w_hy"),
    Symbol("db_y", ("1",), "how the loss changes with b_y"),
)
