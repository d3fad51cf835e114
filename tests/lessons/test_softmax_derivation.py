"""Softmax with cross-entropy, derived: its lines stand in the models, its numbers are the mathematics'."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from toystory.course.derivation.steps import DerivationStep, evaluate, find_source, work_out
from toystory.course.equations.latex import latex
from toystory.course.equations.mathml import mathml
from toystory.lessons.mlp.softmax_derivation import (
    DERIVATION,
    SYMBOLS,
    WITH_DROPOUT,
    WITHOUT_HIDDEN_LAYERS,
    derivation_of,
)
from toystory.models import SoftmaxMLP

X = np.array([[3.0, -20.0, 0.4]])
SIZES = {"rows": 1, "columns": 3, "before": 3, "hidden": 4, "last but one": 4, "classes": 3}


def network(classes: int = 3, **options: float) -> SoftmaxMLP:
    model = SoftmaxMLP((3, 4, classes), seed=2, dtype=np.float64, weight_decay=0.01, **options)  # type: ignore[arg-type]
    model.standardise(X + np.random.default_rng(0).normal(size=(20, 3)))
    return model


@pytest.mark.parametrize("step", WITH_DROPOUT, ids=[step.title for step in WITH_DROPOUT])
def test_the_source_line_stands_there_once_and_the_equation_is_drawn(step: DerivationStep) -> None:
    source = find_source(step)
    file = Path(__file__).parents[2] / "toystory" / source.file
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    assert lines.count(step.source) == 1
    assert latex(step.equation).isascii()
    assert mathml(step.equation)


@pytest.mark.parametrize("classes", [2, 3, 7])
@pytest.mark.parametrize("unit", range(4))
@pytest.mark.parametrize("dropout", [0.0, 0.25])
def test_every_line_can_be_worked_out_and_comes_to_its_value(classes: int, unit: int, dropout: float) -> None:
    model = network(classes, dropout=dropout)
    steps = derivation_of(model)
    done_steps = work_out(steps, model, X, np.array([1]), 0.1, unit=unit)
    assert [done.step for done in done_steps] == list(steps)
    for done in done_steps:
        text = re.sub(r"\((\d+) more: ([^()]*)\)", r"(\2)", done.worked.expression)
        text = text.replace("−", "-").replace("·", "*")
        found = eval(text, {"exp": math.exp, "ln": math.log, "max": max})
        assert found == pytest.approx(done.worked.result, rel=2e-3, abs=2e-4), done.step.title


@pytest.mark.parametrize("dropout", [0.0, 0.25])
def test_every_layer_is_derived_and_every_gradient_is_that_of_the_loss(dropout: float) -> None:
    sizes = (3, 4, 2, 3)
    model = SoftmaxMLP(sizes, seed=2, dtype=np.float64, weight_decay=0.01, dropout=dropout)
    model.standardise(X + np.random.default_rng(0).normal(size=(20, 3)))
    for name, parameter in model.parameters.items():
        parameter += 0.1 * name.startswith("b")  # a sum of exactly 0 has no slope
    y, found = np.array([1]), {}
    for layer in (1, 2):
        done = work_out(derivation_of(model, layer), model, X, y, 0.1, unit=1, layer=layer)
        found |= {each.step.value.replace("dW3", "dW"): each for each in done}
        assert done[-1].step.value == f"W{layer}″"
    masks = model.drawn_by_chance(1)
    for name, parameter in model.parameters.items():
        worked = found[f"d{name.replace('3', '')}"].worked
        index = tuple(int(i) for i in re.findall(r"\d+", worked.left.partition("[")[2]))
        losses = []
        for nudge in (1e-6, -1e-6):
            parameter[index] += nudge
            losses.append(model.loss(X, y, **masks))
            parameter[index] -= nudge
        assert worked.result == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-8), name


def test_dropout_is_in_the_derivation_forward_and_back_with_the_mask_that_comes_next() -> None:
    model = network(dropout=0.5)
    assert derivation_of(model)[:-1] == WITH_DROPOUT
    done = {each.step.value: each.value for each in work_out(WITH_DROPOUT, model, X, np.array([1]), 0.1)}
    assert list(done)[2:5] == ["h1", "m1", "a1"]
    np.testing.assert_array_equal(done["m1"], model.draw_masks(1)[0][0])
    assert {0.0, 2.0} == set(done["m1"])
    np.testing.assert_array_equal(done["a1"], done["h1"] * done["m1"])
    np.testing.assert_array_equal(done["dh1"], done["da1"] * done["m1"])
    np.testing.assert_array_equal(done["dz1"], done["dh1"] * (done["h1"] > 0))


def test_without_hidden_layers_there_is_less_of_it() -> None:
    line = SoftmaxMLP((3, 3), dtype=np.float64)
    line.standardise(np.vstack([X, X + 1]))
    assert work_out(DERIVATION, line, X, np.array([1]), 0.1) == []
    done = work_out(WITHOUT_HIDDEN_LAYERS, line, X, np.array([1]), 0.1)
    assert [each.step.value for each in done] == ["a0", "z1", "a", "L", "onehot", "dz", "dW1", "db1"]


def test_the_error_is_the_slope_of_the_loss() -> None:
    model = network()
    values = evaluate(model, X, np.array([2]), 0.1)
    for i in range(3):
        moved = []
        for step in (1e-6, -1e-6):
            z = values["z"][0].copy()
            z[i] += step
            moved.append(np.log(np.exp(z).sum()) - z[2])
        assert values["dz"][0, i] == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-8)


def test_every_symbol_has_the_shape_that_is_said() -> None:
    values = evaluate(network(dropout=0.5), X, np.array([0]), 0.1)
    for symbol in SYMBOLS:
        assert np.shape(values[symbol.name]) == symbol.shape(SIZES), symbol.name
    assert {step.value for step in WITH_DROPOUT} <= {symbol.name for symbol in SYMBOLS}
