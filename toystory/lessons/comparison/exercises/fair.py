"""A fair comparison: the same rows, the same budget, more than one seed

"The hidden layer wins," said Alex. "100 to 51." Sami asked to see the file. The hidden
layer had been given ten times the updates and other rows, and 100 was the best of five
seeds. "It may well win," said Sami. "But this does not show it."

Two models stand in your file: `"line"`, a logistic regression, and `"hidden"`, a network
with four tanh units. `trained(model, x, y, updates, seed)` returns what one has learnt,
and `says(p, x)` what that answers. `draw(rows, columns, seed)` draws rows of bits, and
`label(x, task)` gives their labels. The task `"xor"` is the XOR of the first two bits.
The task `"copy"` is the first bit: the control.

- `mark(model, task, columns, rows, updates, seed)`: train on `draw(rows, columns, seed)`,
  with this seed. Return the share that is right of 400 *fresh* rows: take
  `draw(400, columns, seed + 1000)`. So both models meet the same rows.
- `fair(task, columns, rows, updates, seeds)`: the *median* of the marks over the seeds,
  for both models: `{"line": …, "hidden": …}`. Both get all of the updates.
- `outcome(marked, control)`: what a median says, with that of its control beside it. From
  0.95 on it is `"learnt"`. Below that it is `"not learnt"` if the control has reached
  0.95, and else `"says nothing"`.

Once with updates enough, and once with two:

    >>> xor = fair("xor", 4, 40, 400, range(5))
    >>> copy = fair("copy", 4, 40, 400, range(5))
    >>> {model: outcome(xor[model], copy[model]) for model in xor}
    {'line': 'not learnt', 'hidden': 'learnt'}
    >>> xor = fair("xor", 4, 40, 2, range(5))
    >>> copy = fair("copy", 4, 40, 2, range(5))
    >>> {model: outcome(xor[model], copy[model]) for model in xor}
    {'line': 'not learnt', 'hidden': 'says nothing'}
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_keys, expect_same
from toystory.course.exercises.exercise import Code, Mistake, Wrong

Array = NDArray[np.float64]
Bits = NDArray[np.int64]


def draw(rows: int, columns: int, seed: int) -> Bits:
    """Rows of bits by chance, (rows, columns): the same ones for the same seed."""
    return np.random.default_rng(seed).integers(0, 2, size=(rows, columns))


def label(x: Bits, task: str) -> Bits:
    """The labels of x (rows, columns): (rows,). "xor" is that of the first two bits, "copy" the first."""
    return x[:, 0] ^ x[:, 1] if task == "xor" else x[:, 0]


def says(p: dict[str, Array], x: Bits) -> Array:
    """The answers to x (rows, columns), each the probability of a 1: (rows,)."""
    heard = 2.0 * x - 1
    if "W1" in p:
        heard = np.tanh(heard @ p["W1"] + p["b1"])
    return 0.5 * np.tanh(0.5 * (heard @ p["w"] + p["b"])) + 0.5


def trained(model: str, x: Bits, y: Bits, updates: int, seed: int) -> dict[str, Array]:
    """The parameters of a "line" or a "hidden" after so many updates: w and b, of a hidden W1 and b1 too."""
    rng = np.random.default_rng(seed)
    p: dict[str, Array] = {"w": rng.normal(scale=0.1, size=(x.shape[1],)), "b": np.zeros(1)}
    if model == "hidden":
        p["W1"], p["b1"] = rng.normal(size=(x.shape[1], 4)), np.zeros(4)
        p["w"] = rng.normal(size=4)
    signs = 2.0 * x - 1
    for _ in range(updates):
        dz = (says(p, x) - y) / len(y)
        heard = signs
        if model == "hidden":
            heard = np.tanh(signs @ p["W1"] + p["b1"])
            ds = np.outer(dz, p["w"]) * (1 - heard * heard)
            p["W1"] = p["W1"] - 0.5 * signs.T @ ds
            p["b1"] = p["b1"] - 0.5 * ds.sum(axis=0)
        p["w"] = p["w"] - 0.5 * heard.T @ dz
        p["b"] = p["b"] - 0.5 * dz.sum(keepdims=True)
    return p


def mark(model: str, task: str, columns: int, rows: int, updates: int, seed: int) -> float:
    """The share that a model gets right of 400 fresh rows."""
    # TODO: draw, train, draw fresh rows, and ask.
    # --- gap
    x = draw(rows, columns, seed)
    p = trained(model, x, label(x, task), updates, seed)
    fresh = draw(400, columns, seed + 1000)
    right = (says(p, fresh) > 0.5) == label(fresh, task)
    return float(np.mean(right))
    # --- end of gap


def fair(task: str, columns: int, rows: int, updates: int, seeds: Iterable[int]) -> dict[str, float]:
    """The median mark of each model over the seeds."""
    # TODO: both models, every seed, the same of all the rest.
    # --- gap
    return {
        model: float(np.median([mark(model, task, columns, rows, updates, seed) for seed in seeds]))
        for model in ("line", "hidden")
    }
    # --- end of gap


def outcome(marked: float, control: float) -> str:
    """What a median mark says: "learnt", "not learnt" or "says nothing"."""
    # TODO: when does a failure count?
    # --- gap
    if marked >= 0.95:
        return "learnt"
    return "not learnt" if control >= 0.95 else "says nothing"
    # --- end of gap


# --- the check: not part of the learner's file

ORDER = 2
KIND = "heart"
SAME_BUDGET = "Both models get the same rows and all of the updates: only the model may differ."
MISTAKES = (
    Mistake(
        "asked on the rows that it learnt from",
        "fresh = draw(400, columns, seed + 1000)",
        "fresh = x",
        told="You ask the rows that it has learnt from. Draw fresh ones, with seed + 1000.",
    ),
    Mistake(
        "all seeds are asked the same fresh rows",
        "draw(400, columns, seed + 1000)",
        "draw(400, columns, 1000)",
        told="The fresh rows belong to the seed too: draw them with seed + 1000.",
    ),
    Mistake(
        "every model begins at the same seed",
        "label(x, task), updates, seed)",
        "label(x, task), updates, 0)",
        told="The first weights come from the seed as well: hand it on to trained.",
    ),
    Mistake(
        "all seeds learn from the same rows",
        "x = draw(rows, columns, seed)",
        "x = draw(rows, columns, 0)",
        told="Each seed has rows of its own: draw them with the seed.",
    ),
    Mistake("it learns the other task", "label(x, task), updates", 'label(x, "copy"), updates'),
    Mistake("it is asked about the other task", "== label(fresh, task)", '== label(fresh, "xor")'),
    Mistake("the share that is wrong", "> 0.5) == label", "> 0.5) != label"),
    Mistake(
        "the best seed",
        "np.median([",
        "np.max([",
        told="That is the best of the seeds: it says what luck can do. Take the median.",
    ),
    Mistake(
        "the mean",
        "np.median([",
        "np.mean([",
        told="That is the mean. The median is the one in the middle.",
    ),
    Mistake(
        "the hidden layer gets twice the updates",
        "mark(model, task, columns, rows, updates, seed)",
        'mark(model, task, columns, rows, updates * (1 + (model == "hidden")), seed)',
        told=SAME_BUDGET,
    ),
    Mistake(
        "the hidden layer gets twice the rows",
        "mark(model, task, columns, rows, updates, seed)",
        'mark(model, task, columns, rows * (1 + (model == "hidden")), updates, seed)',
        told=SAME_BUDGET,
    ),
    Mistake(
        "a failure counts without a control",
        '"not learnt" if control >= 0.95 else "says nothing"',
        '"not learnt"',
        told="A failure counts only where the control has reached 0.95: else it says nothing.",
    ),
    Mistake(
        "a success is asked for its control",
        "if marked >= 0.95:",
        "if marked >= 0.95 and control >= 0.95:",
        told="What is learnt is learnt: only a failure needs the control.",
    ),
    Mistake("more than 0.95 is asked for", "if marked >= 0.95:", "if marked > 0.95:"),
)
MODELS = ("line", "hidden")
FRESH, LATER, ENOUGH = 400, 1000, 0.95
BUDGETS = (("xor", 5, 30, 60), ("copy", 3, 40, 2), ("xor", 3, 40, 50), ("copy", 4, 12, 6))
"""Task, columns, rows and updates: so few that seeds, rows and updates are seen in the marks."""
SEEDS = (3, 11, 4, 8, 6)


def check(code: Code) -> None:
    _check_given(code)
    for task, columns, rows, updates in BUDGETS:
        marks: dict[str, list[float]] = {model: [] for model in MODELS}
        for model in MODELS:
            for seed in SEEDS:
                right = _mark(code, model, task, columns, rows, updates, seed)
                called = f'mark("{model}", "{task}", {columns}, {rows}, {updates}, {seed})'
                expect_same(code("mark", model, task, columns, rows, updates, seed), right, called)
                marks[model].append(right)
        medians = {model: sorted(each)[len(each) // 2] for model, each in marks.items()}
        called = f'fair("{task}", {columns}, {rows}, {updates}, {list(SEEDS)})'
        expect_same(code("fair", task, columns, rows, updates, list(SEEDS)), medians, called, marks=marks)
    for marked in (0.5, 0.94, ENOUGH, 1.0):
        for control in (0.5, 0.94, ENOUGH, 1.0):
            failed = "not learnt" if control >= ENOUGH else "says nothing"
            said = "learnt" if marked >= ENOUGH else failed
            expect_same(code("outcome", marked, control), said, f"outcome({marked}, {control})")


def _check_given(code: Code) -> None:
    """What was given may have been written anew: rows, labels, and models that learn."""
    x = _rows(code, 40, 3, 0)
    if np.array_equal(x, _rows(code, 40, 3, 1)):
        raise Wrong("draw(40, 3, 0) and draw(40, 3, 1) are the same rows: another seed draws others")
    right = {"xor": x[:, 0] ^ x[:, 1], "copy": x[:, 0]}
    for task, y in right.items():
        found = code("label", x, task)
        expect_array(found, (len(x),), f'label(x, "{task}")', x=x)
        expect_same(np.asarray(found).astype(np.int64), y, f'label(x, "{task}")', x=x)
    for model, task in (("line", "copy"), ("hidden", "copy"), ("hidden", "xor")):
        reached = _right(code, code("trained", model, x, right[task], 400, 0), x, right[task])
        if reached < ENOUGH:
            raise Wrong(
                f'trained("{model}", …) of the task "{task}" is right on {reached:.3g} of its own 40 rows '
                f"after 400 updates. It should learn this one.",
                f"at least {ENOUGH:g}",
                reached,
            )


def _rows(code: Code, rows: int, columns: int, seed: int) -> Bits:
    called = f"draw({rows}, {columns}, {seed})"
    found = code("draw", rows, columns, seed)
    bits: Bits = expect_array(found, (rows, columns), called).astype(np.int64)
    if not np.isin(found, (0, 1)).all():
        raise Wrong(f"{called} should hold bits: 0 and 1", None, found)
    return bits


def _right(code: Code, p: object, x: Bits, y: Bits) -> float:
    """The share of rows that parameters are right on."""
    expect_keys(p, ("w", "b", "W1", "b1") if isinstance(p, dict) and "W1" in p else ("w", "b"), "trained(…)")
    said = expect_array(code("says", p, x), (len(x),), "says(p, x)", x=x)
    return int(((said > 0.5) == y).sum()) / len(y)


def _mark(code: Code, model: str, task: str, columns: int, rows: int, updates: int, seed: int) -> float:
    """What the learner's own models come to, trained and asked one step at a time."""
    x, fresh = _rows(code, rows, columns, seed), _rows(code, FRESH, columns, seed + LATER)
    y, asked = ((each[:, 0] ^ each[:, 1]) if task == "xor" else each[:, 0] for each in (x, fresh))
    return _right(code, code("trained", model, x, y, updates, seed), fresh, asked)
