"""A table to learn from: named columns of numbers, and a class for every row; and how its rows are split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST_OF_A_CLASS = 5
"""Rows that a class needs, so that each part of the split has some."""
TRAINING, VALIDATION = 0.6, 0.2
"""Shares of the rows; what is left is the test."""

Places = NDArray[np.intp]
"""Numbers of rows, from 0."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows of real numbers with their classes.

    Attributes:
        name: For a reader.
        column_names: One for each column.
        label_name: What the classes are about.
        class_names: In the order of their numbers.
        x: (rows, columns), float64, as they were measured.
        y: The class of each row, from 0, (rows,).
        dropped: Rows that were left out, since a value was missing.
    """

    name: str
    column_names: tuple[str, ...]
    label_name: str
    class_names: tuple[str, ...]
    x: NDArray[np.float64]
    y: NDArray[np.uint8]
    dropped: int = 0

    @property
    def columns(self) -> int:
        """How many numbers a row has."""
        return int(self.x.shape[1])

    @property
    def counts(self) -> list[int]:
        """Rows of each class."""
        return [int(n) for n in np.bincount(self.y, minlength=len(self.class_names))]

    def rows(self, places: Places) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """The numbers and classes of some rows."""
        return self.x[places], self.y[places]


@dataclass(frozen=True, eq=False)
class Split:
    """Which rows are for what; no row is in two parts.

    Attributes:
        training: Learnt from.
        validation: Looked at on the way, to know when to stop.
        test: Looked at once, at the end.
    """

    training: Places
    validation: Places
    test: Places


def split_rows(y: NDArray[np.uint8], rng: np.random.Generator) -> Split:
    """Split rows at random, class by class, so that every part has its share of each (stratified).

    Args:
        y: Classes, (rows,); `FEWEST_OF_A_CLASS` rows of each at least.
        rng: Shuffles.
    """
    parts: tuple[list[Places], list[Places], list[Places]] = ([], [], [])
    for kind in np.unique(y):
        places = rng.permutation(np.flatnonzero(y == kind))
        end = max(1, round(TRAINING * len(places)))
        then = max(end + 1, end + round(VALIDATION * len(places)))
        for part, chosen in zip(parts, np.split(places, [end, then]), strict=True):
            part.append(chosen)
    training, validation, test = (np.sort(np.concatenate(part)) for part in parts)
    return Split(training, validation, test)
