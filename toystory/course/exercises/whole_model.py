"""Is it a whole model? Judged by what it does alone: first weights, loss, gradients, learning.

A learner's file offers five functions, or one class with the same names (the constructor in place of
`first_weights`, and `parameters` in place of the first argument):

    first_weights(…, seed)          a dict of arrays by name
    probabilities(p, x)             (rows,): the probability that the label is 1
    loss(p, x, y)                   the mean cross-entropy, a number
    gradients(p, x, y)              a dict with the names and shapes of p
    train(p, …, seed)               the parameters after learning

A model that thinks aloud writes a bit for every one that it reads: its probabilities are (rows, steps) and
take the written bits y as well, and a sixth function is asked:

    write(p, x)                     (rows, steps): the bits that it writes by itself
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
from toystory.models.parts.arrays import FloatArray

Array = NDArray[np.float64]
Parameters = dict[str, Array]

ENTRIES = 12
"""Of each parameter at most so many gradients are measured."""
STEP = 1e-5
TOLERANCE = 1e-4
"""Of a gradient, relative to the largest of its parameter: the loss is the learner's own, measured twice."""
SEEDS = 5
WRITINGS = 6
"""Parameters with which a model that thinks aloud is let write."""
MOST_NAMES = 8
"""Of the gradients that are right, so many are named."""
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
    aloud: whether it writes a bit for every one that it reads; labels are then (rows, columns).
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
    aloud: bool = False

    def probabilities(self, code: Code, p: Parameters, rows: int | None = None) -> Value:
        """Ask for the probabilities of the first rows, all unless given; who thinks aloud gets the labels."""
        x, y = self.rows[:rows], self.labels[:rows]
        return code("probabilities", p, x, y) if self.aloud else code("probabilities", p, x)

    @property
    def asked(self) -> str:
        """How probabilities are asked for."""
        return "probabilities(p, x, y)" if self.aloud else "probabilities(p, x)"


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
    p = {name: np.asarray(value + 0.3 * rng.normal(size=value.shape)) for name, value in p.items()}
    expect_probabilities(code, task, p)
    expect_loss(code, task, p)
    expect_own_gradients(code, task, p, rng)
    if learning:
        expect_learning(code, task)


def expect_at_every_length(code: Code, tasks: Sequence[Task]) -> None:
    """Expect the functions of a memory to be right for rows of several lengths, and say from which on not.

    Args:
        code: The learner's functions.
        tasks: With longer and longer rows.

    Raises:
        Wrong: With the first thing that is wrong.
    """
    for number, task in enumerate(tasks):
        try:
            expect_model(code, task, learning=False)
        except Wrong as wrong:
            if number:
                steps = tasks[number - 1].rows.shape[1]
                bits = "1 bit" if steps == 1 else f"{steps} bits"
                wrong.sentence += f". With rows of {bits} all was right: look at what goes from step to step"
            raise


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
    if not task.zeros and all(not value.any() for value in p.values()):
        raise Wrong("all first weights are 0: units that begin alike get the same gradients and stay alike")
    same = all(np.array_equal(np.asarray(other[name]), value) for name, value in p.items())
    if same and not task.zeros:
        raise Wrong(f"{called} gives the same weights for another seed: draw them from `default_rng(seed)`")
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
    what, given = task.asked, {"x": task.rows, **({"y": task.labels} if task.aloud else {})}
    found = expect_array(task.probabilities(code, p), task.labels.shape, what, **given)
    outside = (found < 0) | (found > 1)
    if outside.any():
        at = tuple(int(n) for n in np.argwhere(outside)[0])
        place = f"[{', '.join(map(str, at))}]"
        raise Wrong(f"{what}{place} is no probability", "from 0 to 1", float(found[at]), given)
    first = {name: value[:1] for name, value in given.items()}
    alone = expect_array(task.probabilities(code, p, 1), task.labels[:1].shape, what, **first)
    if not np.allclose(alone[0], found[0], rtol=0, atol=1e-6):
        raise Wrong(f"{what}: a row gets another answer when it stands alone", found[0], alone[0], first)
    if task.aloud:
        _expect_blind(code, task, p, found)
        rng = generator(67)
        for _ in range(WRITINGS):  # with some parameters it says the same to everything
            drawn = {name: np.asarray(rng.normal(size=value.shape)) for name, value in p.items()}
            _expect_writing(code, task, drawn)


