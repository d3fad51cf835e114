"""The answer over the whole square, not only at its four corners."""

from __future__ import annotations

from rich.style import Style

from toystory.course.analysis.surface import Surface, decision_surface
from toystory.models.parts.arrays import Bits
from toystory.tui.widgets.pictures.canvas import (
    RULE,
    Line,
    beside,
    marked,
    shaded_blocks,
    text_line,
    textured_blocks,
)
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene, scale_line

TABLE_WIDTH, TABLE_HEIGHT = 28, 9
GAP, LEAST_SIDE = 4, 12
WORDS = {"✓": "✓", "✗": "✗ wrong", "=": "a tie"}
TIE = 1e-3
"""Answers this near to one half are none."""


def draw(scene: Scene, room: Room) -> Drawing:
    """Half-block cells in the colour of the answer, a line where it turns, the four rows marked.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    words = room.width >= LEAST_SIDE + GAP + TABLE_WIDTH  # else there is room for the signs alone
    beneath = min(2 * (room.height - TABLE_HEIGHT - 1), room.width)
    side_by_side = min(2 * room.height, room.width - TABLE_WIDTH - GAP)
    side = max(LEAST_SIDE, beneath, side_by_side) // 2 * 2
    surface = decision_surface(scene.model, side, side)
    labels = scene.experiment.task.whole_rows(surface.corners).y
    answers = surface.corner_answers
    undecided = bool(abs(surface.answers - 0.5).max() < TIE)
    shades = room.color_scale.shades(2 * surface.answers - 1)
    if not undecided:
        shades[surface.boundary] = RULE
    draw_blocks = shaded_blocks if room.color_scale.shaded else textured_blocks
    picture = draw_blocks(shades, room.color_scale)
    for corner, answer, label in zip(surface.corners, answers, labels, strict=True):
        row, column = surface.cell(*corner)
        picture[row // 2] = marked(picture[row // 2], column - 2, f" {_says(answer)}{_mark(answer, label)} ")
    right = sum(_mark(answer, label) == "✓" for answer, label in zip(answers, labels, strict=True))
    table = [
        text_line(("x₁ x₂  lamp  answer", room.inks.faint)),
        *(
            _row(x, answer, label, room, words)
            for x, answer, label in zip(surface.corners, answers, labels, strict=True)
        ),
        text_line(),
        *scale_line("0 off", "½", "1 on", room),
        text_line(("across x₁, upwards x₂", room.inks.faint)),
    ]
    gap = GAP if words else 2
    lines = [*picture, text_line(), *table] if beneath > side_by_side else beside(picture, table, gap)
    return Drawing(lines, _caption(scene, surface, undecided, right))


def _row(x: Bits, answer: float, label: int, room: Room, words: bool) -> Line:
    x1, x2 = x.tolist()
    mark = _mark(answer, label)
    ink = {"✓": room.inks.good, "✗": room.inks.bad}.get(mark, Style())
    return text_line(
        f" {x1}  {x2}  ",
        ("on    " if label else "off   ", room.inks.on if label else room.inks.off),
        (f"{answer:.4f}", room.inks.strong),
        (f" {WORDS[mark] if words else mark}", ink),
    )


def _says(answer: float) -> str:
    return "½" if abs(answer - 0.5) < TIE else "1" if answer > 0.5 else "0"


def _mark(answer: float, label: int) -> str:
    if abs(answer - 0.5) < TIE:
        return "="
    return "✓" if (answer > 0.5) == label else "✗"


def _caption(scene: Scene, surface: Surface, undecided: bool, right: int) -> str:
    if surface.answers.size and surface.answers[surface.answers == surface.answers].size == 0:
        return "The answers are no numbers any more: the training has diverged."
    if undecided:
        return "One colour everywhere: the model says ½ to each row. It has not answered."
    if not surface.boundary.any():
        what = "on" if surface.answers.mean() > 0.5 else "off"
        return f"The whole square is answered “{what}”: {right} of 4 rows are right."
    line = "one straight line" if scene.experiment.model == "LogisticRegression" else "a bent border"
    if right == 4:
        return f"The answer turns at the border: {line} parts on from off, and all 4 rows are right."
    if scene.experiment.model == "LogisticRegression":
        return f"Its border is {line}, and that leaves {right} of 4 rows on the proper side."
    return f"The border does not yet run between the two kinds of rows: {right} of 4 are right."
