"""One look back: what is asked, who answers, and the way back through a softmax."""

from __future__ import annotations

import numpy as np

from toystory.course.derivation.shared_lines import answer, error, loss
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.worked import Now, Worked, WorkedOut, dot, factor, number, plus, product


def _column(now: Now) -> int:
    """Which of a vector's numbers is shown, for the unit that is looked at."""
    return now.unit % len(now.row("q"))


def _last_read(now: Now) -> int:
    """The token of the row's last bit: the one that the last place has still to read."""
    return int(now.parameter("x").shape[1]) - 1


def _embedding(now: Now) -> Worked:
    j = _column(now)
    token = int(now.parameter("token")[0, -1])
    expression = f"{number(now.parameter('E_bit')[token, j])}{plus(now.parameter('E_kind')[1, j])}"
    return Worked(f"e[{j}]", expression, float(now.parameter("e")[0, -1, j]))


def _projected(name: str, weights: str) -> WorkedOut:
    """q of the last written token, or k or v of the last bit read: its vector times a matrix."""

    def worked(now: Now) -> Worked:
        j, n = _column(now), _last_read(now)
        token = -1 if name == "q" else n
        value = now.row("q")[j] if name == "q" else now.parameter(name)[0, n, j]
        expression = dot(now.parameter("e")[0, token], now.parameter(weights)[:, j])
        return Worked(f"{name}[{j}]", expression, float(value))

    return worked


def _score(now: Now) -> Worked:
    n = _last_read(now)
    root = float(len(now.row("q"))) ** -0.5
    match = dot(now.row("q"), now.parameter("k")[0, n])
    bias = now.parameter("b_d")[now.parameter("distance")[-1, n]]
    expression = f"({match})·{number(root)}{plus(bias)}"
    return Worked(f"g[{n}]", expression, float(now.row("g")[n]))


def _scaled(now: Now) -> Worked:
    n = _last_read(now)
    return Worked(f"s[{n}]", product(now.parameter("c")[-1, 0], now.row("g")[n]), float(now.row("s")[n]))


def _share(now: Now) -> Worked:
    n, s = _last_read(now), now.row("s").astype(float)
    total = float(np.exp(s - s[n]).sum())
    return Worked(f"p[{n}]", f"1 / {number(total)}", float(now.row("p")[n]))


def _read(now: Now) -> Worked:
    j = _column(now)
    return Worked(f"r[{j}]", dot(now.row("p"), now.parameter("v")[0, :, j]), float(now.row("r")[j]))


def _after_head(now: Now) -> Worked:
    j = _column(now)
    kept = number(now.parameter("e")[0, -1, j])
    return Worked(
        f"u[{j}]", f"{kept} + {dot(now.row('r'), now.parameter('W_o')[:, j])}", float(now.row("u")[j])
    )


def _sum(now: Now) -> Worked:
    j = now.unit
    expression = f"{dot(now.row('u'), now.parameter('W1')[:, j])}{plus(now.parameter('b1')[j])}"
    return Worked(f"z1[{j}]", expression, float(now.row("z1")[j]))


def _unit(now: Now) -> Worked:
    j = now.unit
    return Worked(f"h[{j}]", f"max(0, {number(now.row('z1')[j])})", float(now.row("h")[j]))


def _after_layer(now: Now) -> Worked:
    j = _column(now)
    heard = dot(now.row("h"), now.parameter("W2")[:, j])
    expression = f"{number(now.row('u')[j])} + {heard}{plus(now.parameter('b2')[j])}"
    return Worked(f"o[{j}]", expression, float(now.row("o")[j]))


def _logit(now: Now) -> Worked:
    expression = f"{dot(now.row('o'), now.parameter('w_y'))}{plus(now.parameter('b_y')[0])}"
    return Worked("z", expression, float(now.row("z")[0]))


def _d_after_layer(now: Now) -> Worked:
    j = _column(now)
    return Worked(f"do[{j}]", product(now.row("dz")[0], now.parameter("w_y")[j]), float(now.row("do")[j]))


def _d_unit(now: Now) -> Worked:
    j = now.unit
    return Worked(f"dh[{j}]", dot(now.row("do"), now.parameter("W2")[j]), float(now.row("dh")[j]))


