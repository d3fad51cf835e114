"""Numbers that remember how they were made, and the network whose backward pass nobody wrote."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from toystory.models import AutogradNet, TwoLayerNet, Value, gradient_check, load
from toystory.models.autograd import cross_entropy
from toystory.training.data import parity, random_bits, truth_table

XOR = truth_table(2)
STEP = 1e-6

OPERATIONS: dict[str, Callable[[Value], Value]] = {
    "plus": lambda v: v + 3,
    "plus, the other way round": lambda v: 3 + v,
    "itself": lambda v: v + v,
    "times": lambda v: v * 2.5,
    "times, the other way round": lambda v: -2.5 * v,
    "squared by product": lambda v: v * v,
    "minus": lambda v: v - 1.5,
    "minus, the other way round": lambda v: 1.5 - v,
    "negative": lambda v: -v,
    "cubed": lambda v: v**3,
    "root": lambda v: (v * v) ** 0.5,
    "divided": lambda v: v / 4,
    "inverse": lambda v: v**-1,
    "quotient": lambda v: (v + 1) / v,
    "tanh": lambda v: v.tanh(),
    "exp": lambda v: v.exp(),
    "log": lambda v: (v * v).log(),
    "relu": lambda v: v.relu(),
    "sigmoid": lambda v: v.sigmoid(),
    "cross-entropy of 0": lambda v: cross_entropy(v, 0),
    "cross-entropy of 1": lambda v: cross_entropy(v, 1),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.parametrize("at", [-1.7, -0.3, 0.4, 2.1])
def test_the_gradient_of_an_operation_is_its_slope(operation: Callable[[Value], Value], at: float) -> None:
    v = Value(at)
    operation(v).backward()
    slope = (operation(Value(at + STEP)).data - operation(Value(at - STEP)).data) / (2 * STEP)
    assert v.grad == pytest.approx(slope, rel=1e-7, abs=1e-9)


def test_what_is_used_twice_gets_both_gradients() -> None:
    a, b = Value(2.0), Value(-3.0)
    c = a * b
    (c * c + c + a).backward()
    assert c.grad == 2 * c.data + 1
    assert a.grad == c.grad * b.data + 1
    assert b.grad == c.grad * a.data


def test_gradients_are_added_to_what_stands_there() -> None:
    a = Value(3.0)
    (a * a).backward()
    (a * 5).backward()
    assert a.grad == 6 + 5


def test_every_value_comes_after_its_inputs_and_once() -> None:
    a = Value(1.5)
    b = a * 2
    c = b + a
    order = (c * b + c.tanh()).topological_order()
    assert len(order) == len(set(order))
    for place, value in enumerate(order):
        assert set(value.inputs) <= set(order[:place])


def test_a_long_chain_needs_no_deep_recursion() -> None:
    a = Value(0.0)
    total = a
    for _ in range(20_000):
        total = total + 1
    total.backward()
    assert a.grad == 1


def test_a_value_says_what_it_is() -> None:
    v = Value(2.0) * Value(3.0)
    v.backward()
    assert repr(v) == "Value(data=6, grad=1)"
    assert (v.operation, v.slopes) == ("×", (3.0, 2.0))


@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("z", [-800.0, -30.0, 0.0, 30.0])
def test_the_cross_entropy_is_that_of_the_other_models(z: float, y: int) -> None:
    wrong = z if y == 0 else -z
    expected = wrong + math.log1p(math.exp(-wrong)) if wrong > 0 else math.log1p(math.exp(wrong))
    assert cross_entropy(Value(z), y).data == pytest.approx(math.inf if wrong > 709 else expected, abs=1e-15)


@pytest.mark.parametrize(("columns", "hidden", "rows"), [(2, 1, 4), (2, 4, 4), (5, 3, 9), (1, 2, 1)])
def test_the_gradients_are_those_derived_by_hand(columns: int, hidden: int, rows: int) -> None:
    x = random_bits(np.random.default_rng(1), rows, columns)
    for seed in range(3):
        machine = AutogradNet(columns, hidden, seed=seed)
        by_hand = TwoLayerNet(columns, hidden, seed=seed, dtype=np.float64)
        loss, gradients = machine.loss_and_gradients(x, parity(x))
        expected_loss, expected = by_hand.loss_and_gradients(x, parity(x))
        assert loss == pytest.approx(expected_loss, abs=1e-12)
        assert list(gradients) == list(expected)
        for name, gradient in expected.items():
            np.testing.assert_allclose(gradients[name], gradient, rtol=0, atol=1e-12)


def test_the_training_curve_is_that_of_the_two_layer_network() -> None:
    curves = []
    for model in (AutogradNet(2, 4, seed=3), TwoLayerNet(2, 4, seed=3, dtype=np.float64)):
        model.fit(XOR, parity(XOR), updates=150, batch=None, optimizer="momentum", learning_rate=0.3)
        assert model.score(XOR, parity(XOR)) == 1
        curves.append([(update, f"{loss:.10f}") for update, loss in model.loss_curve_])
    assert curves[0] == curves[1]


def test_gradients_are_the_measured_slopes_before_and_after_updates() -> None:
    x = random_bits(np.random.default_rng(1), 6, 3)
    model = AutogradNet(3, 2, seed=1)
    for _ in range(2):
        checks = gradient_check(model, x, parity(x))
        assert [check.name for check in checks] == list(model.parameters)
        assert max(check.relative_difference for check in checks) < 1e-7
        model.fit(x, parity(x), updates=2, batch=None)


def test_going_back_twice_gives_the_same_gradients() -> None:
    model = AutogradNet(2, 3)
    cache = model.forward(XOR)
    first, second = (model.backward(cache, parity(XOR)) for _ in range(2))
    for name, gradient in first.items():
        np.testing.assert_array_equal(second[name], gradient)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_is_kept_is_in_the_models_dtype(dtype: Any) -> None:
    model = AutogradNet(2, 3, dtype=dtype)
    cache = model.forward(XOR)
    gradients = model.backward(cache, parity(XOR))
    for name in ("x", "h", "z", "a", "dz"):
        assert cache[name].dtype == dtype
    assert {g.dtype for g in gradients.values()} == {np.dtype(dtype)}
    assert {n: g.shape for n, g in gradients.items()} == {n: p.shape for n, p in model.parameters.items()}
    assert [value.data for value in cache["z_values"]] == pytest.approx(cache["z"].tolist(), rel=1e-6)


def test_a_saved_one_comes_back(tmp_path: Any) -> None:
    model = AutogradNet(2, 3, seed=4).fit(XOR, parity(XOR), updates=3)
    model.save(tmp_path / "m")
    back = load(tmp_path / "m")
    assert isinstance(back, AutogradNet)
    np.testing.assert_array_equal(back.predict_proba(XOR), model.predict_proba(XOR))
