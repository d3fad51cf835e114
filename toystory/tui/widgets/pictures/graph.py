"""The graph of a network of Values: boxes and wires for one row, the number and the gradient in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.style import Style

from toystory.course.analysis.graph import Node, UnitGraph, said_by_each_row, unit_graph
from toystory.course.analysis.graph_walk import added_rule, backward_rule, forward_rule, steps
from toystory.course.derivation.worked import number
from toystory.models.autograd import AutogradNet
from toystory.tui.widgets.pictures.canvas import Line, text_line
from toystory.tui.widgets.pictures.scene import Drawing, Room, Scene

GAP = 2
"""Columns between two boxes, in which the wires run."""
NARROWEST = 8
"""A box in which a number can be read."""
OF_BOXES = (
    "In each box the number, and below it ∂, how the loss moves with it. Read it from the right: "
    "every box hands ∂ times its slope to the left."
)
OF_LINES = (
    "The gradient says how the loss moves with the number. Read it from below: "
    "each line hands it, times its slope, to those it is made of."
)
"""What is told of the graph as boxes, and as a list."""
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
    step = scene.walk % (steps(graph) + 1)
    columns = 1 + max(node.column for node in graph.nodes)
    width = min((room.width + GAP) // columns - GAP, 13)
    where = "" if not step else f"   step {step} of {steps(graph)}, "
    where += "" if not step else "forward" if step <= len(graph.nodes) else "backward"
    heading = text_line(
        (f"row {' '.join(map(str, row[:8]))}   label {label}   unit {graph.unit + 1}{where}", room.inks.faint)
    )
    shown = _Shown.at(step, len(graph.nodes))
    boxes = width >= NARROWEST
    body = _boxes(graph, width, room, shown) if boxes else _list(graph, room, shown)
    if not step:
        return Drawing([heading, text_line(), *body], _caption(graph, boxes))
    place = 2 * len(graph.nodes) - step
    if step <= len(graph.nodes):
        return Drawing([heading, text_line(), *body], forward_rule(graph, step - 1))
    body += [text_line((line, room.inks.on)) for line in _added(graph.nodes[place], scene)]
    return Drawing([heading, text_line(), *body], backward_rule(graph, place))


@dataclass(frozen=True)
class _Shown:
    """How far a walk has come. numbers: the first nodes that have theirs. gradients: from this node on.

    at: the node that it is at; −1 where the whole graph is shown.
    """

    numbers: int
    gradients: int
    node: int

    @classmethod
    def at(cls, step: int, nodes: int) -> _Shown:
        if not step:
            return cls(nodes, 0, -1)
        if step <= nodes:
            return cls(step, nodes, step - 1)
        return cls(nodes, 2 * nodes - step, 2 * nodes - step)


def _added(node: Node, scene: Scene) -> tuple[str, ...]:
    """Of a leaf: what every row says of it, added up; of another node nothing."""
    given = np.array(scene.experiment.given, np.uint8)
    if node.operation or len(given) < 2:
        return ()
    assert isinstance(scene.model, AutogradNet)
    labels = scene.experiment.task.whole_rows(given).y
    return added_rule(node.name, said_by_each_row(scene.model, given, labels, node.name))


def _boxes(graph: UnitGraph, width: int, room: Room, shown: _Shown) -> list[Line]:
    height = HIGH * (1 + max(node.line for node in graph.nodes))
    across = (width + GAP) * (1 + max(node.column for node in graph.nodes))
    signs = [[" "] * across for _ in range(height)]
    styles = [[Style()] * across for _ in range(height)]

    def write(line: int, column: int, text: str, style: Style) -> None:
        for offset, sign in enumerate(text[:width]):
            signs[line][column + offset], styles[line][column + offset] = sign, style

    for place, node in enumerate(graph.nodes):
        here = place == shown.node
        left, top = node.column * (width + GAP), HIGH * node.line
        for source in (graph.nodes[place] for place in node.inputs):
            _wire(signs, source, node, width)
        label = _label(node, width)
        name = f"▸{label}"[:width] if here else label
        write(top, left, name.center(width), room.inks.good if here else room.inks.faint)
        data = _fitting(node.data, "", width) if place < shown.numbers else "·"
        write(top + 1, left, data.center(width), room.inks.strong)
        ink = room.inks.on if node.grad else Style()
        grad = _fitting(node.grad, "∂", width) if place >= shown.gradients else ""
        write(top + 2, left, grad.center(width), ink)
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


def _list(graph: UnitGraph, room: Room, shown: _Shown) -> list[Line]:
    lines = [text_line((f"{'made':<16}{'by':<10}{'number':>10}{'gradient':>11}", room.inks.faint))]
    for place, node in enumerate(graph.nodes):
        ink = room.inks.good if place == shown.node else Style()
        made = (f"{node.name:<16}{node.operation or 'leaf':<10}", ink)
        data = number(node.data, 3) if place < shown.numbers else "·"
        grad = number(node.grad, 3) if place >= shown.gradients else ""
        lines.append(text_line(made, (f"{data:>10}", room.inks.strong), f"{grad:>11}"))
    return lines


def _caption(graph: UnitGraph, boxes: bool) -> str:
    h, z1 = graph.node("h"), graph.node("z1")
    if not np.isfinite([node.data for node in graph.nodes]).all():
        return "The numbers are none any more: the training has diverged."
    told = OF_BOXES if boxes else OF_LINES
    return (
        f"{told} . and , walk. The tanh's slope is 1 − h² = "
        f"{number(1 - h.data**2, 4)}, so {number(h.grad, 4)} becomes {number(z1.grad, 4)}."
    )
