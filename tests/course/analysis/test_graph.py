"""The graph of one unit: its numbers and gradients are those of the network derived by hand."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course.analysis.graph import said_by_each_row, unit_graph
from toystory.course.analysis.graph_walk import added_rule, backward_rule, forward_rule
from toystory.models import AutogradNet, TwoLayerNet


@pytest.mark.parametrize("columns", [2, 5])
@pytest.mark.parametrize("label", [0, 1])
def test_the_nodes_are_what_the_mathematics_says(columns: int, label: int) -> None:
    model = AutogradNet(columns, 3, seed=4)
    by_hand = TwoLayerNet(columns, 3, seed=4, dtype=np.float64)
    row = np.ones(columns, dtype=np.uint8)
    cache = by_hand.forward(row[None])
    gradients = by_hand.backward(cache, np.array([label]))
    graph = unit_graph(model, row, label, unit=1)
    assert graph.node("z").data == pytest.approx(cache["z"][0], rel=1e-12)
    assert graph.node("z").grad == pytest.approx(cache["dz"][0], rel=1e-12)
    assert graph.node("h").data == pytest.approx(cache["h"][0, 1], rel=1e-12)
    assert graph.node("h").grad == pytest.approx(cache["dh"][0, 1], rel=1e-12)
    assert graph.node("z1").grad == pytest.approx(cache["dz1"][0, 1], rel=1e-12)
    assert graph.node("w2[1]").grad == pytest.approx(gradients["w2"][1], rel=1e-12)
    assert graph.node("L").data == pytest.approx(by_hand.loss(row[None], np.array([label])), rel=1e-12)


def test_every_node_stands_to_the_right_of_what_it_was_made_of() -> None:
    graph = unit_graph(AutogradNet(4, 2), np.array([1, 0, 1, 1], np.uint8), 1)
    for place, node in enumerate(graph.nodes):
        assert all(source < place for source in node.inputs)
        assert all(graph.nodes[source].column < node.column for source in node.inputs)
    assert len({(node.column, node.line) for node in graph.nodes}) == len(graph.nodes)


def test_the_sum_is_made_of_its_parts() -> None:
    graph = unit_graph(AutogradNet(5, 3, seed=2), np.array([1, 1, 0, 1, 0], np.uint8), 0)
    for name in ("z1", "z"):
        node = graph.node(name)
        assert node.data == pytest.approx(sum(graph.nodes[source].data for source in node.inputs), abs=1e-12)


def test_unless_told_it_is_the_unit_that_moves_the_answer_most() -> None:
    model = AutogradNet(2, 3, seed=1)
    row = np.array([1, 0], np.uint8)
    shares = np.abs(model.forward(row[None])["h"][0] * model.parameters["w2"])
    assert unit_graph(model, row, 1).unit == int(shares.argmax())


def test_the_messages_of_the_rows_add_up_to_the_gradient() -> None:
    model = AutogradNet(2, 3, seed=4)
    rows, labels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.uint8), np.array([0, 1, 1, 0], np.uint8)
    gradients = model.backward(model.forward(rows), labels)
    said = said_by_each_row(model, rows, labels, "W1[1,2]")
    assert said[0] == said[2] == 0
    assert sum(said) == pytest.approx(gradients["W1"][1, 2], rel=1e-9)
    first, terms = added_rule("W1[1,2]", said)
    assert first == "W1[1,2] is used in all 4 rows; their messages, ÷ 4, are added:"
    assert terms.count("+") == 3


def test_every_node_tells_its_rule_both_ways() -> None:
    graph = unit_graph(AutogradNet(3, 2, seed=1), np.array([1, 0, 1], np.uint8), 1)
    forward = {node.name: forward_rule(graph, place) for place, node in enumerate(graph.nodes)}
    backward = {node.name: backward_rule(graph, place) for place, node in enumerate(graph.nodes)}
    assert forward["h"].startswith("tanh(")
    assert forward["z"].startswith("+: ")
    assert "is a leaf" in forward[f"b1[{graph.unit}]"]
    assert backward["L"].endswith("its own gradient is 1.")
    assert backward["z"].startswith("Back through log, + and exp: a − y = ")
    assert backward["z1"].startswith("Back through tanh: ")
    assert "the other factor times the error" in backward["h"]
