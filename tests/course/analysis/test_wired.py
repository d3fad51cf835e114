"""Copies of a gate, wired: exact at any length where the gate is right on its four rows."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.course.analysis.wired import chain, tree, truth_table
from toystory.models import LogisticRegression, TwoLayerNet
from toystory.training.data import parity, random_bits, running_parity


def xor() -> TwoLayerNet:
    """By hand: one unit is on where a bit is, the other where both are."""
    gate = TwoLayerNet(2, 2)
    gate.parameters["W1"][:] = [[10, 10], [10, 10]]
    gate.parameters["b1"][:] = [-5, -15]
    gate.parameters["w2"][:] = [10, -10]
    gate.parameters["b2"][:] = -10
    return gate


@pytest.mark.parametrize("columns", [1, 2, 3, 7, 50, 501])
def test_both_wirings_are_exact_at_any_length(columns: int) -> None:
    bits = random_bits(np.random.default_rng(columns), 20, columns)
    np.testing.assert_array_equal(chain(xor(), bits), running_parity(bits))
    np.testing.assert_array_equal(tree(xor(), bits)[-1][:, 0], parity(bits))


def test_fifty_bits_need_forty_nine_copies_in_six_rounds() -> None:
    rounds = tree(xor(), random_bits(np.random.default_rng(0), 1, 50))
    assert [each.shape[1] for each in rounds] == [50, 25, 13, 7, 4, 2, 1]
    assert sum(each.shape[1] // 2 for each in rounds) == 49


def test_a_gate_that_is_wrong_on_a_row_is_wrong_when_wired() -> None:
    always_one = LogisticRegression(2, weights=(0.0, 0.0), bias=1.0)
    assert truth_table(always_one).tolist() == [1, 1, 1, 1]
    bits = random_bits(np.random.default_rng(1), 200, 50)
    assert 0.3 < np.mean(tree(always_one, bits)[-1][:, 0] == parity(bits)) < 0.7
