"""The network of every model, in rooms of several sizes: it fits, and its sentence too."""

from __future__ import annotations

import textwrap
from collections import defaultdict

import numpy as np
import pytest
from rich.style import Style

from toystory.models import SoftmaxMLP
from toystory.tui.screens.sandbox import RECIPES
from toystory.tui.widgets.pictures.canvas import ColorScale, width_of
from toystory.tui.widgets.pictures.network import UNIT, _share, _unit_text, draw, network_drawing
from toystory.tui.widgets.pictures.scene import Drawing, Inks, Room, Scene

ROOMS = ((74, 10), (53, 24))
"""That of real numbers in 80 columns, and one of two in 120."""
PLAIN = Style()
INKS = Inks(*[PLAIN] * 6, chart=defaultdict(lambda: PLAIN))
COLORS = ColorScale((0, 0, 255), (0, 0, 0), (255, 160, 0), (200, 200, 200))


def fits(drawing: Drawing, width: int, height: int) -> None:
    assert width_of(drawing.lines) <= width
    assert len(drawing.lines) <= height
    assert len(textwrap.wrap(drawing.caption, width)) <= 3


@pytest.mark.parametrize("value", [0.0088, -0.0088, 0.5])
@pytest.mark.parametrize("before", ["", "∂"])
def test_a_unit_keeps_its_name_and_its_number_gets_shorter(value: float, before: str) -> None:
    text = _unit_text(value, "up ", before, here=False)
    assert text.startswith("up")
    assert len(text) <= UNIT
    told = text[2:].lstrip(" ∂").replace("−", "-")
    assert float(told) == pytest.approx(value, rel=0.05)


def test_an_answer_near_a_half_is_told_on_which_side_it_is() -> None:
    assert [_share(answer) for answer in (0.5012, 0.49993, 0.88, 0.5)] == ["0.501", "0.4999", "0.88", "0.5"]


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("bits", [(1,), (1, 0) * 10], ids=len)
def test_a_network_fits_wherever_the_wave_is(name: str, bits: tuple[int, ...]) -> None:
    experiment = RECIPES[name]
    for width, height in ROOMS:
        for walk in (0, 3, -1):
            scene = Scene(experiment, None, bits, walk=walk)
            fits(draw(scene, Room(width, height, COLORS, INKS)), width, height)


def test_so_does_one_of_many_columns_layers_and_classes() -> None:
    names = [f"a long name, number {i}" for i in range(200)]
    sizes = (200, 64, 32, 16, 16, 16, 16, 12)
    model = SoftmaxMLP(sizes, column_names=names, class_names=[*names[:11], "大きい"])
    row = np.random.default_rng(0).normal(size=200)
    for width, height in ROOMS:
        for walk in (0, 5, 12):
            room = Room(width, height, COLORS, INKS)
            drawing = network_drawing(model, row, 11, walk, room, "a row " * 20, model.class_names)
            fits(drawing, width, height)
