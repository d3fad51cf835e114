"""A derivation, step by step: each equation beside the line that computes it and the value it has now."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from models.arrays import Bits, FloatArray
from models.model import Model
from models.optimizers import GradientDescent
from models.recurrent import RecurrentModel

Values = dict[str, Any]
"""Every named value of one forward and backward pass: the cache, the parameters by their names, their
gradients as d‹name›, the loss as L, and what one step of gradient descent makes of a parameter as ‹name›′."""


@dataclass(frozen=True)
class DerivationStep:
    """One line of the derivation.

    equation: in Unicode. source: a line of models/‹module›.py, as it stands there without its indentation.
    value: the name of the value it computes. time: for a value that has a time axis, which entry belongs
    to bit t: 0 for [t], 1 for [t + 1]; None for a value without one.
    """

    title: str
    equation: str
    sentence: str
    module: str
    source: str
    value: str
    time: int | None = None


@dataclass(frozen=True)
class Source:
    """Where a line stands."""

    file: str
    number: int
    line: str


def find_source(step: DerivationStep) -> Source:
    """The line of code that computes `step`. Raises LookupError where the file has no such line."""
    text = inspect.getsource(import_module(f"models.{step.module}"))
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() == step.source:
            return Source(f"models/{step.module}.py", number, line.strip())
    raise LookupError(f"models/{step.module}.py has no line {step.source!r}")


def evaluate(model: Model, x: Bits, y: Bits, learning_rate: float) -> Values:
    """Run `model` forward and backward on the rows `x` with labels `y`, and name everything that came up.

    learning_rate: for the primed values.
    """
    cache = model.forward(x)
    gradients = model.backward(cache, y)
    after = {name: parameter.copy() for name, parameter in model.parameters.items()}
    GradientDescent(learning_rate).update(after, gradients)
    return {
        **cache,
        **model.parameters,
        **{f"d{name}": gradient for name, gradient in gradients.items()},
        **{f"{name}′": parameter for name, parameter in after.items()},
        "L": np.array(model.loss(x, y)),
    }


def value_of(step: DerivationStep, values: Values, model: Model, t: int = -1) -> FloatArray:
    """The value of `step` for the first of the rows evaluated, without axes of length one.

    t: which bit, for a model that reads in time; the last one unless given.
    """
    value: FloatArray = np.asarray(values[step.value])
    if step.time is not None:
        bits = len(values["x"])
        value = value[t % bits + step.time]
        return np.squeeze(value[..., 0])
    if isinstance(model, RecurrentModel) or value.ndim == 0:
        return np.squeeze(value)
    return np.squeeze(value[0] if _has_rows(step, model) else value)


def _has_rows(step: DerivationStep, model: Model) -> bool:
    """Whether the first axis of a value counts rows: true of the cache, false of parameters and gradients."""
    return step.value.removeprefix("d").removesuffix("′") not in model.parameters
