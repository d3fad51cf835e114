"""How large the signals start: activations and gradients of every layer, and from other first weights."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from rich.style import Style

from toystory.course.analysis.finite import extent
from toystory.course.analysis.layers import FeedForward, typical_rows
from toystory.course.analysis.signals import Signal, by_formula, root_mean_square, signals
from toystory.course.analysis.starts import KINDS, Start, started
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.training.experiment import Experiment
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

ROWS, ROWS_READ_BIT_BY_BIT = 64, 16
MOST_STEPS = 200
"""Bits of a row that is read bit by bit."""
BARS = " ▁▂▃▄▅▆▇█"
MOST_WIDTH, LEAST_WIDTH = 36, 8
"""Columns of a histogram."""
DECADES = (-10.0, 2.0)
"""Powers of ten at the ends of a logarithmic axis; what lies beyond is drawn at the end."""
OTHER_LINES = 8
"""Those that are no histogram: the dial, the heads, and the table of the three kinds."""
NAME, FIGURE = 8, 9
"""Columns of a layer's name and of a size."""
ENDS = (
    (1e-3, "it dies out."),
    (0.1, "it fades."),
    (0.5, "it gets weaker."),
    (2, "it gets through."),
    (1e3, "it grows."),
    (np.inf, "it explodes."),
)
"""What is said of a gradient that is multiplied by less than so much on its whole way.

From half to twice is through.
"""


