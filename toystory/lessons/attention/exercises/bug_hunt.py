"""Bug hunt: the loss is wonderful, the answers are not

Alex's first machine that thought aloud learnt faster than anything he had seen. After a
few dozen updates the loss was next to nothing, on rows that it had never seen. He let it
write for itself, and what it wrote was rubbish, from the second bit on.

"So it did not learn XOR," said Sami. "What did it learn instead?"

Below is the head that he used, with weights made by hand, so that nothing is left to
chance: it looks for the one written bit that stands one place ahead of its own. Run this
file (`python bug_hunt.py`). While the right bits are written for it, it gets them all
right. By itself it gets half of them, as a coin would. What does it see that it should
not? Mend it: one expression needs to change.

The tokens of a row of n bits: the n bits read, then `start`, then n − 1 bits written.
Place t, counted from 0, is the one that writes bit t; it stands on token n + t. When it
is mended:

    >>> print(may_see(3).astype(int))
    [[1 1 1 1 0 0]
     [1 1 1 1 1 0]
     [1 1 1 1 1 1]]
    >>> loss_while_learning(rows(20, bits=8)) > 0.5
    True
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.attention.exercises.head import seen_while_writing, trusted_head

Array = NDArray[np.float64]
AHEAD = 8.0


def may_see(bits: int) -> NDArray[np.bool_]:
    """Which tokens each place that writes may look at, (bits, 2 bits): all that is there by then."""
    token, place = np.arange(2 * bits), np.arange(bits)[:, None]
    return token <= bits + place


def attend(q: Array, k: Array, v: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The attention of each place, and what it reads."""
    s = np.where(seen, q @ k.T / np.sqrt(q.shape[1]), -np.inf)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p, p @ v


def probabilities(read: Array, written: Array) -> Array:
    """How likely 1 is for every bit to be written, (bits,), with `written` on the paper."""
    bits = len(read)
    # A query knows its own place, and a key the place of its token; what was read shows nothing.
    q = np.eye(bits + 1)[1:] * AHEAD * np.sqrt(bits + 1)
    k = np.vstack([np.zeros((bits, bits + 1)), np.eye(bits + 1)[:bits]])
    v = np.concatenate([np.full(bits, 0.5), [0.5], written[:-1]])[:, None]
    return np.clip(attend(q, k, v, may_see(bits))[1][:, 0], 0.01, 0.99)


def rows(count: int, bits: int) -> Array:
    """Rows of random bits, always the same."""
    return np.random.default_rng(0).integers(0, 2, size=(count, bits)).astype(float)


def loss_while_learning(read: Array) -> float:
    """The mean cross-entropy while the right bits are written for it; the last bit is left out."""
    losses = []
    for row in read:
        parity = np.cumsum(row) % 2
        a, y = probabilities(row, parity)[:-1], parity[:-1]
        losses.append(-np.mean(y * np.log(a) + (1 - y) * np.log(1 - a)))
    return float(np.mean(losses))


def right_by_itself(read: Array) -> float:
    """The share of the bits that it writes right when it has to read its own; the last is left out."""
    right = []
    for row in read:
        written = np.full(len(row), 0.5)
        for t in range(len(row)):
            written[t] = probabilities(row, written)[t] > 0.5
        right.append(np.mean((written == np.cumsum(row) % 2)[:-1]))
    return float(np.mean(right))


if __name__ == "__main__":
    read = rows(200, bits=8)
    print(f"while the right bits are written for it: loss {loss_while_learning(read):.3f}")
    print(f"by itself: {right_by_itself(read):.0%} of the bits right")
    print("what each place may see, of what is read and what is written:")
    print(may_see(3).astype(int))


# --- the check: not part of the learner's file

ORDER = 5
KIND = "bug hunt"
AFTER = "head"
BUG = Mistake("one token too many is seen", "token <= bits + place\n", "token <= bits + place + 1\n")
MISTAKES = (
    Mistake(
        "one token too few is seen",
        "token <= bits + place\n",
        "token < bits + place\n",
        told="Now a place can't see the bit that was written last, which it needs for the next one.",
    ),
    Mistake("everything is seen", "token <= bits + place\n", "token <= 2 * bits + place\n"),
    Mistake(
        "nothing that is written is seen",
        "token <= bits + place\n",
        "token < bits + 0 * place\n",
    ),
    Mistake(
        "what is read is hidden as well",
        "token <= bits + place\n",
        "token <= place\n",
        told="All of the row has been read before anything is written: every place may see it.",
    ),
    Mistake(
        "hidden in the head instead",
        "s = np.where(seen, q @",
        "s = np.where(seen & (np.arange(len(k)) < len(q)), q @",
        told="The head was right: what is wrong is what it is told it may see.",
    ),
)


def check(code: Code) -> None:
    rng = generator(0)
    for bits in (2, 1, 3, 5):
        expect_same(code("may_see", bits), seen_while_writing(bits), "may_see(bits)", bits=bits)
    for bits, width in ((1, 2), (3, 2)):
        q = rng.uniform(-1, 1, size=(bits, width)).round(2)
        k, v = rng.uniform(-1, 1, size=(2, 2 * bits, width)).round(2)
        seen = seen_while_writing(bits)
        given = {"q": q, "k": k, "v": v, "seen": seen}
        right = trusted_head(q, k, v, seen)
        expect_same(code("attend", q, k, v, seen), right, "the head was right before: attend(…)", **given)