def _expect_blind(code: Code, task: Task, p: Parameters, found: Array) -> None:
    """Expect no written bit to count for itself, nor for what is written before it. Raises Wrong."""
    for t in range(task.labels.shape[1]):
        other = task.labels.copy()
        other[:, t:] = 1 - other[:, t:]
        now = np.asarray(code("probabilities", p, task.rows, other), float)
        moved = np.abs(now - found)[:, : t + 1].max(axis=0) > 1e-6
        if moved.any():
            at = int(np.argmax(moved))
            raise Wrong(
                f"{task.asked}[:, {at}] changes with y[:, {t}:]: a place must not see the bit that it is to "
                "write, nor what is written after it",
                found[:, at], now[:, at], {"x": task.rows, "y": other},
            )  # fmt: skip


def _expect_writing(code: Code, task: Task, p: Parameters) -> None:
    """Expect it to write what its own probabilities say, each bit reading those before. Raises Wrong."""
    written = expect_array(code("write", p, task.rows), task.rows.shape, "write(p, x)", x=task.rows)
    likely = np.asarray(code("probabilities", p, task.rows, written), float)
    sure = np.abs(likely - 0.5) > 1e-6
    wrong = ((likely > 0.5) != (written == 1)) & sure
    if wrong.any() or not np.isin(written, (0, 1)).all():
        raise Wrong(
            "write(p, x) is not what your probabilities say, where each bit reads those that were written "
            "before it",
            (likely > 0.5).astype(float), written, {"x": task.rows},
        )  # fmt: skip


def expect_loss(code: Code, task: Task, p: Parameters) -> None:
    """Expect the mean cross-entropy of the model's own answers.

    Args:
        code: The learner's functions.
        task: What they have to do.
        p: Parameters.

    Raises:
        Wrong: It is another number.
    """
    a = np.clip(np.asarray(task.probabilities(code, p), float), 1e-15, 1 - 1e-15)
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
    wrong: dict[str, Wrong] = {}
    given, right = [], []
    for name, value in p.items():
        gradient = expect_array(found[name], value.shape, f'gradients(p, x, y)["{name}"]')
        measured = _measured(code, task, p, name, rng)
        if (error := _wrong_gradient(task, p, name, gradient, measured)) is not None:
            wrong[name] = error
            given += [float(gradient[place]) for place in measured]
            right += list(measured.values())
    if wrong:
        # Parameters are written down from the rows to the answer, most often: the way back begins at the end.
        error = wrong[list(wrong)[-1]]
        if (factor := _factor(given, right)) and not error.sentence.endswith(" times what it should be"):
            error.sentence += factor
        if fine := [name for name in p if name not in wrong]:
            more = f" and {len(fine) - MOST_NAMES} more" if len(fine) > MOST_NAMES else ""
            error.sentence += f". Right already: {', '.join(fine[:MOST_NAMES])}{more}"
        raise error


def _measured(
    code: Code, task: Task, p: Parameters, name: str, rng: np.random.Generator
) -> dict[tuple[int, ...], float]:
    """The slopes of the learner's loss at some entries of a parameter, by their places."""
    places = list(np.ndindex(p[name].shape))
    chosen = rng.permutation(len(places))[:ENTRIES]
    return {places[i]: _measure(code, task, p, name, places[i]) for i in sorted(chosen)}


def _wrong_gradient(
    task: Task, p: Parameters, name: str, gradient: Array, measured: dict[tuple[int, ...], float]
) -> Wrong | None:
    """What is wrong with the gradient of one parameter first; None if nothing is."""
    value, what = p[name], f'gradients(p, x, y)["{name}"]'
    scale = max(1e-3, *(abs(slope) for slope in measured.values()))
    for place, slope in measured.items():
        if abs(gradient[place] - slope) > TOLERANCE * scale:
            at = f"[{', '.join(map(str, place))}]" if place else ""
            hint = _factor([gradient[each] for each in measured], list(measured.values()))
            return Wrong(
                f"{what}{at} is not how your loss moves with {name}{at}{hint}", slope, gradient[place],
                {name: value, "x": task.rows, "y": task.labels},
            )  # fmt: skip
    return None


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
        asked = "write" if task.aloud else "probabilities"
        what = f"{asked}(p, x), trained with seed {seed},"
        answers = expect_array(code(asked, p, task.test), task.test_labels.shape, what)
        share = share_right(answers, task.test_labels)
        reached += share >= task.bar
        told.append(f"seed {seed}: {100 * share:.2f} %")
        if SEEDS - len(told) + reached < NEEDED:
            raise Wrong(
                _too_few(task),
                None,
                "\n".join(told),
            )


def share_right(answers: FloatArray, labels: FloatArray) -> float:
    """The share of rows that are right: with every bit, where there are many.

    Args:
        answers: Probabilities or bits, (rows,) or (rows, steps).
        labels: Of the same shape.
    """
    right = (answers > 0.5) == (labels == 1)
    return float(np.mean(right if right.ndim == 1 else right.all(axis=1)))


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
