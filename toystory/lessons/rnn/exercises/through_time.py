"""Back through time: blame from the future

The answer was wrong at the last bit; the slip may have happened at the first. So the
error walks back along the strip. At every bit the memory is blamed twice: for the
answer it gave there, and for every later step that built on it.

Do one step of one unit on paper. Its sum was s, and it remembers h[t] = tanh(s) = 0.6. The
answer blames it by 0.4. The next step's sum has the error 0.2, and the memory went there
through W_hh = 0.5. Write down in `on_paper()`:

    "later"   what the next step blames h[t] by
    "dh"      the blame of h[t], from both sides
    "ds"      the error of s, back through the tanh
    "went"    ds[t] gives W_hh its share: ds[t] times
              A  h[t−1]    B  h[t]    C  x[t]
    "shared"  W_hh does its work at all steps. Its
              gradient is
              A  the last step's share
              B  the mean of all    C  the sum of all
    "far"     let every slope be 1, and no more
              answers follow. What is left of a blame
              of 1, three steps further back?

Then write two functions:

- `step_back(W_hh, from_answer, ds_later, h_after)`: ds of one step. `from_answer` is
  what the answer blames the memory by, `ds_later` is the next step's ds, `h_after` is h[t];
  all three and the result are `(rows, hidden)`.
- `backward(parameters, cache, y, counts)`: the gradients of the mean cross-entropy of
  the labelled answers, by the parameters' names and of their shapes. `cache` comes from
  `forward`, which is given, and holds `x`, `(steps, rows, 1)`, `a`, `(steps, rows)`,
  and `h`, `(steps + 1, rows, hidden)`: `h[t]` is the memory after bit t, and the last
  entry, `h[-1]`, the one before the first bit. `y` and `counts` are `(steps, rows)`; a
  label counts where `counts` is True.

Two units, one row:

    >>> W_hh = np.array([[0.0, 0.5], [2.0, 0.0]])
    >>> ds_later = np.array([[0.2, 0.4]])
    >>> h_after = np.array([[0.0, 0.5]])
    >>> step_back(W_hh, np.ones((1, 2)), ds_later, h_after).round(4)
    array([[1.2 , 1.05]])
    >>> p = {"W_hh": W_hh, "W_xh": np.array([[1.0, 0.0]])}
    >>> p["b_h"], p["b_y"] = np.zeros(2), np.zeros(1)
    >>> p["w_hy"] = np.array([1.0, -1.0])
    >>> cache = forward(p, np.array([[[1.0]], [[-1.0]]]))
    >>> counts = np.array([[False], [True]])  # a label at the end
    >>> gradients = backward(p, cache, np.ones((2, 1)), counts)
    >>> gradients["W_hh"].round(4)
    array([[-0.2415,  0.499 ],
           [ 0.    ,  0.    ]])
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_gradient
from toystory.course.exercises.exercise import Code, Mistake
from toystory.course.exercises.on_paper import Choice, Number, expect_on_paper
from toystory.course.exercises.random_inputs import generator
from toystory.lessons.rnn.trusted import (
    expect_gradients_in_time,
    random_parameters,
    random_questions,
    trusted_cache,
)

Array = NDArray[np.float64]
Parameters = dict[str, Array]


def forward(parameters: Parameters, x: Array) -> dict[str, Array]:
    """Given: reads x (steps, rows, 1); everything by name."""
    W_hh, W_xh, b_h, w_hy, b_y = (parameters[name] for name in ("W_hh", "W_xh", "b_h", "w_hy", "b_y"))
    h = np.zeros((len(x) + 1, x.shape[1], len(b_h)))
    for t in range(len(x)):
        h[t] = np.tanh(h[t - 1] @ W_hh + x[t] @ W_xh + b_h)
    a = 1 / (1 + np.exp(-(h[:-1] @ w_hy + b_y)))
    return {"x": x, "h": h, "a": a}


def on_paper() -> dict[str, float | str]:
    """Your answers: "later", "dh", "ds" and "far" are numbers, "went" and "shared" are letters."""
    # TODO: return {"later": …, "dh": …, "ds": …, "went": "…", "shared": "…", "far": …}
    # --- gap
    return {"later": 0.1, "dh": 0.5, "ds": 0.32, "went": "A", "shared": "C", "far": 0.13}
    # --- end of gap


def step_back(W_hh: Array, from_answer: Array, ds_later: Array, h_after: Array) -> Array:
    """The blame ds of one step, (rows, hidden)."""
    # TODO: what two sides blame this memory for? And back through the bend.
    # --- gap
    dh = from_answer + ds_later @ W_hh.T
    return dh * (1 - h_after**2)
    # --- end of gap


def backward(
    parameters: Parameters, cache: dict[str, Array], y: Array, counts: NDArray[np.bool_]
) -> Parameters:
    """The gradients of the labelled loss, by the parameters' names."""
    x, h, a = cache["x"], cache["h"], cache["a"]
    W_hh, w_hy = parameters["W_hh"], parameters["w_hy"]
    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    # TODO: dz of all answers, 0 where no label is. Then, from the last bit to the first, step_back and
    # what it adds to each gradient.
    # --- gap
    dz = np.where(counts, a - y, 0.0) / counts.sum()
    ds = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        ds = step_back(W_hh, np.outer(dz[t], w_hy), ds, h[t])
        gradients["W_hh"] += h[t - 1].T @ ds
        gradients["W_xh"] += x[t].T @ ds
        gradients["b_h"] += ds.sum(axis=0)
        gradients["w_hy"] += dz[t] @ h[t]
        gradients["b_y"] += dz[t].sum()
    # --- end of gap
    return gradients


# --- the check: not part of the learner's file

