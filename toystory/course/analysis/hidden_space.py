"""The space of the hidden units, in which bent rows become separable.

Every row is a point there, a coordinate a unit, and the output is a straight line (a plane, in more units)
through it. A picture has two axes, so with more than two units it is a projection:

- two units: the units themselves, and the output's line as it is (with one unit, the second axis is empty);
- more: across is the signed distance to the output's plane, upwards the direction within the plane in which
  the rows spread most. The plane is seen from its edge, so that here too it is a line and no row is drawn on
  the wrong side of it;
- a chosen pair of more than two units: those two, without a line, since it would depend on the others;
- a layer below the last, or an output that ignores its units: the two directions in which the rows spread
  most (principal components), without a line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from toystory.course.analysis.finite import drawable, norm, number
from toystory.course.analysis.layers import (
    FeedForward,
    activations,
    checked_layer,
    columns_of,
    hidden_layers,
    incoming,
    typical_rows,
)
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.training.data import parity

Point = tuple[float, float]

UNIT = "unit"
DISTANCE = "distance to the output's line"
WIDEST = "widest spread"
SECOND_WIDEST = "second widest spread"

FURTHEST = 1e300
"""What a box encloses at most: a difference of two such numbers is still finite."""

RELATIVE_NOISE = 1e-6
"""A spread this much smaller than the activations themselves is rounding."""


@dataclass(frozen=True)
class Line:
    """The points (x, y) with normal · (x, y) + offset = 0; the answer is 1 where the left side is above 0."""

    normal: Point
    offset: float

    def side(self, points: FloatArray) -> FloatArray:
        """The left side of the equation for `points` (points, 2): (points,)."""
        with np.errstate(all="ignore"):
            return drawable(points @ np.array(self.normal) + self.offset)

    def across(self, low: Point, high: Point) -> tuple[Point, Point] | None:
        """Where the line enters and leaves a box.

        Args:
            low: The lower left corner.
            high: The upper right one.

        Returns:
            Both points, the left one first; None where the line misses the box.
        """
        (a, b), c = self.normal, self.offset
        ends: list[Point] = []
        if b:
            ends += [(x, -(a * x + c) / b) for x in (low[0], high[0])]
        if a:
            ends += [(-(b * y + c) / a, y) for y in (low[1], high[1])]
        slack = [1e-9 * (high[k] - low[k]) for k in (0, 1)]
        inside = [p for p in ends if all(low[k] - slack[k] <= p[k] <= high[k] + slack[k] for k in (0, 1))]
        if not inside or min(inside) == max(inside):
            return None
        return min(inside), max(inside)


@dataclass(frozen=True)
class HiddenSpace:
    """Rows as points in a plane.

    rows: bits, (rows, columns), their `labels` and the model's `answers`, (rows,). points: (rows, 2).
    axes: what the two axes are. line: the output's, or None where the picture has none. layer: from 1.
    origin (units,) and basis (units, 2): a point is (activations − origin) · basis.
    """

    rows: Bits
    labels: Bits
    answers: FloatArray
    points: FloatArray
    axes: tuple[str, str]
    line: Line | None
    layer: int
    origin: FloatArray
    basis: FloatArray

    @property
    def margin(self) -> float:
        """The distance to the line of the row worst placed, NaN without a line.

        It is above 0 where the line parts all labels, below where not.
        """
        length = math.hypot(*self.line.normal) if self.line else 0.0
        if self.line is None or not 0 < length < math.inf:
            return math.nan
        return number(float((self.line.side(self.points) * (2.0 * self.labels - 1)).min()) / length)

    @property
    def box(self) -> tuple[Point, Point]:
        """The lower left and upper right corner of a box with some air around all points, always finite."""
        corners = []
        for values in self.points.T:
            known = values[np.isfinite(values)].clip(-FURTHEST, FURTHEST)
            low, high = (float(known.min()), float(known.max())) if known.size else (-1.0, 1.0)
            air = 0.1 * (high - low) or 1.0
            corners.append((low - air, high + air))
        (left, right), (bottom, top) = corners
        return (left, bottom), (right, top)

    def place(self, activity: FloatArray) -> FloatArray:
        """The points of other activations of the layer, (rows, units): (rows, 2)."""
        with np.errstate(all="ignore"):
            return drawable((activity.astype(np.float64) - self.origin) @ self.basis)


def hidden_space(
    model: FeedForward,
    rows: Bits | None = None,
    *,
    layer: int | None = None,
    units: tuple[int, int] | None = None,
) -> HiddenSpace:
    """See rows as points in the space of a hidden layer.

    In a model whose activations are no numbers, all points are NaN and there is no line.

    Args:
        model: A network that reads a row at once.
        rows: Bits, (rows, columns); unless given, all rows there are, or 128 random ones.
        layer: Counted from 1; the last hidden one unless given.
        units: A pair to look at instead of the view that is chosen for all of them.

    Raises:
        ValueError: There is no such layer or unit.
    """
    layer = checked_layer(model, layer)
    rows = typical_rows(columns_of(model)) if rows is None else rows
    with np.errstate(all="ignore"):
        activity = activations(model, rows, layer).astype(np.float64)
        answers = model.predict_proba(rows)
        weights, offset = _output(model, layer)
        view = _view(activity, weights, offset, units)
    unplaced = HiddenSpace(rows, parity(rows), answers, np.empty((0, 2)), view.axes, view.line, layer,
                           view.origin, view.basis)  # fmt: skip
    return replace(unplaced, points=unplaced.place(activity))


def bent_square(
    model: FeedForward, space: HiddenSpace, lines: int = 5, points: int = 21
) -> tuple[FloatArray, ...]:
    """What becomes of a square net of straight lines over the rows of two bits, as seen in `space`.

    Args:
        model: A network of two columns.
        space: Where its rows lie.
        lines: Lines in each direction.
        points: Points on each line.

    Returns:
        2 × `lines` arrays of (points, 2): first those with a constant first bit, then a constant second one.

    Raises:
        ValueError: The model reads another width.
    """
    if columns_of(model) != 2:
        raise ValueError(f"the model reads {columns_of(model)} columns: only rows of two bits span a square")
    along, beside = np.linspace(0, 1, points), np.linspace(0, 1, lines)
    upwards = [np.stack([np.full(points, at), along], axis=1) for at in beside]
    bent = upwards + [line[:, ::-1] for line in upwards]
    with np.errstate(all="ignore"):
        placed = space.place(activations(model, np.concatenate(bent), space.layer))
    return tuple(np.split(placed, 2 * lines))


@dataclass(frozen=True)
class _View:
    axes: tuple[str, str]
    origin: FloatArray
    basis: FloatArray
    line: Line | None


def _output(model: FeedForward, layer: int) -> tuple[FloatArray | None, float]:
    """Weights and bias with which the output reads the layer; no weights where another one lies between."""
    if layer < hidden_layers(model):
        return None, 0.0
    W, b = incoming(model, layer + 1)
    return W[:, 0].astype(np.float64), float(b[0])


def _view(
    activity: FloatArray, weights: FloatArray | None, offset: float, units: tuple[int, int] | None
) -> _View:
    count = activity.shape[1]
    if units is not None and not all(0 <= unit < count for unit in units):
        raise ValueError(f"units {units}: expected two numbers from 0 to {count - 1}")
    if units is None and count <= 2:
        units = (0, count - 1)
    if weights is not None and not np.isfinite([norm(weights), offset]).all():
        weights = None
    if not np.isfinite(norm(activity)):
        return _View((WIDEST, SECOND_WIDEST), np.zeros(count), np.full((count, 2), np.nan), None)
    if units is not None:
        return _view_of_units(count, units, weights, offset)
    center = activity.mean(axis=0)
    centered = activity - center
    negligible = RELATIVE_NOISE**2 * norm(activity) ** 2
    if weights is None or not norm(weights):
        basis = _widest(centered, 2, negligible).T
        return _View((WIDEST, SECOND_WIDEST), center, basis, None)
    length = norm(weights)
    normal = weights / length
    foot = center - normal * (center @ normal + offset / length)  # of the perpendicular, on the plane
    (within,) = _widest(centered - np.outer(centered @ normal, normal), 1, negligible)
    basis = np.stack([normal, within], axis=1)
    return _View((DISTANCE, WIDEST), foot, basis, Line((1.0, 0.0), 0.0))


def _view_of_units(count: int, units: tuple[int, int], weights: FloatArray | None, offset: float) -> _View:
    basis = np.zeros((count, 2))
    for axis, unit in enumerate(units if count > 1 else units[:1]):
        basis[unit, axis] = 1
    line = None
    if weights is not None and set(units) == set(range(count)):
        across, up = (weights @ basis).tolist()
        line = Line((across, up), offset)
    axes = (f"{UNIT} {units[0] + 1}", f"{UNIT} {units[1] + 1}" if count > 1 else "")
    return _View(axes, np.zeros(count), basis, line)


def _widest(centered: FloatArray, directions: int, negligible: float) -> FloatArray:
    """The directions in which the rows spread most, (directions, units).

    Each is of length 1, or of length 0 where the sum of squares along it is negligible. Their signs are such
    that the greatest entry is positive, so that the picture does not flip from one look to the next.
    """
    rows, units = centered.shape
    if rows < units:  # the same directions from the smaller of the two products
        squares, sides = np.linalg.eigh(centered @ centered.T)
        found = (centered.T @ sides).T
    else:
        squares, sides = np.linalg.eigh(centered.T @ centered)
        found = sides.T
    widest: FloatArray = np.zeros((directions, units))
    for k in range(min(directions, len(found))):
        if squares[-1 - k] > negligible:
            direction = found[-1 - k]
            widest[k] = direction / np.linalg.norm(direction) * np.sign(direction[np.abs(direction).argmax()])
    return widest
