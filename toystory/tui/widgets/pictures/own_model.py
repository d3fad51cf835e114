"""The learner's own model beside ours, as far as both can be seen from outside: by what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.counting import PATTERNS_PER_COUNT
from toystory.course.analysis.surface import MARGIN, Surface
from toystory.course.truth_tables import XOR
from toystory.grading.own_model.training_grounds import ROW, SIDE, Ground
from toystory.models.parts.arrays import FloatArray
from toystory.render.chart import Axes, Series
from toystory.tui.widgets.pictures.canvas import (
    RULE,
    Line,
    beside,
    half_blocks,
    marked,
    shaded_blocks,
    text_line,
    textured_blocks,
)
from toystory.tui.widgets.pictures.scene import Drawing, Picture, Room, Scene, chart, scale_line

Looks = Sequence[FloatArray]
GAP = 3
ROOMY = 12
"""Lines from which on there is room for the colours' meaning."""
LABEL, WIDE = 8, 4
"""Columns of a name beside a strip, and of a bit in it."""


@dataclass(frozen=True, eq=False)
class OwnScene(Scene):
    """Both models as they are now.

    ground: what they are trained on. mine, others: their answers to its probes, empty where there are none
    yet; the others are ours.
    """

    ground: Ground | None = None
    mine: Looks = ()
    others: Looks = ()


def own_picture(ground: Ground) -> Picture:
    """The picture for what the models are trained on."""
    titles = {
        "square": "the answer over the square",
        "counting": "the answer against the number of ones",
        "bits": "what it says after each bit",
    }
    return Picture(f"{titles[ground.look]}: yours and ours", _draw)


def _draw(scene: Scene, room: Room) -> Drawing:
    assert isinstance(scene, OwnScene)
    assert scene.ground is not None
    if not scene.mine:
        return Drawing([], "Nothing to be seen yet: the first weights are being drawn.")
    draw = {"square": _square, "counting": _counting, "bits": _bits}[scene.ground.look]
    return draw(scene, scene.ground, room)


def _square(scene: OwnScene, ground: Ground, room: Room) -> Drawing:
    roomy = room.height >= ROOMY
    side = max(8, min(SIDE, 2 * (room.height - (3 if roomy else 1)), (room.width - GAP) // 2)) // 2 * 2
    blocks = [_one_square("yours", scene.mine[0], ground, side, room)]
    if scene.others:
        blocks.append(_one_square("ours", scene.others[0], ground, side, room))
    lines = blocks[0] if len(blocks) == 1 else beside(blocks[0], blocks[1], GAP)
    lines += scale_line("0 off", "½", "1 on", room) if roomy else []
    right = int(((scene.mine[0][:4] > 0.5) == ground.labels).sum())
    return Drawing(lines, f"Yours answers {right} of the 4 rows right{_ours_right(scene, ground)}.")


def _ours_right(scene: OwnScene, ground: Ground) -> str:
    if not scene.others:
        return ""
    return f", ours {int(((scene.others[0][:4] > 0.5) == ground.labels).sum())}"


def _one_square(name: str, answers: FloatArray, ground: Ground, side: int, room: Room) -> list[Line]:
    """Half-block cells in the colour of the answer, a line where it turns, the four rows marked."""
    few = np.linspace(0, SIDE - 1, side).round().astype(int)
    cells = answers[len(XOR) :].reshape(SIDE, SIDE)[np.ix_(few, few)]
    labels = ground.labels.astype(np.uint8)
    at = np.zeros(side)
    corners = np.array(XOR, np.uint8)
    surface = Surface(at, at, cells, MARGIN, corners, labels, answers[: len(XOR)])
    shades = room.color_scale.shades(2 * cells - 1)
    shades[surface.boundary] = RULE
    blocks = shaded_blocks if room.color_scale.shaded else textured_blocks
    picture = blocks(shades, room.color_scale)
    for corner, answer, label in zip(surface.corners, surface.corner_answers, labels, strict=True):
        row, column = surface.cell(*corner)
        said = f"{int(answer > 0.5)}{'✓' if (answer > 0.5) == label else '✗'}"
        picture[row // 2] = marked(picture[row // 2], column - 1, said)
    return [text_line((f"{name:<{side}}"[:side], room.inks.strong)), *picture]


def _counting(scene: OwnScene, ground: Ground, room: Room) -> Drawing:
    columns = ground.test.shape[1]
    counts = [float(n) for n in range(columns + 1)]
    series = [Series("the parity", counts, [n % 2 for n in counts], "earlier")]
    for name, looks, role in (("ours", scene.others, "second"), ("yours", scene.mine, "first")):
        if looks:
            means = looks[0].reshape(columns + 1, PATTERNS_PER_COUNT).mean(axis=1)
            series.append(Series(name, counts, means.tolist(), role))
    axes = Axes("ones", "answer", (0.0, float(columns)), (0.0, 1.0))
    return Drawing(chart(series, axes, room), "The answer has to turn with every one more: a zigzag.")


def _bits(scene: OwnScene, ground: Ground, room: Room) -> Drawing:
    most = max(1, min(len(ROW), (room.width - LABEL) // WIDE))
    wanted = np.cumsum(ROW)[:most] % 2
    lines = [
        _strip_of_words("bit", [str(bit) for bit in ROW[:most]], room),
        _strip_of_words("lamp", [str(bit) for bit in wanted.tolist()], room),
    ]
    right = {}
    for name, looks in (("yours", scene.mine), ("ours", scene.others)):
        if looks:
            answers = np.concatenate(list(looks))[:most]
            right[name] = int(((answers > 0.5) == wanted).sum())
            lines += [text_line(), *_strip(name, answers, wanted, room)]
    lines += [text_line(), *scale_line("0 off", "½", "1 on", room)]
    ours = f", ours after {right['ours']}" if "ours" in right else ""
    return Drawing(lines, f"Yours is right after {right['yours']} of {most} bits{ours}.")


def _strip(name: str, answers: FloatArray, wanted: FloatArray, room: Room) -> list[Line]:
    """The answers after each bit as colours, as figures, and whether they are right."""
    shades = half_blocks(np.repeat(2 * answers[None] - 1, WIDE, axis=1).repeat(2, axis=0), room.color_scale)
    marks = [
        (f"{'✓':^{WIDE}}", room.inks.good) if (a > 0.5) == w else (f"{'✗':^{WIDE}}", room.inks.bad)
        for a, w in zip(answers.tolist(), wanted.tolist(), strict=True)
    ]
    return [
        [*text_line((f"{name:<{LABEL}}", room.inks.strong)), *shades[0]],
        _strip_of_words("", [f"{a:.1f}" for a in answers.tolist()], room),
        text_line(" " * LABEL, *marks),
    ]


def _strip_of_words(name: str, words: list[str], room: Room) -> Line:
    return text_line((f"{name:<{LABEL}}", room.inks.faint), "".join(f"{word:^{WIDE}}" for word in words))
