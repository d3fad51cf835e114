"""The way back through the head

Three lines forward, and each has its line backward, in reverse order. Forward they are

    s = q kᵀ / √width
    p = softmax(s)
    r = p v

You know the rule of a product, and the softmax's way back from the first exercise. Take a
width of 4, a place that gives a token the share 0.25, and one number of what it reads: its
error is dr = 2, and the token's value there is v = 8. Write down in `on_paper()`:

    "dv"      the error of that value
    "dp"      the error of the share
    "values"  p is (places, tokens), dr is (places,
              width). Which has v's shape and adds up
              all places that looked?
              A  p @ dr
              B  p.T @ dr    C  dr.T @ p
    "keys"    ds is (places, tokens), q is (places,
              width). Which has k's shape?
              A  ds @ q
              B  ds.T @ q    C  q.T @ ds
    "dq"      the score's error is 0.6, the key's
              number is 3. What does the query's get?

Then write `attend_back(q, k, v, p, dr)`, which returns `dq, dk, dv`: how the loss changes
with the queries `(places, width)`, and with keys and values `(tokens, width)`. `p` is
what the head attended with, `dr` how the loss changes with what it read. The mask needs
no line of its own: where `p` is 0, nothing goes back.

    >>> q, k, v = np.array([[1.0]]), np.array([[1.0], [0.0]]), np.array([[2.0], [4.0]])
    >>> p = np.array([[0.75, 0.25]])
    >>> dq, dk, dv = attend_back(q, k, v, p, np.array([[1.0]]))
    >>> print(dq, dk[:, 0], dv[:, 0])
    [[-0.375]] [-0.375  0.375] [0.75 0.25]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradient, expect_parts
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.attention.exercises.head import seen_while_writing, trusted_head

Array = NDArray[np.float64]


def on_paper() -> dict[str, float | str]:
    """Your answers: "dv", "dp" and "dq" are numbers, "values" and "keys" are letters."""
    # TODO: return {"dv": …, "dp": …, "values": "…", "keys": "…", "dq": …}
    # --- gap
    return {"dv": 0.5, "dp": 16.0, "values": "B", "keys": "B", "dq": 0.9}
    # --- end of gap


def attend_back(q: Array, k: Array, v: Array, p: Array, dr: Array) -> tuple[Array, Array, Array]:
    """dq (places, width), dk and dv (tokens, width)."""
    # TODO: five lines, from the last one forward to the first.
    # --- gap
    root = np.sqrt(q.shape[1])
    dp = dr @ v.T
    dv = p.T @ dr
    ds = p * (dp - (p * dp).sum(axis=1, keepdims=True))
    dq = ds @ k / root
    dk = ds.T @ q / root
    return dq, dk, dv
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 3
KIND = "extension"
MISTAKES = (
    Mistake(
        "the scale is forgotten on the way to the queries",
        "dq = ds @ k / root",
        "dq = ds @ k",
        told="The scores were divided by √width: so is what goes back to q.",
    ),
    Mistake(
        "the scale is forgotten on the way to the keys",
        "dk = ds.T @ q / root",
        "dk = ds.T @ q",
        told="The scores were divided by √width: so is what goes back to k.",
    ),
    Mistake(
        "the softmax is skipped",
        "ds = p * (dp - (p * dp).sum(axis=1, keepdims=True))",
        "ds = p * dp",
        told="Shares hang together: the average Σ p dp has to be taken off.",
    ),
    Mistake(
        "the average down the columns",
        "(p * dp).sum(axis=1, keepdims=True)",
        "(p * dp).sum(axis=0, keepdims=True)",
    ),
    Mistake("the values get what the shares should", "dv = p.T @ dr", "dv = dp.T @ dr"),
    Mistake("the shares are blamed through the keys", "dp = dr @ v.T", "dp = dr @ k.T"),
    Mistake(
        "queries and keys change places",
        "return dq, dk, dv",
        "return dq, dv, dk",
        told="It looks as if dk and dv had changed places.",
    ),
    Mistake("the keys, on paper", '"keys": "B"', '"keys": "C"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "dv": Number(0.5, "In the product p v, v gets the error times the other factor."),
    "dp": Number(16.0, "In the product p v, p gets the error times the other factor."),
    "values": Choice(
        "B",
        {
            "A": "(places, tokens) @ (places, width) does not go together.",
            "C": "That is (width, tokens): turned.",
        },
    ),
    "keys": Choice(
        "B",
        {
            "A": "(places, tokens) @ (places, width) does not go together.",
            "C": "That is (width, tokens): turned.",
        },
    ),
    "dq": Number(0.9, "The key's number times the error; and the score was divided by √4."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for bits, width in ((1, 2), (2, 1), (2, 3), (3, 2)):
        q = rng.uniform(-1, 1, size=(bits, width)).round(2)
        k, v = rng.uniform(-1, 1, size=(2, 2 * bits, width)).round(2)
        dr = rng.uniform(0.2, 1, size=(bits, width)).round(2)
        seen = seen_while_writing(bits)
        p, _ = trusted_head(q, k, v, seen)
        given = {"q": q, "k": k, "v": v, "p": p, "dr": dr}
        found = expect_parts(code("attend_back", q, k, v, p, dr), 3, "attend_back(…)", **given)

        def loss(parts: dict[str, Array], dr: Array = dr, seen: NDArray[np.bool_] = seen) -> float:
            return float((trusted_head(parts["q"], parts["k"], parts["v"], seen)[1] * dr).sum())

        parts = {"q": q, "k": k, "v": v}
        for (name, at), part in zip(parts.items(), found, strict=True):
            expect_gradient(part, partial(_loss_of_one, loss, parts, name), at, f"d{name}", **given)


def _loss_of_one(
    loss: Callable[[dict[str, Array]], float], parts: dict[str, Array], name: str, at: Array
) -> float:
    return loss({**parts, name: at})
