"""Ratios, norms and shares, watched while real trainings run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from toystory.course.analysis.health import Watch, change_over_size, norms
from toystory.lessons.gate.experiments import ONE_ROW
from toystory.models import LSTM, RNN, LogisticRegression, TwoLayerNet
from toystory.training.data import truth_table
from toystory.training.experiment import Experiment
from toystory.training.loop import Training

ROWS = truth_table(4)
DESCENT = Experiment(
    name="small",
    model="TwoLayerNet",
    columns=4,
    hidden=(3,),
    batch=8,
    updates=12,
    optimizer="gradient descent",
    learning_rate=0.1,
    dtype="float64",
)


def test_one_step_of_gradient_descent_moves_by_rate_times_gradient() -> None:
    training = Training(DESCENT)
    pulls = iter(training)
    watch = Watch(ROWS)
    next(pulls)
    first = watch.look(training.model, 0, training.train_step.gradients)
    assert first.ratios == {}
    sizes = {name: np.linalg.norm(p) for name, p in training.model.parameters.items()}
    next(pulls)
    second = watch.look(training.model, 1, training.train_step.gradients)
    for name in ("W1", "w2"):
        assert second.ratios[name] == pytest.approx(0.1 * first.gradients[name] / sizes[name])
    assert np.isnan(second.ratios["b1"])  # it was all zeros
    next(pulls)
    third = watch.look(training.model, 2)
    assert third.ratios["b1"] > 0
    assert third.gradients == {}
    assert [health.update for health in (first, second, third)] == [0, 1, 2]


def test_gradient_norms_are_those_of_the_last_look_at_a_batch() -> None:
    training = Training(DESCENT)
    next(iter(training))
    _, gradients = training.model.loss_and_gradients(*training.batch)
    health = Watch(ROWS).look(training.model, 0, training.train_step.gradients)
    for name, gradient in gradients.items():
        assert health.gradients[name] == pytest.approx(float(np.sqrt((gradient**2).sum())))


def test_the_ratio_is_for_one_update_however_many_there_were() -> None:
    model = LogisticRegression(2, weights=(3.0, 4.0), bias=2.0, dtype=np.float64)
    watch = Watch(truth_table(2))
    watch.look(model, 10)
    model.parameters["w"] += (0.3, -0.4)
    health = watch.look(model, 20)
    assert health.ratios == {"w": pytest.approx(0.01), "b": 0}
    model.parameters["b"] -= 1
    health = watch.look(model, 21)
    assert health.ratios == {"w": 0, "b": pytest.approx(1 / np.sqrt((3.3**2 + 3.6**2) / 2))}


def test_a_second_look_repeats_and_a_look_back_begins_anew() -> None:
    model = LogisticRegression(2, weights=(3.0, 4.0), bias=2.0, dtype=np.float64)
    watch = Watch(truth_table(2))
    watch.look(model, 5)
    model.parameters["w"] += 1
    moved = watch.look(model, 6).ratios
    assert moved["w"] > 0
    assert watch.look(model, 6).ratios == moved
    assert watch.look(model, 0).ratios == {}
    model.parameters["w"] *= 2
    assert watch.look(model, 1).ratios["w"] == pytest.approx(1)


def test_a_watch_changes_nothing_of_the_training() -> None:
    watched, alone = Training(DESCENT), Training(DESCENT)
    watch = Watch(ROWS)
    for progress in watched:
        watch.look(watched.model, progress.update, watched.train_step.gradients)
    for _ in alone:
        pass
    for name, parameter in alone.model.parameters.items():
        np.testing.assert_array_equal(watched.model.parameters[name], parameter)


def test_layers_and_gates_are_judged_on_the_rows_of_the_watch() -> None:
    model = TwoLayerNet(4, 2)
    model.parameters["b1"][...] = (99, 0)
    model.parameters["W1"][...] = 0
    health = Watch(ROWS).look(model, 0)
    (layer,) = health.layers
    assert layer.saturated.tolist() == [True, False]
    assert health.gates == ()
    recurrent = Watch(ROWS).look(LSTM(3), 0)
    assert [gate.name for gate in recurrent.gates] == ["i", "f", "o"]
    assert Watch(ROWS).look(RNN(3), 0).gates == ()


@pytest.mark.parametrize("rate", [1e-4, 1e-3, 1e-2])
def test_a_larger_learning_rate_shows_as_a_larger_ratio(rate: float) -> None:
    """Adam's first step moves every weight by just the learning rate."""
    experiment = replace(DESCENT, optimizer="adam", learning_rate=rate)
    training = Training(experiment)
    pulls, watch = iter(training), Watch(ROWS)
    next(pulls)
    watch.look(training.model, 0)
    root_mean_square = float(np.sqrt((training.model.parameters["W1"] ** 2).mean()))
    next(pulls)
    ratio = watch.look(training.model, 1).ratios["W1"]
    assert ratio == pytest.approx(rate / root_mean_square, rel=1e-3)


def test_norms_of_large_float32_gradients_do_not_overflow() -> None:
    large = np.array([3e30, 4e30], np.float32)
    assert norms({"w": large, "b": large[:0], "x": np.array([np.inf, 1])}) == pytest.approx(
        {"w": 5e30, "b": 0.0, "x": float("nan")}, nan_ok=True
    )


def test_change_over_size_of_what_is_not_finite() -> None:
    before = {"a": np.array([1.0, 0.0]), "b": np.zeros(2), "c": np.array([np.inf, 0])}
    after = {"a": np.array([np.nan, 0.0]), "b": np.ones(2), "c": np.array([np.inf, 1])}
    assert all(np.isnan(ratio) for ratio in change_over_size(before, after).values())


def test_a_bias_that_begins_near_zero_is_measured_by_the_weights_beside_it() -> None:
    before = {"w": np.array([0.5, -0.5]), "b": np.array([0.0015])}
    after = {"w": np.array([0.5, -0.5]), "b": np.array([0.0515])}
    assert change_over_size(before, after)["b"] == pytest.approx(0.1)
    large = {"w": np.array([0.01, 0.01]), "b": np.array([2.0])}
    assert change_over_size(large, {**large, "b": np.array([3.0])})["b"] == pytest.approx(0.5)


def test_the_alarm_does_not_ring_for_the_first_gate() -> None:
    """Its bias begins at 0.0015 and comes to 1.8: many times its own size, and nothing is wrong."""
    training = Training(replace(ONE_ROW, updates=30))
    watch = Watch(truth_table(2))
    ratios = [watch.look(training.model, progress.update).ratios.get("b", 0.0) for progress in training]
    assert 0 < max(ratios) < 0.1
