"""One look back: what is asked, who answers, and the way back through a softmax."""

from __future__ import annotations

import math
from collections.abc import Callable

from toystory.course.derivation.in_time import added
from toystory.course.derivation.shared_lines import answer, error, loss
from toystory.course.derivation.steps import DerivationStep
from toystory.course.derivation.symbols import Symbol
from toystory.course.derivation.update_steps import optimizer_step
from toystory.course.derivation.worked import (
    Now,
    Worked,
    WorkedOut,
    dot,
    exponentials,
    factor,
    number,
    plus,
    product,
)


def _column(now: Now) -> int:
    """Which of a vector's numbers is shown, for the unit that is looked at."""
    return now.unit % len(now.row("q"))


def _last_read(now: Now) -> int:
    """The token of the row's last bit: the one that the last place has still to read."""
    return int(now.parameter("x").shape[1]) - 1


def _writer(now: Now) -> int:
    """The token that was written last: the one that asks."""
    return int(now.parameter("token").shape[1]) - 1


def _place(name: str, at: Callable[[Now], int], expression: Callable[[Now, int], str]) -> WorkedOut:
    """One number of what the last place comes to.

    Args:
        name: Of the value.
        at: Which of its numbers.
        expression: What that is made of.
    """

    def worked(now: Now) -> Worked:
        j = at(now)
        return Worked(f"{name}[{j}]", expression(now, j), float(now.row(name)[j]))

    return worked


def _token(name: str, at: Callable[[Now], int], expression: Callable[[Now, int, int], str]) -> WorkedOut:
    """One number of the vector of a token.

    Args:
        name: Of the vectors.
        at: Which token.
        expression: What the number is made of, of this token and in this column.
    """

    def worked(now: Now) -> Worked:
        n, j = at(now), _column(now)
        return Worked(f"{name}[{n}, {j}]", expression(now, n, j), float(now.parameter(name)[0, n, j]))

    return worked


def _unit(now: Now) -> int:
    return now.unit


def _embedded(now: Now, n: int, j: int) -> str:
    bit, kind = now.parameter("token")[0, n], now.parameter("kind")[n]
    return f"{number(now.parameter('E_bit')[bit, j])}{plus(now.parameter('E_kind')[kind, j])}"


def _projected(name: str, weights: str) -> WorkedOut:
    """k or v of the last bit read: its vector times a matrix."""
    return _token(
        name,
        _last_read,
        lambda now, n, j: dot(now.parameter("e")[0, n], now.parameter(weights)[:, j]),
    )


def _match(now: Now, n: int) -> str:
    bias = now.parameter("b_d")[now.parameter("distance")[-1, n]]
    return f"({dot(now.row('q'), now.parameter('k')[0, n])})·{number(_one_over_root(now))}{plus(bias)}"


def _share(now: Now, n: int) -> str:
    return f"exp({number(now.row('s')[n])}) / ({exponentials(now.row('s'))})"


def _logit(now: Now) -> Worked:
    expression = f"{dot(now.row('o'), now.parameter('w_y'))}{plus(now.parameter('b_y')[0])}"
    return Worked("z", expression, float(now.row("z")[0]))


def _d_score(now: Now, n: int) -> str:
    p, dp = now.row("p"), now.row("dp")
    return f"{factor(p[n])}·({number(dp[n])} − ({dot(p, dp)}))"


def _d_bias(now: Now) -> Worked:
    index = int(now.parameter("distance")[-1, _last_read(now)])
    there = now.parameter("distance")[-1] == index
    return Worked(f"db_d[{index}]", added(now.row("dg")[there]), float(now.parameter("db_d")[index]))


def _one_over_root(now: Now) -> float:
    return 1 / math.sqrt(len(now.row("q")))


def _d_looked_at(now: Now, n: int, j: int) -> str:
    """What a token is to blame for as a key and as a value."""
    as_key = dot(now.parameter("dk")[0, n], now.parameter("W_k")[j])
    return f"{as_key} + {dot(now.parameter('dv')[0, n], now.parameter('W_v')[j])}"


