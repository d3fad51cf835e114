"""Gates: what is kept, what is written, what is shown, and the open road back."""

from __future__ import annotations

from toystory.course.derivation.shared_lines import answer, error
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.worked import Now, Worked, dot, number, plus, product


def _sum(now: Now, block: int) -> str:
    """What one gate hears: block 0 … 3 for i, f, o and g."""
    j = block * len(now.row("h")) + now.unit
    remembered = dot(now.parameter("W_h")[j], now.row("h"))
    from_bit = product(now.parameter("W_x")[j, 0], now.row("x")[0])
    return f"{remembered} + {from_bit}{plus(now.parameter('b')[j, 0])}"


def _forget_gate(now: Now) -> Worked:
    return Worked(f"f[{now.unit}]", f"σ({_sum(now, 1)})", float(now.row("f")[now.unit]))


def _proposal(now: Now) -> Worked:
    return Worked(f"g[{now.unit}]", f"tanh({_sum(now, 3)})", float(now.row("g")[now.unit]))


def _cell(now: Now) -> Worked:
    j = now.unit
    kept = product(now.row("f")[j], now.row("c")[j])
    written = product(now.row("i")[j], now.row("g")[j])
    return Worked(f"c[{j}]", f"{kept} + {written}", float(now.row("c", later=1)[j]))


def _shown(now: Now) -> Worked:
    j = now.unit
    expression = f"{number(now.row('o')[j])}·tanh({number(now.row('c', later=1)[j])})"
    return Worked(f"h[{j}]", expression, float(now.row("h", later=1)[j]))


def _blame(now: Now) -> Worked:
    j = now.unit
    shown = f"(1 − tanh({number(now.row('c', later=1)[j])})²)"
    expression = f"{product(now.row('dh')[j], now.row('o')[j])}·{shown}"
    if not now.is_last:
        expression += f" + {product(now.row('dc', later=1)[j], now.row('f', later=1)[j])}"
    return Worked(f"dc[{j}]", expression, float(now.row("dc")[j]))


def _forget_share(now: Now) -> Worked:
    j = now.unit
    f = now.row("f")[j]
    expression = f"{product(now.row('dc')[j], now.row('c')[j], f)}·(1 − {number(f)})"
    return Worked(f"ds_f[{j}]", expression, float(now.row("ds")[len(now.row("f")) + j]))


def _share(now: Now) -> Worked:
    j = now.unit
    blame, shown = now.parameter("ds")[:, j, 0], now.parameter("h")[:-1, j, 0]
    return Worked(f"dW_h[{j}, {j}]", dot(blame, shown), float(now.parameter("dW_h")[j, j]))


