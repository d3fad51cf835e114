"""Memory by hand: parity over a hundred bits

An RNN has learnt to keep *odd* or *even* in its memory. Now you set one by hand: no
training, no luck, and no row that it has not seen.

At every 1 the word in the memory turns over, at every 0 it stays. That is an XOR of the
memory and the bit: one unit cannot do it, for a unit draws one line (chapter 1 again).
Two can, or three.

Write `by_hand()`: the parameters of an RNN whose answer after **every** bit is the
parity of the bits so far. Return `W_hh` `(hidden, hidden)`, `W_xh` `(1, hidden)`, `b_h`
`(hidden,)`, `w_hy` `(hidden,)` and `b_y` `(1,)` in a dict; a unit's weights stand in its
column. `hidden` is yours to choose, up to 8. What is done with them, for bits read as −1
and +1, from h = 0 on:

    h = tanh(h W_hh + x W_xh + b_h)
    z = h w_hy + b_y   odd if z > 0, even if z < 0

It is asked rows of 100 bits. A tanh is no switch, and a small slip at each of a hundred
steps is a large one in the end: make sure that the memory is pulled back to where it
should be.

    >>> p = by_hand()
    >>> h = np.zeros((1, len(p["b_h"])))
    >>> for x in (1, -1, 1, 1, -1):  # bits 1, 0, 1, 1, 0
    ...     s = h @ p["W_hh"] + x * p["W_xh"] + p["b_h"]
    ...     h = np.tanh(s)
    ...     z = h @ p["w_hy"] + p["b_y"]
    ...     print("odd" if z[0] > 0 else "even")
    odd
    odd
    even
    odd
    odd
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_keys
from toystory.course.exercises.exercise import Code, Mistake, Wrong
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def by_hand() -> dict[str, Array]:
    """W_hh, W_xh, b_h, w_hy and b_y of an RNN that carries the parity of its bits."""
    # TODO: what should each unit stand for? Write a table: memory, bit, memory after it.
    # --- gap
    strength = 4.0
    return {
        "W_hh": strength * np.array([[1.0, -1.0], [1.0, -1.0]]),
        "W_xh": strength * np.array([[-1.0, 1.0]]),
        "b_h": strength * np.array([0.0, -2.0]),
        "w_hy": np.array([-1.0, -1.0]),
        "b_y": np.array([-1.0]),
    }
    # --- end of gap


# --- the check: not part of the learner's file

ROWS_LAST = {"by_hand": "-> rnn"}
ORDER = 4
KIND = "extension"
MISTAKES = (
    Mistake(
        "too weak: the memory fades",
        "strength = 4.0",
        "strength = 1.0",
        told="The word is right at first and fades on the way: make the weights stronger.",
    ),
    Mistake(
        "odd and even are swapped",
        '"w_hy": np.array([-1.0, -1.0]),\n        "b_y": np.array([-1.0])',
        '"w_hy": np.array([1.0, 1.0]),\n        "b_y": np.array([1.0])',
        told="It says odd for even and even for odd. Mind that h = 0 at the start.",
    ),
    Mistake(
        "the memory's weights are transposed", "[[1.0, -1.0], [1.0, -1.0]]", "[[1.0, 1.0], [-1.0, -1.0]]"
    ),
    Mistake(
        "a bit of 0 turns the word over, a 1 keeps it",
        "[[-1.0, 1.0]]",
        "[[1.0, -1.0]]",
        told="It looks as if 0 turned the word over and 1 kept it.",
    ),
    Mistake("the second line has no bias", "[0.0, -2.0]", "[0.0, 0.0]"),
    Mistake(
        "the answer has no bias",
        '"b_y": np.array([-1.0])',
        '"b_y": np.array([0.0])',
        told="The two words are A + B = 0 and A + B = −2: the answer needs its line between them.",
    ),
    Mistake(
        "the bits are taken to be 0 and 1",
        'np.array([[-1.0, 1.0]]),\n        "b_h": strength * np.array([0.0, -2.0])',
        'np.array([[-2.0, 2.0]]),\n        "b_h": strength * np.array([1.0, -3.0])',
    ),
    Mistake("the biases stand upright", "[0.0, -2.0]", "[[0.0], [-2.0]]"),
    Mistake("one unit alone is asked", "np.array([-1.0, -1.0])", "np.array([-1.0, 0.0])"),
)

STEPS = 100
MOST_UNITS = 8


def check(code: Code) -> None:
    parameters = _arrays(code("by_hand"))
    for name, bits in _rows().items():
        h, ones = np.zeros(len(parameters["b_h"])), 0
        for t, bit in enumerate(bits):
            sums = h @ parameters["W_hh"] + (2 * bit - 1) * parameters["W_xh"][0] + parameters["b_h"]
            h = np.tanh(sums)
            ones += int(bit)
            z = float(h @ parameters["w_hy"] + parameters["b_y"][0])
            if z == 0 or (z > 0) != ones % 2:
                said = "cannot decide (z = 0)" if z == 0 else f"says {'odd' if z > 0 else 'even'}"
                raise Wrong(
                    f"{name}: after bit {t + 1} of {STEPS}, with {ones} ones so far, your network {said}",
                    "z above 0" if ones % 2 else "z below 0",
                    z,
                    {"the bits so far": bits[: t + 1]},
                )


def _rows() -> dict[str, NDArray[np.int64]]:
    """Short words for rows of bits, the plain ones first."""
    rng = generator(0)
    first = np.eye(STEPS, dtype=np.int64)[0]
    rows = {"all bits 0": 0 * first, "all bits 1": 0 * first + 1, "a single 1 at the start": first}
    rows["0 and 1 in turn"] = np.arange(STEPS) % 2
    return rows | {f"random row {k}": rng.integers(0, 2, size=STEPS) for k in range(1, 21)}


def _arrays(found: Any) -> dict[str, Array]:
    """The parameters, after their shapes were seen to fit."""
    names = ("W_hh", "W_xh", "b_h", "w_hy", "b_y")
    expect_keys(found, names, "by_hand()")
    hidden = np.shape(found["W_hh"])[0] if np.ndim(found["W_hh"]) else 0
    if not 1 <= hidden <= MOST_UNITS:
        raise Wrong(f"W_hh has {hidden} rows, one for each unit; take 1 to {MOST_UNITS} units")
    shapes = ((hidden, hidden), (1, hidden), (hidden,), (hidden,), (1,))
    return {
        name: expect_array(found[name], shape, f'by_hand()["{name}"]')
        for name, shape in zip(names, shapes, strict=True)
    }
