"""A derivation, step by step: each equation beside the line that computes it and the value it has now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from toystory.course.derivation.worked import Now, Worked, WorkedOut, name_at_layer, of_last_place
from toystory.models.attention import Attention
from toystory.models.mlp import MLP
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, Cache, FloatArray, Parameters
from toystory.models.parts.optimizers import Adam, GradientDescent, gradient_norm
from toystory.models.recurrent import RecurrentModel
from toystory.models.softmax_mlp import SoftmaxMLP

Values = dict[str, Any]
"""Every named value of one forward and backward pass: the cache, the parameters by their names, their
gradients as d‹name›, the loss as L, and what one step makes of a parameter: of gradient descent as ‹name›′,
and as ‹name›″ the first step of Adam, which remembers nothing yet. Of clipped gradients also κ, C and N."""
AFTER_DESCENT, AFTER_ADAM = "′", "″"
"""Behind a parameter: what it is after a step of gradient descent, and of Adam."""
DECAYED = "d{name} + λ {name}"
"""A gradient with what weight decay adds to it."""


@dataclass(frozen=True)
class DerivationStep:
    """One line of the derivation.

    equation: in Unicode. source: a line of ‹module›.py in models/ or models/parts/, without its indentation.
    value: the name of the value it computes. worked: the same equation with the current numbers put in.
    """

    title: str
    equation: str
    sentence: str
    module: str
    source: str
    value: str
    worked: WorkedOut


@dataclass(frozen=True)
class Source:
    """Where a line stands."""

    file: str
    number: int
    line: str


def source_file(module: str) -> tuple[str, Path]:
    """Where the code of a step stands.

    Args:
        module: A model's file or that of a part, without its folder: `lstm`, `loss`.

    Returns:
        Its name for a reader, such as models/parts/loss.py, and its path.

    Raises:
        LookupError: Neither models/ nor models/parts/ has such a file.
    """
    for folder in ("models", "models.parts"):
        found = find_spec(f"toystory.{folder}.{module}")
        if found is not None and found.origin is not None:
            return f"{folder.replace('.', '/')}/{module}.py", Path(found.origin)
    raise LookupError(f"neither models/ nor models/parts/ has a file {module}.py")


def find_source(step: DerivationStep) -> Source:
    """The line of code that computes `step`. Raises LookupError where the file has no such line."""
    name, path = source_file(step.module)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() == step.source:
            return Source(name, number, line.strip())
    raise LookupError(f"{name} has no line {step.source!r}")


def evaluate(
    model: Model,
    x: Bits | FloatArray,
    y: Bits,
    learning_rate: float,
    clip: float | None = None,
    weight_decay: float = 0.0,
) -> Values:
    """Run `model` forward and backward as in training, and name everything that came up.

    Args:
        model: Any model.
        x: Bits, or what else the model reads, (rows, columns).
        y: Labels, (rows,).
        learning_rate: Of the steps behind the primed values.
        clip: The longest gradient that they let through; None for any.
        weight_decay: λ of what they add to the gradients of the weights.
    """
    held = model.drawn_by_chance(len(y))
    cache = model.forward(x, **held)
    gradients = model.backward(cache, y)
    return {
        **cache,
        **model.parameters,
        **{f"d{name}": gradient for name, gradient in gradients.items()},
        **_last_layer(model, cache, gradients),
        **_step_values(model, gradients, learning_rate, clip, weight_decay),
        "L": np.array(model.loss(x, y, **held)),
    }


LAST_LAYER = ("W", "b")
"""Parameters of the last layer of a tower, whichever number that has."""


def _last_layer(model: Model, cache: Cache, gradients: Parameters) -> Values:
    """Of a tower, what its last layer comes to, without the number."""
    if not isinstance(model, MLP | SoftmaxMLP):
        return {}
    n = model.layers
    return {
        "dz": cache[f"dz{n}"],
        **{name: model.parameters[f"{name}{n}"] for name in LAST_LAYER},
        **{f"d{name}": gradients[f"{name}{n}"] for name in LAST_LAYER},
    }


def _step_values(
    model: Model, gradients: Parameters, learning_rate: float, clip: float | None, weight_decay: float
) -> Values:
    """What happens to the gradients before the update, and the parameters after it."""
    values: Values = {}
    reaching = {name: gradient.copy() for name, gradient in gradients.items()}
    if weight_decay:
        values["λ"] = np.array(weight_decay)
        for name in (name for name in reaching if not name.startswith("b")):
            reaching[name] += weight_decay * model.parameters[name]
            values[DECAYED.format(name=name)] = reaching[name].copy()
    if clip is not None:
        norm = gradient_norm(reaching)
        factor = clip / max(clip, norm)
        values |= {"C": np.array(clip), "N": np.array(norm), "κ": np.array(factor)}
        for gradient in reaching.values():
            gradient *= factor
    for prime, optimizer in ((AFTER_DESCENT, GradientDescent), (AFTER_ADAM, Adam)):
        after = {name: parameter.copy() for name, parameter in model.parameters.items()}
        optimizer(learning_rate).update(after, reaching)
        values |= {f"{name}{prime}": parameter for name, parameter in after.items()}
    return values


def at_layer(step: DerivationStep, layer: int) -> DerivationStep:
    """A step of a tower's first layer, for another layer.

    Args:
        step: The step.
        layer: From 1.
    """
    return step if layer == 1 else replace(step, value=name_at_layer(step.value, layer))


def derives(steps: Iterable[DerivationStep], values: Values) -> bool:
    """Whether a derivation is that of the model evaluated: a chapter may train another chapter's model, too.

    Args:
        steps: The derivation.
        values: What `evaluate` named.
    """
    return all(step.value in values for step in steps)


def value_of(step: DerivationStep, values: Values, model: Model, t: int = -1) -> FloatArray:
    """The value of a step for the first of the rows evaluated, without axes of length one.

    Args:
        step: A step of the model's derivation.
        values: What `evaluate` named.
        model: The model evaluated.
        t: Which bit, for a model that reads in time; the last one unless given.
    """
    value: FloatArray = np.asarray(values[step.value])
    if not _has_rows(step, model) or value.ndim == 0:
        return np.squeeze(value)
    if isinstance(model, RecurrentModel):  # time comes before the rows
        value = value[t % len(values["x"])]
    if isinstance(model, Attention):
        return np.squeeze(of_last_place(values, step.value))
    first: FloatArray = np.squeeze(value[0])
    return first


def worked(
    step: DerivationStep,
    values: Values,
    model: Model,
    learning_rate: float,
    t: int = -1,
    unit: int = 0,
    layer: int = 1,
) -> Worked:
    """The equation of a step with the numbers of the first row put in.

    Args:
        step: A step of the model's derivation.
        values: What `evaluate` named.
        model: The model evaluated.
        learning_rate: Of the primed values.
        t: Which bit, for a model that reads in time; negative ones count from the end.
        unit: Which hidden unit, counted from 0.
        layer: Which hidden layer of a tower, counted from 1.
    """
    if isinstance(model, RecurrentModel):
        t %= len(values["x"])
    return step.worked(Now(model, values, learning_rate, t, unit, layer))


@dataclass(frozen=True)
class WorkedStep:
    """A step of a derivation, with the value it has now and the equation with its numbers put in."""

    number: int
    step: DerivationStep
    value: FloatArray
    worked: Worked


def work_out(
    steps: Sequence[DerivationStep],
    model: Model,
    x: Bits | FloatArray,
    y: Bits,
    learning_rate: float,
    t: int = -1,
    unit: int = 0,
    layer: int = 1,
    clip: float | None = None,
    weight_decay: float = 0.0,
) -> list[WorkedStep]:
    """Work out every step of a derivation on one row; none of them where it derives another model.

    Args:
        steps: The derivation.
        model: Any model.
        x: The row, (1, columns).
        y: Its label, (1,).
        learning_rate: Of the step of gradient descent behind the primed values.
        t: Which bit, for a model that reads in time.
        unit: Which hidden unit, counted from 0.
        layer: Which hidden layer of a tower, counted from 1; the steps are those of this layer.
        clip: The longest gradient that is let through; None for any.
        weight_decay: λ of what is added to the gradients of the weights.
    """
    values = evaluate(model, x, y, learning_rate, clip, weight_decay)
    if not derives(steps, values):
        return []
    return [
        WorkedStep(
            number,
            step,
            value_of(step, values, model, t),
            worked(step, values, model, learning_rate, t, unit, layer),
        )
        for number, step in enumerate(steps, start=1)
    ]


def _has_rows(step: DerivationStep, model: Model) -> bool:
    """Whether the first axis of a value counts rows: true of the cache, false of parameters and gradients."""
    name = step.value.removeprefix("d").rstrip(AFTER_DESCENT + AFTER_ADAM).partition(" ")[0]
    return name not in model.parameters and name not in LAST_LAYER