def _d_written(now: Now, n: int, j: int) -> str:
    asked = dot(now.row("dq"), now.parameter("W_q")[j])
    return f"{_d_looked_at(now, n, j)} + {asked}{plus(now.row('du')[j])}"


def _d_weights(name: str, said: str, errors: str) -> WorkedOut:
    """One weight's share: what the place said times the error of what came of it, over all tokens.

    Args:
        name: Of the weights.
        said: What was multiplied by them: e over all tokens, else of the last place.
        errors: Of the product.
    """

    def worked(now: Now) -> Worked:
        gradient = now.parameter(f"d{name}")
        over_tokens = errors in ("dk", "dv")
        left = now.parameter(said)[0] if over_tokens else now.parameter(said)[0, -1:]
        right = now.parameter(errors)[0] if over_tokens else now.parameter(errors)[0, -1:]
        i, j = (now.unit % size for size in gradient.shape)
        return Worked(f"d{name}[{i}, {j}]", dot(left[:, i], right[:, j]), float(gradient[i, j]))

    return worked


def _d_answers_weight(now: Now) -> Worked:
    j = _column(now)
    return Worked(f"dw_y[{j}]", product(now.row("o")[j], now.row("dz")[0]), float(now.parameter("dw_y")[j]))


def _d_layers_bias(name: str, errors: str) -> WorkedOut:
    """A bias's share: the error of the last place, the only one with a label."""

    def worked(now: Now) -> Worked:
        terms, gradient = now.row(errors), now.parameter(f"d{name}")
        j = now.unit % len(gradient)
        where = f"[{j}]" if len(gradient) > 1 else ""
        return Worked(f"d{name}{where}", number(terms[j]), float(gradient[j]))

    return worked


def _d_table(name: str, kind: str) -> WorkedOut:
    """The share of one row of a table of vectors: the blame of all the tokens that took it."""

    def worked(now: Now) -> Worked:
        j = _column(now)
        kinds = now.parameter(kind).reshape(-1)
        entry = int(kinds[-1])
        blamed = now.parameter("de")[0][kinds == entry, j]
        return Worked(f"d{name}[{entry}, {j}]", added(blamed), float(now.parameter(f"d{name}")[entry, j]))

    return worked


