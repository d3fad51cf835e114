"""Is training well? Gradients, the pace of every parameter, units that have given up, and how that went."""

from __future__ import annotations

import math

import numpy as np
from rich.style import Style

from toystory.course.analysis.health import Health
from toystory.render import numbers
from toystory.render.chart import Axes, Series
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene, chart

LEAST_CHART = 6
"""Lines below which no curve is drawn."""
LEAST_LOOKS = 4
"""Looks below which there is no course to be seen; the first one is before any training."""
TOO_QUICK = (
    "Its course stands here once it was looked at",
    "a few times; where that is too quick, slow",
    "the training down: - in Train.",
)
GAUGE_WIDTH = 25
SHARE_LABEL = 18
"""Columns that the name of a layer and of what it suffers from takes."""
STILL, TEARING = 1e-5, 1e-1
COIN, FAR_WORSE = math.log(2), 2
"""The loss of a coin, and how many times as much tells that something is wrong."""
MANY = 0.5
"""Share of a layer's units; where more have given up and the loss is still high, it is said."""
LASTING = 4
"""Looks in a row at which a parameter has to move too fast before it is said."""


def draw(scene: Scene, room: Room) -> Drawing:
    """A row for every parameter, a row for every layer, and their course so far where there is room.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    now = scene.history[-1]
    lines = [*_parameters(scene, now, room), *_layers(now, room)]
    left = room.height - len(lines) - 1
    if left >= LEAST_CHART and len(scene.history) >= LEAST_LOOKS:
        lines += [text_line(), *_course(scene.history, room, left)]
    elif left >= len(TOO_QUICK) and scene.update:
        lines += [text_line(), *(text_line((line, room.inks.faint)) for line in TOO_QUICK)]
    return Drawing(lines, _caption(scene, now))


def _parameters(scene: Scene, now: Health, room: Room) -> list[Line]:
    names = list(scene.model.parameters)
    gauge = room.width >= 6 + 10 + 12 + 3 + GAUGE_WIDTH
    clip = f"clipped at {scene.experiment.clip:g}" if scene.experiment.clip else ""
    head = f"{'':<6}{'gradient':>10}{'moved by':>12}   "
    head += f"1e-6{'':6}1e-3{'':10}1" if gauge else ""
    lines = [text_line((head, room.inks.faint))]
    for name in names:
        ratio = now.ratios.get(name, math.nan)
        gradient = now.gradients.get(name, math.nan)
        parts: list[str | tuple[str, Style]] = [
            (f"{name:<6}", room.inks.strong),
            f"{_figure(gradient):>10}{_figure(ratio):>12}   ",
        ]
        if gauge:
            parts.append((_gauge(ratio), room.inks.chart["train"]))
        lines.append(text_line(*parts))
    total = math.sqrt(sum(g * g for g in now.gradients.values())) if now.gradients else math.nan
    lines.append(
        text_line(("all   ", room.inks.strong), f"{_figure(total):>10}", (f"   {clip}", room.inks.faint))
    )
    return lines


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else numbers.scalar(value)


def _gauge(ratio: float) -> str:
    """Where the ratio stands between a millionth and 1."""
    if not ratio > 0:
        return "·" * GAUGE_WIDTH
    at = round((math.log10(ratio) + 6) / 6 * (GAUGE_WIDTH - 1))
    at = min(max(at, 0), GAUGE_WIDTH - 1)
    return "·" * at + "●" + "·" * (GAUGE_WIDTH - 1 - at)


def _layers(now: Health, room: Room) -> list[Line]:
    lines = []
    for state in now.layers:
        relu = state.activation == "relu"
        share = state.dead_share if relu else state.saturated_share
        what = "dead" if relu else "saturated"
        lines.append(_share(f"{state.name}: {what}", share, room))
    for gate in now.gates:
        text = f"open {100 * gate.open_share:3.0f} %   shut {100 * gate.closed_share:3.0f} %"
        lines.append(text_line((f"gate {gate.name:<13}", room.inks.faint), text))
    return lines


def _share(label: str, share: float, room: Room) -> Line:
    said = f" {100 * share:3.0f} % of the units"
    width = max(min(20, room.width - SHARE_LABEL - len(said)), 0)
    full = round(width * share)
    return text_line(
        (f"{label:<{SHARE_LABEL}}", room.inks.faint),
        ("━" * full, room.inks.bad),
        ("─" * (width - full), room.inks.faint),
        said,
    )


def _course(history: tuple[Health, ...], room: Room, height: int) -> list[Line]:
    updates = [health.update for health in history]
    gradient = [math.sqrt(sum(g * g for g in h.gradients.values())) or None for h in history]
    pace = [max((r for r in h.ratios.values() if r == r), default=0.0) or None for h in history]
    states = [[max(s.dead_share, s.saturated_share) for s in h.layers] for h in history]
    given_up = [100 * max(s, default=0.0) or None for s in states]
    relu = any(s.activation == "relu" for s in history[-1].layers)
    series = [
        Series("gradient", updates, gradient, "first"),
        Series("moved most", updates, pace, "second"),
        Series("% dead" if relu else "% saturated", updates, given_up, "fourth"),
    ]
    end = float(max(updates[-1], 1))
    axes = Axes("update", "so far", (0.0, end), log_y=room.log)
    return chart([s for s in series if any(s.ys)], axes, room, height)


def _lasts(history: tuple[Health, ...], name: str) -> bool:
    """Whether a parameter moved too fast at each of the last looks: what grows from near zero soon slows."""
    last = history[-LASTING:]
    return len(last) == LASTING and all(health.ratios.get(name, 0.0) > TEARING for health in last)


def _alarm(scene: Scene, now: Health, loss: float) -> str:
    """What goes badly; empty where nothing does.

    Weights that have grown large move little for their size, however badly it goes; and where a network is
    right, saturated units do no harm. Therefore the loss of the last batch is looked at, too.
    """
    if not all(np.isfinite(values).all() for values in scene.model.parameters.values()):
        return "It has diverged: its weights are no numbers now. Begin anew, at a smaller learning rate."
    fast = {name: ratio for name, ratio in now.ratios.items() if _lasts(scene.history, name)}
    if fast:
        name = max(fast, key=lambda name: fast[name])
        return f"{name} moves too fast: by {fast[name]:.2g} of its size in an update; a thousandth is usual."
    if loss > FAR_WORSE * COIN:
        return f"Sure and wrong: its loss is {loss:.2g}, a coin's {COIN:.2g}. Try a smaller learning rate."
    for state in now.layers:
        share, what = max((state.dead_share, "dead"), (state.saturated_share, "saturated"))
        if share > MANY and loss > COIN / 2:
            return (
                f"{100 * share:.0f} % of the units of {state.name} are {what}: they let little error through."
            )
    return ""


def _caption(scene: Scene, now: Health) -> str:
    paces = {name: r for name, r in now.ratios.items() if not math.isnan(r)}
    if scene.snapshot is None or not scene.update:
        return "Nothing has moved yet: these are the first weights."
    if alarm := _alarm(scene, now, scene.snapshot.loss):
        return alarm
    if not paces:
        return "An update moves a parameter by a share of its size; about a thousandth is usual."
    name, fastest = max(paces.items(), key=lambda item: item[1])
    if fastest > TEARING:
        return f"{name} moves by {fastest:.2g} of its size in an update: much, unless it began near zero."
    if fastest < STILL:
        return f"Hardly anything moves: at most {fastest:.2g} of a parameter's size in an update."
    return f"{name} moves most, by {fastest:.2g} of its size in an update; about a thousandth is usual."
