"""Pictures of a model of real numbers: what it answers, its units and wires, the signals in its layers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color

from toystory.course.analysis.signals import signals
from toystory.course.derivation.worked import number
from toystory.render.confusion_table import confusion_lines
from toystory.render.decision_map import CAPITALS, DecisionMap, can_be_drawn, decision_map
from toystory.training.tabular.background import TabularSnapshot
from toystory.training.tabular.training import TabularTraining
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.first_weights import histograms
from toystory.tui.widgets.pictures.network_lines import network_lines
from toystory.tui.widgets.pictures.scene import Room
from toystory.tui.widgets.pictures.view import color_scale_of, inks_of

CLASS_COLORS = ("primary", "warning", "success", "error", "secondary", "foreground")
"""Of the theme; with more classes they come again, and the letters tell."""
FEW = 4
"""Numbers of a row that are told."""
SIGNAL_ROWS = 64
REGION = 0.35
"""How much of its class's colour a region has, at most."""


def picture(
    app: App[object], training: TabularTraining, snapshot: TabularSnapshot, width: int, height: int
) -> list[Line]:
    """Draw the model of a snapshot, with the validation rows while it trains and the test rows at its end.

    Args:
        app: Whose colours it gets.
        training: Of which it is.
        snapshot: The model at one moment.
        width: Columns there are.
        height: Lines there are.
    """
    part = snapshot.parts[-1]
    if not can_be_drawn(snapshot.model):
        lines = confusion_lines(part.confusion, training.data.class_names, width)
        return [text_line(line) for line in lines]
    places = training.split.test if part.name == "test" else training.split.validation
    plane = decision_map(snapshot.model, *training.data.rows(places), width, max(height, 2))
    return _coloured(app, plane)


def rows_picture(app: App[object], training: TabularTraining, width: int, height: int) -> list[Line]:
    """The training rows of two columns, before any answer.

    Args:
        app: Whose colours it gets.
        training: Of which they are.
        width: Columns there are.
        height: Lines there are.
    """
    rows = training.data.rows(training.split.training)
    plane = decision_map(training.model, *rows, width, max(height, 2))
    signs = np.where(plane.rows < 0, " ", plane.signs)
    return _coloured(app, replace(plane, signs=signs, certainty=np.zeros_like(plane.certainty)))


def caption(training: TabularTraining, part: str) -> str:
    """What is seen, in a few words.

    Args:
        training: Of which it is.
        part: The name of the rows that are drawn.
    """
    names = training.data.class_names
    if training.data.columns != 2 or len(names) > len(CAPITALS):
        return f"{part} rows: what they are, and what is answered"
    letters = ", ".join(f"{CAPITALS[i]} {name}" for i, name in enumerate(names[:6]))
    x1, x2 = training.data.column_names
    return f"{part} rows: {letters} · across {x1}, up {x2}"


def network_picture(
    app: App[object], training: TabularTraining, snapshot: TabularSnapshot, size: tuple[int, int], walk: int
) -> list[Line]:
    """The units and wires at the first training row, and a sentence.

    Args:
        app: Whose colours it gets.
        training: Of which the model is.
        snapshot: The model at one moment.
        size: Columns and lines there are.
        walk: Steps of the wave that goes forward and back.
    """
    data = training.data
    x, y = data.rows(training.split.training[:1])
    told = ", ".join(number(value, 3) for value in x[0, :FEW]) + (" …" if data.columns > FEW else "")
    names = data.class_names
    return network_lines(app, snapshot.model, x[0], int(y[0]), walk, told, size, names, "← and →")


def signals_picture(
    app: App[object], training: TabularTraining, snapshot: TabularSnapshot, size: tuple[int, int]
) -> list[Line]:
    """Histograms of activations and gradients at some training rows: at the first weights, and now.

    Args:
        app: Whose colours it gets.
        training: Of which the model is.
        snapshot: The model at one moment.
        size: Columns and lines there are.
    """
    rows = training.data.rows(training.split.training[:SIGNAL_ROWS])
    room = Room(*size, color_scale_of(app), inks_of(app), marks=app.no_color)
    first, now = room.inks.chart["first"], room.inks.chart["second"]
    begun = type(snapshot.model)(**snapshot.model.settings)
    seen = [(signals(begun, *rows), first, "first"), (signals(snapshot.model, *rows), now, "now")]
    legend = text_line(
        (f"at {len(rows[1])} training rows   ", room.inks.faint), ("first weights", first), "  "
    )
    return [[*legend, *text_line(("now", now))], *histograms(seen, room)]


def _coloured(app: App[object], plane: DecisionMap) -> list[Line]:
    """Regions in a pale colour of their class, rows as bold letters in the whole one."""
    if app.no_color or app.console.color_system == "standard":
        return [text_line(line) for line in plane.lines]
    theme = app.theme_variables
    paper = Color.parse(theme["background"])
    colors = [Color.parse(theme[name]) for name in CLASS_COLORS]
    lines: list[Line] = []
    for y, signs in enumerate(plane.lines):
        line: Line = []
        for x, sign in enumerate(signs):
            row, said = plane.rows[y, x], plane.answers[y, x]
            share = REGION * float(plane.certainty[y, x])
            ground = paper.blend(colors[said % len(colors)], share)
            ink = Color.parse(theme["foreground"]) if row < 0 else colors[row % len(colors)]
            style = Style(
                color=RichColor.from_rgb(*ink.rgb), bgcolor=RichColor.from_rgb(*ground.rgb), bold=row >= 0
            )
            line.append(Segment(" " if row < 0 else sign, style))
        lines.append(line)
    return lines
