"""Weights as pictures: one cell a weight, in the colour of its sign and size.

Where they are few, with their numbers, and the biases beside them.
"""

from __future__ import annotations

import numpy as np
from rich.segment import Segment

from toystory.course.analysis.layers import typical_rows
from toystory.course.analysis.units import LayerState, layer_states
from toystory.course.analysis.weights import WeightPicture, weight_picture, weight_pictures
from toystory.models.parts.arrays import FloatArray
from toystory.tui.widgets.pictures.canvas import Line, cell_style, enlarged, half_blocks, ink_on, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene, scale_line

GAP = 2
BIGGEST_CELL = 4
NUMBER_CELL = 9
"""Columns of a cell with its number in it."""
LEAST_BARS, MOST_BAR_LINES = 9, 24
"""Lines below which weights are no bars, and lines that bars take at most."""
MOST_NUMBERS = 40
"""Weights of a model that are shown as numbers; more would not be read."""


def draw(scene: Scene, room: Room) -> Drawing:
    """All weights that there is room for, in the order in which a row passes through them.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    pictures = weight_pictures(scene.model)
    states = layer_states(scene.model, typical_rows(scene.experiment.columns))
    if (numbered := _with_numbers(scene, pictures, room)) is not None:
        return Drawing(numbered, _caption(scene, pictures, states))
    if len(pictures) == 1 and len(pictures[0].values) == 1 and room.height >= LEAST_BARS:
        return Drawing(_bars(pictures[0], room), _caption(scene, pictures, states))
    lines = scale_line("−most", "0", "+most", room)
    rows = {p.name: _rows_needed(p, room.width) for p in pictures if len(p.values) == 1}
    left = room.height - len(lines) - 2 * len(pictures) + 1 - sum(rows.values())
    many = max(1, len(pictures) - len(rows))
    for picture in pictures:
        lines += _lines_of(picture, rows.get(picture.name, max(2, left // many)), room)
    lines.pop()
    return Drawing(lines, _caption(scene, pictures, states))


def _with_numbers(scene: Scene, pictures: tuple[WeightPicture, ...], room: Room) -> list[Line] | None:
    """The weights as numbers, each unit's bias at its end; None where they are too many, or too wide."""
    if sum(picture.values.size for picture in pictures) > MOST_NUMBERS:
        return None
    lines = scale_line("−most", "0", "+most", room)
    rows = sum(len(picture.values) for picture in pictures)
    tall = 3 if len(lines) + 2 * len(pictures) - 1 + 3 * rows <= room.height else 1
    for picture in pictures:
        units, inputs = picture.values.shape
        name = "b" + picture.name[1:]
        biases = weight_picture(scene.model, name).values if name in scene.model.parameters else None
        if biases is not None and len(biases) != units:
            return None
        bias = 0 if biases is None else GAP + NUMBER_CELL
        if inputs * NUMBER_CELL + bias > room.width:
            return None
        beside = f", {name} at the end" * (biases is not None)
        lines.append(_title(picture, f"{inputs} inputs across{beside}", room))
        for unit in range(units):
            row = [_next_number(weight, picture.scale, room) for weight in picture.values[unit]]
            if biases is not None:
                row += [Segment(" " * GAP), _next_number(biases[unit, 0], picture.scale, room)]
            above = [[Segment(" " * len(s.text), s.style) for s in row] for _ in range(tall // 2)]
            lines += [*above, row, *above]
        lines.append(text_line())
    lines.pop()
    return lines if len(lines) <= room.height else None


def _next_number(weight: float, scale: float, room: Room) -> Segment:
    shade = room.color_scale.shades(np.array(weight / scale if scale else 0.0))
    paper = room.color_scale.colors[int(shade)]
    form = "+.3f" if scale == 0 or 1e-2 <= scale < 1e3 else "+.1e"
    return Segment(f"{weight:{form}}".center(NUMBER_CELL), cell_style(ink_on(paper), paper, True))


def _inputs_and_units(picture: WeightPicture) -> str:
    units, inputs = picture.values.shape
    return f"{inputs} inputs across, {units} unit{'s' * (units > 1)} down"


def _title(picture: WeightPicture, words: str, room: Room) -> Line:
    """Its name, and the words with the greatest weight, as far as there is room for all of that."""
    left = room.width - len(picture.name) - 2
    most = f" · most {picture.scale:.3g}"
    said = words + most if len(words + most) <= left else words[:left]
    return text_line((picture.name, room.inks.strong), (f"  {said}", room.inks.faint))


def _bars(picture: WeightPicture, room: Room) -> list[Line]:
    """The weights of one unit as bars, up or down from zero."""
    inputs = picture.values.shape[1]
    most = f"{picture.scale:.3g}"
    marks = {0: f"+{most}", -1: f"−{most}"}
    gutter = max(map(len, marks.values())) + 1
    size = max(1, min((room.width - gutter) // inputs, BIGGEST_CELL))
    shades = np.nan_to_num(picture.shades[0][: room.width - gutter])
    half = min(room.height - 2, MOST_BAR_LINES) // 2 * 2  # pixels on each side of zero
    cells = np.zeros((2 * half, len(shades)))
    for column, shade in enumerate(shades):
        reach = round(abs(shade) * half)
        if shade > 0:
            cells[half - reach : half, column] = 1
        else:
            cells[half : half + reach, column] = -1
    bars = half_blocks(enlarged(cells, size, 1), room.color_scale)
    lines = [_title(picture, _inputs_and_units(picture), room)]
    for number, bar in enumerate(bars):
        mark = marks[0] if number == 0 else marks[-1] if number == len(bars) - 1 else ""
        mark = "0" if number == len(bars) // 2 - 1 else mark
        lines.append([*text_line((f"{mark:>{gutter - 1}} ", room.inks.faint)), *bar])
    return lines


def _lines_of(picture: WeightPicture, height: int, room: Room) -> list[Line]:
    units = len(picture.values)
    if units == 1:
        cells, note = _one_row(picture.shades, height, room.width), ""
    else:
        cells, shown = _many_rows(picture.shades, height, room.width)
        note = "" if shown >= units else f", the first {shown}"
    title = _title(picture, _inputs_and_units(picture) + note, room)
    return [title, *half_blocks(cells, room.color_scale), text_line()]


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
        if scene.experiment.columns == 2:
            return f"Two weights and a bias are the whole gate: {size}."
        task = scene.experiment.task
        if task.gate == "xor" and (task.relevant is None or len(task.relevant) > 1):
            return f"No bit alone says anything of the parity: {size}."
        leant_on = int((np.abs(first.values) >= first.scale / 10).sum())
        bits = f"{leant_on} of {first.values.size}"
        return f"Bits with at least a tenth of the greatest weight, {first.scale:.3g}: {bits}."
    units = sum(len(state.dead) for state in states)
    dead = sum(int(state.dead.sum()) for state in states)
    saturated = sum(int(state.saturated.sum()) for state in states)
    if states[0].activation == "relu":
        return f"Orange pushes a unit up, blue down; {dead} of {units} units are dead on all rows tried."
    return (
        f"Orange pushes a unit up, blue down. {saturated} of {units} units are saturated: they learn little."
    )
