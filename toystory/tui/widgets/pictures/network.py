"""The network itself: units in columns, wires between them, and a wave that goes forward and back."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from toystory.course.analysis.network import GATES_OF_A_CELL, Layer, Network, network_of, places_in
from toystory.course.analysis.network_walk import Wave
from toystory.course.derivation.worked import number
from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.tui.widgets.pictures.canvas import Line, cell_style, dot_signs, ink_on, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

FEWEST_UNITS, MOST_UNITS = 4, 8
"""Of a layer that is drawn whole; of a wider one there are fewer, and a word for the rest."""
LINES_OF_A_UNIT = 1.6
"""At least, where more than the fewest units are drawn."""
UNIT, LEAST_GAP, WIDEST_GAP = 7, 3, 22
"""Columns of a unit, and of the wires between two layers."""
FAINTEST = 0.12
"""A weight below this share of the largest has no wire."""
THICKNESS = (0.0, 0.4, 0.75)
"""From which share of the largest weight a wire is one, two and three dots thick."""
POWER, NEARLY_0 = re.compile(r"\d(?:\.\d+)?e−(\d+)"), 6
"""A number with a negative power of ten, and from which power on it is not written out."""
MOST_LINES = 3
"""Of the sentence, where a power of ten is written out in it."""
BITS_SHOWN, HEADS, MOST_OF_A_NAME = 8, 2, 12


def draw(scene: Scene, room: Room) -> Drawing:
    """The model of a scene on its row.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    row = np.array(scene.bits, dtype=np.uint8)
    if not scene.experiment.any_length:
        row = np.resize(row, scene.experiment.columns)
    label = int(scene.experiment.task.whole_rows(row[None]).y.flat[-1])
    return network_drawing(scene.model, row, label, scene.walk, room, told_bits(row))


def told_bits(row: Bits) -> str:
    """The bits of a row for a reader, the first ones of a long one.

    Args:
        row: (columns,).
    """
    return " ".join(map(str, row[:BITS_SHOWN])) + (" …" if len(row) > BITS_SHOWN else "")


