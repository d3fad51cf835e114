"""The training loop: what a pull does, what it tells, and how a run ends."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

from toystory.models import LSTM, MLP, RNN, LogisticRegression, Model, TwoLayerNet
from toystory.models.parts.arrays import Parameters
from toystory.models.parts.batches import Batch
from toystory.models.train_step import TrainStep, batch_loss_and_gradients, make_optimizer
from toystory.training.data import Task
from toystory.training.experiment import Experiment
from toystory.training.loop import Progress, Training, train

XOR = ((0, 0), (0, 1), (1, 0), (1, 1))


def curve(experiment: Experiment) -> list[tuple[float, float]]:
    return [(progress.loss, progress.gradient_norm) for progress in train(experiment)]


def copied(arrays: Parameters) -> Parameters:
    return {name: array.copy() for name, array in arrays.items()}


def test_the_same_seed_gives_the_same_run_to_the_last_bit(small: Experiment) -> None:
    assert list(train(small)) == list(train(small))


def test_another_seed_gives_another_run(small: Experiment) -> None:
    assert curve(replace(small, seed=1)) != curve(small)


def test_measuring_changes_nothing_of_the_training(small: Experiment) -> None:
    if small.model == "AutogradNet":
        small = replace(small, updates=1)  # every number is an object, and a thousand rows are measured
    wide = replace(small, columns=12)  # too many for a table of all rows: the rows to measure on are drawn
    assert curve(replace(wide, evaluate_every=1)) == curve(replace(wide, evaluate_every=1000))


def test_training_is_a_generator(base: Experiment) -> None:
    assert inspect.isgenerator(train(base))


def test_update_0_comes_before_any_update(small: Experiment) -> None:
    training = Training(small)
    first = next(iter(training))
    assert first.update == 0
    untrained = small.build_model()
    for name, parameter in training.model.parameters.items():
        np.testing.assert_array_equal(parameter, untrained.parameters[name])


@pytest.mark.parametrize(("updates", "said"), [(1, "made its one update"), (2, "made all 2 updates")])
def test_the_last_record_says_how_many_were_made(small: Experiment, updates: int, said: str) -> None:
    *_, last = train(replace(small, updates=updates))
    assert (last.outcome, last.message) == ("done", said)


def test_one_pull_is_one_update(small: Experiment) -> None:
    run = list(train(small))
    assert [progress.update for progress in run] == list(range(13))
    assert {progress.updates for progress in run} == {12}


def test_a_pull_applies_the_gradients_of_the_look_before(base: Experiment) -> None:
    training = Training(replace(base, optimizer="gradient descent", learning_rate=0.25))
    run = iter(training)
    next(run)
    for _ in range(3):
        before, gradients = copied(training.model.parameters), copied(training.train_step.gradients)
        next(run)
        for name, parameter in training.model.parameters.items():
            np.testing.assert_array_equal(parameter, before[name] - np.float32(0.25) * gradients[name])


def test_the_loss_belongs_to_the_weights_and_the_batch_of_now(small: Experiment) -> None:
    training = Training(small)
    for progress in training:
        assert progress.loss == pytest.approx(training.model.loss(*training.batch), rel=1e-6)


def test_the_gradient_norm_is_that_before_clipping(base: Experiment) -> None:
    training = Training(replace(base, clip=1e-3))
    for progress in islice(training, 3):
        unclipped = training.model.loss_and_gradients(*training.batch)[1]
        length = np.sqrt(sum(float((g**2).sum()) for g in unclipped.values()))
        clipped = np.sqrt(sum(float((g**2).sum()) for g in training.train_step.gradients.values()))
        assert progress.gradient_norm == pytest.approx(length, rel=1e-5)
        assert clipped == pytest.approx(1e-3, rel=1e-5)


def test_closing_early_is_fine(base: Experiment) -> None:
    run = train(base)
    assert [progress.update for progress in islice(run, 2)] == [0, 1]
    run.close()  # type: ignore[attr-defined]
    assert list(run) == []


def test_a_learning_rate_set_while_it_runs_holds_for_the_next_update(base: Experiment) -> None:
    training = Training(replace(base, optimizer="gradient descent", learning_rate=0.25))
    run = iter(training)
    next(run)
    next(run)
    training.learning_rate = 2.0
    before, gradients = copied(training.model.parameters), copied(training.train_step.gradients)
    assert next(run).learning_rate == 2.0
    for name, parameter in training.model.parameters.items():
        np.testing.assert_array_equal(parameter, before[name] - np.float32(2) * gradients[name])


def test_the_learning_rate_falls_in_a_straight_line(base: Experiment) -> None:
    falling = replace(base, updates=4, learning_rate=0.8, final_learning_rate=0.5)
    rates = [progress.learning_rate for progress in train(falling)]
    assert rates == pytest.approx([0.8, 0.7, 0.6, 0.5, 0.4])


def test_accuracies_are_measured_when_they_are_due(small: Experiment) -> None:
    for progress in train(replace(small, evaluate_every=5)):
        measured = (progress.train_accuracy, progress.fresh_accuracy, progress.fresh_loss)
        if progress.update in (0, 5, 10, 12):
            assert all(value is not None for value in measured)
            assert all(0 <= value <= 1 for value in measured[:2] if value is not None)
        else:
            assert measured == (None, None, None)


def test_measurements_are_those_of_the_model(base: Experiment) -> None:
    """At six columns all 64 rows there are serve as fresh rows."""
    training = Training(replace(base, rows=20))
    last = list(training)[-1]
    everything = Task(6).test_rows(np.random.default_rng(0), 64)
    assert last.fresh_accuracy == training.model.score(*everything)
    assert last.fresh_loss == pytest.approx(training.model.loss(*everything), rel=1e-6)
    assert training.bits is not None
    assert last.train_accuracy == training.model.score(*Task(6).whole_rows(training.bits))


def test_a_run_to_its_end_is_done(small: Experiment) -> None:
    *before, last = train(small)
    assert {progress.outcome for progress in before} == {"running"}
    assert last.outcome == "done"
    assert "12" in last.message


def test_no_updates_at_all(small: Experiment) -> None:
    (only,) = train(replace(small, updates=0))
    assert (only.update, only.outcome) == (0, "done")
    assert only.fresh_accuracy is not None


def test_stop_at_ends_a_run_that_is_solved() -> None:
    solvable = Experiment(
        name="xor", model="TwoLayerNet", columns=2, hidden=(8,), given=XOR, updates=3000,
        optimizer="momentum", learning_rate=0.3, stop_at=1.0, evaluate_every=10,
    )  # fmt: skip
    training = Training(solvable)
    *before, last = training
    assert last.outcome == "solved"
    assert last.fresh_accuracy == 1.0
    assert 0 < last.update < 3000
    assert last.update % 10 == 0
    assert f"{last.update:,} updates" in last.message
    assert all(p.fresh_accuracy is None or p.fresh_accuracy < 1 for p in before)
    assert training.model.predict(XOR).tolist() == [0, 1, 1, 0]


def test_stop_after_goes_on_for_so_many_updates_more() -> None:
    soon = Experiment(
        name="xor", model="TwoLayerNet", columns=2, hidden=(8,), given=XOR, updates=3000,
        optimizer="momentum", learning_rate=0.3, stop_at=1.0, evaluate_every=10,
    )  # fmt: skip
    reached, further = last_of(soon).update, last_of(replace(soon, stop_after=35))
    assert (further.update, further.outcome) == (reached + 40, "solved"), "at the next measurement"
    assert f"after {reached:,} updates, and went on to {reached + 40:,}" in further.message
    short = last_of(replace(soon, updates=reached + 7, stop_after=35))
    assert (short.update, short.outcome) == (reached + 7, "solved"), "there were no more"


def last_of(experiment: Experiment) -> Progress:
    return list(train(experiment))[-1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("hidden", [(5,), (8, 8, 8)])
def test_a_run_that_diverges_says_so_and_ends(base: Experiment, hidden: tuple[int, ...], dtype: Any) -> None:
    wild = replace(
        base, optimizer="gradient descent", learning_rate=1e6, updates=50, hidden=hidden, dtype=dtype
    )
    last = last_of(wild)
    assert last.outcome == "diverged"
    assert last.update < 50
    assert f"update {last.update} " in last.message
    assert "learning rate 1e+06" in last.message


@pytest.mark.filterwarnings("error")
def test_weights_that_overflow_diverge_at_once(base: Experiment) -> None:
    last = last_of(replace(base, first_weights="gaussian", weight_scale=1e38, hidden=(5, 5)))
    assert (last.update, last.outcome) == (0, "diverged")
    assert re.search(r"update 0 .*(nan|inf)", last.message)


def test_the_message_names_the_rate_of_the_update_that_broke_it(base: Experiment) -> None:
    """Not the rate that it would have gone on with, which is zero at the end."""
    wild = replace(base, optimizer="gradient descent", learning_rate=1e6, final_learning_rate=0.0, updates=1)
    last = last_of(wild)
    assert last.outcome == "diverged"
    assert "learning rate 1e+06" in last.message


def test_given_rows_are_the_ones_trained_on() -> None:
    training = Training(
        Experiment(name="xor", model="MLP", columns=2, given=XOR, updates=1, learning_rate=0.1)
    )
    next(iter(training))
    assert training.batch.x.tolist() == [list(row) for row in XOR]
    assert training.batch.y.tolist() == [0, 1, 1, 0]


def test_long_work_can_be_abandoned_between_its_pieces(base: Experiment) -> None:
    class EnoughError(Exception):
        pass

    calls = 0

    def interrupt() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise EnoughError

    training = Training(replace(base, rows=20_000, batch=None), interrupt)
    with pytest.raises(EnoughError):
        list(training)
    assert calls == 3
    assert training.train_step.gradients == {}, "abandoned within the first look"


def test_the_first_gate_by_hand() -> None:
    """One row (1, 1) → 0, one update at learning rate 0.07, worked out with a pocket calculator."""
    gate = Experiment(
        name="gate", model="LogisticRegression", columns=2, start=(0.1, 0.5, 0.005), given=((1, 1),),
        dtype="float64", updates=1, optimizer="gradient descent", learning_rate=0.07,
    )  # fmt: skip
    training = Training(gate)
    losses = [progress.loss for progress in training]
    assert losses == pytest.approx([1.040719, 0.955000], abs=1e-6)
    assert training.model.parameters["w"] == pytest.approx([0.054724, 0.454724], abs=1e-6)
    assert training.model.parameters["b"] == pytest.approx([-0.040276], abs=1e-6)
    assert training.model.predict_proba([[1, 1]]) == pytest.approx([0.615188], abs=1e-6)


def batches_of_several_pieces() -> Iterator[tuple[Model, Batch]]:
    """Every model with every kind of batch, as large as two pieces and a bit."""
    rng = np.random.default_rng(0)
    f64: dict[str, Any] = {"dtype": np.float64}
    for flat in (LogisticRegression(5, **f64), TwoLayerNet(5, 3, **f64), MLP((5, 3, 1), **f64)):
        yield flat, Task(5).fresh(rng, 2 * flat.rows_at_once + 100)
    for recurrent in (RNN(3, **f64), LSTM(3, **f64)):
        for task in (Task(6), Task(6, lengths="mixed"), Task(6, lengths="mixed", labels="every step")):
            yield recurrent, task.fresh(rng, 2 * recurrent.rows_at_once + 50)


def test_a_batch_in_pieces_is_the_whole_batch() -> None:
    for model, batch in batches_of_several_pieces():
        for parameter in model.parameters.values():
            parameter += 0.1  # logistic regression starts from zero
        loss, gradients = batch_loss_and_gradients(model, batch)
        whole_loss, whole = model.loss_and_gradients(*batch)
        assert loss == pytest.approx(whole_loss, rel=1e-12)
        assert model.loss(*batch) == pytest.approx(whole_loss, rel=1e-12)
        for name in whole:
            np.testing.assert_allclose(gradients[name], whole[name], rtol=1e-12, atol=1e-15, err_msg=name)


def test_pieces_stay_in_float32() -> None:
    model = LSTM(3)
    _, gradients = batch_loss_and_gradients(
        model, Task(6).fresh(np.random.default_rng(0), 2 * model.rows_at_once)
    )
    assert {g.dtype for g in gradients.values()} == {np.dtype(np.float32)}


def test_a_clip_of_zero_or_less_is_refused() -> None:
    with pytest.raises(ValueError, match="clip is -1"):
        TrainStep(RNN(2), make_optimizer("adam", 0.1), clip=-1)


BY_HEART = Experiment(
    name="by heart", model="MLP", columns=20, hidden=(20,), rows=40, batch=10, updates=400,
    learning_rate=0.03, evaluate_every=5, patience=50,
)  # fmt: skip


def test_patience_ends_a_run_and_puts_the_best_weights_back() -> None:
    training = Training(BY_HEART)
    *_, last = training
    losses = {p.update: p.fresh_loss for p in train(BY_HEART) if p.fresh_loss is not None}
    best = min(losses, key=lambda update: losses[update])
    assert last.outcome == "done"
    assert last.update == best + 50 < 400
    assert f"the weights of update {best} are kept" in last.message
    again = Training(replace(BY_HEART, patience=None, updates=best))
    assert list(again)[-1].update == best
    for name, parameter in again.model.parameters.items():
        np.testing.assert_array_equal(training.model.parameters[name], parameter)


def test_weight_decay_adds_the_slope_of_half_the_squares_to_weights_and_not_to_biases() -> None:
    model = MLP((4, 3, 1), seed=1, dtype=np.float64)
    batch = next(Training(replace(BY_HEART, columns=4, rows=None)).batches)
    plain = TrainStep(model, make_optimizer("adam", 0.1), None)
    decayed = TrainStep(model, make_optimizer("adam", 0.1), None, weight_decay=0.3)
    loss, _ = plain.compute_gradients(batch)
    before = copied(plain.gradients)
    assert decayed.compute_gradients(batch)[0] == loss, "what is told is the loss of the answers"
    for name, gradient in decayed.gradients.items():
        pull = 0.3 * model.parameters[name] if name.startswith("W") else 0.0
        np.testing.assert_allclose(gradient, before[name] + pull)
