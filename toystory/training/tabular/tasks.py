"""Made tasks of two numbers and noise, which a network is good at; a majority; and parity, for contrast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toystory.training.tabular.dataset import Dataset

ROWS = 500
VOTERS = 11
"""Columns of the majority."""
SWITCHES = 20
"""Columns of the parity: of a million rows that there are, few are ever drawn."""
TURNS = 1.25
"""Of a spiral's arms around the middle."""


@dataclass(frozen=True)
class Task:
    """How to draw rows.

    Attributes:
        about: What it is, for a reader.
        class_names: In the order of their numbers.
        noise: Standard deviation, unless told otherwise.
        draw: Rows and their classes, of a random stream, a number of rows and the noise.
    """

    about: str
    class_names: tuple[str, ...]
    noise: float
    draw: Callable[[np.random.Generator, NDArray[np.intp], float], NDArray[np.float64]]


def _circle(rng: np.random.Generator, y: NDArray[np.intp], noise: float) -> NDArray[np.float64]:
    """A disc, and a ring around it."""
    radius = np.where(y == 0, np.sqrt(rng.uniform(0, 1, len(y))), np.sqrt(rng.uniform(2.25, 4, len(y))))
    return _polar(radius, rng.uniform(0, 2 * np.pi, len(y))) + rng.normal(0, noise, (len(y), 2))


def _moons(rng: np.random.Generator, y: NDArray[np.intp], noise: float) -> NDArray[np.float64]:
    """Two half circles, each reaching into the other."""
    t = rng.uniform(0, np.pi, len(y))
    upper, lower = _polar(np.ones(len(y)), t), [1, 0.5] - _polar(np.ones(len(y)), t)
    return np.where(y[:, None] == 0, upper, lower) + rng.normal(0, noise, (len(y), 2))


def _spiral(rng: np.random.Generator, y: NDArray[np.intp], noise: float) -> NDArray[np.float64]:
    """As many arms as classes, wound around each other."""
    radius = np.sqrt(rng.uniform(0.04, 1, len(y)))
    angle = 2 * np.pi * (TURNS * radius + y / (y.max() + 1))
    return 3 * _polar(radius, angle) + rng.normal(0, noise, (len(y), 2))


def _majority(rng: np.random.Generator, y: NDArray[np.intp], noise: float) -> NDArray[np.float64]:
    """Voters who say +1 or −1, most of them what the class is, and a line that crackles."""
    votes = rng.integers(0, 2, (len(y), VOTERS))
    wrong = (votes.sum(axis=1) > VOTERS / 2) != (y == 1)
    votes[wrong] = 1 - votes[wrong]
    return 2.0 * votes - 1 + rng.normal(0, noise, votes.shape)


def _parity(rng: np.random.Generator, y: NDArray[np.intp], noise: float) -> NDArray[np.float64]:
    """Switches at +1 or −1, an odd number of them on where the class is odd."""
    on = rng.integers(0, 2, (len(y), SWITCHES))
    on[:, -1] ^= (on.sum(axis=1) + y) % 2
    return 2.0 * on - 1 + rng.normal(0, noise, on.shape)


def _polar(radius: NDArray[np.float64], angle: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


TASKS = {
    "circle": Task("a disc and the ring around it", ("inside", "outside"), 0.2, _circle),
    "moons": Task("two half moons, each reaching into the other", ("upper", "lower"), 0.2, _moons),
    "spiral": Task("two arms wound around each other", ("a", "b"), 0.1, _spiral),
    "spiral-3": Task("three arms wound around each other", ("a", "b", "c"), 0.1, _spiral),
    "majority": Task(f"what most of {VOTERS} voters say, heard with noise", ("no", "yes"), 0.5, _majority),
    "parity": Task(f"whether an odd number of {SWITCHES} switches is on", ("even", "odd"), 0.0, _parity),
}
"""By name."""


def make_dataset(name: str, rows: int, noise: float | None, rng: np.random.Generator) -> Dataset:
    """Draw the rows of a task, as many of each class, give or take one.

    Args:
        name: One of `TASKS`.
        rows: How many.
        noise: Standard deviation of what is added to every number; None for the task's own.
        rng: Where they come from.
    """
    task = TASKS[name]
    y = np.arange(rows) % len(task.class_names)
    x = task.draw(rng, y, task.noise if noise is None else noise)
    columns = tuple(f"x{i + 1}" for i in range(x.shape[1]))
    return Dataset(name, columns, "class", task.class_names, x, y.astype(np.uint8))
