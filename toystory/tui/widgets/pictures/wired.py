"""Copies of a gate of two bits, wired as a tree and in a chain: what each of them says of the row."""

from __future__ import annotations

import numpy as np
from rich.style import Style

from toystory.course.analysis.wired import chain, tree, truth_table
from toystory.training.data import running_parity
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

NAME = 9


def draw(scene: Scene, room: Room) -> Drawing:
    """The row above; below it round by round of the tree, and then the chain.

    Args:
        scene: The model of two bits as it is now, and the row.
        room: What there is to draw with.
    """
    across = 3 if 3 * len(scene.bits) + NAME <= room.width else 2
    most = max(2, (room.width - NAME) // across)
    bits = np.array([scene.bits[:most]], np.uint8)
    rounds = tree(scene.model, bits)
    wired = chain(scene.model, bits)[0]
    parities = running_parity(bits)[0]
    lines: list[Line] = [_row("bits", [int(bit) for bit in bits[0]], range(bits.shape[1]), across, room)]
    places, wanted = [float(place) for place in range(bits.shape[1])], bits[0].tolist()
    for number, said in enumerate(rounds[1:], 1):
        middles = [(a + b) / 2 for a, b in zip(places[::2], places[1::2], strict=False)]
        right = [a ^ b for a, b in zip(wanted[::2], wanted[1::2], strict=False)]
        if len(places) % 2:
            middles.append(places[-1])
            right.append(wanted[-1])
        places, wanted = middles, right
        values = said[0].tolist()
        wrong = {i for i, (value, label) in enumerate(zip(values, right, strict=True)) if value != label}
        lines.append(_row(f"round {number}", values, places, across, room, wrong))
    lines.append(text_line())
    lines.append(_row("bits", bits[0].tolist(), range(bits.shape[1]), across, room))
    wrong = {i for i, (value, label) in enumerate(zip(wired, parities, strict=True)) if value != label}
    lines.append(_row("chain", wired.tolist(), range(bits.shape[1]), across, room, wrong))
    lines += [text_line(), text_line(("a wrong one is marked ×; x types other bits", room.inks.faint))]
    return Drawing(lines, _caption(scene, bits.shape[1]))


def _row(
    name: str,
    values: list[int],
    places: range | list[float],
    across: int,
    room: Room,
    wrong: set[int] | frozenset[int] = frozenset(),
) -> Line:
    parts: list[tuple[str, Style]] = [(f"{name:<{NAME}}", room.inks.faint)]
    at = 0
    for number, (value, place) in enumerate(zip(values, places, strict=True)):
        column = round(place * across)
        ink = room.inks.bad if number in wrong else room.inks.on if value else room.inks.off
        parts.append((" " * (column - at) + ("×" if number in wrong else str(value)), ink))
        at = column + 1
    return text_line(*parts)


def _caption(scene: Scene, bits: int) -> str:
    answers = truth_table(scene.model).tolist()
    if answers == [0, 1, 1, 0]:
        return (
            f"{bits - 1} copies of one gate, nothing learnt but its four rows: exact, in a chain or as a "
            "tree, at any length."
        )
    said = " ".join(
        f"{a}{b}→{answer}" for (a, b), answer in zip(((0, 0), (0, 1), (1, 0), (1, 1)), answers, strict=True)
    )
    return f"The gate is no XOR yet ({said}), and its chain is not to be trusted."
