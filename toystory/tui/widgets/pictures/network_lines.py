"""A drawn network and its sentence as lines, for whoever has no frame for a picture."""

from __future__ import annotations

import textwrap

import numpy as np
from textual.app import App

from toystory.models.model import Model
from toystory.models.parts.arrays import Bits, FloatArray
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.network import network_drawing
from toystory.tui.widgets.pictures.scene import Room
from toystory.tui.widgets.pictures.view import color_scale_of, inks_of

SENTENCE = 2
"""Lines that are kept for the sentence."""


def network_lines(
    app: App[object],
    model: Model,
    row: Bits | FloatArray,
    label: int,
    walk: int,
    told: str,
    size: tuple[int, int],
    class_names: tuple[str, ...] = ("0", "1"),
    keys: str = "",
    sentence: str = "",
) -> list[Line]:
    """The units and wires of a model at one row, and below them what is seen.

    Args:
        app: Whose colours they get.
        model: Any model, one that diverged too.
        row: What it reads, (columns,).
        label: The right class, from 0.
        walk: Steps of the wave that goes forward and back; 0 for none.
        told: The row, for a reader; empty where it stands elsewhere.
        size: Columns and lines there are.
        class_names: What the classes are called.
        keys: That send the wave; empty where it goes where a derivation is.
        sentence: To stand below it, in place of the network's own.
    """
    width, height = size
    room = Room(width, height - SENTENCE, color_scale_of(app), inks_of(app), marks=app.no_color)
    with np.errstate(all="ignore"):
        drawing = network_drawing(model, row, label, walk, room, told, class_names, keys)
    told_below = textwrap.wrap(sentence or drawing.caption, width)
    return [*drawing.lines, *map(text_line, told_below)]
