"""One step of an optimiser, number by number: of gradient descent by hand, and what a step changes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from toystory.course.derivation.steps import AFTER_DESCENT, DECAYED, Values
from toystory.course.derivation.worked import name_at_layer, number, product
from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray

CLOSE = 0.01
"""An answer within this share of the right one is right."""


@dataclass(frozen=True)
class Question:
    """What will one number of a parameter be after the step?

    name: with its index, `w[0]`. gradient: with what weight decay adds. clip: what is left of it, 1 for all.
    """

    name: str
    before: float
    gradient: float
    learning_rate: float
    after: float
    clip: float = 1.0

    @property
    def line(self) -> str:
        """What computes it, with the numbers put in."""
        clip = () if self.clip == 1 else (self.clip,)
        step = product(self.learning_rate, *clip, self.gradient)
        digits = self.digits
        return f"{self.name} = {number(self.before, digits)} − {step} = {number(self.after, digits)}"

    @property
    def digits(self) -> int:
        """How many digits it takes to see that it moves."""
        change = abs(self.after - self.before)
        if not change or not self.before or not math.isfinite(change):
            return 6
        return min(max(6, 3 + math.ceil(math.log10(abs(self.before) / change))), 12)

    def judge(self, answer: float) -> str:
        """'right', 'not moved' where it is nearer to what the number was, or 'not yet'."""
        if not abs(answer - self.after) <= CLOSE * abs(self.after):
            return "not yet"
        moved = number(self.before, self.digits) != number(self.after, self.digits)
        if moved and abs(answer - self.before) < abs(answer - self.after):
            return "not moved"
        return "right"


def question(model: Model, values: Values, learning_rate: float, layer: int = 1) -> Question:
    """Ask about that number of the first parameter that moves at all which has the greatest gradient.

    Args:
        model: The model before the step.
        values: What `evaluate` named, with the same learning rate.
        learning_rate: Of the step.
        layer: Of a tower, the hidden layer that is looked at, from 1: its parameters come first.
    """
    names = list(model.parameters)
    start = names.index(name_at_layer(names[0], layer))
    names = names[start:] + names[:start]
    name = next((n for n in names if np.any(values[f"d{n}"])), names[0])
    slope = np.asarray(values.get(DECAYED.format(name=name), values[f"d{name}"]))
    index = np.unravel_index(int(np.argmax(np.abs(slope))), slope.shape)
    places = ", ".join(str(int(i)) for i in index)
    before, after = np.asarray(values[name]), np.asarray(values[f"{name}′"])
    return Question(
        f"{name}[{places}]",
        float(before[index]),
        float(slope[index]),
        learning_rate,
        float(after[index]),
        float(values.get("κ", 1)),
    )


@dataclass(frozen=True)
class Change:
    """What the step does to one parameter array.

    norm_before, norm_after: ‖θ‖. largest: the greatest change of one number. place: where that number is.
    """

    name: str
    shape: tuple[int, ...]
    norm_before: float
    norm_after: float
    largest: float
    place: tuple[int, ...]


def changes(model: Model, values: Values, prime: str = AFTER_DESCENT) -> list[Change]:
    """The changes of every parameter by one step on the row evaluated.

    Args:
        model: The model before the step.
        values: What `evaluate` named.
        prime: Behind the parameters after the step: of gradient descent, or of Adam.
    """
    parameters = model.parameters.items()
    return [_change(name, before, np.asarray(values[f"{name}{prime}"])) for name, before in parameters]


def _change(name: str, before: FloatArray, after: FloatArray) -> Change:
    moved = after.astype(float) - before.astype(float)
    index = np.unravel_index(int(np.argmax(np.abs(moved))), moved.shape)
    return Change(
        name,
        before.shape,
        float(np.linalg.norm(before)),
        float(np.linalg.norm(after)),
        float(moved[index]),
        tuple(int(i) for i in index),
    )


def updated(model: Model, values: Values, prime: str = AFTER_DESCENT) -> Model:
    """The model as one step on the row evaluated makes it.

    Args:
        model: The model before the step.
        values: What `evaluate` named.
        prime: Behind the parameters after the step: of gradient descent, or of Adam.
    """
    after = type(model)(**model.settings)
    for name, parameter in after.parameters.items():
        parameter[...] = values[f"{name}{prime}"]
    return after


def told_answer(before: float, after: float, label: int) -> str:
    """What a step did to the answer, in a sentence.

    Args:
        before: The answer before the step.
        after: The same row's with the new weights.
        label: 0 or 1.
    """
    digits = next((d for d in (3, 4, 5, 6) if number(before, d) != number(after, d)), 6)
    if number(before, digits) == number(after, digits):
        return f"With the new weights it answers {number(after, 3)}, as before the update."
    nearer = "nearer to" if abs(after - label) < abs(before - label) else "farther from"
    return (
        f"With the new weights it answers {number(after, digits)}, before the update "
        f"{number(before, digits)}: {nearer} the label, {label}."
    )
