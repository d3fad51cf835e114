"""The graph of one unit: its numbers and gradients are those of the network derived by hand."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course.analysis.graph import unit_graph
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
