"""Thinking aloud: one question about fifty bits becomes fifty about two

Attention had an edge over all others: it was allowed to write. "Then let my gate of
chapter 3 write too," said Alex. "It can do XOR of two bits. What it writes is the first,
the next bit of the row is the second."

It writes 0 before the row begins. First on paper, in `on_paper()`:

    "asked"  how many questions the gate is asked
             about a row of 50 bits
    "kinds"  how many different questions there are
    "told"   how attention learnt what to write
             A  from one label, at the row's end
             B  from a label for every bit it wrote
             C  from no label at all
    "whole"  a gate slips at one question in 100:
             which share of rows of 50 bits has no
             slip at all?

`gate(x)` is there: for each of the rows x `(rows, 2)` the probability that their XOR is 1.
It takes any numbers from 0 to 1, and not bits alone. Write

- `aloud(row)`: what the gate writes after each bit of a row `(bits,)`, 0 or 1: `(bits,)`.
- `unrounded(row)`: the same, but it carries on with the probability as it is: `(bits,)`.

Does it lose the thread on a long row? Guess first, then run this:

    >>> aloud(np.array([1, 0, 1, 1, 0]))
    array([1, 1, 0, 1, 1])
    >>> row = np.random.default_rng(0).integers(0, 2, size=5000)
    >>> print(np.abs(unrounded(row) - aloud(row)).max().round(2))
    0.01
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Wrong
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]
Bits = NDArray[np.int64]


def on_paper() -> dict[str, float | str]:
    """Your answers: "told" is a letter, all others are numbers."""
    # TODO: return {"asked": …, "kinds": …, "told": "…", "whole": …}
    # --- gap
    return {"asked": 50, "kinds": 4, "told": "B", "whole": 0.605}
    # --- end of gap


def gate(x: Array) -> Array:
    """The probability that the XOR of each row of x (rows, 2) is 1: (rows,). Two tanh units, by hand."""
    h = np.tanh(x @ np.array([[4.0, 4.0], [4.0, 4.0]]) + np.array([-2.0, -6.0]))
    a: Array = 0.5 * np.tanh(0.5 * (h @ np.array([5.0, -5.0]) - 5.0)) + 0.5
    return a


def aloud(row: Bits) -> Bits:
    """What the gate writes after each bit of the row (bits,): 0 or 1, (bits,)."""
    # TODO: ask the gate about what stands there and the next bit, and write its answer.
    # --- gap
    written, parity = [], 0
    for bit in row:
        parity = int(gate(np.array([[parity, bit]]))[0] > 0.5)
        written.append(parity)
    return np.array(written)
    # --- end of gap


def unrounded(row: Bits) -> Array:
    """The same, carrying on with the probability: (bits,)."""
    # TODO: what is handed on now?
    # --- gap
    told, share = [], 0.0
    for bit in row:
        share = float(gate(np.array([[share, bit]]))[0])
        told.append(share)
    return np.array(told)
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 3
KIND = "extension"
MISTAKES = (
    Mistake("it begins with 1", "written, parity = [], 0", "written, parity = [], 1"),
    Mistake(
        "each answer forgets what was written",
        "parity = int(gate(np.array([[parity, bit]]))[0] > 0.5)\n        written.append(parity)",
        "written.append(int(gate(np.array([[parity, bit]]))[0] > 0.5))",
        told="The gate is asked about 0 and the bit every time: hand on what it has written.",
    ),
    Mistake("the bits are written, and no XOR", "written.append(parity)", "written.append(bit)"),
    Mistake("only the last word is returned", "return np.array(written)", "return np.array(written[-1:])"),
    Mistake(
        "0 and 1 change places",
        "> 0.5)\n        written",
        "< 0.5)\n        written",
        told="Above 0.5 it says 1.",
    ),
    Mistake(
        "probabilities are written",
        "int(gate(np.array([[parity, bit]]))[0] > 0.5)",
        "gate(np.array([[parity, bit]]))[0]",
    ),
    Mistake(
        "rounded, where it should not be",
        "share = float(gate(np.array([[share, bit]]))[0])",
        "share = float(gate(np.array([[share, bit]]))[0] > 0.5)",
        told="Here the probability itself is handed on: do not round it.",
    ),
    Mistake(
        "rounded before it is handed on",
        "share = float(gate(np.array([[share, bit]]))[0])",
        "share = float(gate(np.array([[round(share), bit]]))[0])",
        told="Here the probability itself is handed on: do not round it.",
    ),
    Mistake("it is carried on in the wrong order", "told.append(share)", "told.insert(0, share)"),
    Mistake("a table is returned", "return np.array(told)", "return np.array(told)[:, None]"),
    Mistake("a slip is counted once, on paper", '"whole": 0.605', '"whole": 0.99'),
)
QUESTIONS: dict[str, Number | Choice] = {
    "asked": Number(50, "After each bit it writes one answer."),
    "kinds": Number(4, "What stands there is 0 or 1, and so is the next bit."),
    "told": Choice(
        "B",
        {
            "A": "So the RNN and the LSTM learnt. Which care did attention's line in the table ask for?",
            "C": "Without a label there is no loss, and without a loss no gradient.",
        },
    ),
    "whole": Number(0.99**50, "The first is right with 0.99, the first two with 0.99·0.99, …"),
}
XOR = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    for asked, right in XOR.items():
        (said,) = expect_array(
            code("gate", np.array([asked], float)), (1,), f"gate([[{asked[0]}, {asked[1]}]])"
        )
        if not (0 <= said <= 1 and abs(said - right) <= 0.1):
            raise Wrong(
                f"gate([[{asked[0]}, {asked[1]}]]) should be sure that the XOR is {right}", right, said
            )
    rng = generator(0)
    rows = [np.array([1]), np.array([0, 0, 0]), np.array([1, 1, 1, 1, 1])]
    for row in (*rows, *(rng.integers(0, 2, size=size) for size in (8, 20, 50))):
        found = code("aloud", row)
        parities = np.cumsum(row) % 2
        expect_same(found, parities, "aloud(row)", row=row)
    for row in (*rows, rng.integers(0, 2, size=30)):
        share, told = 0.0, []
        for bit in row:
            share = float(expect_array(code("gate", np.array([[share, bit]])), (1,), "gate(x)")[0])
            told.append(share)
        expect_same(code("unrounded", row), np.array(told), "unrounded(row)", row=row)
