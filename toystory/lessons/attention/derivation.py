"""One look back: what is asked, who answers, and the way back through a softmax."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from toystory.course.derivation.in_time import added
from toystory.course.derivation.reader import read_derivation
from toystory.course.derivation.shared_lines import answer, error, loss
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


STEPS, SYMBOLS = read_derivation(
    Path(__file__).with_suffix(".md"),
    {
        "a token becomes a vector": _token("e", _writer, _embedded),
        "the query": _place(
            "q", _column, lambda now, j: dot(now.parameter("e")[0, -1], now.parameter("W_q")[:, j])
        ),
        "the keys": _projected("k", "W_k"),
        "the values": _projected("v", "W_v"),
        "the match": _place("g", _last_read, _match),
        "the score": _place(
            "s", _last_read, lambda now, n: product(now.parameter("c")[-1, 0], now.row("g")[n])
        ),
        "the attention": _place("p", _last_read, _share),
        "what is read": _place("r", _column, lambda now, j: dot(now.row("p"), now.parameter("v")[0, :, j])),
        "the vector after the head": _place(
            "u",
            _column,
            lambda now, j: (
                f"{number(now.parameter('e')[0, -1, j])} + {dot(now.row('r'), now.parameter('W_o')[:, j])}"
            ),
        ),
        "the hidden sums": _place(
            "z1",
            _unit,
            lambda now, j: f"{dot(now.row('u'), now.parameter('W1')[:, j])}{plus(now.parameter('b1')[j])}",
        ),
        "the hidden units": _place("h", _unit, lambda now, j: f"max(0, {number(now.row('z1')[j])})"),
        "the vector after the layer": _place(
            "o",
            _column,
            lambda now, j: (
                f"{number(now.row('u')[j])} + {dot(now.row('h'), now.parameter('W2')[:, j])}"
                f"{plus(now.parameter('b2')[j])}"
            ),
        ),
        "the answer's sum": _logit,
        "the answer": answer,
        "the loss": loss,
        "the error": error,
        "blame of the vector": _place(
            "do", _column, lambda now, j: product(now.row("dz")[0], now.parameter("w_y")[j])
        ),
        "the answer's share": _d_answers_weight,
        "the answer's bias's share": _d_layers_bias("b_y", "dz"),
        "blame of the hidden units": _place(
            "dh", _unit, lambda now, j: dot(now.row("do"), now.parameter("W2")[j])
        ),
        "the layer's second share": _d_weights("W2", "h", "do"),
        "the second biases' share": _d_layers_bias("b2", "do"),
        "back through the ReLU": _place(
            "dz1", _unit, lambda now, j: product(now.row("dh")[j], now.row("z1")[j] > 0)
        ),
        "blame after the head": _place(
            "du",
            _column,
            lambda now, j: f"{number(now.row('do')[j])} + {dot(now.row('dz1'), now.parameter('W1')[j])}",
        ),
        "the layer's first share": _d_weights("W1", "u", "dz1"),
        "the first biases' share": _d_layers_bias("b1", "dz1"),
        "blame of what was read": _place(
            "dr", _column, lambda now, j: dot(now.row("du"), now.parameter("W_o")[j])
        ),
        "the head's share": _d_weights("W_o", "r", "du"),
        "blame of the shares": _place(
            "dp", _last_read, lambda now, n: dot(now.row("dr"), now.parameter("v")[0, n])
        ),
        "blame of the values": _token(
            "dv", _last_read, lambda now, n, j: product(now.row("p")[n], now.row("dr")[j])
        ),
        "back through the softmax": _place("ds", _last_read, _d_score),
        "blame of the matches": _place(
            "dg", _last_read, lambda now, n: product(now.parameter("c")[-1, 0], now.row("ds")[n])
        ),
        "the distances' share": _d_bias,
        "blame of the query": _place(
            "dq",
            _column,
            lambda now, j: (
                f"({dot(now.row('dg'), now.parameter('k')[0, :, j])})·{number(_one_over_root(now))}"
            ),
        ),
        "blame of the keys": _token(
            "dk",
            _last_read,
            lambda now, n, j: product(now.row("dg")[n], now.row("q")[j], _one_over_root(now)),
        ),
        "the query weights' share": _d_weights("W_q", "e", "dq"),
        "the key weights' share": _d_weights("W_k", "e", "dk"),
        "the value weights' share": _d_weights("W_v", "e", "dv"),
        "blame of a token that was read": _token("de", _last_read, _d_looked_at),
        "blame of a token that was written": _token("de", _writer, _d_written),
        "the share of a bit's vector": _d_table("E_bit", "token"),
        "the share of a kind's vector": _d_table("E_kind", "kind"),
    },
)
DERIVATION = (*STEPS, optimizer_step("W_q", "W_q", "adam"))
