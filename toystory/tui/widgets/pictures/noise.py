"""How noisy the gradient is, for batches of several sizes: it falls by 1/√batch."""

from __future__ import annotations

import math
from functools import lru_cache

from toystory.course.analysis.gradient_noise import MOST_BITS, GradientNoise, gradient_noise
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.first_weights import figure
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

NAME, FIGURE = 10, 9
"""Columns of a batch's size and of a number."""
LEAST_BAR = 8


def draw(scene: Scene, room: Room) -> Drawing:
    """A bar for the noise of each size of a batch, and one for the gradient itself.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    found = _noise(scene)
    batch = scene.experiment.batch or found.batches[0]
    measured = dict(zip(found.batches, found.noise, strict=True))
    sizes = sorted({*found.batches, batch})
    reach = max(room.width - NAME - 2 * FIGURE - 1, LEAST_BAR)
    head = f"{'batch':<{NAME}}{'noise':<{FIGURE}}{'1/√batch':<{FIGURE}} the same as bars"
    lines: list[Line] = [text_line((head[: room.width], room.inks.faint))]
    longest = max(found.noise[0], found.gradient, 1e-30)
    for rows in sizes:
        told = found.by_formula(rows)
        seen = measured.get(rows)
        mark = "▸ " if rows == batch else "  "
        figures = f"{'' if seen is None else figure(seen):<{FIGURE}}{figure(told):<{FIGURE}} "
        text = f"{mark}{rows:<{NAME - 2},}{figures}"
        ink = room.inks.strong if rows == batch else room.inks.faint
        lines.append(text_line((text, ink), (_bar(seen or told, longest, reach), room.inks.chart["first"])))
    text = f"{'gradient':<{NAME}}{figure(found.gradient):<{FIGURE}}{'':{FIGURE}} "
    lines += [text_line(), text_line(text, (_bar(found.gradient, longest, reach), room.inks.chart["second"]))]
    task = scene.experiment.task
    one_length = min(task.columns, MOST_BITS) if task.lengths not in ("full", "mixed") else 0
    return Drawing(lines, _caption(found, batch, one_length))


def _bar(value: float, longest: float, reach: int) -> str:
    return "━" * max(round(reach * value / longest), 1) if math.isfinite(value) else ""


def _caption(found: GradientNoise, batch: int, one_length: int) -> str:
    """What is seen; `one_length` is that of the rows measured where every batch draws a length, else 0."""
    if not (math.isfinite(found.noise[0]) and math.isfinite(found.gradient)):
        return "The gradient is no number any more: the training has diverged."
    rule = "Four times the rows, half the noise."
    if one_length:
        return (
            f"{rule} These are rows of {one_length} bits. In training each batch has a length of its own: "
            "the noise of that choice stays, however many rows there are."
        )
    if not found.gradient:
        return f"{rule} The gradient itself is too small to be seen in it."
    over = found.by_formula(batch) / found.gradient
    return (
        f"{rule} At {batch:,} rows the noise is {figure(over)} times the gradient, at "
        f"{found.balance:,.0f} they are alike."
    )


@lru_cache(maxsize=2)
def _noise(scene: Scene) -> GradientNoise:
    return gradient_noise(scene.model, scene.experiment.task)
