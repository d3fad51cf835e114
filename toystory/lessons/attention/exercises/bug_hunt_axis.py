"""Bug hunt: the answer that changed afterwards

One head of Alex's second machine had its mask right, and its scale. Asked for a single
bit it was beyond reproach. Asked for three bits, something odd was going on: when he
changed the bit that was written *last*, the machine changed its mind about the *first*
one, which had been written long before.

"Add up what each place gives away," said Sami. "A whole has to be shared, but whose?"

Run this file (`python bug_hunt_axis.py`). It prints the shares of three places over six
tokens, with their sums. One expression is wrong. When it is mended:

    >>> q, k, v = example()
    >>> p, r = attend(q, k, v, may_see(3))
    >>> print(p.sum(axis=1).round(6))
    [1. 1. 1.]
    >>> print(p.round(2))
    [[0.31 0.22 0.31 0.17 0.   0.  ]
     [0.09 0.27 0.09 0.42 0.13 0.  ]
     [0.32 0.11 0.32 0.08 0.09 0.08]]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.attention.exercises.head import seen_while_writing, trusted_head

Array = NDArray[np.float64]


def may_see(bits: int) -> NDArray[np.bool_]:
    """Which tokens each place that writes may look at, (bits, 2 bits): all that is there by then."""
    token, place = np.arange(2 * bits), np.arange(bits)[:, None]
    return token <= bits + place


def attend(q: Array, k: Array, v: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The attention of each place, (places, tokens), and what it reads, (places, width)."""
    s = np.where(seen, q @ k.T / np.sqrt(q.shape[1]), -np.inf)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p, p @ v


def example() -> tuple[Array, Array, Array]:
    """Queries of three places, and keys and values of six tokens."""
    q = np.array([[1.0, 0.5], [-1.0, 0.5], [0.5, -1.0]])
    k = np.array([[1.0, -0.5], [0.0, 0.5], [1.0, -0.5], [-0.5, 0.75], [1.5, 1.5], [0.0, 1.0]])
    return q, k, np.arange(12.0).reshape(6, 2)


if __name__ == "__main__":
    p, r = attend(*example(), may_see(3))
    print("shares: a line a place, a column a token")
    print(p.round(2))
    print("sum of each line:  ", p.sum(axis=1).round(2))
    print("sum of each column:", p.sum(axis=0).round(2))


# --- the check: not part of the learner's file

ORDER = 6
KIND = "bug hunt"
AFTER = "head"
BUG = Mistake(
    "softmax along the wrong axis",
    "p = e / e.sum(axis=1, keepdims=True)",
    "p = e / e.sum(axis=0, keepdims=True)",
)
MISTAKES = (
    Mistake(
        "divided by everything",
        "p = e / e.sum(axis=1, keepdims=True)",
        "p = e / e.sum()",
        told="One sum for all places: each place has a whole of its own to share.",
    ),
    Mistake("not divided at all", "p = e / e.sum(axis=1, keepdims=True)", "p = e"),
    Mistake(
        "the largest is taken out along the other axis only",
        "s.max(axis=1, keepdims=True))",
        "s.max(axis=0, keepdims=True))",
        told="What is taken out before exp has to be the same for all scores of one place.",
    ),
    Mistake("the mask was right", "token <= bits + place\n", "token < bits + place\n"),
    Mistake("the scale was right", " / np.sqrt(q.shape[1])", ""),
    Mistake("shares are turned round", "return p, p @ v", "return p.T, p @ v"),
)


def check(code: Code) -> None:
    rng = generator(1)
    for bits in (3, 1, 2):
        expect_same(
            code("may_see", bits), seen_while_writing(bits), "may_see(bits), which was right,", bits=bits
        )
        q = rng.uniform(-2, 2, size=(bits, 2)).round(2)
        k, v = rng.uniform(-2, 2, size=(2, 2 * bits, 2)).round(2)
        seen = seen_while_writing(bits)
        given = {"q": q, "k": k, "v": v, "seen": seen}
        p, r = trusted_head(q, k, v, seen)
        found = expect_parts(code("attend", q, k, v, seen), 2, "attend(…)", **given)
        expect_same(found[0], p, "attend(…): the shares", **given)
        expect_same(found[1], r, "attend(…): what is read", **given)
