"""Keys and values are kept: one bit more, and no second look

Alex let his machine write five thousand bits, and went for a walk. For every new bit it
went through all tokens again: made their keys, made their values, and threw them away.

"What of a token changes when another one is written behind it?" asked Sami. Nothing: its
key and its value come from the token alone. So they can be kept, and a new bit costs one
query, one key and one value. This is what is called a *key-value cache*.

Before you write, work it out on paper. A row of 4 bits was read, and the machine writes 4
bits: start and three bits are tokens too. How many keys does the slow way make for the
last bit, how many for all four together? And how many does the one with a cache?

Write two functions; `W` holds `W_q`, `W_k` and `W_v`, each `(width, width)`:

- `begin(e, W)`: `e` `(tokens, width)` are the tokens that were read. It returns the cache,
  a pair of keys and values, each `(tokens, width)`.
- `step(cache, e, W)`: `e` `(width,)` is one new token. It asks, and may look at all that
  is in the cache and at itself. It returns what it read, `(width,)`, and the new cache,
  one row longer. The old cache stays as it was: somebody may go on from it elsewhere.

A head as before: scores over √width, softmax, the values. `softmax` is given.

    >>> W = {name: np.eye(1) for name in ("W_q", "W_k", "W_v")}
    >>> cache = begin(np.array([[1.0], [-1.0]]), W)
    >>> r, longer = step(cache, np.array([2.0]), W)
    >>> print(r.round(3), len(cache[0]), len(longer[0]))
    [1.875] 2 3
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.attention.exercises.head import seen_while_writing, trusted_head

Array = NDArray[np.float64]
Cache = tuple[Array, Array]


def softmax(s: Array) -> Array:
    """Given: shares along the last axis."""
    e: Array = np.exp(s - s.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


def begin(e: Array, W: dict[str, Array]) -> Cache:
    """The keys and values of what was read, each (tokens, width)."""
    # TODO: one product each.
    # --- gap
    return e @ W["W_k"], e @ W["W_v"]
    # --- end of gap


def step(cache: Cache, e: Array, W: dict[str, Array]) -> tuple[Array, Cache]:
    """What the new token e (width,) reads, (width,), and the cache with it."""
    # TODO: one query, one key, one value; then the head, for one place.
    # --- gap
    k = np.vstack([cache[0], e @ W["W_k"]])
    v = np.vstack([cache[1], e @ W["W_v"]])
    p = softmax(k @ (e @ W["W_q"]) / np.sqrt(len(e)))
    return p @ v, (k, v)
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake(
        "the new token does not see itself",
        "p = softmax(k @ (e @",
        "p = softmax(cache[0] @ (e @",
    ),
    Mistake(
        "the new token sees only the others",
        'p = softmax(k @ (e @ W["W_q"]) / np.sqrt(len(e)))\n    return p @ v, (k, v)',
        'p = softmax(cache[0] @ (e @ W["W_q"]) / np.sqrt(len(e)))\n    return p @ cache[1], (k, v)',
        told="The new token may look at itself as well: put its key into the cache before the scores.",
    ),
    Mistake(
        "the cache does not grow",
        "return p @ v, (k, v)",
        "return p @ v, cache",
        told="The new cache has to hold the new token's key and value too.",
    ),
    Mistake(
        "the scale is forgotten", " / np.sqrt(len(e))", "", told="The scores go over the root of the width."
    ),
    Mistake("the scale of the tokens", "np.sqrt(len(e))", "np.sqrt(len(k))"),
    Mistake("keys and values change places", "return p @ v, (k, v)", "return p @ v, (v, k)"),
    Mistake(
        "the keys are read",
        "return p @ v, (k, v)",
        "return p @ k, (k, v)",
        told="What is read are the values.",
    ),
    Mistake("a key is asked", 'k @ (e @ W["W_q"])', 'k @ (e @ W["W_k"])', told="It is the query that asks."),
    Mistake("the tokens themselves are kept", 'return e @ W["W_k"], e @ W["W_v"]', "return e, e"),
    Mistake(
        "written in front",
        'k = np.vstack([cache[0], e @ W["W_k"]])',
        'k = np.vstack([e @ W["W_k"], cache[0]])',
    ),
)


def check(code: Code) -> None:
    rng = generator(0)
    for bits, width in ((2, 1), (1, 2), (3, 2), (4, 4)):
        e = rng.uniform(-1.5, 1.5, size=(2 * bits, width)).round(2)
        W = {name: rng.uniform(-1, 1, size=(width, width)).round(2) for name in ("W_q", "W_k", "W_v")}
        k, v = e @ W["W_k"], e @ W["W_v"]
        right = trusted_head(e[bits:] @ W["W_q"], k, v, seen_while_writing(bits))[1]
        cache = code("begin", e[:bits], W)
        expect_same(cache, (k[:bits], v[:bits]), "begin(e, W)", e=e[:bits], **dict[str, Any](W))
        for t in range(bits):
            given: dict[str, Any] = {"keys": k[: bits + t], "values": v[: bits + t], "e": e[bits + t], **W}
            parts = expect_parts(code("step", cache, e[bits + t], W), 2, "step(cache, e, W)", **given)
            expect_same(parts[0], right[t], "step(cache, e, W): what it read", **given)
            longer = (k[: bits + t + 1], v[: bits + t + 1])
            expect_same(parts[1], longer, "step(cache, e, W): the new cache", **given)
            cache = parts[1]