def network_drawing(
    model: Model,
    row: Bits | FloatArray,
    label: int,
    walk: int,
    room: Room,
    told: str,
    class_names: tuple[str, ...] = ("0", "1"),
    keys: str = ". and ,",
) -> Drawing:
    """Every unit with what it says, every wire with its weight.

    Args:
        model: Any model.
        row: What it reads, (columns,).
        label: The right class, from 0.
        walk: Steps of the wave; 0 for none.
        room: What there is to draw with.
        told: The row, for a reader; empty where it stands elsewhere.
        class_names: What the classes are called.
        keys: That send the wave; empty where it goes where a derivation is.
    """
    lines = room.height - (HEADS if told else 1)
    most = min(max(int(lines / LINES_OF_A_UNIT), FEWEST_UNITS), MOST_UNITS)
    # One cell or two with a line for each of their gates, and one for the rest; more where each has two.
    cells = max(min((lines - 1) // GATES_OF_A_CELL, 2), lines // (2 * GATES_OF_A_CELL), 1)
    network = network_of(model, row, label, most=most, most_cells=cells)
    layers, places = len(network.layers), places_in(model, len(row))
    steps = 2 * layers * places
    step = walk % (steps + 1)
    wave = Wave.at(step, layers, places)
    if places > 1 and step:
        network = network_of(model, row, label, most=most, most_cells=cells, place=wave.place)
    caption = _caption(network, wave, label, class_names, keys)
    far = f", {'' if network.place else 'step '}{step} of {steps}" if keys else ""
    way = f"   {'forward' if 2 * step <= steps else 'back'}{far}" if step else ""
    place = f"  {network.place}" if network.place else ""
    about = f"   label {class_names[label][:MOST_OF_A_NAME]}{place}{way}"
    left = max(room.width - cell_len(about) - len("row "), 5)
    told = told if cell_len(told) <= left else f"{set_cell_size(told, left - 2)} …"
    head = [text_line((f"row {told}{about}", room.inks.faint))] if told else []
    network, wave = _in_view(network, wave, (room.width + LEAST_GAP) // (UNIT + LEAST_GAP))
    layers = len(network.layers)
    tallest = max(len(layer.says) + bool(layer.rest) for layer in network.layers)
    height = min(max(lines, tallest), 3 * (tallest + 1))
    gap = min(max((room.width - layers * UNIT) // max(layers - 1, 1), LEAST_GAP), WIDEST_GAP)
    names = "".join(f"{layer.name:^{UNIT}}{' ' * gap}" for layer in network.layers).rstrip()
    body = _body(network, wave, (height, gap), room)
    written = caption + _power_of_ten(body)
    if wave.layer < 0 and len(textwrap.wrap(written, room.width)) <= MOST_LINES:
        caption = written
    return Drawing([*head, text_line((names, room.inks.faint)), *body], caption)


def _power_of_ten(lines: list[Line]) -> str:
    """What the first number with a power of ten is, written out; "" where there is none."""
    text = " ".join(segment.text for line in lines for segment in line)
    if (found := POWER.search(text)) is None:
        return ""
    written = f"{Decimal(found[0].replace('−', '-')):f}" if int(found[1]) < NEARLY_0 else "nearly 0"
    return f" {found[0]} is {written}."


def _in_view(network: Network, wave: Wave, most: int) -> tuple[Network, Wave]:
    """So many layers around the wave, or the last ones."""
    there = len(network.layers)
    if there <= most:
        return network, wave
    first = there - most if wave.layer < 0 else min(max(wave.layer - most // 2, 0), there - most)
    part = replace(
        network,
        layers=network.layers[first : first + most],
        weights=network.weights[first : first + most - 1],
        products=tuple(place - first for place in network.products),
    )
    at = wave.layer - first if wave.layer >= 0 else -1
    return part, replace(wave, spoken=wave.spoken - first, blamed=wave.blamed - first, layer=at)


def _body(network: Network, wave: Wave, size: tuple[int, int], room: Room) -> list[Line]:
    height, gap = size
    blocks: list[list[Line]] = []
    places = [_places(len(layer.says), layer.rest, height) for layer in network.layers]
    scales = _scales(network)
    for at, layer in enumerate(network.layers):
        spoken, blamed = at < wave.spoken, at >= wave.blamed
        blocks.append(_units(layer, places[at], height, (spoken, at == wave.layer, blamed), room))
        if at < len(network.weights):
            weights = network.weights[at] / scales[at]
            blocks.append(_wires(weights, places[at], places[at + 1], (height, gap), room))
    return [[segment for block in blocks for segment in block[y]] for y in range(height)]


def _scales(network: Network) -> list[float]:
    """For each pair of layers, what its wires are measured by: the largest weight, or the largest factor."""
    largest = {False: 0.0, True: 0.0}
    for at, weights in enumerate(network.weights):
        kind = at in network.products
        largest[kind] = max(largest[kind], float(np.nan_to_num(np.abs(weights)).max(initial=0.0)))
    return [largest[at in network.products] or 1.0 for at in range(len(network.weights))]


def _places(drawn: int, rest: int, height: int) -> list[int]:
    """The lines of the units, evenly down the height; the last place is that of the rest, if there is one."""
    of = drawn + (rest > 0)
    return [round((2 * k + 1) * height / (2 * of) - 0.5) for k in range(of)]


def _units(
    layer: Layer, places: list[int], height: int, state: tuple[bool, bool, bool], room: Room
) -> list[Line]:
    """A column of units: brighter the more a unit says, with its number; a dot before the wave has come."""
    spoken, here, blamed = state
    numbers = layer.blame if blamed else layer.says
    lines: list[Line] = [[Segment(" " * UNIT)] for _ in range(height)]
    top = float(np.nan_to_num(np.abs(numbers)).max(initial=0.0)) or 1.0
    signs = layer.signs or ("",) * len(numbers)
    for place, value, sign in zip(places, numbers.tolist(), signs, strict=False):
        shade = int(room.color_scale.shades(np.array([value / max(top, 1.0 if not blamed else top)]))[0])
        paper = room.color_scale.colors[shade] if spoken else room.color_scale.zero
        text = _unit_text(value, sign, "∂" if blamed else "", here) if spoken else f"{sign}·"
        lines[place] = [Segment(f"{text:^{UNIT}}", cell_style(ink_on(paper), paper, here))]
    if layer.rest:
        lines[places[-1]] = [Segment(f"+{layer.rest}".center(UNIT), room.inks.faint)]
    return lines


def _unit_text(value: float, sign: str, before: str, here: bool) -> str:
    """A unit's number as exactly as there is room for: with its sign and a mark where both fit."""
    digits, _, power = f"{value:.0e}".partition("e")
    shortest = (f"{digits}e{int(power)}" if power else digits).replace("-", "−")
    numbers = [number(value, 2), number(value, 1), shortest]
    texts = [f"▸{sign}{before}{numbers[0]}"] if here else []
    # The name stays as long as any number fits behind it.
    close = sign.rstrip()
    names = [f"{sign}{before}", *([f"{close}{before}"] if before or close[-1:].isalpha() else [])]
    names += [sign, *([close] if close[-1:].isalpha() else [])] if sign and before else []
    texts += [f"{name}{text}" for name in names for text in numbers]
    texts += [f"{before}{text}" for text in numbers]
    return next((text for text in texts if len(text) <= UNIT), texts[-1][:UNIT])


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


def _share(answer: float) -> str:
    """In two digits; in up to five where fewer would hide on which side of a half it is."""
    return next((told for digits in range(2, 6) if (told := number(answer, digits)) != "0.5"), "0.5")


def _caption(network: Network, wave: Wave, label: int, class_names: tuple[str, ...], keys: str) -> str:
    answers = network.answers
    said = int(answers[0] > 0.5) if len(answers) == 1 else int(np.nanargmax(np.nan_to_num(answers)))
    told = _share(answers[0]) if len(answers) == 1 else f"{class_names[said]} ({_share(answers[said])})"
    if wave.layer < 0:
        right = "right" if said == label and not np.isnan(answers).any() else "wrong"
        right = "undecided" if told == "0.5" else right
        sent = f" {keys} send the wave." if keys else ""
        signs = f" {network.signs}" if network.signs else ""
        wires = "Thick wire: large weight. Colour: its sign. Bright unit: says much."
        if signs:
            wires = "Thick: large weight. Colour: its sign. Bright: says much."
        return f"{told} is {right}.{signs} {wires}{sent}"
    layer = network.layers[wave.layer]
    if wave.blamed >= len(network.layers):
        return layer.forward
    if layer.name != "answer":
        return layer.back
    if not layer.blame.any():
        return "No label stands here: the error comes from later bits alone."
    if len(answers) > 1:
        return f"Back from the answer: the shares, less 1 at {class_names[label]}, the right class."
    return f"Back from the answer: its error is {told} − {label}."
