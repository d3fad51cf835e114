"""Who looks at whom in an attention model, how its look softens on longer rows, and the gate inside it."""

from __future__ import annotations

import numpy as np
from rich.style import Style

from toystory.course.analysis.found_gate import found_gate
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

    Two bars a length: as the model is, and the same weights with the factor that grows (or with one that does
    not), so that what the factor does is seen beside what it would be otherwise.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, Attention)
    own = [sharpness(model, length) for length in LENGTHS]
    grows = model.scale_scores
    other = [
        # Growing, relative to rows as long as those trained on; or held at the factor of those.
        sharpness(_scaled_as_trained(model), length) if not grows else sharpness(model, length, TRAINED_AT)
        for length in LENGTHS
    ]
    with_factor, without = (own, other) if grows else (other, own)
    half = max(5, min((room.width - MARGIN - 2 - 2 * 7) // 2, 30))
    heads = ("with the factor", "without it") if half >= 15 else ("with", "without")
    names = f"{'bits':>{MARGIN}}  {heads[0]:<{half + 7}}{heads[1]}"
    lines = [text_line((names, room.inks.faint))]
    good = own[LENGTHS.index(TRAINED_AT)] / 2
    for length, *shares in zip(LENGTHS, with_factor, without, strict=True):
        parts: list[tuple[str, Style]] = [(f"{length:>{MARGIN},}  ", room.inks.faint)]
        for share in shares:
            full = 0 if np.isnan(share) else round(share * half)
            ink = room.inks.good if share >= good else room.inks.bad
            parts += [("█" * full, ink), ("·" * (half - full), room.inks.faint)]
            parts.append((f" {_percent(share):>5} ", room.inks.strong))
        lines.append(text_line(*parts))
    before, far = own[LENGTHS.index(TRAINED_AT)], own[-1]
    if np.isnan(own).any():
        said = "Its attention is no number any more: the training has diverged."
    else:
        how = "It learnt with the factor" if grows else "It learnt without the factor"
        said = (
            f"For the bit to be read: {_percent(before)} at {TRAINED_AT} bits, "
            f"{_percent(far)} at {LENGTHS[-1]:,}"
            f"{'.' if far >= before / 2 else ', lost among the others.'} {how}; beside it the same weights "
            f"{'with it held at that of 50 bits' if grows else 'with it'}."
        )
    return Drawing(lines, said)


def _scaled_as_trained(model: Attention) -> Attention:
    """A copy whose scores grow with the row, and at `TRAINED_AT` bits are what they are in the model.

    The scores are sums of a product of queries and keys and of the distances' numbers: both are divided by
    the factor of that length.
    """
    copy = Attention(model.width, model.hidden, thinks_aloud=model.thinks_aloud, dtype=model.dtype)
    c = np.log(2 * TRAINED_AT) / np.log(50)
    for name, values in model.parameters.items():
        copy.parameters[name][...] = values / c if name in ("W_q", "b_d") else values
    return copy


def draw_found_gate(scene: Scene, room: Room) -> Drawing:
    """The ReLU layer at the four questions: the parity so far and the next bit; a unit a column.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, Attention)
    found = found_gate(model)
    top = float(np.nanmax(found.hidden, initial=1e-9))
    units = found.hidden.shape[1]
    across = max(1, min(3, (room.width - 30) // units))
    shown = found.hidden[:, : max(0, (room.width - 30) // across)] / top
    lines: list[Line] = [
        text_line(("so far  next bit   answer  XOR   the ReLU units", room.inks.faint)),
        text_line(),
    ]
    for (s, b), answer, row in zip(found.questions, found.answers, shown, strict=True):
        picture = half_blocks(enlarged(row[None], across, 2), room.color_scale)[0]
        right = (answer > 0.5) == (s != b)
        said = f"{'–' if np.isnan(answer) else f'{answer:.3f}':>6}"
        words = [
            (f"{s:^6}  {b:^8}   ", room.inks.on if s else room.inks.off),
            (said, room.inks.good if right else room.inks.bad),
            (f"   {int(s != b)}    ", room.inks.faint),
        ]
        lines += [[*text_line(*words), *picture], text_line()]
    lines += scale_line("", "0", "most", room)
    if np.isnan(found.answers).any():
        caption = "Its answers are no numbers any more: the training has diverged."
    elif not scene.update:
        caption = "Untrained. Four questions: the parity so far and the next bit, at any place of a row."
    elif found.is_xor:
        caption = (
            "The gate of chapter 3, found again: the answer is so far XOR next bit, wherever it stands "
            f"(within {found.spread:.3f})."
        )
    else:
        caption = "Not XOR yet: some of the four questions are answered wrongly."
    return Drawing(lines, caption)


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
        return (
            f"Asked at once, it looks most at bit {most + 1} of {n}, with {_percent(share)} of its attention."
        )
    share = float(np.mean([seen.attention[t, t] for t in range(m)]))
    said = f"{_percent(share)} of its attention is for the bit to be read next"
    return f"{said}: the diagonal." if scene.update else f"Untrained, it looks everywhere: {said}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
