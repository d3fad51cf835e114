"""The graph that a network of Values leaves behind: one hidden unit's way from its weights to the loss.

A whole network has hundreds of nodes. One unit's way has all kinds of them: products, a sum, a tanh, another
product, the output's sum and the loss; what the other units add is one node more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toystory.course.analysis.finite import number
from toystory.models.autograd import AutogradNet
from toystory.models.parts.arrays import Bits

MOST_BITS = 2
"""Bits whose products are drawn each on its own; the others are one node."""


@dataclass(frozen=True)
class Node:
    """A node of the graph.

    name: as in the code. operation: what made it, "" for a leaf. data: its number. grad: how the loss moves
    with it. column: how far from the leaves, from 0. line: which place from the top. inputs: the nodes that
    it was made of, as places in the list of nodes.
    """

    name: str
    operation: str
    data: float
    grad: float
    column: int
    line: int
    inputs: tuple[int, ...] = ()


@dataclass(frozen=True)
class UnitGraph:
    """The nodes of one hidden unit for one row, every one after its inputs.

    unit: counted from 0. row: its bits. label: 0 or 1.
    """

    unit: int
    nodes: tuple[Node, ...]
    row: tuple[int, ...] = ()
    label: int = 0

    def node(self, name: str) -> Node:
        """The node of that name.

        Raises:
            KeyError: There is none.
        """
        return {node.name: node for node in self.nodes}[name]


def unit_graph(model: AutogradNet, row: Bits, label: int, unit: int | None = None) -> UnitGraph:
    """Send one row through a network of Values, forward and backward, and keep one unit's way.

    Args:
        model: The network.
        row: Its bits, (columns,).
        label: 0 or 1.
        unit: Which hidden unit, from 0; unless given, the one that moves the answer most.
    """
    cache = model.forward(row[None])
    gradients = model.backward(cache, np.array([label]))
    h, w2 = cache["h"][0], model.parameters["w2"]
    if unit is None:
        shares = np.nan_to_num(np.abs(h * w2))
        unit = int(shares.argmax())
    W1, b1 = model.parameters["W1"][:, unit], model.parameters["b1"][unit]
    dz, dh, dz1 = float(cache["dz"][0]), float(cache["dh"][0, unit]), float(cache["dz1"][0, unit])
    strongest = np.sort(np.argsort(-np.abs(W1), kind="stable")[:MOST_BITS])

    nodes: list[Node] = []

    def add(name: str, made_by: str, data: float, grad: float, place: tuple[int, int], *inputs: int) -> int:
        nodes.append(Node(name, made_by, number(data), number(grad), *place, inputs))
        return len(nodes) - 1

    products = []
    for line, bit in enumerate(strongest.tolist()):
        name = f"W1[{bit},{unit}]"
        leaf = add(name, "", float(W1[bit]), float(gradients["W1"][bit, unit]), (0, line))
        product = float(W1[bit] * row[bit])
        products.append(add(f"{name}·x[{bit}]", "×", product, dz1, (1, line), leaf))
    rest = [bit for bit in range(len(row)) if bit not in strongest]
    if rest:
        products.append(
            add(f"{len(rest)} more bits", "+", float(W1[rest] @ row[rest]), dz1, (1, len(products)))
        )
    bias = add(f"b1[{unit}]", "", float(b1), float(gradients["b1"][unit]), (1, len(products)))
    total = add("z1", "+", float(cache["z1"][0, unit]), dz1, (2, 1), *products, bias)
    bent = add("h", "tanh", float(h[unit]), dh, (3, 1), total)
    weight = add(f"w2[{unit}]", "", float(w2[unit]), float(gradients["w2"][unit]), (3, 2))
    share = add(f"w2[{unit}]·h", "×", float(w2[unit] * h[unit]), dz, (4, 1), bent, weight)
    others = float(cache["z"][0]) - float(w2[unit] * h[unit])
    more = add("other units", "+", others, dz, (4, 2))
    logit = add("z", "+", float(cache["z"][0]), dz, (5, 1), share, more)
    add("L", "exp + log", model.loss(row[None], np.array([label])), 1.0, (6, 1), logit)
    return UnitGraph(unit, tuple(nodes), tuple(row.tolist()), label)


def said_by_each_row(model: AutogradNet, rows: Bits, labels: Bits, name: str) -> list[float]:
    """What each row alone says of a leaf: every row uses it, and what they say is added up.

    Args:
        model: The network.
        rows: (rows, columns).
        labels: (rows,).
        name: Of a leaf, as in the graph: W1[0,2], b1[2] or w2[2].

    Returns:
        Its gradient in the mean loss, split by rows: together they are the gradient over all rows.
    """
    parameter, _, place = name.rstrip("]").partition("[")
    at = tuple(map(int, place.split(",")))
    said = []
    for row, label in zip(rows, labels, strict=True):
        gradients = model.backward(model.forward(row[None]), np.array([label]))
        said.append(number(float(gradients[parameter][at])) / len(rows))
    return said
