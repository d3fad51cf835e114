"""The decision surface: the answer at every point of the square, not only at its four corners.

A model is made for bits but computes with real numbers, so it can be asked what it would say in between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import Mask
from toystory.course.truth_tables import XOR
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.training.data import parity

MARGIN = 0.3


@dataclass(frozen=True)
class Surface:
    """A grid of cells over the square; row 0 is the topmost, where x2 is greatest.

    x1: centres of the columns, rising, (columns,). x2: centres of the rows, falling, (rows,).
    answers: probability at the centre of every cell, (rows, columns). margin: how far the grid reaches
    beyond the square. corners: the four rows, (4, 2), their `labels` and the model's `corner_answers`, (4,).
    """

    x1: FloatArray
    x2: FloatArray
    answers: FloatArray
    margin: float
    corners: Bits
    labels: Bits
    corner_answers: FloatArray

    def cell(self, x1: float, x2: float) -> tuple[int, int]:
        """The cell in which a point lies; the nearest one for a point outside.

        Args:
            x1: Across, 0 to 1 within the square.
            x2: Upwards, likewise.

        Returns:
            (row, column), row 0 topmost.
        """
        rows, columns = self.answers.shape
        row = _nearest_cell(1 - x2, rows, self.margin)
        return row, _nearest_cell(x1, columns, self.margin)

    @property
    def boundary(self) -> Mask:
        """Cells that are answered otherwise than the one to their right or below them, (rows, columns)."""
        on, known = self.answers > 0.5, ~np.isnan(self.answers)
        crossed = np.zeros(on.shape, dtype=np.bool_)
        crossed[:, :-1] |= (on[:, :-1] != on[:, 1:]) & known[:, 1:]
        crossed[:-1] |= (on[:-1] != on[1:]) & known[1:]
        return crossed & known


def decision_surface(model: Model, rows: int, columns: int, margin: float = MARGIN) -> Surface:
    """Ask `model` at the centre of each of rows × columns cells over [−margin, 1 + margin]².

    Args:
        model: Any model that reads two columns, a recurrent one too.
        rows: Cells upwards.
        columns: Cells across.
        margin: How far to look beyond the square.

    Raises:
        ValueError: The model reads another width.
    """
    x1, x2 = _centres(columns, margin), _centres(rows, margin)[::-1]
    across, up = np.meshgrid(x1, x2)
    points = np.stack([across.ravel(), up.ravel()], axis=1)
    corners = np.array(XOR, dtype=np.uint8)
    with np.errstate(all="ignore"):
        answers = model.predict_proba(np.concatenate([corners, points]))
    return Surface(
        x1=x1,
        x2=x2,
        answers=answers[len(corners) :].reshape(rows, columns),
        margin=margin,
        corners=corners,
        labels=parity(corners),
        corner_answers=answers[: len(corners)],
    )


def _centres(cells: int, margin: float) -> FloatArray:
    return (np.arange(cells) + 0.5) / cells * (1 + 2 * margin) - margin


def _nearest_cell(place: float, cells: int, margin: float) -> int:
    share = (place + margin) / (1 + 2 * margin)
    return min(max(int(share * cells), 0), cells - 1)