def _d_sum(now: Now) -> Worked:
    j = now.unit
    on = 1 if now.row("z1")[j] > 0 else 0
    return Worked(f"dz1[{j}]", product(now.row("dh")[j], on), float(now.row("dz1")[j]))


def _d_after_head(now: Now) -> Worked:
    j = _column(now)
    expression = f"{number(now.row('do')[j])} + {dot(now.row('dz1'), now.parameter('W1')[j])}"
    return Worked(f"du[{j}]", expression, float(now.row("du")[j]))


def _d_read(now: Now) -> Worked:
    j = _column(now)
    return Worked(f"dr[{j}]", dot(now.row("du"), now.parameter("W_o")[j]), float(now.row("dr")[j]))


def _d_share(now: Now) -> Worked:
    n = _last_read(now)
    return Worked(f"dp[{n}]", dot(now.row("dr"), now.parameter("v")[0, n]), float(now.row("dp")[n]))


def _d_score(now: Now) -> Worked:
    n, p, dp = _last_read(now), now.row("p"), now.row("dp")
    expression = f"{factor(p[n])}·({number(dp[n])} − ({dot(p, dp)}))"
    return Worked(f"ds[{n}]", expression, float(now.row("ds")[n]))


def _d_bias(now: Now) -> Worked:
    index = int(now.parameter("distance")[-1, _last_read(now)])
    there = now.parameter("distance")[-1] == index
    errors = product(now.parameter("c")[-1, 0], now.row("ds")[there].astype(float).sum())
    return Worked(f"db_d[{index}]", errors, float(now.parameter("db_d")[index]))


def _d_query(now: Now) -> Worked:
    j = _column(now)
    root = float(len(now.row("q"))) ** -0.5
    expression = f"({dot(now.row('dg'), now.parameter('k')[0, :, j])})·{number(root)}"
    return Worked(f"dq[{j}]", expression, float(now.row("dq")[j]))


def _d_weight(now: Now) -> Worked:
    j = _column(now)
    expression = product(now.parameter("e")[0, -1, j], now.row("dq")[j])
    return Worked(f"dW_q[{j}, {j}]", expression, float(now.parameter("dW_q")[j, j]))


