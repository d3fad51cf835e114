"""The graph of a network of Values: boxes and wires for one row, the number and the gradient in each."""

from __future__ import annotations

import numpy as np
from rich.style import Style

from toystory.course.analysis.graph import Node, UnitGraph, unit_graph
from toystory.course.derivation.worked import number
from toystory.models.autograd import AutogradNet
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

GAP = 2
"""Columns between two boxes, in which the wires run."""
NARROWEST = 8
"""A box in which a number can be read."""
HIGH = 4
"""Lines from one box to the next one below: name, number, gradient, and one that is free."""


def draw(scene: Scene, room: Room) -> Drawing:
    """Boxes from the weights on the left to the loss on the right; a list of them where there is no room.

    Args:
        scene: The model as it is now.
        room: What there is to draw with.
    """
    model = scene.model
    assert isinstance(model, AutogradNet)
    row = np.resize(np.array(scene.bits, dtype=np.uint8), model.columns)
    label = int(scene.experiment.task.whole_rows(row[None]).y[0])
    graph = unit_graph(model, row, label)
    columns = 1 + max(node.column for node in graph.nodes)
    width = min((room.width + GAP) // columns - GAP, 13)
    heading = text_line(
        (f"row {' '.join(map(str, row[:8]))}   label {label}   unit {graph.unit + 1}", room.inks.faint)
    )
    body = _boxes(graph, width, room) if width >= NARROWEST else _list(graph, room)
    return Drawing([heading, text_line(), *body], _caption(graph))


def _boxes(graph: UnitGraph, width: int, room: Room) -> list[Line]:
    height = HIGH * (1 + max(node.line for node in graph.nodes))
    across = (width + GAP) * (1 + max(node.column for node in graph.nodes))
    signs = [[" "] * across for _ in range(height)]
    styles = [[Style()] * across for _ in range(height)]

    def write(line: int, column: int, text: str, style: Style) -> None:
        for offset, sign in enumerate(text[:width]):
            signs[line][column + offset], styles[line][column + offset] = sign, style

    for node in graph.nodes:
        left, top = node.column * (width + GAP), HIGH * node.line
        for source in (graph.nodes[place] for place in node.inputs):
            _wire(signs, source, node, width)
        write(top, left, _label(node, width).center(width), room.inks.faint)
        write(top + 1, left, _fitting(node.data, "", width).center(width), room.inks.strong)
        ink = room.inks.on if node.grad else Style()
        write(top + 2, left, _fitting(node.grad, "∂", width).center(width), ink)
    return [
        text_line(*zip(line, row, strict=True)) if any(sign != " " for sign in line) else text_line()
        for line, row in zip(signs, styles, strict=True)
    ]


def _fitting(value: float, sign: str, width: int) -> str:
    """A number with as many digits as there is room for, three at most."""
    gap = " " if sign and width > NARROWEST else ""
    texts = [f"{sign}{gap}{number(value, digits)}" for digits in (3, 2, 1)]
    return next((text for text in texts if len(text) <= width), texts[-1])


def _label(node: Node, width: int) -> str:
    """The name; of a product that is too long the other factor alone."""
    if len(node.name) <= width:
        return node.name
    return f"× {node.name.partition('·')[2]}" if "·" in node.name else node.name.split()[0]


def _wire(signs: list[list[str]], source: Node, node: Node, width: int) -> None:
    """From the middle of a box to the middle of the one to its right, round one corner."""
    start, end = HIGH * source.line + 1, HIGH * node.line + 1
    first, last = source.column * (width + GAP) + width, node.column * (width + GAP)
    for column in range(first, last):
        if signs[start][column] == " ":
            signs[start][column] = "─"
    if start != end:
        step = 1 if end > start else -1
        signs[start][last - 1] = "┐" if step > 0 else "┘"
        for line in range(start + step, end, step):
            signs[line][last - 1] = "│" if signs[line][last - 1] == " " else "┤"
        meeting = {"─": "┬" if step < 0 else "┴", "┬": "┼", "┴": "┼"}
        signs[end][last - 1] = meeting.get(signs[end][last - 1], "┼")


def _list(graph: UnitGraph, room: Room) -> list[Line]:
    lines = [text_line((f"{'made':<16}{'by':<10}{'number':>10}{'gradient':>11}", room.inks.faint))]
    for node in graph.nodes:
        made = f"{node.name:<16}{node.operation or 'leaf':<10}"
        lines.append(
            text_line(made, (f"{number(node.data, 3):>10}", room.inks.strong), f"{number(node.grad, 3):>11}")
        )
    return lines


def _caption(graph: UnitGraph) -> str:
    h, z1 = graph.node("h"), graph.node("z1")
    if not np.isfinite([node.data for node in graph.nodes]).all():
        return "The numbers are none any more: the training has diverged."
    return (
        "In each box the number, and below it ∂, how the loss moves with it. Read it from the right: "
        "every box hands ∂ times its slope to the left. The tanh's slope is 1 − h² = "
        f"{number(1 - h.data**2, 4)}, so {number(h.grad, 4)} becomes {number(z1.grad, 4)}."
    )
