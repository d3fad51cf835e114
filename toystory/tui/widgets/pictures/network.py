"""The network itself: units in columns, wires between them, and a wave that goes forward and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style

from toystory.course.analysis.network import Network, kept_units, network_of
from toystory.course.derivation.worked import number
from toystory.models.arrays import FloatArray
from toystory.tui.widgets.pictures.canvas import Line, cell_style, dot_signs, ink_on, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

MOST_UNITS = 8
"""Of a layer that is drawn whole; of a wider one there are fewer, and a word for the rest."""
UNIT, WIDEST_GAP = 7, 22
"""Columns of a unit, and at most of the wires between two layers."""
FAINTEST = 0.12
"""A weight below this share of the largest has no wire."""
THICKNESS = (0.0, 0.4, 0.75)
"""From which share of the largest weight a wire is one, two and three dots thick."""


@dataclass(frozen=True)
class _Wave:
    """How far a walk has come: layers that have spoken, and the first that has its blame."""

    spoken: int
    blamed: int
    layer: int

    @classmethod
    def at(cls, step: int, layers: int) -> _Wave:
        if not step:
            return cls(layers, layers, -1)
        if step <= layers:
            return cls(step, layers, step - 1)
        return cls(layers, 2 * layers - step, 2 * layers - step)


def draw(scene: Scene, room: Room) -> Drawing:
    """Every unit with what it says, every wire with its weight.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    columns = scene.experiment.columns
    row = np.resize(np.array(scene.bits, dtype=np.uint8), columns)
    label = int(scene.experiment.task.whole_rows(row[None]).y[0])
    network = network_of(scene.model, row, label)
    layers = len(network.layers)
    step = scene.walk % (2 * layers + 1)
    wave = _Wave.at(step, layers)
    kept = kept_units(network, MOST_UNITS)
    height = max(room.height - 3, 2 * max(map(len, kept)) - 1)
    height = min(height, 3 * (max(map(len, kept)) + 1))
    said = "" if not step else f"   {'forward' if step <= layers else 'back'}, step {step} of {2 * layers}"
    head = text_line((f"row {' '.join(map(str, row[:8]))}   label {label}{said}", room.inks.faint))
    gap = min(max((room.width - layers * UNIT) // (layers - 1), 3), WIDEST_GAP)
    names = "".join(f"{layer.name:^{UNIT}}{' ' * gap}" for layer in network.layers).rstrip()
    body = _body(network, kept, wave, (height, gap), room)
    return Drawing([head, text_line((names, room.inks.faint)), *body], _caption(network, wave, label))


def _body(
    network: Network, kept: tuple[tuple[int, ...], ...], wave: _Wave, size: tuple[int, int], room: Room
) -> list[Line]:
    height, gap = size
    blocks: list[list[Line]] = []
    places = [
        _places(len(units), len(layer.says), height)
        for units, layer in zip(kept, network.layers, strict=True)
    ]
    largest = max(float(np.nan_to_num(np.abs(w)).max(initial=0.0)) for w in network.weights) or 1.0
    for at, (layer, units) in enumerate(zip(network.layers, kept, strict=True)):
        spoken, blamed = at < wave.spoken, at >= wave.blamed
        numbers = layer.blame if blamed else layer.says
        blocks.append(_units(numbers, units, places[at], height, (spoken, at == wave.layer, blamed), room))
        if at < len(network.weights):
            weights = network.weights[at][np.ix_(units, kept[at + 1])] / largest
            blocks.append(_wires(weights, places[at], places[at + 1], (height, gap), room))
    return [[segment for block in blocks for segment in block[y]] for y in range(height)]


def _places(drawn: int, units: int, height: int) -> list[int]:
    """The lines of the units, evenly down the height; the last place is that of the rest, if there is one."""
    of = drawn + (units > drawn)
    return [round((2 * k + 1) * height / (2 * of) - 0.5) for k in range(of)]


def _units(
    numbers: FloatArray,
    units: tuple[int, ...],
    places: list[int],
    height: int,
    state: tuple[bool, bool, bool],
    room: Room,
) -> list[Line]:
    """A column of units: brighter the more a unit says, with its number; a dot before the wave has come."""
    spoken, here, blamed = state
    lines: list[Line] = [[Segment(" " * UNIT)] for _ in range(height)]
    top = float(np.nan_to_num(np.abs(numbers)).max(initial=0.0)) or 1.0
    for place, unit in zip(places, units, strict=False):
        value = float(numbers[unit])
        shade = int(room.color_scale.shades(np.array([value / max(top, 1.0 if not blamed else top)]))[0])
        paper = room.color_scale.colors[shade] if spoken else room.color_scale.zero
        sign = "∂" if blamed else ""
        texts = [f"{sign}{number(value, digits)}" for digits in (2, 1)] if spoken else ["·"]
        marked = [f"▸{texts[0]}"] if here else []
        short = f"{sign}{value:.0e}".replace("-", "−")
        text = next((text for text in (*marked, *texts, short) if len(text) <= UNIT), short[:UNIT])
        lines[place] = [Segment(f"{text:^{UNIT}}"[:UNIT], cell_style(ink_on(paper), paper, here))]
    if len(places) > len(units):
        lines[places[-1]] = [Segment(f"+{len(numbers) - len(units)}".center(UNIT), room.inks.faint)]
    return lines


def _wires(
    weights: FloatArray, left: list[int], right: list[int], size: tuple[int, int], room: Room
) -> list[Line]:
    """The wires of two layers: thick for a large weight, in the colour of its sign, the largest on top."""
    height, gap = size
    dots = np.zeros((4 * height, 2 * gap), dtype=np.bool_)
    shades = np.full((height, gap), -1)
    for flat in np.argsort(np.abs(weights), axis=None):
        before, after = np.unravel_index(flat, weights.shape)
        weight = float(weights[before, after])
        if not abs(weight) >= FAINTEST:
            continue
        thick = sum(abs(weight) >= share for share in THICKNESS)
        shade = int(room.color_scale.shades(np.array([weight]))[0])
        _line(dots, shades, (4 * left[before] + 1, 4 * right[after] + 1), thick, shade)
    signs = dot_signs(dots)
    colors = room.color_scale.colors
    return [
        [
            Segment(sign, cell_style_ink(colors[shade]) if shade >= 0 else Style())
            for sign, shade in zip(signs[y], shades[y].tolist(), strict=True)
        ]
        for y in range(height)
    ]


def cell_style_ink(rgb: tuple[int, int, int]) -> Style:
    """Ink of a colour on the paper that is there."""
    return Style(color=f"rgb({rgb[0]},{rgb[1]},{rgb[2]})")


def _line(
    dots: NDArray[np.bool_], shades: NDArray[np.int64], ends: tuple[int, int], thick: int, shade: int
) -> None:
    """One wire from the left edge to the right, so many dots thick."""
    width = dots.shape[1]
    ys = np.linspace(ends[0], ends[1], width)
    for offset in range(thick):
        rows = np.clip(np.rint(ys).astype(int) + offset, 0, dots.shape[0] - 1)
        dots[rows, np.arange(width)] = True
        shades[rows // 4, np.arange(width) // 2] = shade


def _caption(network: Network, wave: _Wave, label: int) -> str:
    answer = float(network.layers[-1].says[0])
    if wave.layer < 0:
        right = "right" if (answer > 0.5) == bool(label) else "wrong"
        return (
            f"The answer is {number(answer, 2)}, the label {label}: {right}. Thick wires are large weights, "
            "the colour is their sign; a bright unit says much. . and , send the wave."
        )
    name = network.layers[wave.layer].name
    if wave.blamed >= len(network.layers):
        return (
            "The bits go in."
            if wave.layer == 0
            else f"Forward to the {name}: each unit adds up what comes in, times its weights."
        )
    if name == "answer":
        return f"Back from the answer: its error is {number(answer, 2)} − {label}."
    return f"Back to the {name}: the error of what comes after, through the same wires."