DERIVATION = (
    DerivationStep(
        title="the gates",
        equation="i, f, o = σ(W_h hₜ₋₁ + W_x xₜ + b), a quarter of the rows each",
        sentence="Dimmers between 0 and 1, set by the new bit and by what the cells showed last. This is f.",
        module="lstm",
        source="gates[t, : 3 * self.hidden] = sigmoid(s[: 3 * self.hidden])",
        value="f",
        time=0,
        worked=_forget_gate,
    ),
    DerivationStep(
        title="what could be written",
        equation="g = tanh(W_h hₜ₋₁ + W_x xₜ + b), the last quarter",
        sentence="A proposal between −1 and 1.",
        module="lstm",
        source="g[t] = np.tanh(s[3 * self.hidden :])",
        value="g",
        time=0,
        worked=_proposal,
    ),
    DerivationStep(
        title="the cell",
        equation="cₜ = f ∘ cₜ₋₁ + i ∘ g",
        sentence="Keep some of the old, write some of the new. It is added to, not worked out anew.",
        module="lstm",
        source="c[t + 1] = f[t] * c[t] + i[t] * g[t]",
        value="c",
        time=1,
        worked=_cell,
    ),
    DerivationStep(
        title="what is shown",
        equation="hₜ = o ∘ tanh(cₜ)",
        sentence="The output gate decides how much of the cell anyone may see.",
        module="lstm",
        source="h[t + 1] = o[t] * tanh_c[t + 1]",
        value="h",
        time=1,
        worked=_shown,
    ),
    DerivationStep(
        title="the answer",
        equation="aₜ = σ(w_y hₜ + b_y)",
        sentence="The probability that the label so far is 1; for parity, that the ones so far are odd.",
        module="lstm",
        source="a = sigmoid(z)",
        value="a",
        time=0,
        worked=answer,
    ),
    DerivationStep(
        title="the error",
        equation="dzₜ = (aₜ − y) / labels, and 0 where no label is",
        sentence="As in the RNN: it enters where a label is, and nowhere else.",
        module="lstm",
        source="dz = (a - y) * (counts / self.dtype.type(counts.sum()))",
        value="dz",
        time=0,
        worked=error,
    ),
    DerivationStep(
        title="blame of the cell",
        equation="dcₜ = dhₜ ∘ o ∘ (1 − tanh²(cₜ)) + dcₜ₊₁ ∘ fₜ₊₁",
        sentence="From cell to cell only the forget gate multiplies it: an open gate passes it on whole.",
        module="lstm",
        source="dc[t] += dc[t + 1] * f[t + 1]",
        value="dc",
        time=0,
        worked=_blame,
    ),
    DerivationStep(
        title="the forget gate's share",
        equation="ds_f = dcₜ ∘ cₜ₋₁ ∘ f (1 − f)",
        sentence="To blame in so far as there was something to keep. (The value is all of ds.)",
        module="lstm",
        source="ds_f[t] = dc[t] * c[t] * f[t] * (1 - f[t])",
        value="ds",
        time=0,
        worked=_forget_share,
    ),
    DerivationStep(
        title="the weights' share",
        equation="dW_h = Σₜ dsₜ hₜ₋₁ᵀ",
        sentence="The same weights at every step, so the blame of all steps is added up.",
        module="lstm",
        source="dW_h = (ds @ h[:-1].transpose(0, 2, 1)).sum(axis=0)",
        value="dW_h",
        worked=_share,
    ),
)

SYMBOLS = (
    Symbol("x", ("steps", "rows"), "the bits, one after another"),
    Symbol("h", ("steps + 1", "hidden", "rows"), "what the cells show: before the first bit, and after each"),
    Symbol("c", ("steps + 1", "hidden", "rows"), "the cells: what is kept"),
    Symbol("tanh_c", ("steps + 1", "hidden", "rows"), "the cells, squeezed between −1 and 1"),
    Symbol("i", ("steps", "hidden", "rows"), "input gate: how much is written, between 0 and 1"),
    Symbol("f", ("steps", "hidden", "rows"), "forget gate: how much is kept, between 0 and 1"),
    Symbol("o", ("steps", "hidden", "rows"), "output gate: how much is shown, between 0 and 1"),
    Symbol("g", ("steps", "hidden", "rows"), "what could be written, between −1 and 1"),
    Symbol("W_h", ("4 hidden", "hidden"), "weights from what is shown to the gates i, f, o and to g"),
    Symbol("W_x", ("4 hidden", "1"), "weights from the new bit to the gates and to g"),
    Symbol("b", ("4 hidden", "1"), "biases; the forget gate's start at 1"),
    Symbol("w_y", ("hidden",), "weights from what is shown to the answer"),
    Symbol("b_y", ("1",), "the answer's bias"),
    Symbol("z", ("steps", "rows"), "the logit after each bit"),
    Symbol("a", ("steps", "rows"), "the answer after each bit"),
    Symbol("y", ("steps", "rows"), "the label"),
    Symbol("L", (), "the loss of the labelled answers"),
    Symbol("dz", ("steps", "rows"), "the error: 0 where no label is"),
    Symbol("dh", ("steps", "hidden", "rows"), "the blame of what was shown"),
    Symbol("dc", ("steps", "hidden", "rows"), "the blame of the cells"),
    Symbol("ds", ("steps", "4 hidden", "rows"), "the blame of what i, f, o and g heard, one under the other"),
    Symbol("dW_h", ("4 hidden", "hidden"), "how the loss changes with W_h"),
    Symbol("dW_x", ("4 hidden", "1"), "how the loss changes with W_x"),
    Symbol("db", ("4 hidden", "1"), "how the loss changes with b"),
    Symbol("dw_y", ("hidden",), "how the loss changes with w_y"),
    Symbol("db_y", ("1",), "how the loss changes with b_y"),
)