DERIVATION = (
    DerivationStep(
        title="a token becomes a vector",
        equation="e = E_bit + E_kind",
        sentence="Two rows of two tables: which bit it is, or the start, and whether it was read or written.",
        module="attention",
        source="e = E_bit[token] + E_kind[kind]",
        value="e",
        worked=_embedding,
    ),
    DerivationStep(
        title="the query",
        equation="q = e W_q",
        sentence="What the place that writes is looking for. Here it is the last place of the row.",
        module="attention",
        source="q = e_w @ W_q",
        value="q",
        worked=_projected("q", "W_q"),
    ),
    DerivationStep(
        title="the keys",
        equation="k = e W_k",
        sentence="What every token, read or written, shows itself by.",
        module="attention",
        source="k = e @ W_k",
        value="k",
        worked=_projected("k", "W_k"),
    ),
    DerivationStep(
        title="the values",
        equation="v = e W_v",
        sentence="What every token has to say to whoever looks at it.",
        module="attention",
        source="v = e @ W_v",
        value="v",
        worked=_projected("v", "W_v"),
    ),
    DerivationStep(
        title="the match",
        equation="g = ρ q kᵀ + b_d",
        sentence="How well a key fits the query; ρ is 1/√width. And a number for how far off its token is.",
        module="attention",
        source="g = q @ k.transpose(0, 2, 1) * self._one_over_root + b_d[distance]",
        value="g",
        worked=_score,
    ),
    DerivationStep(
        title="the score",
        equation="s = c ∘ g",
        sentence="The more tokens there are to look at, the louder it has to be: c = log(tokens) / log(50).",
        module="attention",
        source="s = c * g",
        value="s",
        worked=_scaled,
    ),
    DerivationStep(
        title="the attention",
        equation="p = exp(s) / Σ exp(s)",
        sentence="Softmax: shares of one whole. What is not written yet has a score of −∞, and no share.",
        module="attention",
        source="p = softmax(s)",
        value="p",
        worked=_share,
    ),
    DerivationStep(
        title="what is read",
        equation="r = p v",
        sentence="The values of all tokens, each as loud as its share.",
        module="attention",
        source="r = p @ v",
        value="r",
        worked=_read,
    ),
    DerivationStep(
        title="the vector after the head",
        equation="u = e + r W_o",
        sentence="What was read is added to what the place knew already: the bit that was written last.",
        module="attention",
        source="u = e_w + r @ W_o",
        value="u",
        worked=_after_head,
    ),
    DerivationStep(
        title="the hidden sums",
        equation="z₁ = u W₁ + b₁",
        sentence="From here on it is a two-layer network on two bits: the parity so far, and the next bit.",
        module="attention",
        source="z1 = u @ W1 + b1",
        value="z1",
        worked=_sum,
    ),
    DerivationStep(
        title="the hidden units",
        equation="h = max(0, z₁)",
        sentence="ReLU, as in the tower.",
        module="attention",
        source="h = relu(z1)",
        value="h",
        worked=_unit,
    ),
    DerivationStep(
        title="the vector after the layer",
        equation="o = u + h W₂ + b₂",
        sentence="Added again: what came in goes on, and the layer says what to change.",
        module="attention",
        source="o = u + h @ W2 + b2",
        value="o",
        worked=_after_layer,
    ),
    DerivationStep(
        title="the answer's sum",
        equation="z = o w_y + b_y",
        sentence="A logistic regression on the vector.",
        module="attention",
        source="z = o @ w_y + b_y",
        value="z",
        worked=_logit,
    ),
    DerivationStep(
        title="the answer",
        equation="a = σ(z)",
        sentence="The probability that the bit to be written is 1. Thinking aloud, it reads that bit next.",
        module="attention",
        source="a = sigmoid(z)",
        value="a",
        worked=answer,
    ),
    DerivationStep(
        title="the loss",
        equation="L = log(1 + eᶻ) − y z, the mean over the labelled answers",
        sentence="In training every written bit has a label; here only the last one, which is the answer.",
        module="loss",
        source="losses: FloatArray = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
        value="L",
        worked=loss,
    ),
    DerivationStep(
        title="the error",
        equation="dz = (a − y) / labels",
        sentence="As in every chapter before.",
        module="attention",
        source="dz = self._answer_errors(cache, y)",
        value="dz",
        worked=error,
    ),
    DerivationStep(
        title="blame of the vector",
        equation="do = dz w_yᵀ",
        sentence="Each number of the vector is to blame as far as the answer listened to it.",
        module="attention",
        source="do = dz[:, :, None] * w_y",
        value="do",
        worked=_d_after_layer,
    ),
    DerivationStep(
        title="blame of the hidden units",
        equation="dh = do W₂ᵀ",
        sentence="Back through the layer's second matrix.",
        module="attention",
        source="dh = do @ W2.T",
        value="dh",
        worked=_d_unit,
    ),
    DerivationStep(
        title="back through the ReLU",
        equation="dz₁ = dh, where z₁ is above 0",
        sentence="A unit that was off passes nothing back.",
        module="attention",
        source="dz1 = dh * (z1 > 0)",
        value="dz1",
        worked=_d_sum,
    ),
    DerivationStep(
        title="blame after the head",
        equation="du = do + dz₁ W₁ᵀ",
        sentence="What was used twice is blamed twice: by the layer, and by the sum that went past it.",
        module="attention",
        source="du = do + dz1 @ W1.T",
        value="du",
        worked=_d_after_head,
    ),
    DerivationStep(
        title="blame of what was read",
        equation="dr = du W_oᵀ",
        sentence="Back through the head's last matrix.",
        module="attention",
        source="dr = du @ W_o.T",
        value="dr",
        worked=_d_read,
    ),
    DerivationStep(
        title="blame of the shares",
        equation="dp = dr vᵀ",
        sentence="Would a larger share for this token have helped? That depends on what it had to say.",
        module="attention",
        source="dp = dr @ v.transpose(0, 2, 1)",
        value="dp",
        worked=_d_share,
    ),
    DerivationStep(
        title="back through the softmax",
        equation="ds = p ∘ (dp − Σ p dp)",
        sentence="Shares add up to 1, so only what is better or worse than the average moves a score.",
        module="attention",
        source="ds = p * (dp - (p * dp).sum(axis=2, keepdims=True))",
        value="ds",
        worked=_d_score,
    ),
    DerivationStep(
        title="the distances' share",
        equation="db_d = Σ c ∘ ds",
        sentence="All tokens at one distance share one number, so their errors are added up.",
        module="attention",
        source="db_d = at_each_distance(dg, distance)",
        value="db_d",
        worked=_d_bias,
    ),
    DerivationStep(
        title="blame of the query",
        equation="dq = ρ (c ∘ ds) k",
        sentence="Towards the keys that deserved more of a look.",
        module="attention",
        source="dq = dg @ k * self._one_over_root",
        value="dq",
        worked=_d_query,
    ),
    DerivationStep(
        title="the query weights' share",
        equation="dW_q = Σ eᵀ dq",
        sentence="Who asked, times how it should have asked. Keys and values have theirs in the same way.",
        module="attention",
        source="dW_q = over_places(e_w, dq)",
        value="dW_q",
        worked=_d_weight,
    ),
)

