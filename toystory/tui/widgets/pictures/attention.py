"""Who looks at whom in an attention model, and how its look softens on longer rows."""

from __future__ import annotations

import numpy as np
from rich.style import Style

from toystory.course.analysis.looks import Looks, looks, sharpness
from toystory.models.attention import Attention
from toystory.tui.widgets.pictures.canvas import Line, enlarged, half_blocks, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene, scale_line

MARGIN = 10
MOST_WIDE = 4
LENGTHS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000)
TRAINED_AT = 50
"""The longest rows that the lesson trains on."""


def draw_looks(scene: Scene, room: Room) -> Drawing:
    """A line for every place written, from the start on; across, what was read and then what was written.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, Attention)
    seen = looks(model, scene.bits)
    tokens = seen.attention.shape[1]
    across = max(1, min(MOST_WIDE, (room.width - MARGIN) // tokens))
    most = max(2, room.height - 6)
    shown = seen.attention[:most, : (room.width - MARGIN) // across]
    rows = max(1, min(2 * (room.height - 6) // len(shown), 2))
    picture = half_blocks(enlarged(shown, across, rows), room.color_scale)
    n = len(seen.bits)
    heads = [str(bit) for bit in seen.bits] + ["s", *map(str, seen.written[: tokens - n - 1])]
    lines: list[Line] = [
        text_line((f"{'':<{MARGIN}}{'read':<{across * n}}written", room.inks.faint)),
        text_line(" " * MARGIN, *_heads(heads[: shown.shape[1]], across, room)),
    ]
    for number, line in enumerate(picture):
        place = number * 2 // rows
        lines.append([*text_line((f"{_line_name(seen, place):<{MARGIN}}", room.inks.faint)), *line])
    lines += [text_line(), *scale_line("", "0", "1", room)]
    return Drawing(lines, _said_of_looks(seen, scene))


def draw_sharpness(scene: Scene, room: Room) -> Drawing:
    """The share of attention for the bit still to be read, on longer and longer rows.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, Attention)
    shares = [sharpness(model, length) for length in LENGTHS]
    wide = max(10, min(room.width - 20, 50))
    lines = [text_line((f"{'bits':>{MARGIN}}  attention for the bit to be read", room.inks.faint))]
    for length, share in zip(LENGTHS, shares, strict=True):
        full = 0 if np.isnan(share) else round(share * wide)
        ink = room.inks.good if share >= shares[LENGTHS.index(TRAINED_AT)] / 2 else room.inks.bad
        bar = ("█" * full, ink), ("·" * (wide - full), room.inks.faint)
        lines.append(text_line(f"{length:>{MARGIN},}  ", *bar, f" {share:4.0%}"))
    before, far = shares[LENGTHS.index(TRAINED_AT)], shares[-1]
    if np.isnan(shares).any():
        said = "Its attention is no number any more: the training has diverged."
    else:
        said = (
            f"Of {before:.0%} at {TRAINED_AT} bits, {far:.0%} is left at {LENGTHS[-1]:,}"
            f"{'.' if far >= before / 2 else ': the bit is lost among the others.'}"
        )
    return Drawing(lines, said)


def _heads(heads: list[str], across: int, room: Room) -> list[tuple[str, Style]]:
    inks = {"0": room.inks.off, "1": room.inks.on, "s": room.inks.faint}
    return [(f"{head:^{across}}", inks[head]) for head in heads]


def _line_name(seen: Looks, place: int) -> str:
    if place >= len(seen.written):
        return ""
    return f"{'start' if place == 0 else seen.written[place - 1]} → {seen.written[place]}"


def _said_of_looks(seen: Looks, scene: Scene) -> str:
    n, m = len(seen.bits), len(seen.written)
    if np.isnan(seen.attention).any():
        return "Its attention is no number any more: the training has diverged."
    if m == 1:
        most = int(np.argmax(seen.attention[0, :n]))
        share = float(seen.attention[0, most])
        return f"Asked at once, it looks most at bit {most + 1} of {n}, with {share:.0%} of its attention."
    share = float(np.mean([seen.attention[t, t] for t in range(m)]))
    if not scene.update:
        return f"Untrained, it looks everywhere: {share:.0%} of its attention is for the bit to be read next."
    return f"{share:.0%} of its attention is for the bit to be read next: the diagonal."