ROWS_LAST = {"step_back": "T T T T -> T", "backward": "rnn cache = = -> rnn"}
ORDER = 3
KIND = "heart"
MISTAKES = (
    Mistake(
        "the blame from the future is forgotten",
        "from_answer + ds_later @ W_hh.T",
        "from_answer",
        told="It looks as if the blame from the future were missing: ds[t+1] W_hhᵀ.",
    ),
    Mistake(
        "the memory's weights are not transposed",
        "ds_later @ W_hh.T",
        "ds_later @ W_hh",
        told="Blame goes back through W_hh transposed.",
    ),
    Mistake(
        "the slope of the sigmoid instead of tanh's",
        "(1 - h_after**2)",
        "h_after * (1 - h_after)",
        told="h (1 − h) is the sigmoid's slope; tanh's is 1 − h².",
    ),
    Mistake(
        "the slope is not squared",
        "(1 - h_after**2)",
        "(1 - h_after)",
        told="tanh's slope is 1 − h², with the square.",
    ),
    Mistake(
        "only the answer's blame goes back through the bend",
        "dh = from_answer + ds_later @ W_hh.T\n    return dh * (1 - h_after**2)",
        "return from_answer * (1 - h_after**2) + ds_later @ W_hh.T",
        told="Both blames go back through the bend: add them up first.",
    ),
    Mistake(
        "the slope of the memory that went in",
        "ds, h[t])",
        "ds, h[t - 1])",
        told="It looks as if the slope were taken at h[t − 1]; the bend made h[t].",
    ),
    Mistake(
        "the weights' share of the memory that came out",
        "h[t - 1].T @ ds",
        "h[t].T @ ds",
        told="W_hh worked on the memory that went in, h[t − 1], not on the one that came out.",
    ),
    Mistake(
        "only one step's share is kept",
        '"W_hh"] += h',
        '"W_hh"] = h',
        told="It looks as if only one step's share of W_hh were kept: add them all up, with +=.",
    ),
    Mistake(
        "answers without a label send an error",
        "np.where(counts, a - y, 0.0)",
        "(a - y)",
        told="An answer without a label sends no error: its dz is 0.",
    ),
    Mistake(
        "divided by the rows, not the labels",
        "/ counts.sum()",
        "/ x.shape[1]",
        told="The loss is a mean over the labelled answers: divide by counts.sum().",
    ),
    Mistake(
        "divided by the rows once more at every step",
        "h[t - 1].T @ ds",
        "h[t - 1].T @ ds / x.shape[1]",
        told="The mean was taken in dz; what follows is a sum.",
    ),
    Mistake(
        "the bias adds up units instead of rows",
        "ds.sum(axis=0)",
        "ds.sum(axis=1)",
    ),
    Mistake(
        "the loop runs forwards",
        "for t in reversed(range(len(x)))",
        "for t in range(len(x))",
        told="It looks as if the loop ran forwards: the blame of step t needs that of step t + 1.",
    ),
    Mistake(
        "the answer's weights take the memory before the bit",
        "dz[t] @ h[t]",
        "dz[t] @ h[t - 1]",
        told="w_hy read the memory after the bit, h[t].",
    ),
    Mistake("the memory that went in, on paper", '"went": "A"', '"went": "B"'),
)


QUESTIONS: dict[str, Number | Choice] = {
    "later": Number(0.1, "In the product h W_hh, h gets the error of the sum times the other factor."),
    "dh": Number(0.5, "h was used two times: by its answer, and by the next step."),
    "ds": Number(0.32, "The slope of tanh, with what it says: 1 − h²."),
    "went": Choice(
        "A",
        {"B": "h[t] came out of this sum. What went in, through W_hh?", "C": "x[t] went in through W_xh."},
    ),
    "shared": Choice(
        "C",
        {
            "A": "The same weight moved the answer at all steps.",
            "B": "Every use moves the loss. Two uses move it further than one.",
        },
    ),
    "far": Number(0.125, "Each step back goes through W_hh once: three factors of 0.5."),
}


def check(code: Code) -> None:
    expect_on_paper(code, QUESTIONS)
    rng = generator(0)
    for hidden, rows in ((1, 1), (2, 1), (3, 2), (3, 3)):
        W_hh = random_parameters(rng, hidden)["W_hh"]
        s, from_answer, ds_later = rng.normal(size=(3, rows, hidden)).round(2)
        found = code("step_back", W_hh, from_answer, ds_later, np.tanh(s))
        loss = partial(_heard_later, W_hh=W_hh, from_answer=from_answer, ds_later=ds_later)
        expect_gradient(
            found,
            loss,
            s,
            "step_back(…)",
            W_hh=W_hh,
            from_answer=from_answer,
            ds_later=ds_later,
            h_after=np.tanh(s),
        )
    for steps, hidden, rows in ((1, 1, 1), (1, 2, 3), (2, 1, 1), (2, 2, 1), (3, 2, 2), (4, 3, 3)):
        parameters = random_parameters(rng, hidden)
        x, y, counts = random_questions(rng, steps, rows)
        found = code("backward", parameters, trusted_cache(parameters, x), y, counts)
        expect_gradients_in_time(found, parameters, x, y, counts, "backward(…)")


def _heard_later(s: Array, W_hh: Array, from_answer: Array, ds_later: Array) -> float:
    """What the answer and the next step make of the memory tanh(s), each times its blame."""
    total = 0.0
    rows, hidden = s.shape
    for row in range(rows):
        h = [math.tanh(s[row, j]) for j in range(hidden)]
        for j in range(hidden):
            total += from_answer[row, j] * h[j]
            total += ds_later[row, j] * sum(h[k] * W_hh[k, j] for k in range(hidden))
    return float(total)
