"""Counting ones: the zigzag that the answer has to be, and the units that count."""

from __future__ import annotations

import numpy as np

from toystory.course.analysis.counting import answers_by_count, count_agreements
from toystory.models.mlp import MLP
from toystory.render.chart import Axes, Series
from toystory.tui.widgets.pictures.canvas import enlarged, half_blocks, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene, chart, scale_line

MOST_TEETH = 16
"""How many bits of the zigzag are drawn."""
COUNTS = 0.7
"""A unit whose weights lie this near to its first signs (as a cosine) still counts agreements."""


def draw_answers(scene: Scene, room: Room) -> Drawing:
    """The answer against the number of ones, with the parity behind it.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    columns = scene.experiment.columns
    answers = answers_by_count(scene.model, columns)
    # Fifty teeth are a forest: some from the middle, where most rows are, and the sum over all in the words.
    teeth = min(columns, MOST_TEETH)
    first = (columns - teeth) // 2
    some = slice(first, first + teeth + 1)
    counts = answers.counts[some].tolist()
    wanted = Series("parity", counts, answers.labels[some].tolist(), "earlier")
    said = Series("mean answer", counts, answers.mean[some].tolist(), "train")
    axes = Axes("ones", "answer", (float(first), float(first + teeth)), (0.0, 1.0))
    right = answers.right.mean()
    share = f"{100 * right:.0f} %"
    known = answers.mean[~np.isnan(answers.mean)]
    if not known.size:
        caption = "The answers are no numbers any more: the training has diverged."
    elif right > 0.99:
        caption = f"A tooth for every bit: the answer turns with each one more; {share} of these rows right."
    elif np.ptp(known) < 0.1:
        caption = f"Nearly flat at {known.mean():.2f}: the answer does not mind how many ones there are."
    elif right > 0.6:
        caption = f"The zigzag is appearing: {share} of these rows are right, chance is 50 %."
    else:
        caption = f"The answer changes with the count, but not at every bit: {share} right, chance is 50 %."
    if teeth < columns:
        caption += f" Drawn: {first} to {first + teeth} ones of {columns}."
    return Drawing(chart([wanted, said], axes, room), caption)


def draw_votes(scene: Scene, room: Room) -> Drawing:
    """Every unit of the first layer as a function of the count, in the colour of its vote.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, MLP)
    counting = count_agreements(model)
    top = np.nanmax(np.abs(counting.activation), axis=0, initial=1e-12)
    shades = counting.activation / top * counting.votes
    # Those that count first, in the order in which they wake up as the count grows.
    counters = counting.evenness > COUNTS
    order = np.lexsort(((counting.activation <= 0.05 * top).sum(axis=0), ~counters))
    units, counts = len(order), len(counting.counts)
    pixels = 2 * max(room.height - 4, 4)
    few = order[np.linspace(0, units - 1, min(units, pixels)).astype(int)]
    wide = max(1, min(room.width // counts, 3))
    picture = enlarged(shades[:, few].T[:, : room.width], wide, max(1, pixels // units))
    most = (counts - 1) * wide
    lines = [
        *half_blocks(picture, room.color_scale),
        text_line((f"0{'bits that agree with its signs':^{max(most - 4, 30)}}{counts - 1}", room.inks.faint)),
        text_line(),
        *scale_line("votes down", "", "votes up", room, 25),
    ]
    plus, minus = (int((counting.votes[counters] == vote).sum()) for vote in (1, -1))
    agree = max(plus, minus)
    if not counters.any():
        caption = "No unit weighs the bits evenly any more: none of them counts."
    elif agree > 0.9 * (plus + minus):
        caption = (
            f"{agree} of the {plus + minus} units that count vote the same way: together they tell parity."
        )
    elif model.settings["first_weights"] == "shared signs":
        caption = (
            f"{int(counters.sum())} of {units} units count. Those with the same signs vote both ways and "
            "bend at different places: together they make a tooth."
        )
    else:
        caption = (
            f"{int(counters.sum())} of {units} units count, but their votes are split, {plus} to {minus}."
        )
    return Drawing(lines, caption)