_VECTOR = ("rows", "places", "width")
_TOKENS = ("rows", "tokens", "width")
_SQUARE = ("width", "width")
_PAIRS = ("rows", "places", "tokens")

SYMBOLS = (
    Symbol("x", ("rows", "columns"), "the bits of the row"),
    Symbol("token", ("rows", "tokens"), "what was read and then what is written: 0, 1, or 2 for the start"),
    Symbol("e", _TOKENS, "every token as a vector"),
    Symbol("E_bit", ("3", "width"), "what 0, 1 and the start mean"),
    Symbol("E_kind", ("2", "width"), "what read and written mean"),
    Symbol("q", _VECTOR, "queries: what each written place looks for"),
    Symbol("k", _TOKENS, "keys: what each token shows itself by"),
    Symbol("v", _TOKENS, "values: what each token has to say"),
    Symbol("W_q", _SQUARE, "from a vector to its query"),
    Symbol("W_k", _SQUARE, "from a vector to its key"),
    Symbol("W_v", _SQUARE, "from a vector to its value"),
    Symbol("W_o", _SQUARE, "from what was read back to the vector"),
    Symbol("b_d", ("5",), "how much a distance of −2 or less, −1, 0, 1, 2 or more counts for"),
    Symbol("g", _PAIRS, "how well each token matches what each place looks for"),
    Symbol("c", ("places", "1"), "log(tokens to look at) / log(50); 1 without the factor"),
    Symbol("s", _PAIRS, "the scores, louder where there are more tokens"),
    Symbol("p", _PAIRS, "the attention: shares that add up to 1"),
    Symbol("r", _VECTOR, "what the head has read"),
    Symbol("u", _VECTOR, "the vector after the head"),
    Symbol("z1", ("rows", "places", "hidden"), "what the hidden units add up"),
    Symbol("h", ("rows", "places", "hidden"), "the hidden units, 0 or more"),
    Symbol("W1", ("width", "hidden"), "weights of the hidden units"),
    Symbol("b1", ("hidden",), "biases of the hidden units"),
    Symbol("W2", ("hidden", "width"), "from the hidden units back to the vector"),
    Symbol("b2", ("width",), "and their bias"),
    Symbol("o", _VECTOR, "the vector after the layer"),
    Symbol("w_y", ("width",), "weights of the answer"),
    Symbol("b_y", ("1",), "bias of the answer"),
    Symbol("z", ("rows", "places"), "the logit of the bit to be written next"),
    Symbol("a", ("rows", "places"), "the probability that it is 1"),
    Symbol("y", ("rows",), "the label of the row"),
    Symbol("L", (), "the loss of the last answer"),
    Symbol("dz", ("rows", "places"), "the error: 0 where no label is"),
    Symbol("do", _VECTOR, "the blame of the vector after the layer"),
    Symbol("dh", ("rows", "places", "hidden"), "the blame of the hidden units"),
    Symbol("dz1", ("rows", "places", "hidden"), "the blame of their sums"),
    Symbol("du", _VECTOR, "the blame of the vector after the head"),
    Symbol("dr", _VECTOR, "the blame of what was read"),
    Symbol("dp", _PAIRS, "the blame of the shares"),
    Symbol("ds", _PAIRS, "the blame of the scores"),
    Symbol("dg", _PAIRS, "the blame of the matches"),
    Symbol("dq", _VECTOR, "the blame of the queries"),
    Symbol("db_d", ("5",), "how the loss changes with b_d"),
    Symbol("dW_q", _SQUARE, "how the loss changes with W_q"),
)
