"""A look inside a model, as a picture with its numbers: made for the kind of model it is.

Two columns: the answer over the whole square, the four rows marked. More columns: the weights. A model that
reads bit by bit: what it remembers after every bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from lessons.tables import XOR
from models.arrays import FloatArray
from models.bits import running_parity
from models.experiment import Experiment
from models.model import Model
from models.recurrent import RecurrentModel
from toystory.session import Snapshot
from toystory.widgets.picture import (
    Canvas,
    Line,
    Palette,
    beside,
    enlarged,
    half_blocks,
    marked,
    text_line,
)

STRONG = Style(bold=True)
BIT_WIDTH = 5
MOST_BITS = 256
EDGE = 0.25
"""How far the square of answers reaches beyond the rows themselves."""


@dataclass(frozen=True)
class Room:
    """What there is to draw with."""

    width: int
    height: int
    palette: Palette
    faint: Style


def square_of_answers(model: Model, room: Room) -> list[Line]:
    """The answers of a model with two columns over the square of its rows, beside the four answers."""
    side = max(16, min(2 * (room.height - 6), room.width - 36, 48)) // 2 * 2
    places = np.linspace(-EDGE, 1 + EDGE, side)
    first, second = np.meshgrid(places, places[::-1])
    grid = np.stack([first.ravel(), second.ravel()], axis=1)
    picture = half_blocks(2 * model.predict_proba(grid).reshape(side, side) - 1, room.palette)
    answers = model.predict_proba(XOR)
    for (x1, x2), answer in zip(XOR, answers, strict=True):
        column = round((x1 + EDGE) / (1 + 2 * EDGE) * (side - 1))
        line = round((1 - (x2 + EDGE) / (1 + 2 * EDGE)) * (len(picture) - 1))
        picture[line] = marked(picture[line], column - 1, f" {int(answer > 0.5)} ")
    table = [
        text_line(("x₁ x₂   lamp   answer", room.faint)),
        *(
            text_line(
                f" {x1}  {x2}    {'on ' if x1 ^ x2 else 'off'}    ",
                (f"{answer:.4f}", STRONG),
                _verdict(answer, x1 ^ x2),
            )
            for (x1, x2), answer in zip(XOR, answers, strict=True)
        ),
        text_line(),
        *scale_line("0", "½", "1", room),
        text_line(),
        text_line(("across x₁, upwards x₂", room.faint)),
    ]
    return beside(picture, table)


def _verdict(answer: float, label: int) -> str:
    if abs(answer - 0.5) < 1e-3:
        return "  a tie"
    return "  right" if (answer > 0.5) == label else "  wrong"


def scale_line(low: str, middle: str, high: str, room: Room) -> list[Line]:
    """The palette from end to end, and what its ends and its middle mean."""
    shades = half_blocks(np.tile(np.linspace(-1, 1, 21), (2, 1)), room.palette)[0]
    return [shades, text_line((f"{low:<10}{middle:^1}{high:>10}", room.faint))]


def weights(model: Model, room: Room) -> list[Line]:
    """Every array of weights as a picture, inputs across and units down; biases left out."""
    lines: list[Line] = [
        text_line(("each small square is a weight, inputs across, units down", room.faint)),
        *scale_line("−most", "0", "+most", room),
    ]
    for name, values in model.parameters.items():
        if name.startswith("b"):
            continue
        lines += [text_line(), *_weights_of(name, values, room)]
    return lines


def _weights_of(name: str, values: FloatArray, room: Room) -> list[Line]:
    across = values.T if values.ndim == 2 else values[None]
    most = float(np.abs(across).max(initial=0))
    units, inputs = across.shape
    title = text_line(
        (name, STRONG),
        (f"  {inputs} to {units}, the greatest is {most:.4g} away from 0", room.faint),
    )
    picture = across / most if most else across
    width = room.width - 2
    if units == 1 and inputs > width:
        rows = -(-inputs // width)
        picture = np.pad(picture[0], (0, rows * width - inputs)).reshape(rows, width)
    picture = picture[:, :width]
    size = max(1, min(width // picture.shape[1], 4, 24 // picture.shape[0]))
    return [title, *half_blocks(enlarged(picture, size, max(size, 4 // len(picture))), room.palette)]


def memory(model: RecurrentModel, bits: tuple[int, ...], room: Room) -> list[Line]:
    """What the model remembers after every bit, with the bits, the running parity and its answers below."""
    row = np.array([bits], dtype=np.uint8)
    cache = model.forward(row)
    parity = running_parity(row)[0]
    answers = cache["a"][:, 0]
    label = 9
    at_once = max(1, (room.width - label) // BIT_WIDTH)
    lines: list[Line] = [
        text_line(("hidden units down, bits across", room.faint)),
        *scale_line("−1", "0", "1", room),
    ]
    for start in range(0, len(bits), at_once):
        part = slice(start, start + at_once)
        states = cache["h"][1:][part, :, 0].T
        picture = half_blocks(enlarged(states, BIT_WIDTH, 1), room.palette)
        margin = text_line(" " * label)
        lines += [
            text_line(),
            *([*margin, *line] for line in picture),
            _figures("bit", [str(b) for b in bits[part]], room),
            _figures("parity", [str(p) for p in parity[part]], room),
            _figures("answer", [f"{a:.2f}" for a in answers[part]], room, STRONG),
            _figures(
                "",
                ["✓" if (a > 0.5) == p else "✗" for a, p in zip(answers[part], parity[part], strict=True)],
                room,
            ),
        ]
    right = int(((answers > 0.5) == parity).sum())
    lines += [text_line(), text_line(f"right after {right} of {len(bits)} bits")]
    return lines


def _figures(name: str, figures: list[str], room: Room, style: Style | None = None) -> Line:
    text = "".join(f"{figure:^{BIT_WIDTH}}" for figure in figures)
    return text_line((f"{name:<9}", room.faint), (text, style or Style()))


def picture_of(experiment: Experiment, model: Model, bits: tuple[int, ...], room: Room) -> list[Line]:
    """The picture that suits the model. bits: the row for a model that reads bit by bit."""
    with np.errstate(all="ignore"):
        if isinstance(model, RecurrentModel):
            return memory(model, bits, room)
        if experiment.columns == 2:
            return square_of_answers(model, room)
        return weights(model, room)


def read_bits(text: str) -> tuple[int, ...]:
    """Zeros and ones out of what was typed; blanks and commas between them do not matter.

    Raises ValueError, in a sentence.
    """
    digits = [c for c in text if c not in " ,"]
    if not digits:
        raise ValueError("type some bits: zeros and ones")
    if set(digits) - {"0", "1"}:
        raise ValueError("only zeros and ones are bits")
    if len(digits) > MOST_BITS:
        raise ValueError(f"{len(digits)} bits are too many to show: at most {MOST_BITS}")
    return tuple(int(c) for c in digits)


class InsideView(VerticalScroll):
    """The picture of a model, and a line that says which model it is."""

    can_focus = False

    DEFAULT_CSS = """
    InsideView > Static {
        height: auto;
        margin-bottom: 1;
    }
    """

    def __init__(self, bits: Callable[[], tuple[int, ...]], id: str | None = None) -> None:
        """bits: asked for the row that a recurrent model reads."""
        super().__init__(id=id)
        self._bits = bits
        self._shown: object = None

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        yield Canvas()

    def show(self, experiment: Experiment, snapshot: Snapshot | None) -> None:
        """Draw the model of the snapshot, or the untrained one; nothing happens if that is what is drawn."""
        width = self.size.width - 2
        if width < 10:
            return
        wanted = (experiment, id(snapshot), self._bits(), self.size, self.app.theme)
        if wanted == self._shown:
            return
        self._shown = wanted
        trained = snapshot is not None and snapshot.update > 0
        which = f"after {snapshot.update:,} updates" if snapshot and trained else "untrained: first weights"
        self.query_one(Static).update(f"{experiment.name} · {which}")
        model = snapshot.build_model() if snapshot else experiment.build_model()
        room = Room(width, self.size.height, self._palette(), Style(dim=True))
        self.query_one(Canvas).show(picture_of(experiment, model, self._bits(), room))

    def _palette(self) -> Palette:
        dark = self.app.current_theme.dark
        if self.app.no_color:  # only lightness is left to tell plus from minus
            return Palette((0, 0, 0), (110, 110, 110), (255, 255, 255))
        if dark:
            return Palette((74, 144, 226), (38, 41, 50), (245, 178, 76))
        return Palette((32, 98, 178), (240, 240, 236), (214, 116, 10))

    @property
    def text(self) -> str:
        """What stands there in words."""
        return f"{self.query_one(Static).content}\n{self.query_one(Canvas).text}"
