"""Weights as pictures: one cell a weight, in the colour of its sign and size."""

from __future__ import annotations

import numpy as np

from lessons.inside.layers import typical_rows
from lessons.inside.units import LayerState, layer_states
from lessons.inside.weights import WeightPicture, weight_pictures
from models.arrays import FloatArray
from toystory.widgets.picture import Line, enlarged, half_blocks, text_line
from toystory.widgets.pictures.scene import Drawing, Room, Scene, scale_line

GAP = 2
BIGGEST_CELL = 4


def draw(scene: Scene, room: Room) -> Drawing:
    """All weights that there is room for, in the order in which a row passes through them."""
    pictures = weight_pictures(scene.model)
    states = layer_states(scene.model, typical_rows(scene.experiment.columns))
    lines = scale_line("−most", "0", "+most", room)
    rows = {p.name: _rows_needed(p, room.width) for p in pictures if len(p.values) == 1}
    left = room.height - len(lines) - 2 * len(pictures) + 1 - sum(rows.values())
    many = max(1, len(pictures) - len(rows))
    for picture in pictures:
        lines += _lines_of(picture, rows.get(picture.name, max(2, left // many)), room)
    lines.pop()
    return Drawing(lines, _caption(scene, pictures, states))


def _lines_of(picture: WeightPicture, height: int, room: Room) -> list[Line]:
    units, inputs = picture.values.shape
    if units == 1:
        cells, note = _one_row(picture.shades, height, room.width), ""
    else:
        cells, shown = _many_rows(picture.shades, height, room.width)
        note = "" if shown >= units else f", the first {shown}"
    title = text_line(
        (picture.name, room.inks.strong),
        (
            f"  {inputs} inputs across, {units} unit{'s' * (units > 1)} down{note}"
            f" · most {picture.scale:.3g}"[: room.width - len(picture.name)],
            room.inks.faint,
        ),
    )
    return [title, *half_blocks(cells, room.palette), text_line()]


def _rows_needed(picture: WeightPicture, width: int) -> int:
    inputs = len(picture.values[0])
    return -(-inputs // width)


def _one_row(shades: FloatArray, rows: int, width: int) -> FloatArray:
    """One unit's weights, broken into `rows`, each cell at least a character."""
    inputs = shades.shape[1]
    across = -(-inputs // rows)
    size = max(1, min(width // across, BIGGEST_CELL))
    padded = np.pad(shades[0], (0, rows * across - inputs), constant_values=0)
    return enlarged(padded.reshape(rows, across), size, 2)


def _many_rows(shades: FloatArray, height: int, width: int) -> tuple[FloatArray, int]:
    """Units down, in blocks beside each other where they are too many; and how many units are shown."""
    units, inputs = shades.shape
    tall = 2 * height
    size = max(1, min(width // inputs, tall // units, BIGGEST_CELL)) if units <= tall else 1
    wide = (
        max(size, min(width // inputs, 2 * size))
        if units * size <= tall and inputs * 2 * size <= width
        else size
    )
    shades = shades[:, : width // wide]
    blocks = max(1, (width + GAP) // (shades.shape[1] * wide + GAP)) if units > tall else 1
    shown = min(units, tall * blocks)
    parts = []
    for start in range(0, shown, tall):
        part = shades[start : min(start + tall, shown)]
        if shown > tall:
            part = np.pad(part, ((0, tall - len(part)), (0, GAP)), constant_values=0)
        parts.append(part)
    return enlarged(np.concatenate(parts, axis=1), wide, size), shown


def _caption(scene: Scene, pictures: tuple[WeightPicture, ...], states: tuple[LayerState, ...]) -> str:
    if any(np.isnan(p.values).any() for p in pictures):
        return "Some weights are no numbers any more: the training has diverged."
    if not any(p.scale for p in pictures):
        return "Every weight is still zero: the model leans on no bit."
    if not states:
        first = pictures[0]
        size = f"the greatest weight is {first.scale:.3g}"
        if scene.experiment.columns > 2:
            return f"No bit alone says anything of the parity: {size}."
        return f"Two weights and their signs are the whole model: {size}."
    units = sum(len(state.dead) for state in states)
    dead = sum(int(state.dead.sum()) for state in states)
    saturated = sum(int(state.saturated.sum()) for state in states)
    if states[0].activation == "relu":
        return f"Orange pushes a unit up, blue down; {dead} of {units} units are dead (no row wakes them)."
    return (
        f"Orange pushes a unit up, blue down; {saturated} of {units} units are saturated (they learn little)."
    )
