"""What a recurrent model remembers of the learner's row, bit by bit, with the running parity below."""

from __future__ import annotations

import numpy as np

from toystory.course.analysis.memory import Reading, read, running_labels
from toystory.models.lstm import LSTM
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.models.recurrent import RecurrentModel
from toystory.tui.widgets.pictures.canvas import Line, beside, enlarged, half_blocks, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene, scale_line

LABEL = 8
FIGURE = 5
"""Columns that an answer needs."""
MOST_WIDE = 8
NAMES = {"i": "input gate i", "f": "forget gate f", "o": "output gate o"}


def draw_memory(scene: Scene, room: Room) -> Drawing:
    """The memory after every bit: units down, bits across; below it the bits, the truth and the answers.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    reading = _read(scene)
    task = scene.experiment.task
    wanted = running_labels(task, reading.bits[None])[0]
    # A cell may count beyond ±1 for ever; what can be read of it is its tanh.
    states, name = (reading.states, "h") if reading.gates is None else (np.tanh(reading.gates.cell), "tanh c")
    right = ((reading.answers > 0.5) == wanted) & ~np.isnan(reading.answers)
    most = max(1, min(len(reading.bits), (room.width - LABEL) // FIGURE))
    # Rows of one length where one is not enough: 5 and 5 rather than 8 and 2.
    at_once = -(-len(reading.bits) // -(-len(reading.bits) // most))
    wide = max(FIGURE, min((room.width - LABEL) // at_once, MOST_WIDE))
    tall = _tall(states.shape[1], room.height - 8) if len(reading.bits) <= at_once else 1
    lines: list[Line] = []
    for start in range(0, len(reading.bits), at_once):
        part = slice(start, start + at_once)
        picture = half_blocks(enlarged(states[part].T, wide, tall), room.color_scale)
        margin = [text_line(f"{name:<{LABEL}}"), *[text_line(" " * LABEL)] * (len(picture) - 1)]
        lines += [
            *([*text, *line] for text, line in zip(margin, picture, strict=True)),
            _figures("bit", [str(b) for b in reading.bits[part]], wide, room),
            _lamps("lamp", wanted[part], wide, room),
            _figures("answer", [f"{a:.2f}" for a in reading.answers[part]], wide, room),
            _marks(right[part], wide, room),
        ]
    if room.height > len(lines) + 3:
        lines += [text_line(), *scale_line("−1", "0", "1", room)]
    count = int(right.sum())
    if np.isnan(states).any():
        caption = "The memory holds no numbers any more: the training has diverged."
    elif count == len(right) and len(right) >= 8 and scene.update:
        kept = "the running parity" if (task.gate, task.relevant) == ("xor", None) else "what is asked"
        caption = f"It keeps {kept}, each row being a unit: right after all {count} bits."
    else:
        caption = f"What every unit holds after each bit: the answer is right after {count} of {len(right)}."
    return Drawing(lines, caption)


def draw_gates(scene: Scene, room: Room) -> Drawing:
    """Input, forget and output gate at every bit.

    Beside each other, or above each other where that is what the room is made for.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model, reading = scene.model, _read(scene)
    assert isinstance(model, LSTM)
    assert reading.gates is not None
    bits = reading.bits
    blocks: list[list[Line]] = []
    across = (room.width - 8) // 3
    wide = max(1, min(across // len(bits), MOST_WIDE))
    shown = bits[: across // wide]
    units = model.hidden
    tall = _tall(units, room.height - 4)
    for gate in "ifo":
        values = getattr(reading.gates, gate)[: len(shown)]
        block = half_blocks(enlarged(2 * values.T - 1, wide, tall), room.color_scale)
        below = "".join(f"{bit:^{wide}}" for bit in shown)
        blocks.append([text_line((NAMES[gate][:across], room.inks.strong)), *block, text_line(below)])
    lines = beside(beside(blocks[0], blocks[1]), blocks[2])
    lines += scale_line("0 shut", "½", "1 open", room, 25)
    kept = reading.gates.f
    if np.isnan(kept).any():
        return Drawing(lines, "The gates hold no numbers any more: the training has diverged.")
    note = "" if len(shown) == len(bits) else f" The first {len(shown)} bits are shown."
    return Drawing(lines, _said_of_gates(scene, reading.bits, kept, reading.gates.i) + note)


def _said_of_gates(scene: Scene, bits: Bits, f: FloatArray, i: FloatArray) -> str:
    if not scene.update:
        return f"Untrained: the forget gates keep {f.mean():.2f} of the cell at each bit."
    ones, zeros = bits == 1, bits == 0
    if ones.any() and zeros.any():
        gap = np.abs(f[ones].mean(axis=0) - f[zeros].mean(axis=0)).max()
        return (
            f"The forget gates keep {f.mean():.2f} of the cell on average; "
            f"one differs by {gap:.2f} between a 0 and a 1."
        )
    return (
        f"The forget gates keep {f.mean():.2f} of the cell at each bit; input gates open to {i.mean():.2f}."
    )


def _tall(units: int, lines: int) -> int:
    """Pixels a unit, so that all of them fill the lines there are: half a line to two."""
    return max(1, min(2 * lines // units, 4))


def _read(scene: Scene) -> Reading:
    assert isinstance(scene.model, RecurrentModel)
    return read(scene.model, scene.bits)


def _figures(name: str, figures: list[str], wide: int, room: Room) -> Line:
    return text_line(
        (f"{name:<{LABEL}}", room.inks.faint), "".join(f"{figure:^{wide}}" for figure in figures)
    )


def _lamps(name: str, lamps: Bits, wide: int, room: Room) -> Line:
    inks = (room.inks.off, room.inks.on)
    return text_line(
        (f"{name:<{LABEL}}", room.inks.faint), *((f"{lamp:^{wide}}", inks[lamp]) for lamp in lamps.tolist())
    )


def _marks(right: Bits, wide: int, room: Room) -> Line:
    marks = (("✗", room.inks.bad), ("✓", room.inks.good))
    parts = [(f"{marks[r][0]:^{wide}}", marks[r][1]) for r in map(int, right.tolist())]
    return text_line(" " * LABEL, *parts)