def draw(scene: Scene, room: Room) -> Drawing:
    """A histogram for each layer, or for a few steps, at the first weights and now; then the other starts.

    Args:
        scene: The model as it is now, and where the dial of its first weights stands.
        room: What there is to draw with.
    """
    experiment, now = scene.experiment, scene.update > 0
    steps = min(max((room.height - OTHER_LINES) // (1 + now) - 1, 3), 6)
    first = _at_first(experiment, scene.start, steps)
    seen = [(first, room.inks.chart["first"], "first")]
    if now:
        seen.append((_signals(experiment, scene.model, steps), room.inks.chart["second"], "now"))
    lines = [_dial(scene, room), *histograms(seen, room), text_line(), *_kinds(scene, room)]
    return Drawing(lines, _caption(scene, first))


def _dial(scene: Scene, room: Room) -> Line:
    strong, faint = room.inks.strong, room.inks.faint
    return text_line(
        ("[ ]", strong),
        (" scale ", faint),
        (f"× {scene.start.scale:g}", strong),
        ("   ", faint),
        ("o", strong),
        (" first weights ", faint),
        (scene.start.kind, strong),
        ("   first", room.inks.chart["first"]),
        ("  now" if scene.update else "", room.inks.chart["second"]),
    )


def _width(room: Room) -> int:
    """Columns of a histogram."""
    return min(max((room.width - NAME - 2 * FIGURE - 4) // 2, LEAST_WIDTH), MOST_WIDTH)


def _head(room: Room) -> list[Line]:
    width, faint = _width(room), room.inks.faint
    low, high = (f"1e{DECADES[0]:g}", f"1e{DECADES[1]:g}") if room.log else ("−", "+")
    axis = f"{low}{high:>{width - len(low)}}"
    return [
        text_line(
            (f"{'':{NAME}}{'activations':{FIGURE + width + 3}}{'gradients':{FIGURE + width}}".rstrip(), faint)
        ),
        text_line((f"{'':{NAME}}{'size':<{FIGURE}}{axis}   {'size':<{FIGURE}}{axis}", faint)),
    ]


def histograms(seen: list[tuple[tuple[Signal, ...], Style, str]], room: Room) -> list[Line]:
    """Activations and gradients, a line a layer.

    Args:
        seen: The signals at one moment or more, each with its ink and its name; the first is called "first".
        room: What there is to draw with.
    """
    every = [signal for found, _, _ in seen for signal in found]
    ends = (
        max((extent(signal.values) for signal in every), default=0.0),
        max((extent(signal.gradients) for signal in every), default=0.0),
    )
    lines = _head(room)
    for layer in zip(*(found for found, _, _ in seen), strict=True):
        for signal, (_, ink, what) in zip(layer, seen, strict=True):
            name = signal.name if what == "first" else ""
            parts: list[str | tuple[str, Style]] = [(f"{name:<{NAME}}", room.inks.strong)]
            halves = (
                (signal.values, signal.size, ends[0]),
                (signal.gradients, signal.gradient_size, ends[1]),
            )
            for values, size, end in halves:
                bars = _bars(values, _width(room), end, room.log)
                parts += [f"{figure(size):<{FIGURE}}", (bars, ink), "   "]
            lines.append(text_line(*parts[:-1]))
    return lines


def _bars(values: FloatArray, width: int, end: float, log: bool) -> str:
    """A histogram a line high.

    Args:
        values: Those that are no number, and on a logarithmic axis zeros, are left out.
        width: Columns.
        end: Where a linear axis ends on both sides of 0.
        log: By the power of ten of their size.
    """
    values = values[np.isfinite(values)]
    if log:
        values = np.log10(np.abs(values[values != 0]))
    low, high = DECADES if log else (-end or -1.0, end or 1.0)
    counts, _ = np.histogram(values.clip(low, high), bins=width, range=(low, high))
    if not counts.any():
        return " " * width
    heights = np.ceil(counts / counts.max() * (len(BARS) - 1)).astype(int)
    return "".join(BARS[height] for height in heights)


def _kinds(scene: Scene, room: Room) -> list[Line]:
    """The three kinds of first weights at the scale of the dial."""
    at = _at_first(scene.experiment, scene.start, 3)[0].name
    lines = [
        text_line((f"at × {scene.start.scale:<10g}{'answer':<10}gradient at {at}", room.inks.faint)),
    ]
    for kind in KINDS:
        found = _at_first(scene.experiment, Start(kind, scene.start.scale), 3)
        sizes = f"{figure(found[-1].size):<10}{figure(found[0].gradient_size)}"
        ink = room.inks.strong if kind == scene.start.kind else Style()
        mark = "▸" if kind == scene.start.kind else " "
        lines.append(text_line((f"{mark} {kind:<13}{sizes}", ink)))
    return lines


def _caption(scene: Scene, first: tuple[Signal, ...]) -> str:
    back = first[0].gradient_size / first[-1].gradient_size if first[-1].gradient_size else np.nan
    if not np.isfinite([back, first[-1].size]).all():
        return "From first weights as large as these the signal is no number any more."
    arrives = f"{figure(back)} of the error arrives at {first[0].name}: {end_of(back)}"
    if scene.experiment.recurrent or scene.experiment.model == "Attention":
        return f"First weights {scene.start.kind} × {scene.start.scale:g}: {arrives}"
    model = started(scene.experiment.build_model(), scene.start)
    assert isinstance(model, FeedForward)
    rows = _rows(scene.experiment)
    heard = root_mean_square(2.0 * rows - 1 if _signed(model) else rows.astype(float))
    told = by_formula(model, heard)[-1]
    return f"The answer is {figure(first[-1].size)} large (by σ√n {figure(told)}); {arrives}"


def end_of(back: float) -> str:
    """What becomes of a gradient on its way back.

    Args:
        back: Its size at the first layer, as a share of that at the answer; finite.
    """
    return next(said for below, said in ENDS if back < below)


def _signed(model: FeedForward) -> bool:
    return bool(model.settings.get("signed", False))


def _rows(experiment: Experiment) -> Bits:
    if experiment.recurrent or experiment.model == "Attention":
        return typical_rows(min(experiment.columns, MOST_STEPS), ROWS_READ_BIT_BY_BIT)
    return typical_rows(experiment.columns, ROWS)


def _signals(experiment: Experiment, model: Model, steps: int) -> tuple[Signal, ...]:
    rows = _rows(experiment)
    return signals(model, rows, experiment.task.whole_rows(rows).y, steps)


@lru_cache(maxsize=32)
def _at_first(experiment: Experiment, start: Start, steps: int) -> tuple[Signal, ...]:
    """The signals before any update, from these first weights."""
    return _signals(experiment, started(experiment.build_model(), start), steps)


def figure(size: float) -> str:
    """Two digits, as short as can be: 0.54, 12, 3.1e-9."""
    if np.isnan(size):
        return "–"
    if size == 0 or 1e-3 <= size < 1e4:
        return f"{size:.2g}" if size < 100 else f"{size:.0f}"
    digits, power = f"{size:.1e}".split("e")
    return f"{digits}e{int(power)}"
