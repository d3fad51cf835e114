"""What a model says at every point of a plane, drawn with letters: regions as signs, rows as capitals."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toystory.models.softmax_mlp import SoftmaxMLP

REGIONS = ".+-=~:"
"""A sign for each class's region; small letters where there are more classes."""
CAPITALS = string.ascii_uppercase
MARGIN = 0.08
"""Share of the range that is shown beyond the outermost rows."""


@dataclass(frozen=True, eq=False)
class DecisionMap:
    """A drawing of the plane; the first line is the topmost.

    Attributes:
        signs: What stands in each cell, (height, width).
        answers: The class answered at the centre of each cell, from 0, (height, width).
        certainty: The probability of that answer, (height, width).
        rows: The class of the row that is drawn in a cell; −1 where there is none, (height, width).
        x1: The range across.
        x2: The range upwards.
    """

    signs: NDArray[np.str_]
    answers: NDArray[np.intp]
    certainty: NDArray[np.floating[Any]]
    rows: NDArray[np.intp]
    x1: tuple[float, float]
    x2: tuple[float, float]

    @property
    def lines(self) -> list[str]:
        """The drawing without colours."""
        return ["".join(line) for line in self.signs]


def can_be_drawn(model: SoftmaxMLP) -> bool:
    """Whether there is a plane: two columns, and no more classes than letters."""
    return model.layer_sizes[0] == 2 and model.layer_sizes[-1] <= len(CAPITALS)


def decision_map(
    model: SoftmaxMLP, x: NDArray[np.float64], y: NDArray[np.uint8], width: int, height: int
) -> DecisionMap:
    """Draw what the model answers, and some rows with the class that they are of.

    Args:
        model: Of two columns.
        x: Rows to be drawn, (rows, 2), at least one.
        y: Their classes, (rows,).
        width: Cells across.
        height: Cells upwards.
    """
    low, high = x.min(axis=0), x.max(axis=0)
    margin = MARGIN * np.where(high > low, high - low, 1)
    low, high = low - margin, high + margin
    across, up = (low[i] + (high[i] - low[i]) * _centres(n) for i, n in ((0, width), (1, height)))
    plane = np.stack([a.ravel() for a in np.meshgrid(across, up[::-1])], axis=1)
    probabilities = model.predict_proba(plane)
    answers = probabilities.argmax(axis=1).reshape(height, width)
    certainty = probabilities.max(axis=1).reshape(height, width)
    signs = np.array(_region_signs(model.layer_sizes[-1]))[answers]
    drawn = np.full((height, width), -1)
    wrong = model.predict(x) != y
    for i in np.argsort(wrong, kind="stable"):  # those that are answered wrong are drawn last, over others
        share = (x[i] - low) / (high - low)
        row, column = height - 1 - int(share[1] * height), int(share[0] * width)
        drawn[row, column] = y[i]
        signs[row, column] = CAPITALS[y[i]]
    return DecisionMap(signs, answers, certainty, drawn, (low[0], high[0]), (low[1], high[1]))


def legend(class_names: Sequence[str]) -> list[str]:
    """What the signs mean, a line a class."""
    signs = _region_signs(len(class_names))
    return [
        f"{CAPITALS[i]} a row that is {name}, {signs[i]} where the answer is {name}"
        for i, name in enumerate(class_names)
    ]


def _region_signs(classes: int) -> list[str]:
    return list(REGIONS[:classes] if classes <= len(REGIONS) else string.ascii_lowercase[:classes])


def _centres(cells: int) -> NDArray[np.float64]:
    return (np.arange(cells) + 0.5) / cells
