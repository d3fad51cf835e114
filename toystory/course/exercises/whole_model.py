"""Is it a whole model? Judged by what it does alone: first weights, loss, gradients, learning.

A learner's file offers five functions, or one class with the same names (the constructor in place of
`first_weights`, and `parameters` in place of the first argument):

    first_weights(…, seed)          a dict of arrays by name
    probabilities(p, x)             (rows,): the probability that the label is 1
    loss(p, x, y)                   the mean cross-entropy, a number
    gradients(p, x, y)              a dict with the names and shapes of p
    train(p, …, seed)               the parameters after learning
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.course.exercises.checks import expect_array, expect_keys, expect_same
from toystory.course.exercises.exercise import Code, Value, Wrong
from toystory.course.exercises.random_inputs import generator

Array = NDArray[np.float64]
Parameters = dict[str, Array]

ENTRIES = 12
"""Of each parameter at most so many gradients are measured."""
STEP = 1e-5
TOLERANCE = 1e-4
"""Of a gradient, relative to the largest of its parameter: the loss is the learner's own, measured twice."""
SEEDS = 5
NEEDED = 4
"""Of the seeds, so many have to reach the bar: a start may be a bad one."""


_UNTRAINED: ContextVar[bool] = ContextVar("_UNTRAINED", default=False)


@contextmanager
def untrained() -> Iterator[None]:
    """A check in here looks at the functions, and lets nothing learn: that is what takes long."""
    token = _UNTRAINED.set(True)
    try:
        yield
    finally:
        _UNTRAINED.reset(token)


@dataclass(frozen=True)
class Task:
    """What a whole model has to do.

    size: what `first_weights` gets before the seed. rows: bits to look at it with, (rows, columns), and
    their `labels`. lesson: what `train` gets between the parameters and the seed. test: fresh rows with
    their labels, and what to call them. bar: the share of them that has to be right. zeros: whether all
    first weights may be 0.
    """

    size: tuple[int, ...]
    rows: Array
    labels: Array
    lesson: tuple[Value, ...]
    test: Array
    test_labels: Array
    test_name: str
    bar: float = 1.0
    zeros: bool = False


def expect_model(code: Code, task: Task, learning: bool = True) -> None:
    """Expect the learner's five functions to be a model that learns.

    Args:
        code: The learner's functions.
        task: What they have to do.
        learning: Whether to train it as well, which takes longest.

    Raises:
        Wrong: With the first thing that is wrong, from the first weights to the learning.
    """
    p = expect_first_weights(code, task)
    rng = generator(41)
    # Away from the first weights: where a weight is 0, many mistakes do not show.
    p = {name: value + 0.3 * rng.normal(size=value.shape) for name, value in p.items()}
    expect_probabilities(code, task, p)
    expect_loss(code, task, p)
    expect_own_gradients(code, task, p, rng)
    if learning:
        expect_learning(code, task)


def expect_first_weights(code: Code, task: Task) -> Parameters:
    """Expect a dict of arrays that the seed decides.

    Args:
        code: The learner's functions.
        task: What they have to do.

    Returns:
        The first weights of seed 0.

    Raises:
        Wrong: With the first thing that is wrong.
    """
    called = f"first_weights({', '.join(map(str, (*task.size, 0)))})"
    found = code("first_weights", *task.size, 0)
    if not isinstance(found, dict) or not found:
        raise Wrong(f"{called} should be a dict of arrays, by name", None, found)
    p = {str(name): _expect_floats(value, f'{called}["{name}"]') for name, value in found.items()}
    again = code("first_weights", *task.size, 0)
    expect_same(again, dict(found), f"{called}, asked a second time,")
    other = code("first_weights", *task.size, 1)
    expect_keys(other, tuple(found), called.replace(", 0)", ", 1)").replace("(0)", "(1)"))
    same = all(np.array_equal(np.asarray(other[name]), value) for name, value in p.items())
    if same and not task.zeros:
        raise Wrong(f"{called} gives the same weights for another seed: draw them from `default_rng(seed)`")
    if not task.zeros and all(not value.any() for value in p.values()):
        raise Wrong("all first weights are 0: units that begin alike get the same gradients and stay alike")
    return p


def expect_probabilities(code: Code, task: Task, p: Parameters) -> None:
    """Expect a probability for every row, whichever rows stand beside it.

    Args:
        code: The learner's functions.
        task: What they have to do.
        p: Parameters.

    Raises:
        Wrong: With the first thing that is wrong.
    """
    what = "probabilities(p, x)"
    found = expect_array(code("probabilities", p, task.rows), (len(task.rows),), what, x=task.rows)
    outside = (found < 0) | (found > 1)
    if outside.any():
        row = int(np.argmax(outside))
        raise Wrong(f"{what}[{row}] is no probability", "from 0 to 1", float(found[row]), {"x": task.rows})
    alone = expect_array(code("probabilities", p, task.rows[:1]), (1,), what, x=task.rows[:1])
    if abs(alone[0] - found[0]) > 1e-6:
        given = {"x": task.rows[:1]}
        raise Wrong(f"{what}: a row gets another answer when it stands alone", found[0], alone[0], given)