DERIVATION = (
    DerivationStep(
        title="a token becomes a vector",
        equation="e = E_bit + E_kind",
        sentence="Two rows of two tables: which bit it is, or the start, and whether it was read or written.",
        module="attention",
        source="e = E_bit[token] + E_kind[kind]",
        value="e",
        worked=_token("e", _writer, _embedded),
    ),
    DerivationStep(
        title="the query",
        equation="q = e W_q",
        sentence="What the place that writes is looking for. Here it is the last place of the row.",
        module="attention",
        source="q = e_w @ W_q",
        value="q",
        worked=_place(
            "q", _column, lambda now, j: dot(now.parameter("e")[0, -1], now.parameter("W_q")[:, j])
        ),
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
        worked=_place("g", _last_read, _match),
    ),
    DerivationStep(
        title="the score",
        equation="s = c ∘ g",
        sentence="The more tokens there are to look at, the louder it has to be: c = log(tokens) / log(50).",
        module="attention",
        source="s = c * g",
        value="s",
        worked=_place("s", _last_read, lambda now, n: product(now.parameter("c")[-1, 0], now.row("g")[n])),
    ),
    DerivationStep(
        title="the attention",
        equation="p = exp(s) / Σ exp(s)",
        sentence="Softmax: shares of one whole. What is not written yet has a score of −∞, and no share.",
        module="attention",
        source="p = softmax(s)",
        value="p",
        worked=_place("p", _last_read, _share),
    ),
    DerivationStep(
        title="what is read",
        equation="r = p v",
        sentence="The values of all tokens, each as loud as its share.",
        module="attention",
        source="r = p @ v",
        value="r",
        worked=_place("r", _column, lambda now, j: dot(now.row("p"), now.parameter("v")[0, :, j])),
    ),
    DerivationStep(
        title="the vector after the head",
        equation="u = e + r W_o",
        sentence="What was read is added to what the place knew already: the bit that was written last.",
        module="attention",
        source="u = e_w + r @ W_o",
        value="u",
        worked=_place(
            "u",
            _column,
            lambda now, j: (
                f"{number(now.parameter('e')[0, -1, j])} + {dot(now.row('r'), now.parameter('W_o')[:, j])}"
            ),
        ),
    ),
    DerivationStep(
        title="the hidden sums",
        equation="z₁ = u W₁ + b₁",
        sentence="From here on it is a two-layer network on two bits: the parity so far, and the next bit.",
        module="attention",
        source="z1 = u @ W1 + b1",
        value="z1",
        worked=_place(
            "z1",
            _unit,
            lambda now, j: f"{dot(now.row('u'), now.parameter('W1')[:, j])}{plus(now.parameter('b1')[j])}",
        ),
    ),
    DerivationStep(
        title="the hidden units",
        equation="h = max(0, z₁)",
        sentence="ReLU, as in the tower: max takes the larger of the two.",
        module="attention",
        source="h = relu(z1)",
        value="h",
        worked=_place("h", _unit, lambda now, j: f"max(0, {number(now.row('z1')[j])})"),
    ),
    DerivationStep(
        title="the vector after the layer",
        equation="o = u + h W₂ + b₂",
        sentence="Added again: what came in goes on, and the layer says what to change.",
        module="attention",
        source="o = u + h @ W2 + b2",
        value="o",
        worked=_place(
            "o",
            _column,
            lambda now, j: (
                f"{number(now.row('u')[j])} + {dot(now.row('h'), now.parameter('W2')[:, j])}"
                f"{plus(now.parameter('b2')[j])}"
            ),
        ),
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
        equation="L = ln(1 + eᶻ) − y z, the mean over the labelled answers",
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
        worked=_place("do", _column, lambda now, j: product(now.row("dz")[0], now.parameter("w_y")[j])),
    ),
    DerivationStep(
        title="the answer's share",
        equation="dw_y = Σ oᵀ dz",
        sentence="What was heard times the error, added up over the places.",
        module="attention",
        source="dw_y, db_y = over_places(o, dz[:, :, None])[:, 0], dz.sum(keepdims=True)[0]",
        value="dw_y",
        worked=_d_answers_weight,
    ),
    DerivationStep(
        title="the answer's bias's share",
        equation="db_y = Σ dz",
        sentence="The whole error.",
        module="attention",
        source="dw_y, db_y = over_places(o, dz[:, :, None])[:, 0], dz.sum(keepdims=True)[0]",
        value="db_y",
        worked=_d_layers_bias("b_y", "dz"),
    ),
    DerivationStep(
        title="blame of the hidden units",
        equation="dh = do W₂ᵀ",
        sentence="Back through the layer's second matrix.",
        module="attention",
        source="dh = do @ W2.T",
        value="dh",
        worked=_place("dh", _unit, lambda now, j: dot(now.row("do"), now.parameter("W2")[j])),
    ),
    DerivationStep(
        title="the layer's second share",
        equation="dW₂ = Σ hᵀ do",
        sentence="What each unit said, times the blame of what came of it.",
        module="attention",
        source="dW2, db2 = over_places(h, do), do.sum(axis=(0, 1))",
        value="dW2",
        worked=_d_weights("W2", "h", "do"),
    ),
    DerivationStep(
        title="the second biases' share",
        equation="db₂ = Σ do",
        sentence="A bias takes the blame as it comes.",
        module="attention",
        source="dW2, db2 = over_places(h, do), do.sum(axis=(0, 1))",
        value="db2",
        worked=_d_layers_bias("b2", "do"),
    ),
    DerivationStep(
        title="back through the ReLU",
        equation="dz₁ = dh, where z₁ is above 0",
        sentence="A unit that was off passes nothing back.",
        module="attention",
        source="dz1 = dh * (z1 > 0)",
        value="dz1",
        worked=_place("dz1", _unit, lambda now, j: product(now.row("dh")[j], now.row("z1")[j] > 0)),
    ),
    DerivationStep(
        title="blame after the head",
        equation="du = do + dz₁ W₁ᵀ",
        sentence="What was used twice is blamed twice: by the layer, and by the sum that went past it.",
        module="attention",
        source="du = do + dz1 @ W1.T",
        value="du",
        worked=_place(
            "du",
            _column,
            lambda now, j: f"{number(now.row('do')[j])} + {dot(now.row('dz1'), now.parameter('W1')[j])}",
        ),
    ),
    DerivationStep(
        title="the layer's first share",
        equation="dW₁ = Σ uᵀ dz₁",
        sentence="What the layer heard, times the blame of its sums.",
        module="attention",
        source="dW1, db1 = over_places(u, dz1), dz1.sum(axis=(0, 1))",
        value="dW1",
        worked=_d_weights("W1", "u", "dz1"),
    ),
    DerivationStep(
        title="the first biases' share",
        equation="db₁ = Σ dz₁",
        sentence="The blame of each sum.",
        module="attention",
        source="dW1, db1 = over_places(u, dz1), dz1.sum(axis=(0, 1))",
        value="db1",
        worked=_d_layers_bias("b1", "dz1"),
    ),
    DerivationStep(
        title="blame of what was read",
        equation="dr = du W_oᵀ",
        sentence="Back through the head's last matrix.",
        module="attention",
        source="dr = du @ W_o.T",
        value="dr",
        worked=_place("dr", _column, lambda now, j: dot(now.row("du"), now.parameter("W_o")[j])),
    ),
    DerivationStep(
        title="the head's share",
        equation="dW_o = Σ rᵀ du",
        sentence="What was read, times the blame after the head.",
        module="attention",
        source="dW_o = over_places(r, du)",
        value="dW_o",
        worked=_d_weights("W_o", "r", "du"),
    ),
    DerivationStep(
        title="blame of the shares",
        equation="dp = dr vᵀ",
        sentence="Would a larger share for this token have helped? That depends on what it had to say.",
        module="attention",
        source="dp = dr @ v.transpose(0, 2, 1)",
        value="dp",
        worked=_place("dp", _last_read, lambda now, n: dot(now.row("dr"), now.parameter("v")[0, n])),
    ),
    DerivationStep(
        title="blame of the values",
        equation="dv = pᵀ dr",
        sentence="A token is to blame for what it said as far as it was listened to.",
        module="attention",
        source="dv = p.transpose(0, 2, 1) @ dr",
        value="dv",
        worked=_token("dv", _last_read, lambda now, n, j: product(now.row("p")[n], now.row("dr")[j])),
    ),
    DerivationStep(
        title="back through the softmax",
        equation="ds = p ∘ (dp − Σ p dp)",
        sentence="Shares add up to 1, so only what is better or worse than the average moves a score.",
        module="attention",
        source="ds = p * (dp - (p * dp).sum(axis=2, keepdims=True))",
        value="ds",
        worked=_place("ds", _last_read, _d_score),
    ),
    DerivationStep(
        title="blame of the matches",
        equation="dg = c ∘ ds",
        sentence="Back through the factor that made them louder.",
        module="attention",
        source="dg = c * ds",
        value="dg",
        worked=_place("dg", _last_read, lambda now, n: product(now.parameter("c")[-1, 0], now.row("ds")[n])),
    ),
    DerivationStep(
        title="the distances' share",
        equation="db_d = Σ dg",
        sentence="All tokens at one distance share one number, so their blame is added up.",
        module="attention",
        source="db_d = at_each_distance(dg, distance)",
        value="db_d",
        worked=_d_bias,
    ),
    DerivationStep(
        title="blame of the query",
        equation="dq = ρ dg k",
        sentence="Towards the keys that deserved more of a look.",
        module="attention",
        source="dq = dg @ k * self._one_over_root",
        value="dq",
        worked=_place(
            "dq",
            _column,
            lambda now, j: (
                f"({dot(now.row('dg'), now.parameter('k')[0, :, j])})·{number(_one_over_root(now))}"
            ),
        ),
    ),
    DerivationStep(
        title="blame of the keys",
        equation="dk = ρ dgᵀ q",
        sentence="Towards the queries that should have found them.",
        module="attention",
        source="dk = dg.transpose(0, 2, 1) @ q * self._one_over_root",
        value="dk",
        worked=_token(
            "dk",
            _last_read,
            lambda now, n, j: product(now.row("dg")[n], now.row("q")[j], _one_over_root(now)),
        ),
    ),
    DerivationStep(
        title="the query weights' share",
        equation="dW_q = Σ eᵀ dq",
        sentence="Who asked, times how it should have asked.",
        module="attention",
        source="dW_q = over_places(e_w, dq)",
        value="dW_q",
        worked=_d_weights("W_q", "e", "dq"),
    ),
    DerivationStep(
        title="the key weights' share",
        equation="dW_k = Σ eᵀ dk",
        sentence="Who was looked at, times how it should have shown itself.",
        module="attention",
        source="dW_k = over_places(e, dk)",
        value="dW_k",
        worked=_d_weights("W_k", "e", "dk"),
    ),
    DerivationStep(
        title="the value weights' share",
        equation="dW_v = Σ eᵀ dv",
        sentence="Who spoke, times what it should have said.",
        module="attention",
        source="dW_v = over_places(e, dv)",
        value="dW_v",
        worked=_d_weights("W_v", "e", "dv"),
    ),
    DerivationStep(
        title="blame of a token that was read",
        equation="de = dk W_kᵀ + dv W_vᵀ",
        sentence="It was a key and it had a value: blamed for both.",
        module="attention",
        source="de = dk @ W_k.T + dv @ W_v.T",
        value="de",
        worked=_token("de", _last_read, _d_looked_at),
    ),
    DerivationStep(
        title="blame of a token that was written",
        equation="de = dk W_kᵀ + dv W_vᵀ + dq W_qᵀ + du",
        sentence="It also asked, and it went on past the head: four ways to be blamed.",
        module="attention",
        source="de[:, n:] += dq @ W_q.T + du",
        value="de",
        worked=_token("de", _writer, _d_written),
    ),
    DerivationStep(
        title="the share of a bit's vector",
        equation="dE_bit = Σ de, over the tokens with this bit",
        sentence="One vector stands for all of them, so it takes the blame of all.",
        module="attention",
        source="dE_bit = np.stack([de[token == j].sum(axis=0) for j in range(START + 1)])",
        value="dE_bit",
        worked=_d_table("E_bit", "token"),
    ),
    DerivationStep(
        title="the share of a kind's vector",
        equation="dE_kind = Σ de, over the tokens of this kind",
        sentence="The same for what was read, and for what was written.",
        module="attention",
        source="dE_kind = np.stack([de[:, kind == j].sum(axis=(0, 1)) for j in range(2)])",
        value="dE_kind",
        worked=_d_table("E_kind", "kind"),
    ),
    optimizer_step("W_q", "W_q", "adam"),
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
    Symbol("dk", _TOKENS, "the blame of the keys"),
    Symbol("dv", _TOKENS, "the blame of the values"),
    Symbol("de", _TOKENS, "the blame of the tokens' vectors"),
    Symbol("dE_bit", ("3", "width"), "how the loss changes with E_bit"),
    Symbol("dE_kind", ("2", "width"), "how the loss changes with E_kind"),
    Symbol("db_d", ("5",), "how the loss changes with b_d"),
    Symbol("dW_q", _SQUARE, "how the loss changes with W_q"),
    Symbol("dW_k", _SQUARE, "how the loss changes with W_k"),
    Symbol("dW_v", _SQUARE, "how the loss changes with W_v"),
    Symbol("dW_o", _SQUARE, "how the loss changes with W_o"),
    Symbol("dW1", ("width", "hidden"), "how the loss changes with W1"),
    Symbol("db1", ("hidden",), "how the loss changes with b1"),
    Symbol("dW2", ("hidden", "width"), "how the loss changes with W2"),
    Symbol("db2", ("width",), "how the loss changes with b2"),
    Symbol("dw_y", ("width",), "how the loss changes with w_y"),
    Symbol("db_y", ("1",), "how the loss changes with b_y"),
    Symbol("W_q″", _SQUARE, "the query weights after the first step of Adam"),
)
