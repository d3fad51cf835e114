"""The price of a mark: how much is learnt, and what a mark is worth

Two figures belong beside each mark in Alex's table, and neither needs any training. One is
the price: how many numbers the model had to learn. The other is what a model gets that has
learnt nothing. Without the two, a mark of 75 % says little.

Work them out before anything is trained. Begin on paper, and write down in
`on_paper()`:

    "regression"  how many numbers it learns for
                  50 columns, the bias too
    "RNN"         how many an RNN of 2 units learns:
                  W_hh, W_xh, b_h, w_hy and b_y
    "LSTM"        how many an LSTM of 2 units learns
    "longer"      rows of 100 bits in place of 50:
                  the RNN then learns
                  A  twice as many    B  50 more
                  C  just as many
    "AND"         the label is the AND of three bits,
                  each of the 8 rows equally often.
                  What share is right of one who
                  always says 0?
    "coin"        a coin answers 400 rows. How far is
                  its share from ½, one standard
                  deviation? √(½·½/400)

Then write three functions. `layer(inputs, units)` is there: the numbers of one layer.

- `count(model, columns, hidden)`: how many numbers a model learns. `model` is
  `"regression"`, `"two-layer"`, `"RNN"` or `"LSTM"`; a regression has no hidden units.
- `chance(y)`: what one gets who always gives the commoner of the labels `y` `(rows,)`,
  as a share of the rows.
- `beats_chance(right, y)`: whether the share `right` of the rows `y` is more than *two*
  standard deviations above chance. One is √(p (1 − p) / rows), with the chance as p.

The table's own figures, and a mark that looks better than it is:

    >>> count("RNN", 50, 25), count("LSTM", 50, 16)
    (701, 1169)
    >>> y = np.array([0, 0, 0, 1] * 25)
    >>> chance(y)
    0.75
    >>> beats_chance(0.8, y), beats_chance(0.85, y)
    (False, True)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Labels = NDArray[np.int64]


def on_paper() -> dict[str, float | str]:
    """Your answers: "longer" is a letter, all others are numbers."""
    # TODO: return {"regression": …, "RNN": …, "LSTM": …, "longer": "…", "AND": …, "coin": …}
    # --- gap
    return {"regression": 51, "RNN": 11, "LSTM": 35, "longer": "C", "AND": 0.875, "coin": 0.025}
    # --- end of gap


def layer(inputs: int, units: int) -> int:
    """How many numbers a layer has: a weight from each input to each unit, and a bias for each unit."""
    return inputs * units + units


def count(model: str, columns: int, hidden: int) -> int:
    """How many numbers a model learns that reads rows of so many columns."""
    # TODO: what does each model hear at once? Its answer is a layer too.
    # --- gap
    answer = layer(hidden, 1)
    if model == "regression":
        return layer(columns, 1)
    if model == "two-layer":
        return layer(columns, hidden) + answer
    memory = layer(hidden + 1, hidden)
    return (4 * memory if model == "LSTM" else memory) + answer
    # --- end of gap


def chance(y: Labels) -> float:
    """The share of y (rows,) that is right for one who always gives the commoner label."""
    # TODO: which share of the labels is 1, and which 0?
    # --- gap
    ones = float(np.mean(y))
    return max(ones, 1 - ones)
    # --- end of gap


def beats_chance(right: float, y: Labels) -> bool:
    """Whether a share right of the rows y (rows,) is more than two standard deviations above chance."""
    # TODO: how far may chance alone take it?
    # --- gap
    p = chance(y)
    deviation = float(np.sqrt(p * (1 - p) / len(y)))
    return right > p + 2 * deviation
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 1
KIND = "derivation"
COMMONER = "Take the commoner label, whichever it is: the larger of the two shares."
MISTAKES = (
    Mistake(
        "an LSTM has three gates, and what is written is forgotten",
        "4 * memory",
        "3 * memory",
        told="There are three gates, and what could be written is a fourth of the same size.",
    ),
    Mistake(
        "four answers for four gates",
        '(4 * memory if model == "LSTM" else memory) + answer',
        '(memory + answer) * (4 if model == "LSTM" else 1)',
        told="The answer reads what the cells show: it is there once, and not four times.",
    ),
    Mistake(
        "a memory that hears all columns",
        "layer(hidden + 1, hidden)",
        "layer(hidden + columns, hidden)",
        told="A memory reads one bit at a time, with the same weights for every column.",
    ),
    Mistake(
        "a memory that does not hear the bit",
        "layer(hidden + 1, hidden)",
        "layer(hidden, hidden)",
        told="The memory hears the new bit too: W_xh is left out.",
    ),
    Mistake(
        "the answer is left out",
        "layer(columns, hidden) + answer",
        "layer(columns, hidden)",
        told="The hidden units are not the answer yet: w2 and b2 are left out.",
    ),
    Mistake("the regression has no bias", "return layer(columns, 1)", "return columns"),
    Mistake("chance is the share of ones", "max(ones, 1 - ones)", "ones", told=COMMONER),
    Mistake("chance is the rarer label", "max(ones, 1 - ones)", "min(ones, 1 - ones)", told=COMMONER),
    Mistake("chance is always one half", "max(ones, 1 - ones)", "0.5", told=COMMONER),
    Mistake("one standard deviation", "2 * deviation", "deviation"),
    Mistake("not the root", "np.sqrt(p * (1 - p) / len(y))", "(p * (1 - p) / len(y))"),
    Mistake("the rows are left out", "(1 - p) / len(y)", "(1 - p)"),
    Mistake("the deviation of a coin", "p * (1 - p) / len(y)", "0.25 / len(y)"),
    Mistake("a memory as long as the row, on paper", '"longer": "C"', '"longer": "A"'),
)
QUESTIONS: dict[str, Number | Choice] = {
    "regression": Number(51, "A weight for each column, and one bias."),
    "RNN": Number(11, "W_hh is (2, 2), W_xh (1, 2), b_h (2,), w_hy (2,) and b_y (1,): add up."),
    "LSTM": Number(35, "W_hh, W_xh and b_h are four times as wide as the RNN's; w_hy and b_y are the same."),
    "longer": Choice(
        "C",
        {
            "A": "Which of its arrays has a size that knows how long the row is?",
            "B": "That is so for a regression: it has a weight for each column. A memory reads one bit at a "
            "time.",
        },
    ),
    "AND": Number(0.875, "In how many of the 8 rows is the AND of all three bits 0?"),
    "coin": Number(0.025, "√(½·½/400) is ½ / √400, and √400 is 20."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    for columns, hidden in ((50, 16), (2, 2), (7, 3), (100, 1)):
        for model, learnt in _learnt(columns, hidden).items():
            called = f'count("{model}", {columns}, {hidden})'
            expect_same(code("count", model, columns, hidden), learnt, called)
    rng = generator(0)
    for rows, share in ((8, 0.5), (40, 0.2), (100, 0.7), (400, 0.5), (25, 1.0)):
        y = (rng.permutation(rows) < round(share * rows)).astype(np.int64)
        p = max(int(y.sum()), rows - int(y.sum())) / rows
        expect_same(code("chance", y), p, "chance(y)", y=y)
        limit = p + 2 * (p * (1 - p) / rows) ** 0.5
        for right in (p, (p + limit) / 2, limit - 0.001, limit + 0.001, min(1.0, limit + 0.1)):
            found = code("beats_chance", right, y)
            expect_same(
                bool(found) if isinstance(found, np.bool_) else found,
                right > limit,
                f"beats_chance({right:.4g}, y)",
                y=y,
            )


def _learnt(columns: int, hidden: int) -> dict[str, int]:
    """How many numbers each model learns, array by array."""
    memory = hidden * hidden + hidden + hidden
    return {
        "regression": columns + 1,
        "two-layer": columns * hidden + hidden + hidden + 1,
        "RNN": memory + hidden + 1,
        "LSTM": 4 * memory + hidden + 1,
    }
