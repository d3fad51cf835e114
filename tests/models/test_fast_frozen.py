"""Logistic regression on rows that stay as they are: kept or numbered once, to the plain form's figures."""

from __future__ import annotations

import numpy as np
import pytest

from toystory.models import LogisticRegression
from toystory.models.fast.bit_codes import MANY_ROWS, ROWS_AT_ONCE, Codes
from toystory.models.fast.logistic_regression import FastLogisticRegression
from toystory.models.fast_form import fast_form
from toystory.models.parts import packed_bits as packed
from toystory.models.parts.arrays import frozen, is_frozen
from toystory.models.parts.batches import Batch
from toystory.models.parts.packed_bits import PackedBits, draw_rows
from toystory.models.train_step import TrainStep, batch_loss_and_gradients, make_optimizer
from toystory.training.data import Task, parity, random_bits

CLOSE = {"float64": 1e-11, "float32": 1e-5}


def model_with(columns: int, dtype: str = "float64") -> LogisticRegression:
    weights = np.random.default_rng(columns).standard_normal(columns)
    return LogisticRegression(columns, weights=tuple(weights), bias=0.3, dtype=dtype)


def frozen_rows(rows: int, columns: int, seed: int = 0) -> Batch:
    x = frozen(random_bits(np.random.default_rng(seed), rows, columns))
    return Batch(x, parity(x))


def form_of(model: LogisticRegression) -> FastLogisticRegression:
    form = fast_form(model)
    assert isinstance(form, FastLogisticRegression)
    return form


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("rows", "columns"),
    [(1, 1), (7, 9), (10_000, 50), (10_001, 50), (20_000, 50), (55_000, 10), (60_000, 11)],
)
def test_frozen_rows_come_to_the_figures_of_the_plain_form(rows: int, columns: int, dtype: str) -> None:
    model, batch = model_with(columns, dtype), frozen_rows(rows, columns)
    form = form_of(model)
    for _ in range(3):
        plain_loss, plain = batch_loss_and_gradients(model, batch)
        loss, gradients = batch_loss_and_gradients(model, batch, form)
        assert loss == pytest.approx(plain_loss, rel=CLOSE[dtype])
        for name, gradient in plain.items():
            assert gradients[name].dtype == dtype
            np.testing.assert_allclose(gradients[name], gradient, rtol=0, atol=CLOSE[dtype])
            model.parameters[name] -= 5 * gradient


@pytest.mark.parametrize("columns", [1, 13, 14, 26, 50])
def test_many_rows_are_numbered_in_larger_groups(columns: int) -> None:
    rows = max(MANY_ROWS, ROWS_AT_ONCE) + 3
    x = frozen(random_bits(np.random.default_rng(1), rows, columns))
    w, b = np.random.default_rng(2).standard_normal(columns), np.array([0.5])
    dz = np.random.default_rng(3).standard_normal(rows)
    codes, z = Codes(x, np.float64), np.empty(rows)
    codes.begin(w, b)
    for part in codes.parts():
        codes.look_up(part, z[part])
        codes.add(dz[part])
    np.testing.assert_allclose(z, x @ w + 0.5, atol=1e-11)
    np.testing.assert_allclose(codes.gradient(), dz @ x, atol=1e-9)


@pytest.mark.parametrize("rows", [500, 30_000])
def test_packed_rows_come_to_the_same_figures(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "BITS_UNPACKED", 0)
    bits = draw_rows(np.random.default_rng(0), rows, 20)
    assert isinstance(bits, PackedBits)
    model, batch = model_with(20), Task(20).whole_rows(bits)
    plain_loss, plain = batch_loss_and_gradients(model, Batch(bits[:], batch.y))
    loss, gradients = batch_loss_and_gradients(model, batch, form_of(model))
    assert loss == pytest.approx(plain_loss, rel=1e-11)
    np.testing.assert_allclose(gradients["w"], plain["w"], atol=1e-12)


def test_other_rows_in_between_are_not_mistaken_for_those_kept() -> None:
    model = model_with(20)
    form = form_of(model)
    for rows in (500, 30_000):
        one, other = frozen_rows(rows, 20, seed=1), frozen_rows(rows, 20, seed=2)
        written_to = Batch(one.x.copy(), one.y)
        for batch in (one, other, one, written_to, other, other, written_to, one):
            written_to.x[0] ^= 1
            expected = batch_loss_and_gradients(model, batch)[0]
            assert batch_loss_and_gradients(model, batch, form)[0] == pytest.approx(expected, rel=1e-11)
            form.logits(other.x[:400])


def test_rows_of_another_width_are_refused_in_the_models_own_words() -> None:
    model = model_with(9)
    for rows in (20, 60_000):
        with pytest.raises(ValueError, match="this model was made for 9"):
            batch_loss_and_gradients(model, frozen_rows(rows, 8), form_of(model))


def test_a_part_of_an_array_that_can_be_written_to_is_not_frozen() -> None:
    x = np.zeros((4, 2), np.uint8)
    part = x[:2]
    part.flags.writeable = False
    assert not is_frozen(x)
    assert not is_frozen(part)
    assert is_frozen(frozen(x))
    with pytest.raises(ValueError, match="read-only"):
        x[0, 0] = 1


def test_rows_drawn_to_be_kept_are_frozen() -> None:
    rows = draw_rows(np.random.default_rng(0), 10, 5)
    assert isinstance(rows, np.ndarray)
    assert is_frozen(rows)


def test_fitting_leaves_the_callers_rows_as_they_were() -> None:
    x = random_bits(np.random.default_rng(0), 30, 4)
    LogisticRegression(4).fit(x, parity(x), batch=None, updates=2)
    x[0, 0] ^= 1


def test_training_on_numbered_rows_can_be_interrupted() -> None:
    model, batch = model_with(50), frozen_rows(20_000, 50)

    def stop() -> None:
        raise InterruptedError

    model.interrupt = stop
    with pytest.raises(InterruptedError):
        TrainStep(model, make_optimizer("gradient descent", 0.1), None).compute_gradients(batch)


def test_the_task_labels_frozen_rows_without_a_copy() -> None:
    x = frozen(random_bits(np.random.default_rng(0), 10, 4))
    assert Task(4).whole_rows(x).x is x
