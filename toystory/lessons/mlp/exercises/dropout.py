"""Left out by lot: dropout, forward and back

A network that knows its rows by heart leans on lucky pairs of units. *Dropout* breaks
them up: in training, every hidden unit of every row is left out with probability p, by
lot. When the network answers, all of them are at work.

Then the sums above would be larger than in training. So a unit that is kept has to count
more in training: on average, as much should arrive above as without dropout. By which
factor m? Four units say 6 each, and one of four is left out. Write down in `on_paper()`:

    "kept"    how often does each of the other three
              count, for the sum to stay 24?
    "factor"  so, where a share p is left out, m is
              A  1 / p    B  1 − p    C  1 / (1 − p)
    "answer"  what does a unit that says 6 pass on
              when the network answers?
    "back"    the way back, in training: above, the
              error is 3. What does a unit get that
              was kept?
    "out"     and one that was left out?

Then write three functions. All arrays are `(rows, units)`.

- `mask(u, p)`: `m`, 0 for a unit that is left out. The lot `u` is drawn already: numbers
  from 0 to 1. A unit is left out where `u < p`.
- `forward(a, m, training)`: `out`. `training` is True or False.
- `backward(dout, m)`: `da`, for a network in training.

For example:

    >>> u = np.array([[0.1, 0.5, 0.9], [0.3, 0.2, 0.7]])
    >>> m = mask(u, 0.25)
    >>> print(m.round(3))
    [[0.    1.333 1.333]
     [1.333 0.    1.333]]
    >>> a = np.array([[3.0, 0.0, 6.0], [3.0, 3.0, 0.0]])
    >>> print(forward(a, m, True))
    [[0. 0. 8.]
     [4. 0. 0.]]
    >>> print(forward(a, m, False))
    [[3. 0. 6.]
     [3. 3. 0.]]
    >>> print(backward(np.ones((2, 3)), m).round(3))
    [[0.    1.333 1.333]
     [1.333 0.    1.333]]
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradient, expect_same
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]


def on_paper() -> dict[str, float | str]:
    """Your answers: "kept", "answer", "back" and "out" are numbers, "factor" is a letter."""
    # TODO: return {"kept": …, "factor": "…", "answer": …, "back": …, "out": …}
    # --- gap
    return {"kept": 1.33, "factor": "C", "answer": 6.0, "back": 4.0, "out": 0.0}
    # --- end of gap


def mask(u: Array, p: float) -> Array:
    """0 where u < p, else 1 / (1 − p); same shape as u."""
    # TODO: who is kept, and how much more do they count?
    # --- gap
    m: Array = np.where(u < p, 0.0, 1 / (1 - p))
    return m
    # --- end of gap


def forward(a: Array, m: Array, training: bool) -> Array:
    """What the units say, (rows, units): with dropout in training, without it otherwise."""
    # TODO: one of two things.
    # --- gap
    return a * m if training else a
    # --- end of gap


def backward(dout: Array, m: Array) -> Array:
    """How the loss changes with a, from how it changes with what was let through."""
    # TODO: the same gate, in the other direction.
    # --- gap
    return dout * m
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 6
KIND = "extension"
MISTAKES = (
    Mistake(
        "those that should be left out are kept",
        "np.where(u < p, 0.0, 1 / (1 - p))",
        "np.where(u < p, 1 / (1 - p), 0.0)",
        told="The other way round: where u < p the unit is left out, and its m is 0.",
    ),
    Mistake(
        "what is kept counts no more than before",
        "1 / (1 - p)",
        "1.0",
        told="Those that are kept make up for the others: they count 1 / (1 − p) times.",
    ),
    Mistake(
        "what is kept counts 1/p times",
        "1 / (1 - p)",
        "1 / p",
        told="A share 1 − p is kept, not p: so each counts 1 / (1 − p) times.",
    ),
    Mistake("at the edge it is left out", "np.where(u < p,", "np.where(u <= p,"),
    Mistake(
        "dropout is on when it answers",
        "a * m if training else a",
        "a * m",
        told="When it answers, all units are at work: out is a, whatever m says.",
    ),
    Mistake(
        "when it answers, units are made smaller once more",
        "a * m if training else a",
        "a * m if training else a * np.mean(m > 0)",
        told="The kept ones counted more in training already: when it answers, out is a itself.",
    ),
    Mistake(
        "on the way back all units take blame",
        "return dout * m",
        "return dout",
        told="A unit that was left out changed nothing, so its slope is 0: the mask acts here too.",
    ),
    Mistake("on the way back kept units count once", "return dout * m", "return dout * (m > 0)"),
    Mistake("the factor, on paper", '"factor": "C"', '"factor": "A"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "kept": Number(4 / 3, "Three units have to make up 24 of 6 each."),
    "factor": Choice(
        "C",
        {
            "A": "Put in p = 1/4: it has to be what you found for one of four.",
            "B": "Put in p = 1/4: that is less than 1, and those that are kept count more.",
        },
    ),
    "answer": Number(6.0, "When the network answers, all units are at work, as they are."),
    "back": Number(4.0, "In the product a·m the other factor is m, and m is 4/3."),
    "out": Number(0.0, "Its m is 0: whatever it says, nothing arrives above."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for (rows, units), p in (((1, 1), 0.5), ((2, 3), 0.25), ((4, 5), 0.8), ((3, 4), 0.0)):
        u = rng.uniform(size=(rows, units)).round(3)
        u[0, 0] = p  # the edge: not below p, so it is kept
        m = np.zeros((rows, units))
        for place in np.ndindex(u.shape):
            m[place] = 0.0 if u[place] < p else 1 / (1 - p)
        expect_same(code("mask", u, p), m, "mask(u, p)", u=u, p=p)
        a, weights = rng.uniform(-2, 2, size=(2, rows, units)).round(2)
        for training, out in ((True, a * m), (False, a)):
            found = code("forward", a, m, training)
            expect_same(found, out, f"forward(a, m, {training})", a=a, m=m)
        back = code("backward", weights, m)
        # dout = weights is that of the loss Σ weights ∘ a ∘ m.
        slope = "backward(dout, m)"
        expect_gradient(back, partial(_weighed, weights, m), a, slope, dout=weights, m=m)


def _weighed(weights: Array, m: Array, a: Array) -> float:
    return float((weights * a * m).sum())
