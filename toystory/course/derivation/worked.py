"""An equation with the current numbers put in: `z = 1·0.1 + 1·0.5 + 0.005`.

What is written can be read back: + − · / ², σ, tanh, ln, exp and max are all the signs there are, so a test
evaluates every line and holds it to what the model computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np

from toystory.models.attention import Attention
from toystory.models.model import Model
from toystory.models.parts.arrays import FloatArray
from toystory.models.recurrent import RecurrentModel

TERMS = 3
"""Products of a long sum that are written out; the others are added up."""
WHOLE = 5
"""A sum of so many is written out whole: a row of five bits, and two units."""


@dataclass(frozen=True)
class Worked:
    """An equation with its numbers.

    Attributes:
        left: What is computed, with its index.
        expression: The numbers it is made of.
        result: Its value.
        below: What is drawn under it, line by line: links of a chain with their numbers, or a slope.
        equation: That of this very model, where the step's own says it for another; "" where it fits.
        sentence: The same, of the step's sentence.
    """

    left: str
    expression: str
    result: float
    below: tuple[str, ...] = ()
    equation: str = ""
    sentence: str = ""

    def __str__(self) -> str:
        result = number(self.result, digits=6)
        middle = "" if self.expression == number(self.result) else f"{self.expression} = "
        return f"{self.left} = {middle}{result}"


@dataclass(frozen=True)
class Now:
    """Everything that one forward and backward pass of one row computed, at one bit and for one unit.

    values: by name, see `lessons.derivation.evaluate`. t: which bit, counted from 0, for a model that reads
    in time. unit: which of the hidden units. layer: which hidden layer of a tower, from 1.
    """

    model: Model
    values: dict[str, FloatArray]
    learning_rate: float
    t: int = 0
    unit: int = 0
    layer: int = 1

    def at_layer(self, name: str) -> str:
        """The name of a value of the first layer, for the layer that is looked at."""
        return name_at_layer(name, self.layer)

    @property
    def bits(self) -> int:
        """How many bits the row has in time."""
        return len(self.values["x"])

    @property
    def is_last(self) -> bool:
        """Whether no bit comes after this one."""
        return self.t + 1 >= self.bits

    def parameter(self, name: str) -> FloatArray:
        """A parameter, a gradient or an updated parameter: all of it."""
        return np.asarray(self.values[name])

    def row(self, name: str, later: int = 0) -> FloatArray:
        """What the cache holds for the row.

        Args:
            name: Of the value.
            later: In a model that reads in time, how many bits after bit t.
        """
        value = np.asarray(self.values[name])
        if isinstance(self.model, RecurrentModel):
            return np.atleast_1d(value[self.t + later][0])
        if isinstance(self.model, Attention):
            return np.atleast_1d(of_last_place(self.values, name))
        row: FloatArray = value[0]
        return row


def name_at_layer(name: str, layer: int) -> str:
    """The name of a value of the first layer, for another one: z1 is z2 there.

    Args:
        name: Of the value.
        layer: From 1.
    """
    return re.sub(r"(?<=[A-Za-z])1", str(layer), name)


def of_last_place(values: dict[str, FloatArray], name: str) -> FloatArray:
    """What an Attention holds for the first row: of the last place written, if it holds something for each.

    Args:
        values: By name, see `lessons.derivation.evaluate`.
        name: Of the value.
    """
    first = np.asarray(np.asarray(values[name])[0])
    places = np.shape(values["a"])[1]
    of_place: FloatArray = first[-1] if first.ndim and len(first) == places else first
    return of_place


WorkedOut = Callable[[Now], Worked]


def number(value: SupportsFloat, digits: int = 5) -> str:
    """A number as an equation shows it; a whole one as it is.

    Args:
        value: Any number.
        digits: How many digits that count.
    """
    value = float(value)
    if value.is_integer() and abs(value) < 1e4:
        text = f"{abs(value):.0f}" if value == 0 else f"{value:.0f}"
    elif 1e-3 <= abs(value) < 1e4:
        text = f"{value:.{digits}g}"
    else:
        text = f"{value:.{digits - 1}e}"
    return text.replace("-", "−")


def factor(value: SupportsFloat) -> str:
    """A number inside a product: a negative one in brackets."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def plus(value: SupportsFloat) -> str:
    """A number added to what stands before it."""
    text = number(value)
    return f" − {text[1:]}" if text.startswith("−") else f" + {text}"


def product(*values: SupportsFloat) -> str:
    """The numbers, multiplied."""
    return "·".join(factor(value) for value in values)


def dot(left: Sequence[float] | FloatArray, right: Sequence[float] | FloatArray) -> str:
    """A sum of products: the first few written out, the others added up as '(47 more: 0.12)'.

    Args:
        left: Numbers.
        right: As many.
    """
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    shown = len(left) if len(left) <= WHOLE else TERMS
    text = " + ".join(product(a, b) for a, b in zip(left[:shown], right[:shown], strict=True))
    if shown < len(left):
        text += f" + ({len(left) - shown} more: {number(float(left[shown:] @ right[shown:]))})"
    return text


def exponentials(values: FloatArray) -> str:
    """Their exponentials, added up: the first few written out, the others added up."""
    shown = len(values) if len(values) <= WHOLE else TERMS
    text = " + ".join(f"exp({number(value)})" for value in values[:shown])
    if shown < len(values):
        rest = float(np.exp(values[shown:].astype(np.float64)).sum())
        text += f" + ({len(values) - shown} more: {number(rest)})"
    return text
