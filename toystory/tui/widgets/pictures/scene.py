"""What a picture is made of: the model at one moment, the room to draw it in, the colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from rich.style import Style

from toystory.course.analysis.health import Health
from toystory.course.analysis.starts import OWN, Start
from toystory.models.model import Model
from toystory.render.chart import Axes, Series, plot
from toystory.training.background import Snapshot
from toystory.training.experiment import Experiment
from toystory.training.run import Run
from toystory.tui.widgets.pictures.canvas import ColorScale, Line, half_blocks, text_line


@dataclass(frozen=True)
class Inks:
    """Styles by what they say. on, off: the two labels. chart: by role, as in `toystory.chart`."""

    strong: Style
    faint: Style
    on: Style
    off: Style
    good: Style
    bad: Style
    chart: dict[str, Style]


@dataclass(frozen=True)
class Room:
    """What there is to draw with: columns, lines, colours.

    marks: curves are told apart by marks as well. log: the axes of charts that have both kinds are
    logarithmic.
    """

    width: int
    height: int
    color_scale: ColorScale
    inks: Inks
    marks: bool = False
    log: bool = True


@dataclass(frozen=True, eq=False)
class Scene:
    """One model as it is now.

    snapshot: None before any training. bits: the row for a model that reads bit by bit. runs: those of the
    study that are done. widths: columns of all experiments of the study. history: the health at every look
    so far, the last one being that of now. walk: steps of a walk through a graph, 0 for all of it. start:
    where the dial of the first weights stands. compared: the one setting in which the experiments of the
    study differ; empty where there is none.
    """

    experiment: Experiment
    snapshot: Snapshot | None
    bits: tuple[int, ...] = (1, 0)
    runs: tuple[Run, ...] = ()
    widths: frozenset[int] = frozenset()
    history: tuple[Health, ...] = ()
    walk: int = 0
    start: Start = OWN
    compared: str = ""

    @cached_property
    def model(self) -> Model:
        """A model of one's own with the parameters of now."""
        return self.snapshot.build_model() if self.snapshot else self.experiment.build_model()

    @property
    def update(self) -> int:
        """Updates made."""
        return self.snapshot.update if self.snapshot else 0

    @property
    def age(self) -> str:
        """How far it is trained."""
        if not self.update:
            return "untrained: its first weights"
        return f"after {self.update:,} update{'s' * (self.update != 1)}"


class Drawing(NamedTuple):
    """A picture's lines, and the sentence that says what is seen."""

    lines: list[Line]
    caption: str


class Picture(NamedTuple):
    """A way to look at a scene."""

    title: str
    draw: Callable[[Scene, Room], Drawing]


def chart(series: list[Series], axes: Axes, room: Room, height: int | None = None) -> list[Line]:
    """Curves with axes, the names above them.

    Args:
        series: The curves.
        axes: What the axes are; None for those of before.
        room: What there is to draw with.
        height: Lines.
    """
    rows = plot(series, room.width, height or room.height, axes, marks=room.marks)
    return [text_line(*((text, room.inks.chart[ink]) if ink else text for text, ink in row)) for row in rows]


def scale_line(low: str, middle: str, high: str, room: Room, width: int = 21) -> list[Line]:
    """The palette from end to end, and what its ends and its middle mean.

    Args:
        low: What its left end means.
        middle: What its middle means.
        high: What its right end means.
        room: What there is to draw with.
        width: Columns.
    """
    shades = half_blocks(np.tile(np.linspace(-1, 1, width), (2, 1)), room.color_scale)[0]
    half = width // 2
    return [
        shades,
        text_line((f"{low:<{half}}{middle}{high:>{width - half - len(middle)}}", room.inks.faint)),
    ]
