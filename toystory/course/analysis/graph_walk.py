"""A walk through a graph of Values, node by node: the local rule of each, with its numbers.

Forward, a node takes the numbers of its inputs and makes its own. Backward, it takes the gradient of what was
made of it, times the slope of that: the same rule at every node.
"""

from __future__ import annotations

from toystory.course.analysis.graph import Node, UnitGraph
from toystory.course.derivation.worked import number

DIGITS = 4


def steps(graph: UnitGraph) -> int:
    """How many there are: forward through every node, and back."""
    return 2 * len(graph.nodes)


def forward_rule(graph: UnitGraph, place: int) -> str:
    """How a node came to its number.

    Args:
        graph: Of one row.
        place: Which node.
    """
    node = graph.nodes[place]
    inputs = [graph.nodes[source].data for source in node.inputs]
    result = _told(node.data)
    match node.operation:
        case "":
            return f"{node.name} is a leaf: its number is {result}."
        case "×" if len(inputs) == 2:
            product = f"{_told(inputs[0])}·{_factor(inputs[1])}"
            return f"×: {product} = {result}. Slopes: each the other factor."
        case "×":
            bit = _bit(graph, node)
            return f"×: {_told(inputs[0])}·{bit} = {result}. The slope is the bit, {bit}."
        case "+" if inputs:
            terms = " + ".join(_factor(value) for value in inputs)
            return f"+: {terms} = {result}. The slopes are 1."
        case "+":
            return f"{node.name} add up to {result}; their way is not drawn."
        case "tanh":
            slope = _told(1 - node.data**2)
            return f"tanh({_told(inputs[0])}) = {result}. Its slope, 1 − h², is {slope}."
        case _:
            sign = "−" if graph.label else ""
            return f"The loss, label {graph.label}: ln(exp({sign}z) + 1) = {result}."


def backward_rule(graph: UnitGraph, place: int) -> str:
    """How a node comes to its gradient: that of what was made of it, times a slope.

    Args:
        graph: Of one row.
        place: Which node.
    """
    node = graph.nodes[place]
    used_by = next((other for other in graph.nodes if place in other.inputs), None)
    result = _told(node.grad)
    if used_by is None:
        return "The way back begins at the loss: its own gradient is 1."
    given = _factor(used_by.grad)
    match used_by.operation:
        case "+":
            return f"Back through +: 1·{given} = {result}. A sum hands its error on."
        case "×":
            others = [graph.nodes[i] for i in used_by.inputs if i != place]
            slope = _factor(others[0].data) if others else str(_bit(graph, used_by))
            return f"Back through ×: {slope}·{given} = {result}, the other factor times the error."
        case "tanh":
            slope = _factor(1 - used_by.data**2)
            return f"Back through tanh: {slope}·{given} = {result}, the slope that was noted going forward."
        case _:
            return f"Back through log, + and exp: a − y = {result}."


def added_rule(name: str, said: list[float]) -> tuple[str, str]:
    """Why gradients are added: a weight is used in every row.

    Args:
        name: Of the weight.
        said: What each row says of it, as part of the mean loss.

    Returns:
        Two lines.
    """
    few = said[:4]
    terms = " + ".join(_factor(value, 3) for value in few) + (" + …" if len(said) > len(few) else "")
    total = number(sum(said), 3)
    rows = len(said)
    return f"{name} is used in all {rows} rows; their messages, ÷ {rows}, are added:", f"{terms} = {total}"


def _told(value: float) -> str:
    return number(value, DIGITS)


def _factor(value: float, digits: int = DIGITS) -> str:
    """A number within a sum or product: in brackets where it is negative."""
    told = number(value, digits)
    return f"({told})" if value < 0 else told


def _bit(graph: UnitGraph, product: Node) -> int:
    """The bit of a product W1[i,j]·x[i]."""
    return graph.row[int(product.name.rpartition("[")[2].rstrip("]"))]