def expect_loss(code: Code, task: Task, p: Parameters) -> None:
    """Expect the mean cross-entropy of the model's own answers.

    Args:
        code: The learner's functions.
        task: What they have to do.
        p: Parameters.

    Raises:
        Wrong: It is another number.
    """
    a = np.clip(np.asarray(code("probabilities", p, task.rows), float), 1e-15, 1 - 1e-15)
    right = float(-np.mean(np.log(np.where(task.labels == 1, a, 1 - a))))
    found = code("loss", p, task.rows, task.labels)
    what = "loss(p, x, y), the mean cross-entropy of your own probabilities,"
    expect_same(found, right, what, tolerance=1e-5, x=task.rows, y=task.labels)


def expect_own_gradients(code: Code, task: Task, p: Parameters, rng: np.random.Generator) -> None:
    """Expect the gradients of the learner's own loss, by central differences.

    Args:
        code: The learner's functions.
        task: What they have to do.
        p: Parameters at which the gradients are taken.
        rng: Chooses which entries of a large parameter are measured.

    Raises:
        Wrong: With the first entry that is wrong.
    """
    found = code("gradients", p, task.rows, task.labels)
    expect_keys(found, tuple(p), "gradients(p, x, y)")
    for name, value in p.items():
        what = f'gradients(p, x, y)["{name}"]'
        gradient = expect_array(found[name], value.shape, what)
        places = list(np.ndindex(value.shape))
        chosen = rng.permutation(len(places))[:ENTRIES]
        measured = {places[i]: _measure(code, task, p, name, places[i]) for i in sorted(chosen)}
        scale = max(1e-3, *(abs(slope) for slope in measured.values()))
        for place, slope in measured.items():
            if abs(gradient[place] - slope) > TOLERANCE * scale:
                at = f"[{', '.join(map(str, place))}]" if place else ""
                hint = _factor([gradient[each] for each in measured], list(measured.values()))
                raise Wrong(
                    f"{what}{at} is not how your loss moves with {name}{at}{hint}", slope, gradient[place],
                    {name: value, "x": task.rows, "y": task.labels},
                )  # fmt: skip


def expect_learning(code: Code, task: Task) -> None:
    """Expect the bar to be reached from several seeds.

    Args:
        code: The learner's functions.
        task: What they have to do.

    Raises:
        Wrong: Too few seeds reach it.
    """
    if _UNTRAINED.get():
        return
    reached, told = 0, []
    for seed in range(SEEDS):
        first = code("first_weights", *task.size, seed)
        p = code("train", first, *task.lesson, seed)
        if not isinstance(p, dict):
            raise Wrong(f"train(p, …, {seed}) should return the parameters, a dict", None, p)
        what = f"probabilities(p, x), trained with seed {seed},"
        answers = expect_array(code("probabilities", p, task.test), (len(task.test),), what)
        share = float(np.mean((answers > 0.5) == (task.test_labels == 1)))
        reached += share >= task.bar
        told.append(f"seed {seed}: {share:.1%}")
        if SEEDS - len(told) + reached < NEEDED:
            raise Wrong(
                _too_few(task),
                None,
                "\n".join(told),
            )


def _too_few(task: Task) -> str:
    share = "all" if task.bar == 1 else f"{task.bar:.4g} of them"
    return f"it does not learn: {task.test_name}, {share} should be right for {NEEDED} of {SEEDS} seeds"


def _measure(code: Code, task: Task, p: Parameters, name: str, place: tuple[int, ...]) -> float:
    losses = []
    for step in (STEP, -STEP):
        moved = p[name].copy()
        moved[place] += step
        losses.append(float(np.asarray(code("loss", {**p, name: moved}, task.rows, task.labels))))
    return (losses[0] - losses[1]) / (2 * STEP)


def _expect_floats(value: Value, what: str) -> Array:
    array = np.asarray(value) if isinstance(value, np.ndarray) else None
    if array is None:
        raise Wrong(f"{what} should be an array", None, value)
    if array.dtype != np.float64:
        raise Wrong(f"{what} should hold floats, of dtype float64", "float64", str(array.dtype))
    return expect_array(array, array.shape, what)


def _factor(found: Sequence[float], right: Sequence[float]) -> str:
    """What all of it was multiplied by, if that is one number."""
    a, b = np.asarray(found), np.asarray(right)
    there = np.abs(b) > 1e-6
    if there.sum() < 2 or not a[there].all():
        return ""
    ratios: Any = a[there] / b[there]
    factor = float(np.median(ratios))
    if abs(factor - 1) < 1e-3 or not np.allclose(ratios, factor, rtol=1e-3):
        return ""
    return f": all of it is {factor:.4g} times what it should be"
