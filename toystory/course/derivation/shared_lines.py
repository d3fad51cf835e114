"""Worked lines that several derivations share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from toystory.course.derivation.steps import AFTER_ADAM, AFTER_DESCENT, DECAYED
from toystory.course.derivation.worked import Now, Worked, WorkedOut, number, plus, product
from toystory.models.parts.activations import ACTIVATIONS
from toystory.models.parts.arrays import FloatArray
from toystory.models.parts.optimizers import Adam

EPSILON = Adam(1.0).epsilon
WIDEST, BARS, BLOCKS = 5.0, 41, " ▁▂▃▄▅▆▇█"
"""Of the picture of a slope: the sums that it shows, how many bars, and their heights."""


def answer(now: Now) -> Worked:
    """The answer, a = σ(z)."""
    z, a = _one(now, "z"), _one(now, "a")
    return Worked("a", f"σ({number(z)})", a)


def loss(now: Now) -> Worked:
    """L = ln(1 + eᶻ) − y z, of the answer that has the label: the last one, in time."""
    end = Now(now.model, now.values, now.learning_rate, t=-1)
    z, y = _one(end, "z"), _one(end, "y")
    return Worked("L", f"ln(1 + exp({number(z)})) − {product(y, z)}", float(now.parameter("L")))


def mark(now: Now) -> Worked:
    """How far the answer is on the side of a 1: right where its sign is the label's."""
    a = _one(now, "a")
    return Worked("a − ½", f"{number(a)} − 0.5", a - 0.5)


def error(now: Now) -> Worked:
    """The error of the answer, dz = a − y, over the one label that a single row has."""
    a, y, dz = (_one(now, name) for name in ("a", "y", "dz"))
    if "counts" in now.values and not now.is_last:
        return Worked("dz", "0", dz)
    return Worked("dz", f"{number(a)}{plus(-y) if y else ' − 0'}", dz)


def error_in_links(now: Now) -> Worked:
    """The error, and below it the chain rule that gives it: z moves a, and a moves L."""
    found = error(now)
    z, a, y = (_one(now, name) for name in ("z", "a", "y"))
    if not 0 < a < 1:
        return replace(found, below=("a is 0 or 1 to the last digit: here the slope of σ is 0.",))
    slope = a * (1 - a)
    steep = (a - y) / slope
    below = (
        *boxes((("z", z), ("a", a), ("L", float(now.parameter("L")))), ("σ", "ln")),
        "",
        f"dL/da = ({found.expression}) / ({number(a)}·(1 − {number(a)})) = {number(steep)}",
        f"da/dz = {number(a)}·(1 − {number(a)}) = {number(slope)}",
        f"dL/dz = {product(steep, slope)} = {number(steep * slope)}",
        *slope_picture("sigmoid", z, a),
    )
    return replace(found, below=below)


def bias_share(name: str, errors: str) -> WorkedOut:
    """The gradient of a bias: the error, added up over the rows, for the chosen unit of several.

    Args:
        name: Of the bias.
        errors: The error that it takes.
    """

    def worked(now: Now) -> Worked:
        left = now.at_layer(f"d{name}")
        gradient, terms = now.parameter(left), np.atleast_2d(now.parameter(now.at_layer(errors)))
        j = now.unit if gradient.size > 1 else 0
        where = f"[{j}]" if gradient.size > 1 else ""
        return Worked(f"{left}{where}", number(terms[0, j]), float(gradient[j]))

    return worked


def loudest(heard: FloatArray) -> int:
    """Which of the numbers that come in is the largest: of a bit that is off a weight learns nothing."""
    return int(np.argmax(np.abs(heard)))


def boxes(values: Sequence[tuple[str, float]], functions: Sequence[str]) -> tuple[str, str, str]:
    """Numbers in boxes, with arrows from one to the next.

    Args:
        values: Name and number of each.
        functions: What makes one of the one before, over the arrows.
    """
    inner = [f" {name} = {number(value)} " for name, value in values]
    arrows = [f" ─ {function} ─▶ " for function in functions] + [""]
    top = "".join(f"╭{'─' * len(box)}╮{' ' * len(arrow)}" for box, arrow in zip(inner, arrows, strict=True))
    middle = "".join(f"│{box}│{arrow}" for box, arrow in zip(inner, arrows, strict=True))
    bottom = "".join(
        f"╰{'─' * len(box)}╯{' ' * len(arrow)}" for box, arrow in zip(inner, arrows, strict=True)
    )
    return top.rstrip(), middle, bottom.rstrip()


def slope_picture(curve: str, z: float, a: float) -> tuple[str, ...]:
    """How steep a curve is, drawn as bars over the sums from −5 to 5, with a mark where this one is.

    Nothing where the sum is no number, as in a model that has diverged.

    Args:
        curve: One of the activations.
        z: The sum.
        a: What the curve makes of it.
    """
    if not math.isfinite(z):
        return ()
    function, derivative = ACTIVATIONS[curve]
    sums = np.linspace(-WIDEST, WIDEST, BARS)
    slopes = derivative(function(sums))
    heights = np.round(slopes / slopes.max() * (len(BLOCKS) - 1)).astype(int)
    label = f"slope of {'σ' if curve == 'sigmoid' else 'ReLU' if curve == 'relu' else curve}  "
    at = round((float(np.clip(z, -WIDEST, WIDEST)) + WIDEST) / (2 * WIDEST) * (BARS - 1))
    here = float(derivative(np.array([a]))[0])
    bars = "".join(BLOCKS[height] for height in heights)
    return f"{label}{bars}  z from −5 to 5", f"{' ' * (len(label) + at)}▲ here {number(here)}"


def updated(name: str, after: str = AFTER_DESCENT) -> WorkedOut:
    """θ − η κ dθ, or of Adam θ − η m / (r + ε), where m is κ dθ and r its size: for the largest gradient.

    Args:
        name: Of the parameter.
        after: AFTER_DESCENT or AFTER_ADAM.
    """

    def worked(now: Now) -> Worked:
        name_here = now.at_layer(name)
        decayed = DECAYED.format(name=name_here)
        slopes = now.parameter(decayed if decayed in now.values else f"d{name_here}")
        index, where = steepest(slopes)
        before, result = (float(now.parameter(n)[index]) for n in (name_here, f"{name_here}{after}"))
        slope, factors = float(slopes[index]), [now.learning_rate]
        if "κ" in now.values and now.parameter("κ") < 1:
            factors.append(float(now.parameter("κ")))
        step = product(*factors, slope)
        if after == AFTER_ADAM:
            step += f" / ({product(*factors[1:], abs(slope))} + {number(EPSILON)})"
        return Worked(f"{name_here}[{where}]", f"{number(before)} − {step}", result)

    return worked


def steepest(slopes: FloatArray) -> tuple[tuple[int, ...], str]:
    """Where the largest gradient stands, and how that is written."""
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(np.abs(slopes))), slopes.shape))
    return index, ", ".join(map(str, index))


def _one(now: Now, name: str) -> float:
    """The only number that the cache holds under `name` for the row at this moment."""
    return float(now.row(name).reshape(-1)[0])
