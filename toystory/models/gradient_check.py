"""Is the backward pass right? Ask the forward pass, which knows nothing of it.

A gradient is a slope, and a slope can be measured: move one parameter a little up and a little down, and
see how the loss changes. What chance has a part in, the masks of dropout, is drawn once and held still.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray, Lengths, Parameters

STEP = 1e-6


class GradientCheck(NamedTuple):
    """One parameter array: what `backward` says, what central differences measure, how far apart.

    analytic, measured: of the parameter's shape; where only some numbers were checked, these in a line.
    left_out: how many numbers were not.
    relative_difference: ‖analytic − measured‖ / (‖analytic‖ + ‖measured‖), 0 where both are zero.
    """

    name: str
    analytic: FloatArray
    measured: FloatArray
    left_out: int = 0

    @property
    def relative_difference(self) -> float:
        scale = float(np.linalg.norm(self.analytic) + np.linalg.norm(self.measured))
        return float(np.linalg.norm(self.analytic - self.measured)) / scale if scale else 0.0


def in_float64(model: Model, kind: type[Model] | None = None) -> Model:
    """A copy that computes in float64: in float32 what is below 1e-45 is zero, and slopes can't be measured.

    Args:
        model: Any model.
        kind: Another model with the same settings and parameters, that the copy is to be; None for the same.
    """
    copy = (kind or type(model))(**{**model.settings, "dtype": "float64"})
    for name, parameter in model.parameters.items():
        copy.parameters[name][...] = parameter
    return copy


def measured_gradients(
    model: Model, x: ArrayLike, y: ArrayLike, lengths: Lengths | None = None, step: float = STEP
) -> Parameters:
    """Central differences, [L(θ + step) − L(θ − step)] / (2 step), for every number of every parameter.

    Args:
        model: In float64.
        x: Bits, (rows, columns).
        y: Labels, as the model takes them.
        lengths: How many bits of each row count, (rows,); None for all.
        step: How far a number is moved.
    """
    held = model.drawn_by_chance(len(np.asarray(x)))
    return {
        name: _slopes(model, name, np.arange(parameter.size), (x, y, lengths), held, step).reshape(
            parameter.shape
        )
        for name, parameter in model.parameters.items()
    }


def gradient_check(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    lengths: Lengths | None = None,
    step: float = STEP,
    most: int | None = None,
) -> list[GradientCheck]:
    """Compare `backward` with central differences, parameter by parameter.

    A right backward pass agrees to a relative 1e-6 or better in float64.

    Args:
        model: In float64.
        x: Bits, (rows, columns).
        y: Labels, as the model takes them.
        lengths: How many bits of each row count, (rows,); None for all.
        step: How far a number is moved.
        most: Check at most so many numbers of each parameter, always the same ones; None for all.

    Raises:
        ValueError: The model computes in float32.
    """
    return list(gradient_checks(model, x, y, lengths, step, most))


def gradient_checks(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    lengths: Lengths | None = None,
    step: float = STEP,
    most: int | None = None,
) -> Iterator[GradientCheck]:
    """As `gradient_check`, one parameter after another as they are asked for.

    Args:
        model: In float64.
        x: Bits, (rows, columns).
        y: Labels, as the model takes them.
        lengths: How many bits of each row count, (rows,); None for all.
        step: How far a number is moved.
        most: Check at most so many numbers of each parameter; None for all.
    """
    held = model.drawn_by_chance(len(np.asarray(x)))
    _, gradients = model.loss_and_gradients(x, y, lengths, **held)
    rng = np.random.default_rng(0)
    for name, parameter in model.parameters.items():
        gradient, places = gradients[name], np.arange(parameter.size)
        shape: tuple[int, ...] = parameter.shape
        if most is not None and parameter.size > most:
            places = np.sort(rng.choice(parameter.size, most, replace=False))
            shape = (most,)
        measured = _slopes(model, name, places, (x, y, lengths), held, step)
        yield GradientCheck(
            name,
            gradient.reshape(-1)[places].reshape(shape),
            measured.reshape(shape),
            parameter.size - len(places),
        )


def _slopes(
    model: Model,
    name: str,
    places: NDArray[np.intp],
    rows: tuple[ArrayLike, ArrayLike, Lengths | None],
    held: dict[str, Any],
    step: float,
) -> FloatArray:
    """The slopes of the loss at `places` of a parameter, counted along its flattened numbers."""
    if model.dtype != np.float64:
        raise ValueError(f"the model computes in {model.dtype}: a gradient check needs dtype=np.float64")
    numbers = model.parameters[name].reshape(-1)  # a view: parameters are contiguous
    slopes = np.zeros(len(places))
    for k, place in enumerate(places):
        kept = numbers[place]
        losses = []
        try:
            for moved in (kept + step, kept - step):
                numbers[place] = moved
                losses.append(model.loss(*rows, **held))
        finally:
            numbers[place] = kept
        slopes[k] = (losses[0] - losses[1]) / (2 * step)
    return slopes
