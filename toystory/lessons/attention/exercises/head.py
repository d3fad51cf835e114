"""A head of attention: who looks at whom

For one row, every place that writes has a query, and every token, read or written, has a
key and a value. The head does three things. It *scores* how well each key fits each query:
their numbers are multiplied one by one and added up, and the sum is divided by √width. It
makes *shares* of a place's scores, with softmax. And it *reads* the values, each as loud as
its share. One thing it must not do: look at what is not yet written. `seen` says what each
place may see.

On paper first. Write down in `on_paper()`:

    "score"  of the query (1, 1, 1, 1) and the key
             (1, 2, 0, 1)
    "read"   two tokens with the shares 0.75 and 0.25
             have the values 4 and 8. What is read?
    "all"    q is (places, width), k (tokens, width).
             All scores, (places, tokens), are
             A  q @ k
             B  q @ k.T    C  q.T @ k
    "hide"   how does a token get no share at all,
             while the others still add up to 1?
             A  its score is set to 0
             B  its share is set to 0 afterwards
             C  its score is set to −∞ before softmax
    "size"   a sum of 16 products, 1 or −1 by lot, is
             about √16 large. And divided by √16?

Then write `attend(q, k, v, seen)`, which returns `p` and `r`:

- `q` is `(places, width)`; `k` and `v` are `(tokens, width)`;
- `seen` is `(places, tokens)`, True where the place may look;
- `p` is `(places, tokens)`, `r` is `(places, width)`.

`softmax` is given. Two places and three tokens, the last of which only the second place
may see:

    >>> q, k = np.array([[2.0], [2.0]]), np.array([[1.0], [0.0], [1.0]])
    >>> v = np.array([[1.0], [0.0], [5.0]])
    >>> seen = np.array([[True, True, False], [True, True, True]])
    >>> p, r = attend(q, k, v, seen)
    >>> print(p.round(3))
    [[0.881 0.119 0.   ]
     [0.468 0.063 0.468]]
    >>> print(r.round(3))
    [[0.881]
     [2.81 ]]
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_parts, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def softmax(s: Array) -> Array:
    """Given: shares along the last axis."""
    e: Array = np.exp(s - s.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


def on_paper() -> dict[str, float | str]:
    """Your answers: "score", "read" and "size" are numbers, "all" and "hide" are letters."""
    # TODO: return {"score": …, "read": …, "all": "…", "hide": "…", "size": …}
    # --- gap
    return {"score": 2.0, "read": 5.0, "all": "B", "hide": "C", "size": 1.0}
    # --- end of gap


def attend(q: Array, k: Array, v: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The attention p (places, tokens), and what is read with it, r (places, width)."""
    # TODO: scores, the ones not seen, shares, and the values.
    # --- gap
    s = q @ k.T / np.sqrt(q.shape[1])
    s = np.where(seen, s, -np.inf)
    p = softmax(s)
    return p, p @ v
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "heart"
MISTAKES = (
    Mistake(
        "the scale is forgotten",
        "q @ k.T / np.sqrt(q.shape[1])",
        "q @ k.T",
        told="It looks as if the scores were not divided by √width.",
    ),
    Mistake(
        "divided by the width itself",
        "np.sqrt(q.shape[1])",
        "q.shape[1]",
        told="The scores are divided by the root of the width, not by the width.",
    ),
    Mistake(
        "the number of tokens instead of the width",
        "np.sqrt(q.shape[1])",
        "np.sqrt(len(k))",
        told="The width is how long a query is, not how many tokens there are.",
    ),
    Mistake(
        "what is not seen is looked at",
        "np.where(seen, s, -np.inf)",
        "s",
        told="It looks at tokens that it must not see.",
    ),
    Mistake(
        "seen and not seen change places",
        "np.where(seen, s, -np.inf)",
        "np.where(~seen, s, -np.inf)",
    ),
    Mistake(
        "a score of 0 for what is not seen",
        "np.where(seen, s, -np.inf)",
        "np.where(seen, s, 0)",
        told="A score of 0 is a score like others: only −∞ leaves no share.",
    ),
    Mistake(
        "hidden after the softmax",
        "p = softmax(s)",
        "p = softmax(q @ k.T / np.sqrt(q.shape[1])) * seen",
        told="The shares of what is seen have to add up to 1: hide before the softmax.",
    ),
    Mistake("softmax along the wrong axis", "p = softmax(s)", "p = softmax(s.T).T"),
    Mistake("the keys are read instead of the values", "p @ v", "p @ k", told="What is read are the values."),
    Mistake("how a token is hidden, on paper", '"hide": "C"', '"hide": "A"'),
)


def trusted_head(q: Array, k: Array, v: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The same, place by place and token by token."""
    places, width = q.shape
    p, r = np.zeros((places, len(k))), np.zeros((places, v.shape[1]))
    for t in range(places):
        scores = {
            i: sum(float(a) * float(b) for a, b in zip(q[t], k[i], strict=True)) / math.sqrt(width)
            for i in range(len(k))
            if seen[t, i]
        }
        most = max(scores.values())
        total = sum(math.exp(score - most) for score in scores.values())
        for i, score in scores.items():
            p[t, i] = math.exp(score - most) / total
            for j in range(v.shape[1]):
                r[t, j] += p[t, i] * float(v[i, j])
    return p, r


def seen_while_writing(bits: int) -> NDArray[np.bool_]:
    """What each place may see: all that is read, and what is written up to it."""
    return np.array([[i <= bits + t for i in range(2 * bits)] for t in range(bits)])


QUESTIONS: dict[str, Number | Choice] = {
    "score": Number(2.0, "1 + 2 + 0 + 1, divided by the root of 4."),
    "read": Number(5.0, "0.75 of 4, and 0.25 of 8."),
    "all": Choice(
        "B",
        {
            "A": "(places, width) @ (tokens, width) does not go together.",
            "C": "That adds up over the places.",
        },
    ),
    "hide": Choice(
        "C",
        {
            "A": "exp(0) is 1: a score of 0 is a score like others.",
            "B": "Then the others add up to less than 1.",
        },
    ),
    "size": Number(1.0, "It is divided by √width, and the width is 16."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for bits, width in ((1, 1), (2, 1), (2, 3), (3, 4), (4, 2)):
        q = rng.uniform(-2, 2, size=(bits, width)).round(2)
        k, v = rng.uniform(-2, 2, size=(2, 2 * bits, width)).round(2)
        seen = seen_while_writing(bits)
        given = {"q": q, "k": k, "v": v, "seen": seen}
        p, r = trusted_head(q, k, v, seen)
        found = expect_parts(code("attend", q, k, v, seen), 2, "attend(…)", **given)
        expect_same(found[0], p, "attend(…): p", **given)
        expect_same(found[1], r, "attend(…): r", **given)
