"""A model that has diverged can be looked at: every number is finite or NaN, and nobody warns or raises."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toystory.course.analysis.counting import answers_by_count, count_agreements
from toystory.course.analysis.gradient_flow import gradient_flow
from toystory.course.analysis.health import Watch
from toystory.course.analysis.hidden_space import bent_square, hidden_space
from toystory.course.analysis.memory import read
from toystory.course.analysis.surface import decision_surface
from toystory.course.analysis.units import gate_states, layer_states
from toystory.course.analysis.weights import weight_pictures
from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet
from toystory.training.data import truth_table
from toystory.training.experiment import Experiment
from toystory.training.loop import Training

ROWS = truth_table(2)
HOSTILE = (math.nan, math.inf, -math.inf, 1e30, -1e30, 1e-40, 0.0, 1.0)
MAKERS: dict[str, Any] = {
    "logistic regression": lambda dtype: LogisticRegression(2, weights=(1.0, -1.0), dtype=dtype),
    "two layers": lambda dtype: TwoLayerNet(2, 4, dtype=dtype),
    "two layers of two": lambda dtype: TwoLayerNet(2, 2, dtype=dtype),
    "relu": lambda dtype: MLP((2, 5, 3, 1), dtype=dtype),
    "sigmoid": lambda dtype: MLP((2, 3, 1), activation="sigmoid", signed=False, dtype=dtype),
    "RNN": lambda dtype: RNN(3, dtype=dtype),
    "LSTM": lambda dtype: LSTM(3, dtype=dtype),
}


def pictures(model: Model) -> list[Any]:
    """Everything that there is to see of a model."""
    watch = Watch(ROWS)
    watch.look(model, 0, model.parameters)
    for parameter in model.parameters.values():
        parameter.flat[-1] += 1
    seen: list[Any] = [
        decision_surface(model, 3, 4),
        *weight_pictures(model, biases=True),
        *layer_states(model, ROWS),
        answers_by_count(model, 2, patterns=2),
        watch.look(model, 1, model.parameters),
    ]
    if isinstance(model, TwoLayerNet | MLP):
        space = hidden_space(model)
        seen += [
            count_agreements(model, patterns=2),
            space,
            hidden_space(model, layer=1),
            hidden_space(model, units=(1, 0)),
            *bent_square(model, space, lines=2, points=3),
        ]
        if space.line:
            seen += [space.line.across(*space.box)]
    if isinstance(model, RNN | LSTM):
        seen += [read(model, [1, 0, 1, 1]), gradient_flow(model, ROWS)]
    if isinstance(model, LSTM):
        seen += gate_states(model, ROWS)
    return seen


def numbers(value: Any) -> Iterator[float]:
    """Every number in a result, its properties included."""
    if isinstance(value, np.ndarray):
        yield from value.astype(float).ravel().tolist()
    elif isinstance(value, float | int):
        yield float(value)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, dict):
        yield from numbers(list(value.values()))
    elif is_dataclass(value):
        names = [field.name for field in fields(value)]
        names += [name for name, kind in vars(type(value)).items() if isinstance(kind, property)]
        yield from numbers([getattr(value, name) for name in names])
    else:
        assert value is None or isinstance(value, str), value


def assert_drawable(model: Model) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for picture in pictures(model):
            found = list(numbers(picture))
            assert not any(math.isinf(number) for number in found), picture


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", MAKERS)
def test_parameters_that_are_all_the_same_hostile_number(name: str, dtype: Any) -> None:
    for value in (*HOSTILE, float(np.finfo(dtype).max)):
        model = MAKERS[name](dtype)
        for parameter in model.parameters.values():
            parameter[...] = value
        assert_drawable(model)


@given(
    name=st.sampled_from(list(MAKERS)),
    dtype=st.sampled_from([np.float32, np.float64]),
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([0.05, 0.3, 1.0]),
)
def test_hostile_numbers_here_and_there(name: str, dtype: Any, seed: int, share: float) -> None:
    model: Model = MAKERS[name](dtype)
    rng = np.random.default_rng(seed)
    for parameter in model.parameters.values():
        hostile = rng.choice((*HOSTILE, float(np.finfo(dtype).max)), size=parameter.shape)
        parameter[...] = np.where(rng.random(parameter.shape) < share, hostile, parameter)
    assert_drawable(model)


def test_scales_and_boxes_stay_finite() -> None:
    model = TwoLayerNet(2, 2)
    for parameter in model.parameters.values():
        parameter[...] = np.nan
    assert [picture.scale for picture in weight_pictures(model)] == [0, 0]
    space = hidden_space(model)
    assert space.line is None
    assert np.isfinite(space.box).all()
    assert np.isnan(space.points).all()
    for parameter in model.parameters.values():
        parameter[...] = 1
    model.parameters["w2"][0] = np.inf
    assert [picture.scale for picture in weight_pictures(model)] == [1, 1]
    assert hidden_space(model).line is None


def test_a_training_that_really_diverged() -> None:
    experiment = Experiment(
        name="too fast",
        model="MLP",
        columns=2,
        hidden=(4, 3),
        batch=8,
        updates=200,
        optimizer="gradient descent",
        learning_rate=1e6,
    )
    for way in (experiment, replace(experiment, dtype="float64")):
        training = Training(way)
        *_, last = training
        assert last.outcome == "diverged"
        assert_drawable(training.model)
